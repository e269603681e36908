import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A wish to ask a host, by one request among all of all workers. */
export interface TurnWish {
  readonly host: string;
  /** Unlike anybody else's. */
  readonly holder: string;
  /** Pause between the end of one request and the next. */
  readonly pauseMs: number;
  /** Time after which the turn of a holder that was lost lapses. */
  readonly leaseMs: number;
  /** Longest wait that is worth a place in the line. */
  readonly patienceMs: number;
  /** A turn was booked before, and its time has come. */
  readonly isBooked: boolean;
}

export type Turn =
  | { readonly kind: 'granted' }
  /** A place in the line: wish again after the wait, as booked. */
  | { readonly kind: 'booked'; readonly waitMs: number }
  /** The line is longer than the patience. */
  | { readonly kind: 'refused'; readonly waitMs: number };

const ms = (amount: number) => sql`make_interval(secs => ${amount / 1000}::float8)`;

/**
 * Takes the turn at a host, or a place in the line behind those that wait. One statement, which the row's lock
 * puts in order for all processes; whoever waits sleeps until the given time and asks nobody meanwhile. Clocks
 * are the database's, so that those of the workers need not agree.
 */
export async function takeTurn(db: Db, wish: TurnWish): Promise<Turn> {
  const { host, holder, isBooked } = wish;
  const [pause, lease] = [ms(wish.pauseMs), ms(wish.leaseMs)];
  const isFree = sql`(t.free_at <= now() and (${isBooked}::boolean or t.turn_at <= now()))`;
  // While it is held nobody knows for how long.
  const next = sql`(case when t.holder is null then t.free_at else now() + ${pause} end)`;
  const { rows } = await sql<{ granted: boolean; waitMs: number }>`
    insert into host_turn as t (host, holder, free_at, turn_at)
    values (${host}, ${holder}, now() + ${lease}, now() + ${pause})
    on conflict (host) do update set
      holder = case when ${isFree} then excluded.holder else t.holder end,
      free_at = case when ${isFree} then excluded.free_at else t.free_at end,
      turn_at = case
        when ${isFree} then greatest(t.turn_at, excluded.turn_at)
        when ${isBooked} then t.turn_at
        else greatest(t.turn_at, ${next}) + ${pause} end
    where ${isFree} or now() + ${ms(wish.patienceMs)} >=
      case when ${isBooked} then ${next} else greatest(t.turn_at, ${next}) end
    returning holder = ${holder} as granted, extract(epoch from
      case when ${isBooked} then ${next} else t.turn_at - ${pause} end - now())::float8 * 1000 as "waitMs"`.execute(
    db,
  );
  const [row] = rows;
  if (row?.granted) return { kind: 'granted' };
  if (row) return { kind: 'booked', waitMs: Math.max(0, row.waitMs) };
  return { kind: 'refused', waitMs: await waitAt(db, host) };
}

async function waitAt(db: Db, host: string): Promise<number> {
  const found = await db
    .selectFrom('host_turn')
    .where('host', '=', host)
    .select(
      sql<number>`extract(epoch from greatest(free_at, turn_at) - now())::float8 * 1000`.as('ms'),
    )
    .executeTakeFirst();
  return Math.max(0, found?.ms ?? 0);
}

/** Gives the turn back; the host is asked again after the pause. Nothing happens where the turn has lapsed. */
export async function endTurn(
  db: Db,
  { host, holder, pauseMs }: Pick<TurnWish, 'host' | 'holder' | 'pauseMs'>,
): Promise<void> {
  await db
    .updateTable('host_turn')
    .where('host', '=', host)
    .where('holder', '=', holder)
    .set({ holder: null, free_at: sql`now() + ${ms(pauseMs)}` })
    .execute();
}
