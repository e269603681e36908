import {
  type Cadence,
  EDITION_LIMIT_MS,
  type EditionId,
  isTrendingAgain,
  lastDueAt,
  type SendSchedule,
} from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import {
  type Audience,
  activeSchedules,
  analyzeDueDeliveries,
  type Db,
  dueWindow,
  type EditionHour,
  expireDeferred,
  gatherMissed,
  gatherPapers,
  insertDeliveries,
  inTransaction,
  lastReadyNo,
  lockReadyPagesExclusive,
  markTrending,
  openEdition,
  recurringSightings,
  type Tx,
  troubledReadings,
} from '@paperboy/store';
import { sourcesToAwait } from './hold-edition.ts';
import { sourceNotes } from './source-notes.ts';
import { readVotes, type VotesToWeigh, weighVotes } from './weigh-votes.ts';

export interface PlannedEdition {
  readonly id: EditionId;
  readonly cadence: Cadence;
  readonly windowEnd: Date;
  /** Whose turn it was, with or without a paper for them. */
  readonly subscribers: number;
  readonly deliveries: number;
}

export interface PlanOptions {
  /** As of when; now when left out. */
  readonly at?: Date;
  /** How long past its hour an edition waits for sources that give no full list; 0 when left out. */
  readonly graceMs?: number;
}

/** Deliveries of one edition that change what Postgres knows of them. */
const MANY = 1_000;

/**
 * Plans every digest that is due at `at` (now when left out): an edition per cadence and hour, each in one
 * transaction. Editions nobody was left out of are not in the result, so a second call gives an empty list.
 */
export async function planEditions(
  { db, log }: { readonly db: Db; readonly log: Log },
  { at = new Date(), graceMs = 0 }: PlanOptions = {},
): Promise<PlannedEdition[]> {
  const editions: PlannedEdition[] = [];
  for (const due of dueEditions(await activeSchedules(db), at, log)) {
    const { hour, schedules } = due;
    // Nothing is noted of a wait: what is not planned stays due, for this plan or a later one.
    const awaited = graceMs > 0 ? await sourcesToAwait(db, hour, { at, graceMs, schedules }) : [];
    if (awaited.length > 0) {
      log.info('edition.held', { ...hour, sources: awaited });
      continue;
    }
    const audience = { kind: 'schedules', schedules } as const;
    const votes = await readVotes(db, hour, audience);
    const planned = await inTransaction(db, async (tx) => {
      await lockReadyPagesExclusive(tx);
      return planEdition(tx, hour, audience, { votes, at });
    });
    if (!planned) continue;
    const { id: editionId, ...facts } = planned;
    // An hour at which nobody had a paper is nothing that an operator counts.
    if (planned.deliveries > 0) log.info('edition.planned', { editionId, ...facts });
    else log.debug('edition.planned', { editionId, ...facts });
    editions.push(planned);
  }
  if (editions.some(({ deliveries }) => deliveries >= MANY)) await analyzeDueDeliveries(db);
  return editions;
}

/** An hour at which digests are due, and the schedules it is due for. */
interface DueEdition {
  readonly hour: EditionHour;
  readonly schedules: SendSchedule[];
}

/** The editions whose hour has come and is not too long ago, oldest first. */
function dueEditions(schedules: readonly SendSchedule[], at: Date, log: Log): DueEdition[] {
  const editions = new Map<string, DueEdition>();
  for (const schedule of schedules) {
    const windowEnd = momentOf(schedule, at, log);
    if (!windowEnd || at.getTime() - windowEnd.getTime() > EDITION_LIMIT_MS[schedule.cadence]) {
      continue;
    }
    const key = `${schedule.cadence} ${windowEnd.toISOString()}`;
    const known = editions.get(key);
    if (known) known.schedules.push(schedule);
    else {
      editions.set(key, { hour: { cadence: schedule.cadence, windowEnd }, schedules: [schedule] });
    }
  }
  return [...editions.values()].sort(
    (a, b) => a.hour.windowEnd.getTime() - b.hour.windowEnd.getTime(),
  );
}

/** A zone that a newer Node no longer knows must not keep everybody else's digests back. */
function momentOf(schedule: SendSchedule, at: Date, log: Log): Date | undefined {
  try {
    return lastDueAt(schedule, at);
  } catch (error) {
    log.error('schedule.unusable', { zone: schedule.zone, error });
    return undefined;
  }
}

export interface EditionOptions {
  /** As `readVotes` gave them for it. */
  readonly votes?: VotesToWeigh | undefined;
  /** As of when it is planned; its hour when left out. */
  readonly at?: Date;
}

/**
 * Plans one edition in an open transaction. Undefined, and no row, when nobody of the audience is due. What the
 * readers' earlier digests still wait for, or were refused, becomes part of it.
 */
export async function planEdition(
  tx: Tx,
  hour: EditionHour,
  audience: Audience,
  { votes, at = hour.windowEnd }: EditionOptions = {},
): Promise<PlannedEdition | undefined> {
  const window = await dueWindow(tx, hour, audience);
  if (!window) return undefined;
  const notes = sourceNotes(
    await troubledReadings(tx, { since: window.since, at: hour.windowEnd }),
  );
  const { id, throughNo, fresh } = await openEdition(tx, {
    ...hour,
    throughNo: await lastReadyNo(tx),
    notes,
    lifeMs: hour.windowEnd.getTime() + EDITION_LIMIT_MS[hour.cadence] - at.getTime(),
  });
  const pages = { editionId: id, fromNo: window.fromNo, throughNo };
  await gatherPapers(tx, pages);
  await expireDeferred(tx, hour, audience);
  const hasMissed = await gatherMissed(tx, hour, pages, audience);
  const sightings = await recurringSightings(tx, pages);
  const trending = sightings.filter(({ sighting }) => isTrendingAgain(sighting));
  await markTrending(tx, id, [...new Set(trending.map(({ paperId }) => paperId))]);
  if (votes) await weighVotes(tx, id, votes);
  const hasVotes = votes !== undefined;
  const planned = await insertDeliveries(tx, {
    ...hour,
    ...pages,
    id,
    audience,
    shared: window.shared,
    fresh,
    hasVotes,
    hasMissed,
  });
  return { id, ...hour, ...planned };
}
