declare const brand: unique symbol;
/** The day a listing page is for, as an ISO date such as `2026-03-11`, in the calendar of its source. */
export type ListedOn = string & { readonly [brand]: 'listed-on' };

/** A date as a page prints it; plain-text captures leave out the year. */
export interface PrintedDate {
  readonly year?: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The number of an English month name or its abbreviation, or undefined. */
export function monthNumber(name: string): number | undefined {
  const index = MONTHS.indexOf(name.slice(0, 3).toLowerCase());
  return index < 0 ? undefined : index + 1;
}

/** The ISO date of a day, undefined where the calendar has no such day. */
export function isoDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.toISOString().slice(0, 10) : undefined;
}

/** Reads `2026-03-11` or the date part of an ISO instant; undefined when no such day exists. */
export function parseListedOn(text: string): ListedOn | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:$|T)/.exec(text);
  if (!parts) return undefined;
  return isoDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) as ListedOn | undefined;
}

/**
 * The full date of a printed one. Without a year it is the latest year in which that day does not lie
 * after `seenAt` by more than one day (a page may be a day ahead of UTC). Undefined for a day that no year has.
 */
export function resolveListedOn(printed: PrintedDate, seenAt: Date): ListedOn | undefined {
  const { year, month, day } = printed;
  if (year !== undefined) return isoDay(year, month, day) as ListedOn | undefined;
  const latest = new Date(seenAt.getTime() + 24 * 3600_000).toISOString().slice(0, 10);
  const thisYear = Number(latest.slice(0, 4));
  // 29 February may be eight years back, over a century that is no leap year.
  for (let candidate = thisYear; candidate > thisYear - 9; candidate--) {
    const date = isoDay(candidate, month, day);
    if (date !== undefined && date <= latest) return date as ListedOn;
  }
  return undefined;
}
