import { Temporal } from 'temporal-polyfill';
import { PaperboyError } from './errors.ts';

export const CADENCES = ['daily', 'weekly'] as const;
export type Cadence = (typeof CADENCES)[number];

/** When a subscriber wants their digest: on these weekdays (ISO: Monday 1 to Sunday 7) at this hour of this zone. */
export interface SendSchedule {
  readonly cadence: Cadence;
  readonly weekdays: readonly number[];
  /** 0 to 23, local. */
  readonly hour: number;
  /** IANA name, such as `Europe/Berlin`. */
  readonly zone: string;
}

/** How long after its hour a digest is still worth sending; what is missed goes into the next one. */
export const EDITION_LIMIT_MS = {
  daily: 20 * 3600_000,
  weekly: 72 * 3600_000,
} as const satisfies Record<Cadence, number>;

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Checks a schedule from outside. Throws SCHEDULE_INVALID naming what is wrong. */
export function checkSchedule(schedule: SendSchedule): SendSchedule {
  const { hour, weekdays, zone, cadence } = schedule;
  const wrong = (detail: string) => new PaperboyError('SCHEDULE_INVALID', detail);
  if (!Number.isInteger(hour) || hour < 0 || hour > 23)
    throw wrong(`${hour} is not an hour of the day`);
  const days = [...new Set(weekdays)].sort((a, b) => a - b);
  if (days.length === 0 || days.some((day) => !Number.isInteger(day) || day < 1 || day > 7)) {
    throw wrong(`weekdays must be some of ${DAY_NAMES.join(', ')}`);
  }
  if (cadence === 'weekly' && days.length !== 1)
    throw wrong('a weekly digest needs exactly one weekday');
  if (!isZone(zone)) throw wrong(`${zone} is not a known time zone`);
  return { cadence, weekdays: days, hour, zone };
}

/** Reads `mon,thu`, `mon-fri` or `daily`. Throws SCHEDULE_INVALID. */
export function parseWeekdays(text: string): number[] {
  if (text.trim().toLowerCase() === 'daily') return [1, 2, 3, 4, 5, 6, 7];
  return text.split(',').flatMap((part) => {
    const [from, to] = part.trim().toLowerCase().split('-').map(dayNumber);
    if (from === undefined) return [];
    const last = to ?? from;
    const count = ((last - from + 7) % 7) + 1;
    return Array.from({ length: count }, (_, index) => ((from - 1 + index) % 7) + 1);
  });
}

function dayNumber(name: string): number {
  const index = DAY_NAMES.indexOf(name.trim().slice(0, 3));
  if (index < 0) throw new PaperboyError('SCHEDULE_INVALID', `"${name}" is not a weekday`);
  return index + 1;
}

/** Weekday numbers as people write them: `mon, thu`. */
export function printWeekdays(weekdays: readonly number[]): string {
  return weekdays.map((day) => DAY_NAMES[day - 1]).join(', ');
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * The latest moment at or before `at` for which the schedule asks for a digest. An hour that daylight saving
 * leaves out is the next valid moment, an hour that comes twice is the first (RFC 9557 "compatible").
 */
export function lastDueAt(schedule: SendSchedule, at: Date): Date {
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  const today = now.toZonedDateTimeISO(schedule.zone).toPlainDate();
  for (let back = 0; ; back++) {
    const day = today.subtract({ days: back });
    if (!schedule.weekdays.includes(day.dayOfWeek)) continue;
    const due = momentOf(day, schedule);
    if (due.epochMilliseconds <= at.getTime()) return new Date(due.epochMilliseconds);
  }
}

/** The first moment after `at` for which the schedule asks for a digest. */
export function nextDueAt(schedule: SendSchedule, at: Date): Date {
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  const today = now.toZonedDateTimeISO(schedule.zone).toPlainDate();
  for (let ahead = 0; ; ahead++) {
    const day = today.add({ days: ahead });
    if (!schedule.weekdays.includes(day.dayOfWeek)) continue;
    const due = momentOf(day, schedule);
    if (due.epochMilliseconds > at.getTime()) return new Date(due.epochMilliseconds);
  }
}

function momentOf(day: Temporal.PlainDate, { hour, zone }: SendSchedule): Temporal.ZonedDateTime {
  return day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from({ hour }) });
}

/** The calendar day of a moment in a zone, as `2026-03-11`. */
export function dayIn(zone: string, at: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
}
