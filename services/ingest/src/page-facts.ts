import type { ListedOn, ListingPageId, SourceId } from '@paperboy/core';

/** What recording needs to know about the page beyond its entries. */
export interface PageFacts {
  readonly listingPageId: ListingPageId;
  readonly sourceId: SourceId;
  readonly seenAt: Date;
  readonly askedFor?: ListedOn;
  /** It was fetched, and not read from a file. */
  readonly isLive?: boolean;
  /** It was read before: the pages that came after it are no past of its. */
  readonly isOld?: boolean;
}
