import { EDITION_LIMIT_MS, lastDueAt, type SendSchedule } from '@paperboy/core';
import type { EditionHour } from '@paperboy/store';

/** An hour that came for somebody and was not planned for them. */
export interface UnplannedEdition extends EditionHour {
  /** Too long ago to be sent: its papers come with the next edition. */
  readonly isMissed: boolean;
}

const DAYS_MS = 7 * 24 * 3600_000;
/** The schedule looks every five minutes; an hour may be this late before anybody wonders. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Editions of the last seven days that were never planned, newest first: by what is told of each schedule, no job or
 * queue has to be trusted. `graceMs` is how long an edition may be held for its sources.
 */
export function unplannedEditions(
  planned: readonly { readonly schedule: SendSchedule; readonly plannedUntil: Date }[],
  { at, graceMs }: { readonly at: Date; readonly graceMs: number },
): UnplannedEdition[] {
  const found = new Map<string, UnplannedEdition>();
  for (const { schedule, plannedUntil } of planned) {
    const { cadence } = schedule;
    for (const windowEnd of hoursBetween(schedule, plannedUntil, at)) {
      const ageMs = at.getTime() - windowEnd.getTime();
      if (ageMs <= graceMs + PATIENCE_MS) continue;
      const isMissed = ageMs > EDITION_LIMIT_MS[cadence];
      found.set(`${cadence} ${windowEnd.toISOString()}`, { cadence, windowEnd, isMissed });
    }
  }
  return [...found.values()].sort((a, b) => b.windowEnd.getTime() - a.windowEnd.getTime());
}

/** The hours of a schedule after `since` up to `at`, of the last seven days, newest first. */
function* hoursBetween(schedule: SendSchedule, since: Date, at: Date): Generator<Date> {
  const oldest = Math.max(since.getTime(), at.getTime() - DAYS_MS);
  let moment = at;
  for (;;) {
    const hour = dueBy(schedule, moment);
    if (!hour || hour.getTime() <= oldest) return;
    yield hour;
    moment = new Date(hour.getTime() - 1);
  }
}

/** The planner tells of a zone that this Node does not know. */
function dueBy(schedule: SendSchedule, at: Date): Date | undefined {
  try {
    return lastDueAt(schedule, at);
  } catch {
    return undefined;
  }
}
