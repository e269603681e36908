/** What a server asks for is obeyed up to here; more would let one answer switch a source off. */
const LONGEST_MS = 24 * 3600_000;

/**
 * How long a server asks us to stay away (RFC 9110, 10.2.3: seconds or a date); undefined where it says nothing
 * that can be understood. A date is held against the server's own clock where it tells that too.
 */
export function retryAfterMs(
  { retryAfter, date }: { readonly retryAfter?: string; readonly date?: string },
  now: Date,
): number | undefined {
  const text = retryAfter?.trim() ?? '';
  const seconds = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  const wait = seconds === undefined ? httpDate(text) - clock(date, now) : seconds * 1_000;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), LONGEST_MS);
}

function clock(date: string | undefined, now: Date): number {
  const served = httpDate(date ?? '');
  return Number.isNaN(served) ? now.getTime() : served;
}

/** Only text with the name of a month is a date: `Date.parse` makes one of nearly everything. */
function httpDate(text: string): number {
  return /\d.*[A-Za-z]{3}.*\d/.test(text) && text.length < 64 ? Date.parse(text) : Number.NaN;
}
