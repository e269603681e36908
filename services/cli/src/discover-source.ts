import { type Listing, PaperboyError } from '@paperboy/core';
import {
  commonFeedAddresses,
  type FeedCandidate,
  feedLinks,
  habitsOf,
  knownSource,
  nameFrom,
  type PageInput,
  pageTitle,
  readPage,
  type SourceProposal,
} from '@paperboy/readers';

/** What an address turned out to be: a list that can be read, or a page that names several. */
export type Discovery =
  | {
      readonly kind: 'source';
      readonly source: SourceProposal;
      /** The address that was read. */
      readonly page: string;
      readonly listing: Listing;
    }
  | { readonly kind: 'choice'; readonly feeds: readonly FeedCandidate[] };

export interface Discoverer {
  /** Fetches a page; throws what reaching it throws. */
  fetch(address: string): Promise<PageInput>;
  /** Where a source's list is today. */
  addressToday(source: Pick<SourceProposal, 'url' | 'zone'>): string;
}

/**
 * Finds the list behind an address: of a site whose ways are known, of the page itself, of the feed that the page
 * names, or of one at a common place. `choice`, from 1, picks one of several feeds. Throws PAGE_UNREADABLE when there is
 * none, USAGE for a choice that there is not, and what fetching throws.
 */
export async function discoverSource(
  { fetch, addressToday }: Discoverer,
  address: string,
  choice?: number,
): Promise<Discovery> {
  const known = knownSource(address);
  if (known) {
    const page = addressToday(known);
    return { kind: 'source', source: known, page, listing: listingOf(page, await fetch(page)) };
  }
  const page = await fetch(address);
  const reading = readPage(page);
  if (reading.kind === 'listing' && isList(reading)) return ofListing(address, page, reading);
  if (reading.kind === 'unreadable' && reading.reason === 'challenge-page') {
    throw unreadable(address, reading.detail);
  }
  const named = feedLinks(page, page.address ?? address);
  const feeds =
    named.length > 0 ? named : await feedsAtCommonPlaces(fetch, page.address ?? address);
  if (feeds.length === 0) {
    const why = reading.kind === 'unreadable' ? reading.detail : 'it lists nothing';
    throw unreadable(address, `no list that a reader knows, and no feed (${why})`);
  }
  if (choice === undefined && feeds.length > 1) return { kind: 'choice', feeds };
  const chosen = feeds[(choice ?? 1) - 1];
  if (!chosen) {
    throw new PaperboyError('USAGE', `--feed ${choice}: the page names ${feeds.length} feeds`);
  }
  const feed = await fetch(chosen.url);
  return ofListing(chosen.url, feed, listingOf(chosen.url, feed), chosen.title);
}

function isList(listing: Listing): boolean {
  return listing.entries.length > 0 || listing.statedEmpty;
}

function listingOf(address: string, page: PageInput): Listing {
  const reading = readPage(page);
  if (reading.kind === 'unreadable')
    throw unreadable(address, `${reading.reason}: ${reading.detail}`);
  if (!isList(reading)) {
    const owed = reading.claimed ?? 'some';
    throw unreadable(address, `it lists nothing and promises ${owed} entries; try again later`);
  }
  return reading;
}

function unreadable(address: string, why: string): PaperboyError {
  return new PaperboyError('PAGE_UNREADABLE', `${address}: ${why}`);
}

function ofListing(url: string, page: PageInput, listing: Listing, named?: string): Discovery {
  const { hostname } = new URL(url);
  const title = pageTitle(page.bytes, page.contentType) ?? named ?? hostname;
  const { format } = listing;
  const source = { url, name: nameFrom(title), title, format, ...habitsOf(format) };
  return { kind: 'source', source, page: page.address ?? url, listing };
}

/** The first that there is; one that cannot be reached is only not there. */
async function feedsAtCommonPlaces(
  fetch: Discoverer['fetch'],
  address: string,
): Promise<FeedCandidate[]> {
  for (const url of commonFeedAddresses(address)) {
    const page = await fetch(url).catch(ifUnreached);
    const reading = page && readPage(page);
    if (reading?.kind === 'listing' && isList(reading)) return [{ url }];
  }
  return [];
}

function ifUnreached(thrown: unknown): undefined {
  if (thrown instanceof PaperboyError && thrown.code.startsWith('PAGE_')) return undefined;
  throw thrown;
}
