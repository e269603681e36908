import { Temporal } from 'temporal-polyfill';
import { PaperboyError } from './errors.ts';

/** A five-field cron expression, read: minute hour day month weekday. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** ISO: Monday 1 to Sunday 7. */
  readonly weekdays: ReadonlySet<number>;
  /** Both day and weekday are restricted: then one of them is enough, as crontab(5) has it. */
  readonly eitherDay: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** 29 February comes again after eight years at most. */
const FARTHEST_DAYS = 8 * 366;

/** Reads a cron expression. Throws SCHEDULE_INVALID naming the field. */
export function parseCron(text: string): Cron {
  const fields = text.trim().toLowerCase().split(/\s+/);
  if (fields.length !== 5)
    throw wrong(`"${text}" has not five fields: minute hour day month weekday`);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const read = (part: string, field: Field) => {
    const values = valuesOf(part, field);
    if (!values) throw wrong(`"${text}": "${part}" is no ${field.name}`);
    return values;
  };
  const weekdays = read(weekday, { name: 'weekday', from: 0, to: 7, names: WEEKDAYS });
  const cron = {
    minutes: read(minute, { name: 'minute', from: 0, to: 59 }),
    hours: read(hour, { name: 'hour', from: 0, to: 23 }),
    days: new Set(read(day, { name: 'day', from: 1, to: 31 })),
    months: new Set(read(month, { name: 'month', from: 1, to: 12, names: MONTHS })),
    weekdays: new Set(weekdays.map((value) => (value === 0 ? 7 : value))),
    eitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
  };
  if (![...cron.months].some((one) => [...cron.days].some((at) => at <= longest(one)))) {
    if (!cron.eitherDay) throw wrong(`"${text}" never comes`);
  }
  return cron;
}

/** The first time after `after` on the clocks of `zone`. A time that daylight saving leaves out comes an hour later. */
export function nextCronAt(cron: Cron, zone: string, after: Date): Date {
  const start = localTime(zone, after);
  for (let ahead = 0; ahead <= FARTHEST_DAYS; ahead++) {
    const day = start.toPlainDate().add({ days: ahead });
    if (!isDay(cron, day)) continue;
    // Clocks jump back three hours at most, so that earlier hours of the first day cannot be after it.
    const from = ahead === 0 ? start.hour - 3 : 0;
    for (const hour of cron.hours) {
      if (hour < from) continue;
      for (const minute of cron.minutes) {
        const at = momentOf(day, hour, minute, zone);
        if (at > after.getTime()) return new Date(at);
      }
    }
  }
  throw wrong('the schedule never comes');
}

/** The last time at or before `at` on the clocks of `zone`. */
export function lastCronAt(cron: Cron, zone: string, at: Date): Date {
  const start = localTime(zone, at);
  for (let back = 0; back <= FARTHEST_DAYS; back++) {
    const day = start.toPlainDate().subtract({ days: back });
    if (!isDay(cron, day)) continue;
    const upTo = back === 0 ? start.hour + 3 : 23;
    for (const hour of cron.hours.toReversed()) {
      if (hour > upTo) continue;
      for (const minute of cron.minutes.toReversed()) {
        const moment = momentOf(day, hour, minute, zone);
        if (moment <= at.getTime()) return new Date(moment);
      }
    }
  }
  throw wrong('the schedule never came');
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

/** The values of one field, each once, in order: `*`, `5`, `1-5`, `mon-fri`, `*` or a range with `/step`, and lists. */
function valuesOf(text: string, field: Field): number[] | undefined {
  const values: number[] = [];
  for (const part of text.split(',')) {
    const range = rangeOf(part, field);
    if (!range) return undefined;
    values.push(...range);
  }
  return [...new Set(values)].sort((a, b) => a - b);
}

function rangeOf(part: string, field: Field): number[] | undefined {
  const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
  const isStepped = part.includes('/');
  const [first, last] = range === '*' ? [field.from, field.to] : boundsOf(range, field, isStepped);
  const by = Number(step);
  if (first === undefined || last === undefined || first > last || by < 1) return undefined;
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, at) => first + at * by);
}

function boundsOf(range: string, field: Field, isStepped: boolean) {
  const [from = '', to] = range.split('-');
  const first = numberOf(from, field);
  if (to !== undefined) {
    const last = numberOf(to, field);
    // `sun` is 0 at the beginning of a week and 7 at its end.
    return [first, last === 0 && field.to === 7 ? 7 : last] as const;
  }
  return [first, isStepped ? field.to : first] as const;
}

function numberOf(text: string, { from, to, names }: Field): number | undefined {
  const named = names?.indexOf(text) ?? -1;
  if (named >= 0) return names === MONTHS ? named + 1 : named;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
}

function isDay(cron: Cron, day: Temporal.PlainDate): boolean {
  if (!cron.months.has(day.month)) return false;
  const [byDay, byWeekday] = [cron.days.has(day.day), cron.weekdays.has(day.dayOfWeek)];
  return cron.eitherDay ? byDay || byWeekday : byDay && byWeekday;
}

function localTime(zone: string, at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
}

function momentOf(day: Temporal.PlainDate, hour: number, minute: number, zone: string): number {
  const plainTime = Temporal.PlainTime.from({ hour, minute });
  return day.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
}

function longest(month: number): number {
  return [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function wrong(detail: string): PaperboyError {
  return new PaperboyError('SCHEDULE_INVALID', detail);
}
