import { type ListedOn, PaperboyError, type PaperId, readableTex, shorten } from '@paperboy/core';
import type { Mailbox } from './address.ts';
import { joinParts, type Place } from './alternative.ts';
import { newCard, recurringCard } from './card.ts';
import { type CardKind, createBodyWriter, type PaperParts } from './digest-body.ts';
import type { DigestContent, EditionContent, Envelope, PaperCard } from './digest-content.ts';
import { editionHeaders, messageHeaders } from './headers.ts';
import { safeUrl } from './html.ts';
import { type Layout, loadLayout } from './layout.ts';
import { newTextCard, recurringTextCard, type TextCard } from './plain-text.ts';
import { encodePiece } from './quoted-printable.ts';
import { chartWeek } from './week-chart.ts';
import * as wording from './wording.ts';

export interface RendererSettings {
  readonly publicUrl: string;
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  readonly precedence?: 'bulk' | 'list';
  /** Shown in the footer; commercial mail must have one. */
  readonly postalAddress?: string;
  /** A folder that holds the operator's own digest.mjml; ours where none is named. */
  readonly templates?: string;
}

/** All of an edition that is the same for everybody; about 5 kB per paper. */
export interface EditionParts {
  readonly edition: EditionContent;
  readonly titles: ReadonlyMap<PaperId, string>;
  readonly firstDays: ReadonlyMap<PaperId, ListedOn>;
  readonly cards: Readonly<Record<CardKind, ReadonlyMap<PaperId, PaperParts>>>;
  readonly headers: Buffer;
}

export interface DigestRenderer {
  /** Renders and encodes each paper once. */
  prepare(edition: EditionContent): EditionParts;
  /**
   * The whole message, CRLF throughout, not yet signed. Equal arguments give equal bytes. Throws INTERNAL
   * when a digest names a paper that is not of the edition, or the envelope cannot stand in headers. Its body is in the
   * relaxed form of RFC 6376. It is written to memory of its own, or where `place` says.
   */
  assemble(parts: EditionParts, digest: DigestContent, envelope: Envelope, place?: Place): Buffer;
}

/** Compiles the layout, once; the renderer serves every edition. Throws TEMPLATE_INVALID. */
export async function createDigestRenderer(settings: RendererSettings): Promise<DigestRenderer> {
  const layout = await loadLayout(settings.templates);
  const writeBody = createBodyWriter(layout);
  const assemble: DigestRenderer['assemble'] = (parts, digest, envelope, place) => {
    const { edition } = parts;
    const moreUrl = safeUrl(digest.moreUrl);
    if (moreUrl === undefined) throw new TypeError('moreUrl is no web address');
    const topics = wording.topicsShown(digest);
    const counts = wording.countPapers(digest);
    const { cadence, date, notes } = edition;
    const isComplete = notes.length === 0;
    const empty = wording.emptyLine(cadence, isComplete);
    const subject = wording.subjectLine(counts, topics, date, isComplete);
    const { text, html } = writeBody(parts.cards, digest, {
      subject,
      preheader: wording.preheaderLine(firstTitles(parts, digest, empty), topics),
      date: wording.longDate(date),
      lead: wording.leadLine(counts, topics, wording.countTopics(digest)),
      onlineUrl: moreUrl,
      unsubscribeUrl: envelope.unsubscribeUrl.href,
      week: cadence === 'weekly' ? weekOf(parts, digest) : undefined,
      empty,
      notes: notes.slice(0, 5).map((note) => shorten(note, 300)),
      reason: wording.reasonLine(digest.topicNames, cadence),
      links: footLinks(moreUrl, envelope),
      promise: wording.PROMISE,
      ...(settings.postalAddress && { postalAddress: shorten(settings.postalAddress, 300) }),
    });
    const { messageId } = envelope;
    const shown = digest.format === 'text' ? { messageId, text } : { messageId, text, html };
    return joinParts([parts.headers, messageHeaders(envelope, subject)], shown, place);
  };
  return {
    prepare: (edition) => prepareEdition(layout, settings, edition),
    assemble(parts, digest, envelope, place) {
      try {
        return assemble(parts, digest, envelope, place);
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
  const lead = new Map<PaperId, PaperParts>();
  const fresh = new Map<PaperId, PaperParts>();
  const recurring = new Map<PaperId, PaperParts>();
  const papers = edition.papers.map(asPrinted);
  for (const paper of papers) {
    const asNew = (kind: 'lead' | 'other') => ({
      html: newCard(layout, paper, kind),
      ...encodeText(newTextCard(paper, kind)),
    });
    lead.set(paper.paperId, asNew('lead'));
    fresh.set(paper.paperId, asNew('other'));
    recurring.set(paper.paperId, {
      html: recurringCard(layout, paper, edition.date),
      ...encodeText(recurringTextCard(paper, edition.date)),
    });
  }
  return {
    edition,
    titles: new Map(papers.map(({ paperId, title }) => [paperId, shorten(title, 100)])),
    firstDays: new Map(papers.map(({ paperId, firstSeenOn }) => [paperId, firstSeenOn])),
    cards: { lead, new: fresh, recurring },
    headers: Buffer.from(editionHeaders(settings, edition), 'latin1'),
  };
}

/** No mail client sets TeX. */
function asPrinted(paper: PaperCard): PaperCard {
  const title = readableTex(paper.title);
  return paper.text ? { ...paper, title, text: readableTex(paper.text) } : { ...paper, title };
}

function encodeText({ head, tail }: TextCard): Pick<PaperParts, 'textHead' | 'textTail'> {
  return { textHead: encodePiece(head), textTail: encodePiece(tail) };
}

function footLinks(moreUrl: string, { preferencesUrl, unsubscribeUrl }: Envelope) {
  const links = [{ label: 'View online', url: moreUrl }];
  if (preferencesUrl) links.push({ label: 'Preferences and pause', url: preferencesUrl.href });
  return [...links, { label: 'Unsubscribe', url: unsubscribeUrl.href }];
}

function weekOf({ firstDays, edition }: EditionParts, { found = [] }: DigestContent) {
  return chartWeek(found, (paper) => firstDays.get(paper), edition.date);
}

/** What an inbox shows first: titles, or why there are none. */
function firstTitles(
  { titles }: EditionParts,
  { sections }: DigestContent,
  empty: string,
): readonly string[] {
  const found: string[] = [];
  for (const { items } of sections) {
    for (const { paperId } of items) {
      if (found.length === 4) return found;
      found.push(titles.get(paperId) ?? '');
    }
  }
  return found.length > 0 ? found : [empty, 'Paperboy goes on looking.'];
}
