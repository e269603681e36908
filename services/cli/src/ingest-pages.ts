import type { ListedOn, ListingPageId, PageFormat, PageOutcome, PageReading } from '@paperboy/core';
import { isRecorded, PaperboyError } from '@paperboy/core';
import { capturePage, readBodies, recordPage, recordReading, TopicMatcher } from '@paperboy/ingest';
import { findSource, type PageResult, pageResult, type Source } from '@paperboy/store';
import { type PageFile, pageFiles, readPageFile } from './page-files.ts';
import type { Shared } from './shared.ts';

/** What became of a page, as `ingest` prints it. */
export interface IngestedPage {
  readonly page: string;
  readonly format: string | null;
  readonly listedOn: ListedOn | null;
  readonly verdict: PageOutcome;
  readonly entries: number;
  readonly new: number;
  readonly recurring: number;
  readonly repeated: number;
  readonly revised: number;
  readonly ms: number;
  /** Why the verdict, in words. */
  readonly note: string | null;
}

export interface IngestChoice {
  readonly source: string;
  /** Where relative paths begin. */
  readonly folder: string;
  readonly format?: PageFormat;
  readonly fetchedAt?: Date;
}

export interface IngestListener {
  /** A page is next, behind `done` of `total`. */
  start(page: string, done: number, total: number): void;
  end(page: IngestedPage): void;
  /** The page was left out; the next one follows. */
  failed(thrown: unknown): void;
}

/** What ingesting pages needs of an installation. */
export type IngestShared = Pick<Shared, 'db' | 'log' | 'stopping'> & {
  readonly settings: Pick<Shared['settings'], 'fetchMaxBytes' | 'alertAfter'>;
};

/**
 * Captures, records and matches saved pages one by one and in order, without queue and workers; while one is
 * recorded, the next is packed, kept and read, and the one before is matched. A run that was ended goes on when it is
 * started again: pages that are recorded cost a look, and one that was only kept is recorded. Throws NOT_FOUND.
 */
export async function ingestPages(
  shared: IngestShared,
  paths: readonly string[],
  choice: IngestChoice,
  listener: IngestListener,
): Promise<void> {
  const source = await sourceFor(shared, choice.source);
  const files = await pageFiles(paths, choice.folder);
  const matcher = new TopicMatcher(shared.db, shared.log);
  const capture = (file: PageFile | undefined) => file && captureFile(shared, source, file, choice);
  let ahead = Promise.resolve(capture(files[0]));
  let matched: Promise<unknown> = Promise.resolve();
  try {
    for (const [index, file] of files.entries()) {
      if (shared.stopping.aborted) return;
      listener.start(file.name, index, files.length);
      const captured = ahead;
      ahead = captured.catch(() => {}).then(() => capture(files[index + 1]));
      // Its failure is told when its turn comes.
      ahead.catch(() => {});
      try {
        const page = await captured;
        if (!page) continue;
        const { ingested, isUnready } = await recordFile(shared, source, page);
        await matched;
        if (isUnready) matched = matcher.matchPage(page.listingPageId);
        // Its failure is told with the next page, or at the end.
        matched.catch(() => {});
        listener.end(ingested);
      } catch (thrown) {
        if (!isOfThePage(thrown)) throw thrown;
        listener.failed(thrown);
      }
    }
    await matched;
  } finally {
    await Promise.allSettled([ahead, matched]);
  }
}

/** What is wrong with one page is no reason to leave out the next; what is wrong with the database is. */
function isOfThePage(thrown: unknown): boolean {
  return thrown instanceof PaperboyError && /^(?:PAGE_|NOT_FOUND)/.test(thrown.code);
}

async function sourceFor({ db }: IngestShared, name: string): Promise<Source> {
  try {
    return await findSource(db, name);
  } catch (thrown) {
    if (!(thrown instanceof PaperboyError) || thrown.code !== 'NOT_FOUND') throw thrown;
    const detail = `${thrown.detail}; add it with: paperboy source add ${name}`;
    throw new PaperboyError('NOT_FOUND', detail, { cause: thrown });
  }
}

/** A saved page that is kept in the database. */
interface CapturedFile {
  readonly file: PageFile;
  readonly listingPageId: ListingPageId;
  readonly seenAt: Date;
  /** What it says; absent where these bytes were kept before and no format is named for them. */
  readonly reading: PageReading | undefined;
}

async function captureFile(
  { db, settings }: IngestShared,
  source: Source,
  file: PageFile,
  { fetchedAt, format }: IngestChoice,
): Promise<CapturedFile> {
  const maxBytes = settings.fetchMaxBytes;
  const bytes = await readPageFile(file, maxBytes);
  const seenAt = fetchedAt ?? file.seenAt;
  const { listingPageId, fresh } = await capturePage(db, { sourceId: source.id, bytes, seenAt });
  const page = { ...SAVED, ...source, sourceUrl: source.url, format: format ?? source.format };
  const reading = fresh || format ? readBodies(page, [bytes], maxBytes) : undefined;
  return { file, seenAt, listingPageId, reading };
}

/** What nobody knows of a page that was saved by hand. */
const SAVED = { address: null, contentType: null, partAddresses: null, cutBecause: null };

async function recordFile(
  { db, settings }: IngestShared,
  { id: sourceId }: Source,
  { file, seenAt, listingPageId, reading }: CapturedFile,
): Promise<{ ingested: IngestedPage; isUnready: boolean }> {
  const startedAt = performance.now();
  const { fetchMaxBytes: maxBytes, alertAfter } = settings;
  const facts = { listingPageId, sourceId, seenAt };
  const recorded = reading && (await recordReading(db, facts, reading, { alertAfter }));
  const before = recorded ? undefined : await pageResult(db, listingPageId);
  const wasRead = before?.verdict != null;
  const result =
    recorded ?? (wasRead ? before : await recordPage(db, listingPageId, { maxBytes, alertAfter }));
  const { verdict } = result;
  if (verdict === null) throw new PaperboyError('INTERNAL', `${file.name} was not read`);
  const ingested = {
    page: file.name,
    format: result.format,
    listedOn: result.listedOn,
    ...(wasRead
      ? nothingNew(result.entries, listingPageId)
      : { ...countsOf(result), verdict, note: result.note }),
    ms: Math.round(performance.now() - startedAt),
  };
  return { ingested, isUnready: isRecorded(verdict) && result.readyNo === null };
}

function countsOf({ entries, new: fresh, recurring, repeated, revised }: PageResult) {
  return {
    entries: entries ?? 0,
    new: fresh ?? 0,
    recurring: recurring ?? 0,
    repeated: repeated ?? 0,
    revised: revised ?? 0,
  };
}

/** The same bytes came before: they are the page that is stored, and change nothing. */
function nothingNew(entries: number | null, id: ListingPageId) {
  const verdict: PageOutcome = 'unchanged';
  const note = `the same bytes as page ${id}`;
  return { verdict, note, entries: entries ?? 0, new: 0, recurring: 0, repeated: 0, revised: 0 };
}
