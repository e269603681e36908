import { EDITION_LIMIT_MS, type SendSchedule } from '@paperboy/core';
import { awaitedSources, type Db, dueTopics, type EditionHour } from '@paperboy/store';
import { mayTouch, parseQuery } from '@paperboy/topics';

/** A held digest must not grow too old to be worth sending. */
const LEAST_LEFT_MS = 3600_000;

/**
 * The sources that an edition waits for at `at`: those that give no full list, are asked again within the grace, and
 * could bring a paper to somebody who is due. None once the grace is over.
 */
export async function sourcesToAwait(
  db: Db,
  hour: EditionHour,
  { at, graceMs, schedules }: { at: Date; graceMs: number; schedules: readonly SendSchedule[] },
): Promise<string[]> {
  const longestMs = Math.min(graceMs, EDITION_LIMIT_MS[hour.cadence] - LEAST_LEFT_MS);
  const until = new Date(hour.windowEnd.getTime() + longestMs);
  if (at >= until) return [];
  const sources = await awaitedSources(db, until);
  if (sources.length === 0) return [];
  const queries = (await dueTopics(db, hour, schedules)).map(parseQuery);
  return sources.filter((source) =>
    // What does not parse matches nothing, and is told of elsewhere.
    queries.some((parsed) => parsed.ok && mayTouch(parsed.query, source)),
  );
}
