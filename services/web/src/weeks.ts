import type { ListedOn } from '@paperboy/core';
import { parseListedOn } from '@paperboy/core';

/** A week and what came in it. */
export interface Week {
  /** Its Monday. */
  readonly week: ListedOn;
  readonly papers: number;
}

const DAY_MS = 24 * 3600_000;

/** The Mondays of `count` weeks, the last of which holds `day`, in order. */
export function weeksUpTo(day: ListedOn, count: number): ListedOn[] {
  const at = Date.parse(day);
  const weekday = (new Date(at).getUTCDay() + 6) % 7;
  const last = at - weekday * DAY_MS;
  return Array.from({ length: count }, (_, index) =>
    dayOf(last - (count - 1 - index) * 7 * DAY_MS),
  );
}

/** Every week with its count, weeks without papers too. */
export function fillWeeks(weeks: readonly ListedOn[], found: readonly Week[]): Week[] {
  const papers = new Map(found.map((one) => [one.week, one.papers]));
  return weeks.map((week) => ({ week, papers: papers.get(week) ?? 0 }));
}

/** Papers of all weeks together. */
export function papersIn(weeks: readonly Week[]): number {
  return weeks.reduce((sum, { papers }) => sum + papers, 0);
}

function dayOf(ms: number): ListedOn {
  const day = parseListedOn(new Date(ms).toISOString().slice(0, 10));
  if (day === undefined) throw new RangeError(`no day at ${ms}`);
  return day;
}
