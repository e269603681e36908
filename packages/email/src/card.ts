import { type ListedOn, shorten } from '@paperboy/core';
import type { PaperCard } from './digest-content.ts';
import { escapeHtml, type Html, joinHtml } from './html.ts';
import type { Layout } from './layout.ts';
import { paperLinks, titleUrl } from './paper-links.ts';
import { encodePiece, type QuotedPrintableWriter } from './quoted-printable.ts';
import { authorsLine, counted, firstSentences, historyLine } from './wording.ts';

/** A paper's card without what is personal: the topics stand before `body`, the reasons between it and `tail`. */
export interface EncodedCard {
  readonly body: Buffer;
  readonly tail: Buffer;
}

/** Longest title shown; a listing that has more is broken, and 200 of them must not fill a mail. */
export const TITLE_LENGTH = 300;

/** A card of the section New: title (larger for the first of a digest), authors, first sentences, links. */
export function newCard(
  layout: Layout,
  paper: PaperCard,
  titlePiece: 'title' | 'leadTitle',
): EncodedCard {
  const parts = [titleHtml(layout, paper, titlePiece)];
  const authors = authorsLine(paper.authors);
  if (authors !== '') parts.push(layout.fill('authors', { authors: escapeHtml(authors) }));
  if (paper.text) {
    const text = escapeHtml(firstSentences(paper.text));
    parts.push(layout.fill(paper.textKind === 'summary' ? 'summary' : 'text', { text }));
  }
  return encodeCard(parts, linksHtml(layout, paper));
}

/** A card of the section Seen before: the title and how it has fared, as its reader may know the text. */
export function recurringCard(layout: Layout, paper: PaperCard, today: ListedOn): EncodedCard {
  const history = escapeHtml(historyLine(paper, today));
  const parts = [titleHtml(layout, paper, 'shortTitle'), layout.fill('history', { history })];
  return encodeCard(parts, linksHtml(layout, paper));
}

/** The subscriber's topics that a paper is for, shown above its title; nothing without any. */
export function writeTopics(out: QuotedPrintableWriter, layout: Layout, topics: readonly string[]) {
  if (topics.length > 0) layout.write(out, 'kicker', { topics: escapeHtml(topics.join(' · ')) });
}

/** Why the paper is in this subscriber's digest; nothing without reasons. */
export function writeReasons(out: QuotedPrintableWriter, layout: Layout, why: readonly string[]) {
  for (const line of why) layout.write(out, 'why', { why: escapeHtml(line) });
}

/** Where the reader says what they think of the paper; nothing without an address for it. */
export function writeFeedback(out: QuotedPrintableWriter, layout: Layout, url: string | undefined) {
  if (url !== undefined) layout.write(out, 'feedback', { url: escapeHtml(url) });
}

function encodeCard(body: readonly Html[], tail: Html): EncodedCard {
  return { body: encodePiece(joinHtml(body)), tail: encodePiece(tail) };
}

function titleHtml(
  layout: Layout,
  paper: PaperCard,
  piece: 'title' | 'leadTitle' | 'shortTitle',
): Html {
  const url = titleUrl(paperLinks(paper));
  const title = escapeHtml(shorten(paper.title, TITLE_LENGTH));
  if (url === undefined) return layout.fill('plainTitle', { title });
  return layout.fill(piece, { title, url: escapeHtml(url) });
}

function linksHtml(layout: Layout, paper: PaperCard): Html {
  const named = shorten(paper.title, 60);
  const shown = paperLinks(paper).map(({ label, url }) =>
    layout.fill('link', {
      url: escapeHtml(url),
      label: escapeHtml(label),
      describes: escapeHtml(`${label}: ${named}`),
    }),
  );
  if (paper.upvotes) shown.push(escapeHtml(counted(paper.upvotes, 'upvote')));
  if (shown.length === 0) return joinHtml([]);
  return layout.fill('links', { links: joinHtml(shown, ' · ') });
}
