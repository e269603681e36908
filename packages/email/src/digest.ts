import { PaperboyError, type PaperId } from '@paperboy/core';
import type { Mailbox } from './address.ts';
import { type EncodedCard, newCard, recurringCard, topicsPieces, whyPieces } from './card.ts';
import type {
  DigestContent,
  DigestItem,
  DigestSection,
  EditionContent,
  Envelope,
  PaperCard,
} from './digest-content.ts';
import { encodePiece } from './encode.ts';
import { editionHeaders, messageHeaders } from './headers.ts';
import { escapeHtml, joinHtml, safeUrl } from './html.ts';
import { type Layout, loadLayout } from './layout.ts';
import {
  newTextCard,
  personalText,
  recurringTextCard,
  type TextCard,
  textFoot,
  textHeading,
  textStart,
  wrap,
} from './plain-text.ts';
import * as wording from './wording.ts';

/** Gmail clips near 102 kB; counted on the encoded HTML part, which is never shorter than what it decodes to. */
export const MAX_HTML_BYTES = 90_000;

export interface RendererSettings {
  readonly publicUrl: string;
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  /** Shown in the footer; commercial mail must have one. */
  readonly postalAddress?: string;
}

/** `lead` is the first paper of a digest, set larger. */
type CardKind = DigestSection['kind'] | 'lead';

/** A paper as one kind of card, in both parts, encoded once per edition. */
interface PaperParts {
  readonly html: EncodedCard;
  readonly textHead: Buffer;
  readonly textTail: Buffer;
}

/** All of an edition that is the same for everybody; about 7 kB per paper. */
export interface EditionParts {
  readonly edition: EditionContent;
  readonly titles: ReadonlyMap<PaperId, string>;
  readonly cards: Readonly<Record<CardKind, ReadonlyMap<PaperId, PaperParts>>>;
  readonly headers: Buffer;
}

export interface DigestRenderer {
  /** Renders and encodes each paper once. */
  prepare(edition: EditionContent): EditionParts;
  /**
   * The whole message, CRLF throughout, without DKIM and trace headers. Equal arguments give equal bytes. Throws
   * INTERNAL when a digest names a paper that is not of the edition, or the envelope cannot stand in headers.
   */
  assemble(parts: EditionParts, digest: DigestContent, envelope: Envelope): Buffer;
}

/** Compiles the layout, once; what it returns is pure and can be used for every edition. */
export async function createDigestRenderer(settings: RendererSettings): Promise<DigestRenderer> {
  const layout = await loadLayout();
  return {
    prepare: (edition) => prepareEdition(layout, settings, edition),
    assemble: (parts, digest, envelope) => {
      try {
        return assembleMessage(layout, settings, parts, digest, envelope);
      } catch (cause) {
        if (cause instanceof PaperboyError) throw cause;
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new PaperboyError('INTERNAL', `cannot build the message: ${reason}`, { cause });
      }
    },
  };
}

function prepareEdition(
  layout: Layout,
  settings: RendererSettings,
  edition: EditionContent,
): EditionParts {
  const { papers, date } = edition;
  const partsOf = (html: EncodedCard, text: TextCard): PaperParts => ({
    html,
    textHead: Buffer.from(encodePiece(text.head)),
    textTail: Buffer.from(encodePiece(text.tail)),
  });
  const mapped = (render: (paper: PaperCard) => PaperParts) =>
    new Map(papers.map((paper) => [paper.paperId, render(paper)]));
  return {
    edition,
    titles: new Map(papers.map((paper) => [paper.paperId, paper.title])),
    cards: {
      lead: mapped((paper) => partsOf(newCard(layout, paper, 'leadTitle'), newTextCard(paper))),
      new: mapped((paper) => partsOf(newCard(layout, paper, 'title'), newTextCard(paper))),
      recurring: mapped((paper) =>
        partsOf(recurringCard(layout, paper, date), recurringTextCard(paper, date)),
      ),
    },
    headers: Buffer.from(editionHeaders(settings, edition), 'latin1'),
  };
}

function assembleMessage(
  layout: Layout,
  settings: RendererSettings,
  parts: EditionParts,
  digest: DigestContent,
  envelope: Envelope,
): Buffer {
  const { edition } = parts;
  const topics = wording.topicsShown(digest);
  const counts = wording.countPapers(digest);
  const subject = wording.subjectLine(counts, topics, edition.date);
  const frame: Frame = {
    subject,
    preheader: wording.preheaderLine(firstTitles(parts, digest), topics),
    date: wording.longDate(edition.date),
    lead: wording.leadLine(counts, topics),
    unsubscribeUrl: envelope.unsubscribeUrl.href,
    notes: edition.notes,
    reason: wording.reasonLine(digest.topicNames, edition.cadence),
    links: footLinks(digest, envelope),
    postalAddress: settings.postalAddress,
  };
  const { html, text } = bodyParts(layout, parts, digest, frame);
  // `=_` cannot stand in quoted-printable, so no line of a body is ever taken for the boundary.
  const boundary = `=_${envelope.messageId.replace(/@.*|[^\w.]/g, '').slice(0, 60)}`;
  const partHead = (type: string) =>
    ascii(
      `\r\n--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
    );
  return Buffer.concat([
    parts.headers,
    ascii(messageHeaders(envelope, subject, boundary)),
    partHead('text/plain'),
    ...text,
    partHead('text/html'),
    ...html,
    ascii(`\r\n--${boundary}--\r\n`),
  ]);
}

/** What stands around the papers, in words, for both parts. */
interface Frame {
  readonly subject: string;
  readonly preheader: string;
  readonly date: string;
  readonly lead: string;
  readonly unsubscribeUrl: string;
  readonly notes: readonly string[];
  readonly reason: string;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly postalAddress?: string;
}

/** Both parts with the same papers: as many, in order, as the HTML has room for. */
function bodyParts(
  layout: Layout,
  parts: EditionParts,
  digest: DigestContent,
  frame: Frame,
): { html: Buffer[]; text: Buffer[] } {
  const html = htmlStart(layout, frame);
  const text = [encodePiece(textStart(frame))];
  const foot = htmlFoot(layout, frame);
  const open = layout.encode('cardOpen', {});
  const close = layout.encode('cardClose', {});
  // Room for the line that tells of papers left out is kept from the beginning.
  const widestMore = moreHtml(layout, Number.MAX_SAFE_INTEGER, digest.moreUrl);
  let room = MAX_HTML_BYTES - bytesOf(html) - bytesOf(foot) - bytesOf(widestMore);
  let more = digest.more;
  let isFull = false;

  for (const { kind, items } of digest.sections) {
    const heading = wording.HEADINGS[kind];
    const count = wording.counted(items.length, 'paper');
    let opening = layout.encode('section', {
      heading: escapeHtml(heading),
      count: escapeHtml(count),
    });
    let textOpening = [encodePiece(textHeading(`${heading}: ${count}`))];
    for (const item of items) {
      const isLead = kind === 'new' && item === digest.sections[0]?.items[0];
      const paper = partsOf(parts, isLead ? 'lead' : kind, item);
      const card = [
        ...opening,
        ...open,
        ...topicsPieces(layout, item),
        paper.html.body,
        ...whyPieces(layout, item),
        paper.html.tail,
        ...close,
      ];
      room -= bytesOf(card);
      isFull ||= room < 0;
      if (isFull) {
        more += 1;
        continue;
      }
      html.push(...card);
      text.push(...textOpening, paper.textHead, encodePiece(personalText(item)), paper.textTail);
      opening = [];
      textOpening = [];
    }
  }
  if (digest.sections.every(({ items }) => items.length === 0)) {
    html.push(...layout.encode('empty', { line: escapeHtml(wording.EMPTY_LINE) }));
    text.push(encodePiece(`\n${wording.EMPTY_LINE}\n\n`));
  }
  if (more > 0) {
    html.push(...moreHtml(layout, more, digest.moreUrl));
    text.push(encodePiece(`${wrap(wording.moreLine(more))}\n\n`));
  }
  return { html: [...html, ...foot], text: [...text, encodePiece(textFoot(frame))] };
}

function partsOf(parts: EditionParts, kind: CardKind, item: DigestItem): PaperParts {
  const paper = parts.cards[kind].get(item.paperId);
  if (paper === undefined) {
    throw new PaperboyError('INTERNAL', `paper ${item.paperId} is not part of the edition`);
  }
  return paper;
}

/** Invisible signs that fill the inbox line behind the preheader, so that the masthead does not leak into it. */
const PADDING = joinHtml(Array.from({ length: 80 }, () => escapeHtml('\u034f\u2007')));

function htmlStart(layout: Layout, frame: Frame): Buffer[] {
  return layout.encode('start', {
    subject: escapeHtml(frame.subject),
    preheader: escapeHtml(frame.preheader),
    padding: PADDING,
    date: escapeHtml(frame.date),
    lead: escapeHtml(frame.lead),
    unsubscribe: escapeHtml(frame.unsubscribeUrl),
  });
}

function htmlFoot(layout: Layout, frame: Frame): Buffer[] {
  const links = frame.links.map(({ label, url }) =>
    layout.fill('footLink', { url: escapeHtml(url), label: escapeHtml(label) }),
  );
  const postal = frame.postalAddress ? escapeHtml(frame.postalAddress) : undefined;
  return [
    ...layout.encode('foot', {}),
    ...frame.notes.flatMap((note) => layout.encode('note', { note: escapeHtml(note) })),
    ...layout.encode('reason', { reason: escapeHtml(frame.reason), links: joinHtml(links, ' · ') }),
    ...(postal ? layout.encode('postal', { postal }) : []),
    ...layout.encode('end', {}),
  ];
}

function moreHtml(layout: Layout, more: number, moreUrl: string): Buffer[] {
  const url = escapeHtml(safeUrl(moreUrl) ?? '');
  return layout.encode('more', { url, more: escapeHtml(wording.moreLine(more)) });
}

function footLinks(digest: DigestContent, envelope: Envelope) {
  const links = [{ label: 'Read online', url: safeUrl(digest.moreUrl) }];
  links.push({ label: 'Preferences', url: envelope.preferencesUrl?.href });
  links.push({ label: 'Unsubscribe', url: envelope.unsubscribeUrl.href });
  return links.flatMap(({ label, url }) => (url === undefined ? [] : [{ label, url }]));
}

function firstTitles({ titles }: EditionParts, { sections }: DigestContent): string[] {
  const ids = sections.flatMap(({ items }) => items.map(({ paperId }) => paperId));
  return ids.slice(0, 4).flatMap((id) => titles.get(id) ?? []);
}

function bytesOf(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
