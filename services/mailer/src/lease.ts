import { type Db, extendLease, type Lease } from '@paperboy/store';

/** A claim that this process keeps alive while it works on it. */
export interface KeptLease extends Lease {
  /** False once the claim may have lapsed: nothing of it may be handed over any more. */
  isHeld(): boolean;
  /** Ends the keeping; the rows are settled by their results, or by the reconciler. */
  stop(): void;
}

/** Between the last look at the lease and the first byte of a message lies less than this. */
const MARGIN_MS = 1_000;

/** Starts a lease, extended every third of it. Begin before claiming: it counts from here. */
export function keepLease(db: Db, { owner, ms }: Lease): KeptLease {
  // Steady time, counted from before each question: the database's own end of the lease is never earlier.
  let heldUntil = performance.now() + ms - MARGIN_MS;
  const timer = setInterval(() => {
    const asked = performance.now();
    extendLease(db, { owner, ms }).then(
      (isHeld) => {
        heldUntil = isHeld ? Math.max(heldUntil, asked + ms - MARGIN_MS) : Number.NEGATIVE_INFINITY;
      },
      // The database is away: the lease runs out by itself, and `isHeld` says so.
      () => {},
    );
  }, ms / 3);
  return {
    owner,
    ms,
    isHeld: () => performance.now() < heldUntil,
    stop: () => clearInterval(timer),
  };
}
