import { PaperboyError, type PaperId } from '@paperboy/core';
import { type EncodedCard, writeFeedback } from './card.ts';
import type { DigestContent, DigestItem, DigestSection } from './digest-content.ts';
import { escapeHtml, joinHtml } from './html.ts';
import type { Layout } from './layout.ts';
import { createPersonalPieces, type PersonalPieces } from './personal-pieces.ts';
import {
  feedbackText,
  notesText,
  type TextFoot,
  type TextFrame,
  textFoot,
  textHeading,
  textStart,
  topicText,
  wrap,
} from './plain-text.ts';
import { QuotedPrintableWriter } from './quoted-printable.ts';
import { chartText, chartTotal, type WeekChart, writeChart } from './week-chart.ts';
import { counted, HEADINGS, moreLine } from './wording.ts';

/** Gmail clips near 102 kB; counted on the encoded HTML part, which is never shorter than what it decodes to. */
export const MAX_HTML_BYTES = 90_000;
/** No digest is larger: the text says no more than the HTML, and headers are a few kB. */
export const MOST_MESSAGE_BYTES = 2 * MAX_HTML_BYTES + 20_000;

/** `lead` is the first paper of a digest, set larger. */
export type CardKind = DigestSection['kind'] | 'lead';

/** A paper as one kind of card, in both parts, encoded once per edition. */
export interface PaperParts {
  readonly html: EncodedCard;
  readonly textHead: Buffer;
  readonly textTail: Buffer;
}

type Cards = Readonly<Record<CardKind, ReadonlyMap<PaperId, PaperParts>>>;

/** What stands around the papers, in words, for both parts. */
export interface Frame extends TextFrame, TextFoot {
  readonly subject: string;
  readonly preheader: string;
  readonly week: WeekChart | undefined;
  /** Stands where there is no paper. */
  readonly empty: string;
  readonly notes: readonly string[];
}

/** Both body parts, encoded; valid until the next digest is written. */
export interface Body {
  readonly text: Buffer;
  readonly html: Buffer;
}

/** Writes digests one after the other into the same two buffers. */
export function createBodyWriter(
  layout: Layout,
): (cards: Cards, digest: DigestContent, frame: Frame) => Body {
  const out = { html: new QuotedPrintableWriter(), text: new QuotedPrintableWriter() };
  const piecesOf = createPersonalPieces(layout);
  return (cards, digest, frame) => {
    out.html.truncate(0);
    out.text.truncate(0);
    writeStart(out, layout, frame);
    writeWeek(out, layout, frame.week);
    const ends = writeSections(out, layout, digest.sections, (kind, item, isUnderTopic) => {
      const pieces = piecesOf(item, isUnderTopic);
      writeCard(out, layout, cardOf(cards, kind, item), pieces, item.feedbackUrl);
    });
    if (ends.length === 1) ends[0] = writeEmpty(out, layout, frame.empty);
    writeFootWithin(MAX_HTML_BYTES, out, ends, (left) => {
      writeFoot(out, layout, digest.more + left, frame);
    });
    return { html: out.html.view(), text: out.text.view() };
  };
}

interface Out {
  readonly html: QuotedPrintableWriter;
  readonly text: QuotedPrintableWriter;
}

/** Where both parts stood after so many papers. */
interface CardEnd {
  readonly html: number;
  readonly text: number;
}

/** Ends the digest, leaving out papers from its end until the HTML fits; `left` is how many. */
function writeFootWithin(
  most: number,
  out: Out,
  ends: readonly CardEnd[],
  write: (left: number) => void,
): void {
  let kept = ends.length - 1;
  while (kept > 0 && (ends[kept]?.html ?? 0) > most) kept--;
  for (; kept >= 0; kept--) {
    out.html.truncate(ends[kept]?.html ?? 0);
    out.text.truncate(ends[kept]?.text ?? 0);
    write(ends.length - 1 - kept);
    if (out.html.length <= most) return;
  }
}

function writeWeek(out: Out, layout: Layout, week: WeekChart | undefined): void {
  if (week === undefined) return;
  writeHeading(out, layout, HEADINGS.week, counted(chartTotal(week), 'new paper'));
  writeChart(out.html, layout, week);
  out.text.encode(`${chartText(week)}\n`);
}

function writeSections(
  out: Out,
  layout: Layout,
  sections: readonly DigestSection[],
  write: (kind: CardKind, item: DigestItem, isUnderTopic: boolean) => void,
): CardEnd[] {
  const ends = [endOf(out)];
  let headed: DigestSection['kind'] | undefined;
  for (const section of sections) {
    const { kind } = section;
    const topic = section.kind === 'new' ? section.topic : undefined;
    for (const [index, item] of section.items.entries()) {
      if (kind !== headed) writeHeading(out, layout, HEADINGS[kind], countOf(sections, kind));
      headed = kind;
      const isLead = kind === 'new' && ends.length === 1;
      layout.write(out.html, 'cardOpen', {});
      if (index === 0 && topic !== undefined) writeTopic(out, layout, topic);
      write(isLead ? 'lead' : kind, item, topic !== undefined);
      ends.push(endOf(out));
    }
  }
  return ends;
}

function countOf(sections: readonly DigestSection[], kind: DigestSection['kind']): string {
  const ofKind = sections.filter((section) => section.kind === kind);
  return counted(
    ofKind.reduce((sum, { items }) => sum + items.length, 0),
    'paper',
  );
}

function endOf({ html, text }: Out): CardEnd {
  return { html: html.length, text: text.length };
}

function writeEmpty(out: Out, layout: Layout, line: string): CardEnd {
  layout.write(out.html, 'empty', { line: escapeHtml(line) });
  out.text.encode(`\n${wrap(line)}\n\n`);
  return endOf(out);
}

function writeTopic({ html, text }: Out, layout: Layout, topic: string): void {
  layout.write(html, 'topic', { topic: escapeHtml(topic) });
  text.encode(topicText(topic));
}

/** The rest of a card that is open. */
function writeCard(
  { html, text }: Out,
  layout: Layout,
  paper: PaperParts,
  personal: PersonalPieces,
  feedbackUrl: string | undefined,
): void {
  html.add(personal.labels);
  html.add(paper.html.body);
  html.add(personal.reasons);
  html.add(paper.html.tail);
  writeFeedback(html, paper.html, feedbackUrl);
  layout.write(html, 'cardClose', {});
  text.add(paper.textHead);
  text.add(personal.text);
  text.add(paper.textTail);
  text.encode(feedbackText(feedbackUrl));
}

function cardOf(cards: Cards, kind: CardKind, { paperId }: DigestItem): PaperParts {
  const paper = cards[kind].get(paperId);
  if (paper === undefined) {
    throw new PaperboyError('INTERNAL', `paper ${paperId} is not part of the edition`);
  }
  return paper;
}

function writeStart({ html, text }: Out, layout: Layout, frame: Frame): void {
  layout.write(html, 'start', {
    subject: escapeHtml(frame.subject),
    preheader: escapeHtml(frame.preheader),
    date: escapeHtml(frame.date),
    lead: escapeHtml(frame.lead),
    online: escapeHtml(frame.onlineUrl),
    unsubscribe: escapeHtml(frame.unsubscribeUrl),
  });
  text.encode(textStart(frame));
}

function writeHeading({ html, text }: Out, layout: Layout, heading: string, count: string): void {
  layout.write(html, 'section', { heading: escapeHtml(heading), count: escapeHtml(count) });
  text.encode(textHeading(count === '' ? heading : `${heading}: ${count}`));
}

function writeFoot(out: Out, layout: Layout, more: number, frame: Frame): void {
  const { html, text } = out;
  if (more > 0) {
    const line = moreLine(more);
    layout.write(html, 'more', { url: escapeHtml(frame.onlineUrl), more: escapeHtml(line) });
    text.encode(`${wrap(line)}\n\n`);
  }
  if (frame.notes.length > 0) {
    writeHeading(out, layout, HEADINGS.sources, '');
    for (const note of frame.notes) layout.write(html, 'note', { note: escapeHtml(note) });
    text.encode(notesText(frame.notes));
  }
  const links = frame.links.map(({ label, url }) =>
    layout.fill('footLink', { url: escapeHtml(url), label: escapeHtml(label) }),
  );
  layout.write(html, 'foot', { reason: escapeHtml(frame.reason), links: joinHtml(links, ' · ') });
  if (frame.postalAddress) {
    layout.write(html, 'postal', { postal: escapeHtml(frame.postalAddress) });
  }
  layout.write(html, 'end', { promise: escapeHtml(frame.promise) });
  text.encode(textFoot(frame));
}
