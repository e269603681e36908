import { dayIn, type ListedOn, parseListedOn } from '@paperboy/core';

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const RFC822 =
  /^(?:[a-z]{3,9},?\s+)?\d{1,2}\s+[a-z]{3,9}\s+\d{4}\s+\d\d?:\d\d(?::\d\d)?\s*(?:[+-]\d{4}|[a-z]{1,4})?$/i;

/** A feed's date, in either of the forms that feeds use, as an ISO instant or day; undefined for anything else. */
export function feedInstant(printed: string | undefined): string | undefined {
  const text = printed?.trim() ?? '';
  if (text.length > 60 || !(ISO.test(text) || RFC822.test(text))) return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return parseListedOn(text);
  // Without a zone it would be read in this machine's.
  const zoned = /(?:Z|[+-]\d\d:?\d\d|[a-z]{1,4})$/i.test(text) ? text : `${text}Z`;
  const at = new Date(zoned);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The day of a printed date in a zone. */
export function feedDay(printed: string | undefined, zone: string): ListedOn | undefined {
  const instant = feedInstant(printed);
  if (instant === undefined) return undefined;
  return parseListedOn(instant.length === 10 ? instant : dayIn(zone, new Date(instant)));
}
