import { keyKind, type PaperKey } from './identity.ts';
import type { ListedOn } from './page-date.ts';

/** One side of a merge. */
export interface MergeSide {
  readonly id: string;
  readonly firstSeenOn: ListedOn;
  readonly keys: readonly PaperKey[];
}

/** The paper that keeps its id: the one seen first, and of two of one day the one stored first. */
export function olderFirst<Side extends MergeSide>(one: Side, other: Side): [Side, Side] {
  const days = one.firstSeenOn.localeCompare(other.firstSeenOn);
  const isLater = days === 0 ? BigInt(one.id) > BigInt(other.id) : days > 0;
  return isLater ? [other, one] : [one, other];
}

/**
 * The kinds of which two papers have different ids where one id stands for one work (`arxiv`, `openreview`): such a
 * merge is nearly always a mistake. Several DOIs are common, one of the preprint and one of the journal.
 */
export function contradictingKinds(one: MergeSide, other: MergeSide): string[] {
  return ['arxiv', 'openreview'].filter((kind) => {
    const [mine, theirs] = [one, other].map(({ keys }) =>
      keys.filter((key) => keyKind(key) === kind),
    );
    return mine?.length && theirs?.length && !mine.some((key) => theirs.includes(key));
  });
}

/** Which of two merged papers something belongs to. */
export type Side = 'survivor' | 'other';

/** How each listing since a merge is given to the paper it spoke of. */
export interface Parting {
  /** In the order of the listings. */
  readonly sides: readonly Side[];
  /** Names that came since the merge, by the paper they go with. */
  readonly newKeys: Readonly<Record<Side, readonly PaperKey[]>>;
}

/**
 * Tells by which of the two papers' names each listing since the merge came, strongest name first. A name that
 * came since belongs with the listing that brought it; a listing of such names alone goes by what they were told.
 */
export function partListings(
  listings: readonly { readonly keys: readonly PaperKey[] }[],
  names: { readonly survivor: readonly PaperKey[]; readonly other: readonly PaperKey[] },
): Parting {
  const sideOf = new Map<PaperKey, Side>();
  for (const key of names.survivor) sideOf.set(key, 'survivor');
  for (const key of names.other) sideOf.set(key, 'other');
  const newKeys = { survivor: [] as PaperKey[], other: [] as PaperKey[] };
  const sides = listings.map(({ keys }) => {
    const known = keys.find((key) => sideOf.has(key));
    const side = (known && sideOf.get(known)) ?? 'survivor';
    for (const key of keys) {
      if (sideOf.has(key)) continue;
      sideOf.set(key, side);
      newKeys[side].push(key);
    }
    return side;
  });
  return { sides, newKeys };
}
