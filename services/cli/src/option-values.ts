import { InvalidArgumentError, Option } from 'commander';

/** `--limit`: how many rows a list shows. */
export function limitOption(byDefault = 50): Option {
  return new Option('--limit <count>', 'rows at most').argParser(wholeNumber).default(byDefault);
}

/** A whole number from 1. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError('Expected a whole number from 1.');
  }
  return number;
}

/** A moment such as `2026-06-05T07:00:00Z`, or a day, which means its beginning in UTC. */
export function instant(text: string): Date {
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const date = new Date(text);
  if (!isIso || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError('Expected a day or an instant such as 2026-06-05T07:00:00Z.');
  }
  return date;
}

const MS_PER = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** A time span such as `30s`, `10m` or `2h`, in milliseconds. */
export function duration(text: string): number {
  const [, digits, unit] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  if (digits === undefined || (unit !== 's' && unit !== 'm' && unit !== 'h')) {
    throw new InvalidArgumentError('Expected a time such as 30s, 10m or 2h.');
  }
  return Number(digits) * MS_PER[unit];
}

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
