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

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
