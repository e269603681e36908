import { randomUUID } from 'node:crypto';
import { type Db, extendLease, type Lease } from '@paperboy/store';

/** A claim that this process keeps alive while it works on it. */
export interface KeptLease extends Lease {
  /** False once the claim may have lapsed: nothing of it may be handed over any more. */
  isHeld(): boolean;
  /** Ends the keeping; the rows are settled by their results, or by the reconciler. */
  stop(): void;
}

/** Starts a lease of `ms`, extended every third of it. Begin before claiming: it counts from here. */
export function keepLease(db: Db, ms: number): KeptLease {
  const owner = `${process.pid}-${randomUUID()}`;
  // Steady time, counted from before each question: the database's own end of the lease is never earlier.
  let heldUntil = performance.now() + ms;
  const timer = setInterval(() => {
    const asked = performance.now();
    extendLease(db, { owner, ms }).then(
      () => {
        heldUntil = Math.max(heldUntil, asked + ms);
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
