import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type ListingPageId,
  type PageFormat,
  type PageReading,
  PaperboyError,
} from '@paperboy/core';
import { type CapturedPage, capturePages, readBodies } from '@paperboy/ingest';
import type { Source } from '@paperboy/store';
import { type FileBytes, openPageFile, type PageFile } from './page-files.ts';
import type { Shared } from './shared.ts';

/** A saved page that is kept in the database, or why it is not. */
export type CapturedFile = { readonly file: PageFile } & (
  | { readonly kind: 'failed'; readonly thrown: unknown }
  | {
      readonly kind: 'kept';
      readonly listingPageId: ListingPageId;
      readonly seenAt: Date;
      /** It was recorded before, and is not read again. */
      readonly isRead: boolean;
      /** What it says; absent where these bytes were kept before and no format is named for them. */
      readonly reading: PageReading | undefined;
    }
);

/** How files are taken for pages. */
export interface CaptureChoice {
  readonly format?: PageFormat;
  readonly fetchedAt?: Date;
}

/** What capturing needs of an installation. */
export type CaptureShared = Pick<Shared, 'db'> & {
  readonly settings: Pick<Shared['settings'], 'fetchMaxBytes'>;
};

/** As many files at a time as make good use of a statement, and do not fill the memory. */
const GROUP = { files: 20, bytes: 8 * 2 ** 20 } as const;

/**
 * Keeps files as pages of a source and reads them, group by group in their order: a group costs two statements. A file
 * that is no page of its own fault is told in its place. Throws where the database does.
 */
export async function* captureInGroups(
  shared: CaptureShared,
  source: Source,
  files: readonly PageFile[],
  choice: CaptureChoice,
): AsyncGenerator<CapturedFile[], undefined> {
  let group: OpenedFile[] = [];
  let bytes = 0;
  for (const file of files) {
    const opened = await openFile(file, shared.settings.fetchMaxBytes);
    group.push(opened);
    bytes += opened.kind === 'open' ? opened.bytes.byteLength : 0;
    if (group.length < GROUP.files && bytes < GROUP.bytes) continue;
    yield keepGroup(shared, source, group, choice);
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) yield keepGroup(shared, source, group, choice);
  return undefined;
}

type OpenedFile = { readonly file: PageFile } & (
  | { readonly kind: 'failed'; readonly thrown: unknown }
  | ({ readonly kind: 'open' } & FileBytes)
);

async function openFile(file: PageFile, maxBytes: number): Promise<OpenedFile> {
  try {
    return { kind: 'open', file, ...(await openPageFile(file, maxBytes)) };
  } catch (thrown) {
    if (!isOfThePage(thrown)) throw thrown;
    return { kind: 'failed', file, thrown };
  }
}

/** What is wrong with one page is no reason to leave out the next; what is wrong with the database is. */
export function isOfThePage(thrown: unknown): boolean {
  return thrown instanceof PaperboyError && /^(?:PAGE_|NOT_FOUND)/.test(thrown.code);
}

async function keepGroup(
  { db, settings }: CaptureShared,
  source: Source,
  group: readonly OpenedFile[],
  { fetchedAt, format }: CaptureChoice,
): Promise<CapturedFile[]> {
  const seenAt = (file: PageFile) => fetchedAt ?? file.seenAt;
  const open = group.filter((opened) => opened.kind === 'open');
  const pages = open.map(({ file, ...page }) => ({ ...page, seenAt: seenAt(file) }));
  const kept = await capturePages(db, source.id, pages);
  const pageOf = new Map<OpenedFile, CapturedPage>();
  for (const [index, page] of kept.entries()) {
    const opened = open[index];
    if (opened) pageOf.set(opened, page);
  }
  const origin = { ...SAVED, ...source, sourceUrl: source.url, format: format ?? source.format };
  const captured: CapturedFile[] = [];
  for (const opened of group) {
    const page = pageOf.get(opened);
    if (opened.kind === 'failed' || !page) {
      captured.push(failedAs(opened));
      continue;
    }
    const { file, bytes } = opened;
    const { listingPageId, fresh, isRead } = page;
    const isToRead = fresh || (format !== undefined && !isRead);
    const reading = isToRead ? readBodies(origin, [bytes], settings.fetchMaxBytes) : undefined;
    captured.push({ kind: 'kept', file, listingPageId, seenAt: seenAt(file), isRead, reading });
    // Whatever is recorded meanwhile gets its answers between two pages.
    await nextTurn();
  }
  return captured;
}

function failedAs(opened: OpenedFile): CapturedFile {
  if (opened.kind === 'failed') return opened;
  throw new PaperboyError('INTERNAL', `${opened.file.name} was not kept`);
}

/** What nobody knows of a page that was saved by hand. */
const SAVED = { address: null, contentType: null, partAddresses: null, cutBecause: null };
