import { PaperboyError, type PaperId } from '@paperboy/core';
import { type EncodedCard, writeFeedback, writeReasons, writeTopics } from './card.ts';
import type { DigestContent, DigestItem, DigestSection } from './digest-content.ts';
import { escapeHtml, joinHtml } from './html.ts';
import type { Layout } from './layout.ts';
import {
  feedbackText,
  personalText,
  type TextFoot,
  textFoot,
  textHeading,
  textStart,
  wrap,
} from './plain-text.ts';
import { QuotedPrintableWriter } from './quoted-printable.ts';
import { counted, EMPTY_LINE, HEADINGS, moreLine } from './wording.ts';

/** Gmail clips near 102 kB; counted on the encoded HTML part, which is never shorter than what it decodes to. */
export const MAX_HTML_BYTES = 90_000;

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
export interface Frame extends TextFoot {
  readonly subject: string;
  readonly preheader: string;
  readonly date: string;
  readonly lead: string;
  readonly unsubscribeUrl: string;
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
  return (cards, digest, frame) => {
    out.html.truncate(0);
    out.text.truncate(0);
    writeStart(out, layout, frame);
    const ends = writeSections(out, layout, cards, digest.sections);
    writeFootWithin(MAX_HTML_BYTES, out, ends, (left) => {
      writeFoot(out, layout, digest.moreUrl, digest.more + left, frame);
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

function writeSections(
  out: Out,
  layout: Layout,
  cards: Cards,
  sections: readonly DigestSection[],
): CardEnd[] {
  const ends = [{ html: out.html.length, text: out.text.length }];
  for (const { kind, items } of sections) {
    for (const [index, item] of items.entries()) {
      if (index === 0) writeHeading(out, layout, HEADINGS[kind], counted(items.length, 'paper'));
      const isLead = kind === 'new' && ends.length === 1;
      writeCard(out, layout, cardOf(cards, isLead ? 'lead' : kind, item), item);
      ends.push({ html: out.html.length, text: out.text.length });
    }
  }
  if (ends.length === 1) {
    layout.write(out.html, 'empty', { line: escapeHtml(EMPTY_LINE) });
    out.text.encode(`\n${EMPTY_LINE}\n\n`);
    return [{ html: out.html.length, text: out.text.length }];
  }
  return ends;
}

function writeCard({ html, text }: Out, layout: Layout, paper: PaperParts, item: DigestItem): void {
  layout.write(html, 'cardOpen', {});
  writeTopics(html, layout, item.topics);
  html.add(paper.html.body);
  writeReasons(html, layout, item.why);
  html.add(paper.html.tail);
  writeFeedback(html, layout, item.feedbackUrl);
  layout.write(html, 'cardClose', {});
  text.add(paper.textHead);
  text.encode(personalText(item));
  text.add(paper.textTail);
  text.encode(feedbackText(item));
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
    unsubscribe: escapeHtml(frame.unsubscribeUrl),
  });
  text.encode(textStart(frame));
}

function writeHeading({ html, text }: Out, layout: Layout, heading: string, count: string): void {
  layout.write(html, 'section', { heading: escapeHtml(heading), count: escapeHtml(count) });
  text.encode(textHeading(`${heading}: ${count}`));
}

function writeFoot(
  { html, text }: Out,
  layout: Layout,
  moreUrl: string,
  more: number,
  frame: Frame,
): void {
  if (more > 0) {
    const line = moreLine(more);
    const url = escapeHtml(moreUrl);
    layout.write(html, 'more', { url, more: escapeHtml(line) });
    text.encode(`${wrap(line)}\n\n`);
  }
  layout.write(html, 'foot', {});
  for (const note of frame.notes) layout.write(html, 'note', { note: escapeHtml(note) });
  const links = frame.links.map(({ label, url }) =>
    layout.fill('footLink', { url: escapeHtml(url), label: escapeHtml(label) }),
  );
  layout.write(html, 'reason', {
    reason: escapeHtml(frame.reason),
    links: joinHtml(links, ' · '),
  });
  if (frame.postalAddress) {
    layout.write(html, 'postal', { postal: escapeHtml(frame.postalAddress) });
  }
  layout.write(html, 'end', {});
  text.encode(textFoot(frame));
}
