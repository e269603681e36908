import type { ChaosKind } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A fault that is switched on. */
export interface ChaosSwitch {
  readonly kind: ChaosKind;
  /** Mails that it still happens to; null: to all of them until `endsAt`. */
  readonly remaining: number | null;
  readonly endsAt: Date;
  /** To this address alone; null: to all. */
  readonly recipient: string | null;
}

export interface ChaosWish {
  readonly kind: ChaosKind;
  readonly count?: number;
  readonly recipient?: string;
  readonly forMs: number;
}

const isOn = sql<boolean>`(inbox_chaos.ends_at > now() and coalesce(inbox_chaos.remaining, 1) > 0)`;

/** Switches a fault on, in place of one of its kind that was on. Its time runs by the database's clock. */
export async function startChaos(db: Db, wish: ChaosWish): Promise<ChaosSwitch> {
  const { kind, count = null, recipient = null, forMs } = wish;
  const row = {
    remaining: count,
    recipient: recipient?.toLowerCase() ?? null,
    started_at: sql<Date>`now()`,
    ends_at: sql<Date>`now() + ${forMs} * interval '1 millisecond'`,
  };
  return db
    .insertInto('inbox_chaos')
    .values({ kind, ...row })
    .onConflict((conflict) => conflict.column('kind').doUpdateSet(row))
    .returning(['remaining', 'ends_at as endsAt', 'recipient'])
    .returning(sql<ChaosKind>`kind`.as('kind'))
    .executeTakeFirstOrThrow();
}

/** What is on now, by the name of its kind. */
export async function activeChaos(db: Db): Promise<ChaosSwitch[]> {
  return db
    .selectFrom('inbox_chaos')
    .where(isOn)
    .select(['remaining', 'ends_at as endsAt', 'recipient'])
    .select(sql<ChaosKind>`kind`.as('kind'))
    .orderBy('kind')
    .execute();
}

/**
 * Takes a turn of a fault for a mail to `recipient`: false when it is over, or for others. Many takers at once get
 * no more turns than were set.
 */
export async function takeChaosTurn(db: Db, kind: ChaosKind, recipient: string): Promise<boolean> {
  const taken = await db
    .updateTable('inbox_chaos')
    .set({ remaining: sql<number | null>`remaining - 1` })
    .where('kind', '=', kind)
    .where(isOn)
    .where((row) =>
      row.or([row('recipient', 'is', null), row('recipient', '=', recipient.toLowerCase())]),
    )
    .executeTakeFirst();
  return taken.numUpdatedRows > 0n;
}

/** Switches one fault off, or all; how many were on. */
export async function endChaos(db: Db, kind?: ChaosKind): Promise<number> {
  let rows = db.deleteFrom('inbox_chaos');
  if (kind) rows = rows.where('kind', '=', kind);
  const ended = await rows.returning(isOn.as('wasOn')).execute();
  return ended.filter(({ wasOn }) => wasOn).length;
}
