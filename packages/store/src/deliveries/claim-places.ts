import type { EditionId } from '@paperboy/core';

/** Where the next claim of an edition goes on, in the order of claims: behind the delivery that was read last. */
export interface ClaimPlace {
  /** When that one was due, as Postgres writes it: a `Date` would lose its microseconds. */
  readonly dueAt: string;
  readonly id: string;
}

/** Before every delivery. */
export const FIRST_PLACE: ClaimPlace = { dueAt: '-infinity', id: '0' };

/** How long a delivery that is due again, of those passed by, may have to wait until it is looked for. */
const FROM_START_MS = 60_000;

/**
 * How far the claims of a process have come in each edition. What they have passed is settled, but the index of what is
 * due has it until Postgres cleans up: without a place, each claim would walk over all of that, 2 ms after 200,000
 * deliveries. Only a hint: a claim that finds too little goes back to the start, and so does one a minute.
 */
export class ClaimPlaces {
  readonly #places = new Map<EditionId, ClaimPlace & { readonly startedAt: number }>();

  of(editionId: EditionId): ClaimPlace {
    const place = this.#places.get(editionId);
    return place && Date.now() - place.startedAt < FROM_START_MS ? place : FIRST_PLACE;
  }

  /** Notes what the claim that began `from` there has read last; none where it was given less than it asked for. */
  note(editionId: EditionId, from: ClaimPlace, reached: ClaimPlace | undefined): void {
    if (!reached) {
      this.#places.delete(editionId);
      return;
    }
    const before = from === FIRST_PLACE ? undefined : this.#places.get(editionId);
    this.#places.set(editionId, { ...reached, startedAt: before?.startedAt ?? Date.now() });
  }
}
