import { readFile } from 'node:fs/promises';
import {
  EDITION_LIMIT_MS,
  isRecorded,
  type ListedOn,
  type ListingPageId,
  lastDueAt,
  type PageOutcome,
} from '@paperboy/core';
import { capturePage } from '@paperboy/ingest';
import type { Queues } from '@paperboy/queue';
import {
  countAcceptedThrough,
  type Db,
  findSource,
  pageResult,
  type Source,
  schedulesPlannedUntil,
} from '@paperboy/store';
import { awaitDeliveries } from './await-deliveries.ts';
import { DEMO_SOURCE, type SeedPage } from './seeds.ts';
import { type Look, type Waiting, waitFor } from './wait.ts';

/** A page that was replayed now. */
export interface ReplayedPage {
  readonly page: string;
  readonly listedOn: ListedOn | null;
  readonly verdict: PageOutcome;
  readonly entries: number;
  readonly new: number;
  readonly recurring: number;
  /** Digests mailed of the editions that this page ended. */
  readonly digests: number;
}

export interface ReplayParts extends Waiting {
  readonly db: Db;
  readonly queues: Queues;
  readonly isSending: boolean;
  readonly show: (step: string) => void;
  readonly done: (page: ReplayedPage) => void;
}

/**
 * Replays the seed pages in the order of their days, each as if its day had just happened: captured, recorded and
 * matched by jobs, then that day's digests planned and delivered before the next page is looked at. Every step asks
 * the rows what is left of it, so that a replay that was broken off at any point goes on there, and a second one
 * finds nothing to do.
 */
export async function replayPages(parts: ReplayParts, pages: readonly SeedPage[]): Promise<void> {
  const source = await findSource(parts.db, DEMO_SOURCE);
  for (const page of pages) {
    const name = page.seenAt.toISOString().slice(0, 10);
    const replayed = await replayPage(parts, source, page, name);
    if (replayed) parts.done(replayed);
  }
}

/** Undefined when nothing of it was left to do. */
async function replayPage(
  parts: ReplayParts,
  source: Source,
  { path, seenAt, planAt }: SeedPage,
  name: string,
): Promise<ReplayedPage | undefined> {
  const { db } = parts;
  const bytes = await readFile(path);
  const { listingPageId } = await capturePage(db, { sourceId: source.id, bytes, seenAt });
  parts.show(`${name}: reading and matching`);
  const read = await finishPage(parts, listingPageId, name);
  parts.show(`${name}: planning digests`);
  const planned = await planDay(parts, planAt, name);
  parts.show(`${name}: delivering digests`);
  const delivered = await awaitDeliveries(parts, name, { until: planAt, hasJobs: planned });
  if (!read.worked && !planned && !delivered) return undefined;
  const { result, verdict } = read;
  const digests = result.readyNo === null ? 0 : await countAcceptedThrough(db, result.readyNo);
  return {
    page: name,
    listedOn: result.listedOn,
    verdict,
    entries: result.entries ?? 0,
    new: result.new ?? 0,
    recurring: result.recurring ?? 0,
    digests,
  };
}

type PageResult = NonNullable<Awaited<ReturnType<typeof pageResult>>>;
interface FinishedPage {
  readonly result: PageResult;
  readonly verdict: PageOutcome;
}

/** Has a captured page recorded and matched; `worked` is false when it was already. */
async function finishPage(parts: ReplayParts, listingPageId: ListingPageId, name: string) {
  const { db, queues } = parts;
  const look = async (): Promise<Look<FinishedPage>> => {
    const result = await pageResult(db, listingPageId);
    const verdict = result?.verdict ?? null;
    if (!result || verdict === null) return { state: 'not read yet' };
    const isFinished = result.readyNo !== null || !isRecorded(verdict);
    return isFinished ? { done: { result, verdict } } : { state: 'read, not matched yet' };
  };
  const first = await look();
  if ('done' in first) return { ...first.done, worked: false };
  // Without a job key: a job of that key may belong to a worker that was killed, and would wait until that is noticed.
  const job = first.state === 'not read yet' ? 'record-page' : 'match-papers';
  const jobId = await queues.add(job, { listingPageId });
  return { ...(await waitFor(parts, name, look, jobId)), worked: true };
}

/** Has the digests planned that are due as of `at`; false when all were. */
async function planDay(parts: ReplayParts, at: Date, name: string): Promise<boolean> {
  const { db, queues } = parts;
  if (!(await awaitsPlan(db, at))) return false;
  const jobId = await queues.add('plan-editions', { at: at.toISOString() });
  const look = async (): Promise<Look<true>> =>
    (await awaitsPlan(db, at)) ? { state: 'not planned yet' } : { done: true };
  return waitFor(parts, name, look, jobId);
}

/** Whether anybody's digest is due as of `at` and not planned, by the planner's own rule. */
async function awaitsPlan(db: Db, at: Date): Promise<boolean> {
  return (await schedulesPlannedUntil(db)).some(({ schedule, plannedUntil }) => {
    const dueAt = lastDueAt(schedule, at);
    const isLate = at.getTime() - dueAt.getTime() > EDITION_LIMIT_MS[schedule.cadence];
    return !isLate && plannedUntil < dueAt;
  });
}
