import { type Db, endClaim, extendLease, type Lease } from '@paperboy/store';

/** A claim that this process keeps alive while it works on it. */
export interface KeptLease extends Lease {
  /** False once the claim may have lapsed: nothing of it may be handed over any more. */
  isHeld(): boolean;
  /** Begins to extend it, once the claim is made. */
  keep(): void;
  /** Ends the claim; what is still being sent under it is settled by the reconciler. */
  end(): Promise<void>;
}

/** Between the last look at the lease and the first byte of a message lies less than this. */
const MARGIN_MS = 1_000;

/** Starts a lease, to be extended every third of it. Begin before claiming: it counts from here. */
export function startLease(db: Db, { owner, ms }: Lease): KeptLease {
  // Steady time, counted from before each question: the database's own end of the lease is never earlier.
  let heldUntil = performance.now() + ms - MARGIN_MS;
  let timer: NodeJS.Timeout | undefined;
  const extend = () => {
    const asked = performance.now();
    extendLease(db, { owner, ms }).then(
      (isHeld) => {
        heldUntil = isHeld ? Math.max(heldUntil, asked + ms - MARGIN_MS) : Number.NEGATIVE_INFINITY;
      },
      // The database is away: the lease runs out by itself, and `isHeld` says so.
      () => {},
    );
  };
  return {
    owner,
    ms,
    isHeld: () => performance.now() < heldUntil,
    keep: () => {
      timer = setInterval(extend, ms / 3);
    },
    end: async () => {
      clearInterval(timer);
      // Where the database is away it lapses by itself.
      await endClaim(db, owner).catch(() => {});
    },
  };
}
