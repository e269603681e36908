import { type ListedOn, shorten } from '@paperboy/core';
import type { PaperCard } from './digest-content.ts';
import { historyHtml, stripCells } from './history-strip.ts';
import { escapeHtml, type Html, joinHtml } from './html.ts';
import { type Layout, type OpenPiece, writeOpen } from './layout.ts';
import { paperLinks, titleUrl } from './paper-links.ts';
import { encodePiece, type QuotedPrintableWriter } from './quoted-printable.ts';
import {
  authorsLine,
  counted,
  firstSentences,
  historyLine,
  listedLine,
  TEXT_LENGTH,
} from './wording.ts';

/** A paper's card without what is personal: topics stand before `body`, reasons between it and `tail`. */
export interface EncodedCard {
  readonly body: Buffer;
  readonly tail: Buffer;
  /** The buttons, with the address open where the reader says what they think. */
  readonly feedback: OpenPiece;
}

/** Longest title shown; a listing that has more is broken, and 200 of them must not fill a mail. */
export const TITLE_LENGTH = 300;

/** A title as it tells apart, to those who listen, links of the same name. */
const NAME_LENGTH = 40;

type TitlePiece = 'title' | 'leadTitle' | 'shortTitle';

/** A card of the section New: title, authors, first sentences, links. The first of a digest is larger and says more. */
export function newCard(
  layout: Layout,
  paper: PaperCard,
  kind: keyof typeof TEXT_LENGTH,
): EncodedCard {
  const parts = [titleHtml(layout, paper, kind === 'lead' ? 'leadTitle' : 'title')];
  const authors = authorsLine(paper.authors);
  if (authors !== '') parts.push(layout.fill('authors', { authors: escapeHtml(authors) }));
  if (paper.text) {
    const text = escapeHtml(firstSentences(paper.text, TEXT_LENGTH[kind]));
    parts.push(layout.fill(paper.textKind === 'summary' ? 'summary' : 'text', { text }));
  }
  return encodeCard(layout, paper, parts);
}

/** A card of the section Seen before: the title and how it has fared, as its reader may know the text. */
export function recurringCard(layout: Layout, paper: PaperCard, today: ListedOn): EncodedCard {
  const history = historyHtml(layout, {
    cells: stripCells(paper.seenOn, today),
    days: listedLine(paper.seenOn, today),
    history: historyLine(paper, today),
  });
  return encodeCard(layout, paper, [titleHtml(layout, paper, 'shortTitle'), history]);
}

/** The topics that a paper is for, above its title. */
export function writeLabels(out: QuotedPrintableWriter, layout: Layout, labels: readonly string[]) {
  if (labels.length > 0) layout.write(out, 'kicker', { topics: escapeHtml(labels.join(' · ')) });
}

/** Why the paper is in this subscriber's digest; nothing without reasons. */
export function writeReasons(out: QuotedPrintableWriter, layout: Layout, why: readonly string[]) {
  if (why.length > 0) layout.write(out, 'why', { why: escapeHtml(why.join(' · ')) });
}

/** Where the reader says what they think of the paper; nothing without an address for it. */
export function writeFeedback(
  out: QuotedPrintableWriter,
  { feedback }: EncodedCard,
  feedbackUrl: string | undefined,
): void {
  if (feedbackUrl !== undefined) writeOpen(out, feedback, escapeHtml(feedbackUrl));
}

function encodeCard(layout: Layout, paper: PaperCard, body: readonly Html[]): EncodedCard {
  const describes = escapeHtml(shorten(paper.title, NAME_LENGTH));
  return {
    body: encodePiece(joinHtml(body)),
    tail: encodePiece(linksHtml(layout, paper)),
    feedback: layout.fillBut('feedback', 'url', { describes }),
  };
}

function titleHtml(layout: Layout, paper: PaperCard, piece: TitlePiece): Html {
  const url = titleUrl(paperLinks(paper));
  const title = escapeHtml(shorten(paper.title, TITLE_LENGTH));
  if (url !== undefined) return layout.fill(piece, { title, url: escapeHtml(url) });
  return layout.fill(piece === 'shortTitle' ? 'plainShortTitle' : 'plainTitle', { title });
}

function linksHtml(layout: Layout, paper: PaperCard): Html {
  const named = shorten(paper.title, NAME_LENGTH);
  const shown = paperLinks(paper).map(({ label, url }) =>
    layout.fill('link', {
      url: escapeHtml(url),
      label: escapeHtml(label),
      describes: escapeHtml(`${label}: ${named}`),
    }),
  );
  if (paper.upvotes) shown.push(escapeHtml(counted(paper.upvotes, 'upvote')));
  return layout.fill('links', { links: joinHtml(shown, ' · ') });
}
