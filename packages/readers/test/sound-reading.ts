import { type Entry, type PageReading, resolveListedOn } from '@paperboy/core';
import { FIELD_LIMITS, MAX_ENTRIES } from '../src/make-entry.ts';

/** Controls and marks that turn text around; no field of an entry holds one. */
const INVISIBLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
const WEB = /^https?:\/\/[^\s]+$/;

/** What is wrong with a reading, whatever page it is of; undefined for a sound one. */
export function faultIn(reading: PageReading): string | undefined {
  if (reading.kind === 'unreadable') {
    if (reading.detail.includes('reader failed')) return reading.detail;
    return reading.detail === '' ? 'unreadable without a reason' : undefined;
  }
  const { entries, statedEmpty, claimed = 0, unreadableEntries, date, nextPages } = reading;
  // However little is left of a page: none is a statement, or owed, or the page is unreadable.
  if (entries.length === 0 && !statedEmpty && (claimed === 0 || unreadableEntries > 0))
    return 'no entries and not empty either';
  if (entries.length > 0 && statedEmpty) return 'entries of a page that says it is empty';
  if (entries.length > MAX_ENTRIES) return `${entries.length} entries`;
  if (!isCount(claimed)) return `claims ${claimed}`;
  if (!isCount(unreadableEntries)) return `${unreadableEntries} unreadable entries`;
  if (date && resolveListedOn(date, new Date()) === undefined)
    return `date ${JSON.stringify(date)}`;
  const odd = nextPages.find((address) => !WEB.test(address));
  if (odd !== undefined) return `next page ${odd}`;
  let last = 0;
  for (const entry of entries) {
    if (entry.position <= last || !isCount(entry.position))
      return `position ${entry.position} after ${last}`;
    last = entry.position;
    const fault = faultInEntry(entry);
    if (fault !== undefined) return `entry ${entry.position}: ${fault}`;
  }
  return undefined;
}

function faultInEntry({
  title,
  abstract,
  authors = [],
  links,
  categories = [],
  upvotes,
}: Entry): string | undefined {
  if (title.trim() === '' || title.length > FIELD_LIMITS.title) return `title "${title}"`;
  if (abstract !== undefined && !/\p{L}/u.test(abstract)) return `abstract "${abstract}"`;
  if ((abstract?.length ?? 0) > FIELD_LIMITS.abstract) return 'an abstract without measure';
  if (authors.length > FIELD_LIMITS.authors || authors.includes(''))
    return 'authors without a name';
  const texts = [title, ...(abstract ?? '').split('\n\n'), ...authors, ...categories];
  const text = texts.find((one) => INVISIBLE.test(one) || !one.isWellFormed());
  if (text !== undefined) return `controls in ${JSON.stringify(text)}`;
  const link = links.find(({ url }) => !WEB.test(url) || url.length > 3 * FIELD_LIMITS.url);
  if (link !== undefined) return `link ${link.url}`;
  return upvotes !== undefined && !isCount(upvotes) ? `${upvotes} votes` : undefined;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
