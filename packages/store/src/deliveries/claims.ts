/**
 * Claims: which worker has which deliveries to itself, and until when. A claim is one row that names its deliveries; they
 * stay as they are until they are staged. After a crash the lease lapses, and they are anybody's again.
 */
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A worker's hold on the rows it claimed together. `owner` is unique per claim: the worker, a dot, a number. */
export interface Lease {
  readonly owner: string;
  readonly ms: number;
}

/** The moment so many milliseconds from now, by the database's clock: workers need not agree on theirs. */
export function momentIn(ms: number) {
  return sql<Date>`now() + ${ms} * interval '1 millisecond'`;
}

/** The SQL condition that a row of `claim` is held. */
export const isHeld = sql<boolean>`lease_until >= now()`;

/** The ids of deliveries that somebody holds. */
export const heldDeliveries = sql`(select unnest(deliveries) from claim where ${isHeld})`;

/** When this claim was made, while it is held. */
export function claimedAt(owner: string) {
  return sql<Date | null>`(select claimed_at from claim where owner = ${owner} and ${isHeld})`;
}

/**
 * The SQL condition that nobody works any more on a delivery that is being sent: its claim has lapsed, or was removed as
 * lapsed while the stage was still being written. Claims that have lapsed are kept from being extended meanwhile: whoever
 * settles their deliveries must not do so beside a living worker.
 */
export const isForsaken = sql<boolean>`(not exists (select from claim where owner = lease_owner)
  or lease_owner in (select owner from claim where lease_until < now() order by owner for update))`;

/** Keeps a claim alive; false when it has lapsed, which is for good: others may have its deliveries by now. */
export async function extendLease(db: Db, { owner, ms }: Lease): Promise<boolean> {
  const extended = await sql`update claim set lease_until = ${momentIn(ms)}
    where owner = ${owner} and ${isHeld}`.execute(db);
  return extended.numAffectedRows === 1n;
}

/** Ends a claim. What is still being sent under it keeps it there, until it has lapsed and that is settled. */
export async function endClaim(db: Db, owner: string): Promise<void> {
  await sql`delete from claim where owner = ${owner} and ${hasNothingSent}`.execute(db);
}

/** Removes claims that have lapsed, once nothing is being sent under them. */
export async function removeLapsedClaims(db: Db): Promise<void> {
  await sql`delete from claim where lease_until < now() and ${hasNothingSent}`.execute(db);
}

const hasNothingSent = sql<boolean>`not exists (
  select from delivery where state = 'sending' and lease_owner = owner)`;

/** Which of these claims are there: somebody holds deliveries under them, or has left some in doubt. */
export async function claimsInUse(db: Db, claims: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await db
    .selectFrom('claim')
    .where('owner', '=', sql<string>`any(${claims}::text[])`)
    .select('owner')
    .execute();
  return new Set(found.map(({ owner }) => owner));
}

/** Who holds deliveries right now. */
export async function leaseOwners(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('claim').where(isHeld).select('owner').execute();
  return rows.map(({ owner }) => owner);
}

/** Ends leases now instead of at their time, for owners that are known to be dead; the reconciler settles the rows. */
export async function lapseLeases(db: Db, owners: readonly string[]): Promise<void> {
  await db
    .updateTable('claim')
    .where('owner', '=', sql<string>`any(${owners}::text[])`)
    .set({ lease_until: sql`now() - interval '1 second'` })
    .execute();
}
