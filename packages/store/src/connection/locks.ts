import type { EditionId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Tx } from './database.ts';

/**
 * Advisory locks, held to the end of the transaction. The numbers are this project's own and mean
 * something only within one database.
 */
const LOCKS = { recordPage: 7_201, readyPages: 7_202, learntPast: 7_203, claims: 7_204 } as const;

/** One page is recorded at a time, so that two pages cannot both find the same paper new. */
export async function lockRecording(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCKS.recordPage)})`.execute(tx);
}

/** Held by whoever makes a page ready for digests; many may at once. */
export async function lockReadyPagesShared(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${sql.lit(LOCKS.readyPages)})`.execute(tx);
}

/** Held by the planner while it fixes where its window ends: no page can become ready behind that edge. */
export async function lockReadyPagesExclusive(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCKS.readyPages)})`.execute(tx);
}

/** One worker says which papers are learnt from next. */
export async function lockLearntPast(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCKS.learntPast)})`.execute(tx);
}

/** Claims of one edition are made one after another. */
export async function lockClaims(tx: Tx, editionId: EditionId): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCKS.claims)}, hashint8(${editionId}::bigint))`.execute(
    tx,
  );
}
