import { dayIn, type ListedOn, parseListedOn } from '@paperboy/core';

/** Where to look for a source's list on a given day. */
export interface PageAddress {
  readonly url: string;
  /** The day the address names, where it names one. */
  readonly askedFor?: ListedOn;
}

/**
 * Fills the `{date}` of a source's URL with the day it is in the source's zone. Lists that are asked for by
 * day can answer for another one, and then say so: that is how a page that has not rolled over is told.
 */
export function addressFor(
  source: { readonly url: string; readonly zone: string },
  at: Date,
): PageAddress {
  if (!source.url.includes('{date}')) return { url: inFull(source.url) };
  const day = dayIn(source.zone, at);
  const askedFor = parseListedOn(day);
  const url = inFull(source.url.replaceAll('{date}', day));
  return { url, ...(askedFor !== undefined && { askedFor }) };
}

/** Hugging Face's API gives 50 papers unless it is asked for more, and 100 at most. */
function inFull(address: string): string {
  const url = URL.parse(address);
  if (!url?.pathname.endsWith('/api/daily_papers') || url.searchParams.has('limit')) return address;
  url.searchParams.set('limit', '100');
  return url.href;
}
