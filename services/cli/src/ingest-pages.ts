import type { ListedOn, ListingPageId, PageOutcome } from '@paperboy/core';
import { isRecorded, PaperboyError } from '@paperboy/core';
import { type ReadPage, recordPage, recordReadings, TopicMatcher } from '@paperboy/ingest';
import { findSource, type PageResult, pageResults, type Source } from '@paperboy/store';
import {
  type CaptureChoice,
  type CapturedFile,
  captureInGroups,
  isOfThePage,
} from './capture-files.ts';
import { type PageFile, pageFiles } from './page-files.ts';
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
  /** How long its recording took; of pages that were recorded together an equal share. */
  readonly ms: number;
  /** Why the verdict, in words. */
  readonly note: string | null;
}

export interface IngestChoice extends CaptureChoice {
  readonly source: string;
  /** Where relative paths begin. */
  readonly folder: string;
}

export interface IngestListener {
  /** Pages are next from this one on, behind `done` of `total`. */
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
 * Captures, records and matches saved pages in order, without queue and workers, a group at a time: while one is
 * recorded, the next is kept and read, and the one before is matched. A run that was ended goes on when it is started
 * again: pages that are recorded cost a share of one look, and one that was only kept is recorded. Throws NOT_FOUND.
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
  const groups = captureInGroups(shared, source, files, choice);
  let ahead = groups.next();
  let matched: Promise<unknown> = Promise.resolve();
  let done = 0;
  try {
    for (;;) {
      if (shared.stopping.aborted) return;
      const { value: group } = await ahead;
      if (!group) break;
      ahead = groups.next();
      // Its failure is told when its turn comes.
      ahead.catch(() => {});
      listener.start(group[0]?.file.name ?? '', done, files.length);
      const unready: ListingPageId[] = [];
      for await (const outcome of recordGroup(shared, source, group)) {
        if (outcome.kind === 'failed') listener.failed(outcome.thrown);
        else listener.end(outcome.ingested);
        if (outcome.kind === 'recorded' && outcome.unready) unready.push(outcome.unready);
      }
      done += group.length;
      await matched;
      matched = matcher.matchPages(unready);
      // Its failure is told with the next pages, or at the end.
      matched.catch(() => {});
    }
    await matched;
  } finally {
    await Promise.allSettled([ahead, matched]);
  }
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

/** What became of a file. */
type Outcome =
  | { readonly kind: 'failed'; readonly thrown: unknown }
  | {
      readonly kind: 'recorded';
      readonly ingested: IngestedPage;
      /** To be matched. */
      readonly unready: ListingPageId | undefined;
    };

type KeptFile = Extract<CapturedFile, { kind: 'kept' }>;

/** Entries recorded together at most, if they are of several pages: more in a statement gains nothing. */
const TOGETHER = 1_000;

async function* recordGroup(
  shared: IngestShared,
  source: Source,
  group: readonly CapturedFile[],
): AsyncGenerator<Outcome> {
  let run: KeptFile[] = [];
  let entries = 0;
  for (const captured of group) {
    const count = entriesIn(captured);
    if (count === undefined || entries + count > TOGETHER) {
      yield* recordRun(shared, source, run);
      [run, entries] = [[], 0];
    }
    if (captured.kind === 'failed') yield captured;
    else if (count === undefined) yield* recordRun(shared, source, [captured]);
    else {
      run.push(captured);
      entries += count;
    }
  }
  yield* recordRun(shared, source, run);
}

/** Undefined where it is not to be recorded with others. */
function entriesIn(captured: CapturedFile): number | undefined {
  if (captured.kind === 'failed' || !(captured.reading || captured.isRead)) return undefined;
  return captured.reading?.kind === 'listing' ? captured.reading.entries.length : 0;
}

/** Records pages together; where that fails one after the other, so that those before the culprit are not lost. */
async function* recordRun(
  shared: IngestShared,
  source: Source,
  run: readonly KeptFile[],
): AsyncGenerator<Outcome> {
  if (run.length === 0) return;
  try {
    yield* await recordTogether(shared, source, run);
  } catch (thrown) {
    if (run.length > 1) for (const one of run) yield* recordRun(shared, source, [one]);
    else if (isOfThePage(thrown)) yield { kind: 'failed', thrown };
    else throw thrown;
  }
}

async function recordTogether(
  { db, settings }: IngestShared,
  { id: sourceId }: Source,
  run: readonly KeptFile[],
): Promise<Outcome[]> {
  const startedAt = performance.now();
  const { fetchMaxBytes: maxBytes, alertAfter } = settings;
  const readings = run.flatMap(({ listingPageId, seenAt, reading }): ReadPage[] =>
    reading ? [{ facts: { listingPageId, sourceId, seenAt }, reading }] : [],
  );
  const recorded = await recordReadings(db, readings, { alertAfter });
  const others = run.filter(({ listingPageId }) => !recorded.has(listingPageId));
  const before = await pageResults(
    db,
    others.map(({ listingPageId }) => listingPageId),
  );
  const results = new Map([...before, ...recorded]);
  // Of the same bytes twice in a run the first are what was recorded now.
  const isNow = new Set(recorded.keys());
  for (const { listingPageId } of others) {
    if (before.get(listingPageId)?.verdict !== null) continue;
    results.set(listingPageId, await recordPage(db, listingPageId, { maxBytes, alertAfter }));
    isNow.add(listingPageId);
  }
  const ms = Math.round((performance.now() - startedAt) / run.length);
  return run.map(({ file, listingPageId }) => {
    const result = results.get(listingPageId);
    const wasRead = !isNow.delete(listingPageId);
    return outcomeOf(file, result, { wasRead, ms });
  });
}

function outcomeOf(
  file: PageFile,
  result: PageResult | undefined,
  { wasRead, ms }: { readonly wasRead: boolean; readonly ms: number },
): Outcome {
  if (!result || result.verdict === null)
    throw new PaperboyError('INTERNAL', `${file.name} was not read`);
  const { id, format, listedOn, verdict, note, readyNo } = result;
  const told = wasRead ? nothingNew(result) : { ...countsOf(result), verdict, note };
  const unready = isRecorded(verdict) && readyNo === null ? id : undefined;
  return {
    kind: 'recorded',
    ingested: { page: file.name, format, listedOn, ...told, ms },
    unready,
  };
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
function nothingNew({ id, entries }: PageResult) {
  const verdict: PageOutcome = 'unchanged';
  const note = `the same bytes as page ${id}`;
  return { verdict, note, entries: entries ?? 0, new: 0, recurring: 0, repeated: 0, revised: 0 };
}
