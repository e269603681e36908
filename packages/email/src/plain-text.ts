import { type ListedOn, shorten, stripControls } from '@paperboy/core';
import { TITLE_LENGTH } from './card.ts';
import type { DigestItem, PaperCard } from './digest-content.ts';
import { paperLinks } from './paper-links.ts';
import { remembered } from './remembered.ts';
import {
  authorsLine,
  counted,
  firstSentences,
  historyLine,
  listedLine,
  TEXT_LENGTH,
} from './wording.ts';

const WIDTH = 72;

/** A paper in the text part, without what is personal: topics and reasons stand between `head` and `tail`. */
export interface TextCard {
  readonly head: string;
  readonly tail: string;
}

/** The same facts and links as the card of the section New. */
export function newTextCard(paper: PaperCard, kind: keyof typeof TEXT_LENGTH): TextCard {
  const lines = [wrap(shorten(paper.title, TITLE_LENGTH))];
  const authors = authorsLine(paper.authors);
  if (authors !== '') lines.push(wrap(authors));
  if (paper.text) {
    const marked = paper.textKind === 'summary' ? 'Summary: ' : '';
    lines.push('', wrap(marked + firstSentences(paper.text, TEXT_LENGTH[kind])), '');
  }
  return { head: joinLines(lines), tail: linksText(paper) };
}

/** The same facts and links as the card of the section Seen before. */
export function recurringTextCard(paper: PaperCard, today: ListedOn): TextCard {
  const lines = [
    wrap(shorten(paper.title, TITLE_LENGTH)),
    wrap(historyLine(paper, today)),
    wrap(listedLine(paper.seenOn, today)),
  ];
  return { head: joinLines(lines), tail: linksText(paper) };
}

/** A subscriber's reasons, and the topics it is for besides that of the heading, if there is one. */
export function personalText({ labels, why }: DigestItem, isUnderTopic: boolean): string {
  const lines = why.map((line) => wrap(line));
  if (labels.length > 0)
    lines.push(wrap(`${isUnderTopic ? 'Also' : 'Topics'}: ${labels.join(', ')}`));
  return joinLines(lines);
}

/** Where the reader says what they think of the paper, and the end of its card. */
export function feedbackText(feedbackUrl: string | undefined): string {
  return joinLines(
    feedbackUrl === undefined ? [''] : [`Like, not for me, save: ${feedbackUrl}`, ''],
  );
}

export interface TextFrame {
  readonly date: string;
  readonly lead: string;
  readonly onlineUrl: string;
  readonly unsubscribeUrl: string;
}

/** What stands above the papers. */
export function textStart({ date, lead, onlineUrl, unsubscribeUrl }: TextFrame): string {
  const ways = [`View online: ${onlineUrl}`, `Unsubscribe: ${unsubscribeUrl}`];
  return joinLines(['PAPERBOY', date, wrap(lead), ...ways, '']);
}

/** The heading of a section, in capitals over a rule of the line's width. */
export function textHeading(heading: string): string {
  return joinLines(['', heading.toUpperCase(), '='.repeat(WIDTH), '']);
}

/** The heading of a topic within a section. */
export const topicText = remembered((topic) => {
  const heading = wrap(topic);
  const width = Math.max(...heading.split('\n').map(({ length }) => length));
  return joinLines([heading, '-'.repeat(width), '']);
});

/** What was odd about the sources, a paragraph each. */
export function notesText(notes: readonly string[]): string {
  return joinLines(notes.flatMap((note) => [wrap(note), '']));
}

export interface TextFoot {
  readonly reason: string;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly postalAddress?: string;
  readonly promise: string;
}

/** Lines of the foot, which readers of the same topics share. */
const wrapFoot = remembered(wrap);

/** What stands below the papers. */
export function textFoot({ reason, links, postalAddress, promise }: TextFoot): string {
  return joinLines([
    '-'.repeat(WIDTH),
    wrapFoot(reason),
    ...links.map(({ label, url }) => `${label}: ${url}`),
    ...(postalAddress ? [wrapFoot(postalAddress)] : []),
    wrapFoot(promise),
  ]);
}

/** Lines of at most 72 characters, broken at blanks alone so that no address is cut. */
export function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of stripControls(text).split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line += (line === '' ? '' : ' ') + word;
    }
  }
  return [...lines, line].join('\n');
}

function linksText(paper: PaperCard): string {
  const lines = paperLinks(paper).map(({ label, url }) => `${label}: ${url}`);
  if (paper.upvotes) lines.push(counted(paper.upvotes, 'upvote'));
  return joinLines(lines);
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
