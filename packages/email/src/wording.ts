import { type Cadence, type ListedOn, shorten, TRENDING } from '@paperboy/core';
import type { DigestContent, PaperCard } from './digest-content.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** What is shown of a paper's text: of the first paper four lines or so, of every other one two. */
export const TEXT_LENGTH = { lead: 320, other: 165 } as const;
const SUBJECT_LENGTH = 59;
const PREHEADER = { least: 40, most: 90 } as const;

/** `Wednesday, 11 March 2026`. */
export function longDate(day: ListedOn): string {
  const date = new Date(day);
  const month = MONTHS[date.getUTCMonth()];
  return `${WEEKDAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}

/** `11 Mar`, with its year when that is another than `beside`'s. */
function shortDate(day: ListedOn, beside: ListedOn = day): string {
  const date = new Date(day);
  const year = day.slice(0, 4) === beside.slice(0, 4) ? '' : ` ${date.getUTCFullYear()}`;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]?.slice(0, 3)}${year}`;
}

/** `Wed 11`. */
export function weekday(day: ListedOn): string {
  const date = new Date(day);
  return `${WEEKDAYS[date.getUTCDay()]?.slice(0, 3)} ${date.getUTCDate()}`;
}

/** The first three authors and how many more there are; empty when none are known. */
export function authorsLine(authors: readonly string[]): string {
  const named = authors.slice(0, 3).map((author) => shorten(author, 60));
  const others = authors.length - named.length;
  return named.join(', ') + (others > 0 ? ` + ${others} more` : '');
}

/**
 * The first sentences of an abstract, as many as fit into `most` characters; a long first one is cut
 * at a word. A full stop counts as an end only before a capital or digit and after no abbreviation.
 */
export function firstSentences(text: string, most: number): string {
  if (text.length <= most) return text;
  const window = text.slice(0, most + 1);
  let end = 0;
  for (const stop of window.matchAll(/[.!?]["”’)]?(?= +["“‘(]?[\p{Lu}\p{N}])|[。！？]/gu)) {
    const sentence = window.slice(0, stop.index + stop[0].length);
    if (!/(?:^|[\s(])(?:e\.g|i\.e|et al|cf|vs|fig|eq|sec|resp|dr|\p{Lu})\.$/iu.test(sentence)) {
      end = sentence.length;
    }
  }
  // Less than half of the room would tell too little: then rather a cut sentence.
  return end >= most / 2 ? text.slice(0, end) : shorten(text, most);
}

/** `3rd time · first seen 14 Mar · back after 83 days · up 12 places`. */
export function historyLine(
  {
    firstSeenOn,
    lastSeenBeforeOn,
    timesSeen,
    climbed,
  }: Pick<PaperCard, 'firstSeenOn' | 'lastSeenBeforeOn' | 'timesSeen' | 'climbed'>,
  today: ListedOn,
): string {
  const facts = [`${ordinal(timesSeen)} time`, `first seen ${shortDate(firstSeenOn, today)}`];
  if (lastSeenBeforeOn !== undefined) {
    const absent = Math.round((Date.parse(today) - Date.parse(lastSeenBeforeOn)) / 86_400_000);
    if (absent >= TRENDING.absentDays) facts.push(`back after ${absent} days`);
    else if (lastSeenBeforeOn !== firstSeenOn) {
      facts.push(`last seen ${shortDate(lastSeenBeforeOn, today)}`);
    }
  }
  if (climbed) facts.push(`${climbed > 0 ? 'up' : 'down'} ${counted(Math.abs(climbed), 'place')}`);
  return facts.join(' · ');
}

/** Days that are named when a paper was listed on more: the first and the last ones. */
const DAYS_NAMED = 5;

/** `Listed on 14 Mar, 5 Jun and 31 Jul`; of many days the first and the last. */
export function listedLine(seenOn: readonly ListedOn[], today: ListedOn): string {
  const days = seenOn.filter((day) => day <= today).map((day) => shortDate(day, today));
  if (days.length > DAYS_NAMED) days.splice(1, days.length - DAYS_NAMED, '…');
  return `Listed on ${days.join(', ').replace(/, ([^,]*)$/, ' and $1')}`;
}

/** How many papers a digest has found, by kind; those that are only online are not counted. */
export interface DigestCounts {
  readonly fresh: number;
  readonly recurring: number;
}

/** Papers in the sections of a digest, by kind. */
export function countPapers({ sections }: DigestContent): DigestCounts {
  const of = (kind: 'new' | 'recurring') =>
    sections.reduce((sum, section) => sum + (section.kind === kind ? section.items.length : 0), 0);
  return { fresh: of('new'), recurring: of('recurring') };
}

/** The topics that have a paper in the digest, in the order met; all followed ones when it has none. */
export function topicsShown({ sections, topicNames }: DigestContent): readonly string[] {
  const shown = new Set(
    sections.flatMap((section) => [
      ...(section.kind === 'new' && section.items.length > 0 ? [section.topic] : []),
      ...section.items.flatMap(({ labels }) => labels),
    ]),
  );
  shown.delete(LEFT_TOPICS);
  return shown.size > 0 ? [...shown] : topicNames;
}

/** What a subject or a line opens with; a day without papers is quiet only when every list was read. */
function foundWords({ fresh, recurring }: DigestCounts, isComplete: boolean): string {
  if (fresh > 0) return `${fresh} new`;
  if (recurring > 0) return `${recurring} seen before`;
  return isComplete ? 'Nothing new' : 'Not every list was read';
}

/** `5 new on sparse attention and 2 more · 11 Mar`, under 60 characters. */
export function subjectLine(
  counts: DigestCounts,
  topics: readonly string[],
  day: ListedOn,
  isComplete = true,
): string {
  const found = foundWords(counts, isComplete);
  const others = topics.length > 1 ? ` and ${topics.length - 1} more` : '';
  const tail = ` · ${shortDate(day)}`;
  const room = SUBJECT_LENGTH - `${found} on ${others}${tail}`.length;
  const isUnread = !isComplete && counts.fresh + counts.recurring === 0;
  const first = isUnread || room < 8 ? '' : shorten(topics[0] ?? '', room);
  return first === '' ? found + tail : `${found} on ${first}${others}${tail}`;
}

/** How many new papers of a digest stand under each of its topics, in order. */
export function countTopics({ sections }: DigestContent): readonly TopicCount[] {
  return sections.flatMap((section) =>
    section.kind === 'new' && section.items.length > 0
      ? [{ topic: section.topic, papers: section.items.length }]
      : [],
  );
}

export interface TopicCount {
  readonly topic: string;
  readonly papers: number;
}

/** Topics that the line below the masthead counts; of more the last ones together. */
const MOST_COUNTED = 4;

/**
 * The line below the masthead, which is also what is inside: `5 new papers: 3 on sparse attention and 2 on robots · 2 seen
 * before`, or of one topic `3 new papers and 2 seen before, for sparse attention and 2 more topics`. Without any paper it
 * says for whom, and leaves the rest to the line that stands in their place.
 */
export function leadLine(
  { fresh, recurring }: DigestCounts,
  topics: readonly string[],
  counts: readonly TopicCount[] = [],
): string {
  const before = recurring > 0 ? `${recurring} seen before` : '';
  if (counts.length > 1) {
    const found = `${counted(fresh, 'new paper')}: ${countsLine(counts)}`;
    return before === '' ? found : `${found} · ${before}`;
  }
  const found = [...(fresh > 0 ? [counted(fresh, 'new paper')] : []), ...(before ? [before] : [])];
  const [first, ...others] = topics;
  const rest = others.length > 0 ? ` and ${counted(others.length, 'more topic')}` : '';
  const readers = first === undefined ? 'the topics you follow' : shorten(first, 60) + rest;
  return found.length === 0 ? `For ${readers}` : `${found.join(' and ')}, for ${readers}`;
}

/** `3 on sparse attention, 2 on robots and 4 on 3 more topics`; a number stays on the line of what it counts. */
function countsLine(counts: readonly TopicCount[]): string {
  const isAll = counts.length <= MOST_COUNTED;
  const named = isAll ? counts : counts.slice(0, MOST_COUNTED - 1);
  const others = counts.slice(named.length);
  const rest = others.reduce((sum, { papers }) => sum + papers, 0);
  const parts = named.map(
    ({ topic, papers }) =>
      `${papers}\u00a0on ${topic === LEFT_TOPICS ? LEFT_TOPICS.toLowerCase() : shorten(topic, 40)}`,
  );
  if (!isAll) parts.push(`${rest}\u00a0on ${counted(others.length, 'more topic')}`);
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** What an inbox shows beside the subject, 40 to 90 characters: the first titles, which the subject does not have. */
export function preheaderLine(titles: readonly string[], topics: readonly string[]): string {
  let line = '';
  for (const title of titles) {
    const longer = line === '' ? title : `${line} · ${title}`;
    if (longer.length > PREHEADER.most && line.length >= PREHEADER.least) break;
    line = longer;
  }
  const followed = `Your papers, delivered by Paperboy today, on ${topics[0] || 'the topics you follow'}`;
  const filled = line.length >= PREHEADER.least ? line : `${line}${line && ' · '}${followed}`;
  const shown = shorten(filled, PREHEADER.most);
  // A cut drops the punctuation before it, which may be all there was.
  return shown.length >= PREHEADER.least ? shown : shorten(followed, PREHEADER.most);
}

/** Why the reader gets the mail at all. */
export function reasonLine(topicNames: readonly string[], cadence: Cadence): string {
  const others = topicNames.length - 3;
  const names = topicNames.slice(0, 3).map((name) => `“${shorten(name, 60)}”`);
  const topics = names.join(', ') + (others > 0 ? ` and ${others} more` : '');
  return `You get this ${cadence} digest because you follow ${topics || 'topics'} with Paperboy.`;
}

/** `and 7 more online`. */
export function moreLine(more: number): string {
  return `and ${more} more online`;
}

export const HEADINGS = {
  week: 'The week',
  new: 'New',
  recurring: 'Seen before',
  sources: 'About the sources',
} as const;
/** Where papers stand whose reader has left every topic that they were for. */
export const LEFT_TOPICS = 'Topics you have left since';
/** Stands at the very end of every digest, and is true of it. */
export const PROMISE = 'No pictures, no tracking: every link leads where it says.';

/** What stands in place of papers. A list that was not read in full is never told as a quiet day. */
export function emptyLine(cadence: Cadence, isComplete: boolean): string {
  const when = cadence === 'weekly' ? 'this week' : 'today';
  if (isComplete) return `Nothing new for your topics ${when}.`;
  return `No paper for your topics was found ${when}, but not every list could be read in full.`;
}

/** `1 place`, `12 places`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function ordinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
