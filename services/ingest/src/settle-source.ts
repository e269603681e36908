import {
  type BatchHistory,
  batchHistory,
  dayBegins,
  dayIn,
  isFilling,
  type Judgement,
  judgeSameBytes,
  type ListedOn,
  type ListingPageId,
  type NextAsk,
  nextAsk,
  nextHealth,
  owedAt,
  type PageReading,
  type SourceHealth,
  type SourceId,
  type SourceOutcome,
  type SourcePast,
} from '@paperboy/core';
import {
  acceptedPages,
  type Db,
  inTransaction,
  type LastSign,
  lockStanding,
  pageAgain,
  type SourceStanding,
  saveHealth,
  saveNextAsk,
  type Tx,
  together,
} from '@paperboy/store';
import type { PageFacts } from './page-facts.ts';
import { slotOf } from './source-slot.ts';

export interface AlertOptions {
  /** An operator is told after so many troubled attempts in a row; 3 when left out. */
  readonly alertAfter?: number;
}

/** What the judge is told of a source's past and of what it owes. */
export function pastOf(
  history: BatchHistory,
  { askedFor, seenAt, isLive = false }: PageFacts,
  standing: SourceStanding,
  listedOn: ListedOn | undefined,
): SourcePast {
  const { last, batchSizes, coverage } = history;
  const isOver = askedFor !== undefined && askedFor < dayIn(standing.zone, seenAt);
  const { due, awaited } = isLive && !isOver ? owedAt(timesOf(history, standing), seenAt) : UNKNOWN;
  const day = listedOn ?? askedFor;
  const begin = day === undefined ? awaited?.since : dayBegins(standing.zone, day);
  return {
    batchSizes,
    coverage,
    due,
    ...(last && { last }),
    ...(askedFor !== undefined && { askedFor }),
    ...(isLive && begin && { pageAgeMs: seenAt.getTime() - begin.getTime() }),
  };
}

const UNKNOWN = { due: 'unknown', awaited: undefined } as const;

function timesOf({ openings }: BatchHistory, { zone, publishes, health }: SourceStanding) {
  const batchAt = health.batchAt ?? openings[0];
  return { zone, publishes, openings, ...(batchAt && { batchAt }) };
}

/** What an attempt changes about how its source stands, and about when it is asked again. */
export interface Settled {
  readonly health: SourceHealth;
  readonly sign: LastSign;
  /** Absent for saved pages, which say nothing of when to ask. */
  readonly next?: NextAsk;
}

/** What a reading says of its source; undefined where that is nothing. */
export function settledBy(found: {
  readonly facts: PageFacts;
  readonly reading: PageReading;
  readonly judgement: Judgement;
  readonly papers: number;
  readonly past: SourcePast;
  readonly history: BatchHistory;
  readonly standing: SourceStanding;
  readonly alerts: AlertOptions;
}): Settled | undefined {
  const { facts, reading, judgement, papers, past, history, standing, alerts } = found;
  const { verdict, note } = judgement;
  const listing = reading.kind === 'listing' ? reading : undefined;
  const { askedFor, seenAt } = facts;
  // A last look at a day that is over tells nothing of today, for which the source is asked right after.
  if (askedFor !== undefined && askedFor < dayIn(standing.zone, seenAt)) return undefined;
  const fills =
    (verdict === 'unchanged' || verdict === 'grew') &&
    past.last?.isPartial === true &&
    isFilling(papers, past);
  return settle(standing, {
    outcome: fills ? 'partial' : verdict,
    at: facts.seenAt,
    isBatch: verdict === 'new-batch' || verdict === 'partial' || (listing?.statedEmpty ?? false),
    isLive: facts.isLive ?? false,
    isBatchShaped: listing?.shape === 'batch',
    openings: history.openings,
    sign: {
      note,
      entries: listing?.entries.length ?? null,
      claimed: listing?.claimed ?? null,
      // What cannot be read says nothing of the days either.
      skipDays: listing ? (listing.skipDays ?? null) : standing.skipDays,
    },
    alerts,
  });
}

/** How the source stands after that, for the next reading. */
export function standingAfter(standing: SourceStanding, settled: Settled): SourceStanding {
  const { health, sign, next } = settled;
  const { skipDays } = sign;
  if (!next) return { ...standing, health, skipDays };
  return { ...standing, health, skipDays, nextAskAt: next.at ?? null, repeats: next.repeats };
}

/** Writes that down, in the transaction that locked how the source stands. */
export async function saveSettled(
  tx: Tx,
  sourceId: SourceId,
  { health, sign, next }: Settled,
): Promise<void> {
  await together([saveHealth(tx, sourceId, health, sign), next && saveNextAsk(tx, sourceId, next)]);
}

/** How an attempt ended that brought no page to read. */
export type Unread = {
  readonly at: Date;
} & (
  | {
      readonly kind: 'blocked' | 'failed';
      readonly detail: string;
      readonly retryAfterMs?: number;
      /** Whether another try can help. */
      readonly retry: boolean;
    }
  | { readonly kind: 'unchanged'; readonly listingPageId: ListingPageId }
);

/** Notes on the source how such an attempt ended, and when to ask again. */
export async function settleUnread(
  db: Db,
  sourceId: SourceId,
  unread: Unread,
  alerts: AlertOptions,
): Promise<void> {
  const { at } = unread;
  await inTransaction(db, async (tx) => {
    const history = batchHistory(await acceptedPages(tx, sourceId), undefined);
    const standing = await lockStanding(tx, sourceId);
    const common = { at, isLive: true, openings: history.openings, alerts };
    const note = async (settlement: Settlement) => {
      const settled = settle(standing, settlement);
      if (settled) await saveSettled(tx, sourceId, settled);
    };
    if (unread.kind !== 'unchanged') {
      const { kind, detail, retry, retryAfterMs } = unread;
      await note({
        ...common,
        outcome: kind,
        isBatch: false,
        isBatchShaped: false,
        sign: { note: detail, entries: null, claimed: null, skipDays: standing.skipDays },
        retry,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
      return;
    }
    const page = await pageAgain(tx, unread.listingPageId);
    // Its first capture is still to be read, and settles the source then.
    if (!page?.verdict) return;
    const isEmpty = page.entries === 0;
    const { last } = history;
    const isOfLastBatch = last?.batchPageId === page.batchPageId;
    const age = page.listedOn && at.getTime() - dayBegins(standing.zone, page.listedOn).getTime();
    const { due } = owedAt(timesOf(history, standing), at);
    const judgement = judgeSameBytes(
      {
        verdict: page.verdict,
        note: page.note,
        shape: page.shape ?? 'window',
        isOfLastBatch,
        isEmpty,
        isFilling:
          isOfLastBatch &&
          last?.isPartial === true &&
          isFilling(last.papers, {
            batchSizes: history.batchSizes,
            ...(age !== null && { pageAgeMs: age }),
          }),
      },
      due,
    );
    const { verdict } = judgement;
    await note({
      ...common,
      outcome: verdict,
      isBatch: isEmpty && verdict === 'unchanged',
      isBatchShaped: page.shape === 'batch',
      sign: {
        note: judgement.note,
        entries: page.entries,
        claimed: page.claimed,
        skipDays: standing.skipDays,
      },
    });
  });
}

interface Settlement {
  readonly outcome: SourceOutcome;
  readonly at: Date;
  readonly isBatch: boolean;
  readonly isLive: boolean;
  readonly isBatchShaped: boolean;
  readonly openings: readonly Date[];
  readonly sign: LastSign;
  readonly alerts: AlertOptions;
  readonly retryAfterMs?: number;
  readonly retry?: boolean;
}

const DEFAULT_ALERT_AFTER = 3;

/** Undefined where it is older than what is known. */
function settle(standing: SourceStanding, settlement: Settlement): Settled | undefined {
  const { outcome, at, isBatch, isLive, isBatchShaped, openings, sign, alerts } = settlement;
  const before = standing.health;
  const batchAt = isBatch ? at : (before.batchAt ?? openings[0]);
  const { zone, publishes } = standing;
  const owed =
    isBatchShaped && isLive
      ? owedAt({ zone, publishes, openings, ...(batchAt && { batchAt }) }, at)
      : UNKNOWN;
  const { awaited } = owed;
  const health = nextHealth(
    before,
    { outcome, at, isBatch, ...(awaited && { late: awaited.late }) },
    { alertAfter: alerts.alertAfter ?? DEFAULT_ALERT_AFTER },
  );
  if (health === before) return undefined;
  if (!isLive) return { health, sign };
  const { retryAfterMs, retry } = settlement;
  const { skipDays } = sign;
  const slot = slotOf({ ...standing, skipDays }, at, health.batchAt);
  const next = nextAsk({
    outcome,
    at,
    repeats: isSameTrouble(before.outcome, outcome) ? standing.repeats : 0,
    ...(slot && { slot }),
    ...(awaited && { awaited }),
    ...(skipDays && { skipDays }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(retry !== undefined && { retry }),
  });
  return { health, sign, next };
}

/** Waits grow as long as nothing comes, whoever is to blame. */
function isSameTrouble(before: SourceOutcome | undefined, now: SourceOutcome): boolean {
  const away = ['blocked', 'failed'];
  return before === now || (before !== undefined && away.includes(before) && away.includes(now));
}
