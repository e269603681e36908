import { CronExpressionParser } from 'cron-parser';
import { PaperboyError } from './errors.ts';

/** A five-field cron expression, read: minute hour day month weekday. */
export interface Cron {
  readonly text: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** ISO: Monday 1 to Sunday 7. */
  readonly weekdays: ReadonlySet<number>;
}

/** Reads a cron expression. Throws SCHEDULE_INVALID saying what is wrong with it. */
export function parseCron(text: string): Cron {
  if (text.trim().split(/\s+/).length !== 5)
    throw wrong(`"${text}" has not five fields: minute hour day month weekday`);
  const { minute, hour, dayOfMonth, month, dayOfWeek } = read(text, 'UTC', new Date(0)).fields;
  const numbers = (values: readonly unknown[]) => values.map(Number).filter(Number.isInteger);
  const weekdays = numbers(dayOfWeek.values).map((day) => (day === 0 ? 7 : day));
  const cron = {
    text,
    minutes: numbers(minute.values),
    hours: numbers(hour.values),
    days: new Set(numbers(dayOfMonth.values)),
    months: new Set(numbers(month.values)),
    weekdays: new Set(weekdays),
  };
  nextCronAt(cron, 'UTC', new Date(0));
  return cron;
}

/** The first time after `after` on the clocks of `zone`. A time that daylight saving leaves out comes an hour later. */
export function nextCronAt({ text }: Cron, zone: string, after: Date): Date {
  return found(text, () => read(text, zone, after).next().toDate());
}

/** The last time at or before `at` on the clocks of `zone`. */
export function lastCronAt(cron: Cron, zone: string, at: Date): Date {
  const { text } = cron;
  const from = new Date(at.getTime() + 1);
  let last = found(text, () => read(text, zone, from).prev().toDate());
  // Looking back the parser passes over a time that daylight saving leaves out; looking on it comes an hour later.
  for (let next = nextCronAt(cron, zone, last); next <= at; next = nextCronAt(cron, zone, next))
    last = next;
  return last;
}

function read(text: string, tz: string, currentDate: Date) {
  try {
    // A week may end on Sunday, which to the parser is only a beginning.
    return CronExpressionParser.parse(text.replace(/-sun\b/gi, '-7'), { tz, currentDate });
  } catch (cause) {
    throw wrong(`"${text}" is no schedule: ${reasonOf(cause)}`, cause);
  }
}

function found(text: string, ask: () => Date): Date {
  try {
    return ask();
  } catch (cause) {
    if (cause instanceof PaperboyError) throw cause;
    throw wrong(`"${text}" never comes`, cause);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function wrong(detail: string, cause?: unknown): PaperboyError {
  return new PaperboyError('SCHEDULE_INVALID', detail, cause === undefined ? {} : { cause });
}
