import type { ErrorCode } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** What stopped all mailers. */
interface RelayTrouble {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** Whether mail may be handed to the relay now. */
export type RelayGate =
  | { readonly kind: 'closed' }
  /** It was in trouble: this caller, and no other, tries it with one message. */
  | { readonly kind: 'probe' }
  | ({ readonly kind: 'open'; readonly until: Date } & RelayTrouble)
  /** A person has to mend something first. */
  | ({ readonly kind: 'held' } & RelayTrouble);

/** Asks before a claim. Whoever is given the probe has `probeMs`; should it never answer, another may try then. */
export async function passRelayGate(
  db: Db,
  { probeMs }: { readonly probeMs: number },
): Promise<RelayGate> {
  const found = await sql<RelayRow & { isProbe: boolean }>`
    with probing as (
      update relay set open_until = now() + ${probeMs} * interval '1 millisecond'
      where state = 'open' and open_until <= now()
      returning id
    )
    select state, open_until as until, error_code as code, detail, exists (select from probing) as "isProbe"
    from relay`.execute(db);
  const [row] = found.rows;
  return row?.isProbe ? { kind: 'probe' } : gateOf(row);
}

/** How the relay stands, for a look. */
export async function relayGate(db: Db): Promise<RelayGate> {
  const row = await db
    .selectFrom('relay')
    .select(['state', 'open_until as until', 'error_code as code', 'detail'])
    .executeTakeFirst();
  return gateOf(row as RelayRow | undefined);
}

interface RelayRow {
  readonly state: 'closed' | 'open' | 'held';
  readonly until: Date | null;
  readonly code: ErrorCode | null;
  readonly detail: string | null;
}

function gateOf(row: RelayRow | undefined): RelayGate {
  const trouble = { code: row?.code ?? 'RELAY_UNAVAILABLE', detail: row?.detail ?? '' } as const;
  if (row?.state === 'held') return { kind: 'held', ...trouble };
  if (row?.state === 'open' && row.until) return { kind: 'open', until: row.until, ...trouble };
  return { kind: 'closed' };
}

export interface Break extends RelayTrouble {
  /** Until a person has mended it, instead of for a while. */
  readonly isHeld: boolean;
  /** The message of the probe failed: the next pause is twice as long. */
  readonly isProbe: boolean;
  readonly pauseMs: { readonly first: number; readonly last: number };
}

/** Stops all mailers; conversations of several that fail together are one failure. Milliseconds until the next try. */
export async function breakRelay(db: Db, trouble: Break): Promise<number> {
  const { code, detail, isHeld, isProbe, pauseMs } = trouble;
  const broken = await sql<{ waitMs: number }>`
    update relay set error_code = ${code}, detail = ${detail}, changed_at = now(),
      state = case when state = 'held' or ${isHeld} then 'held' else 'open' end,
      pause_ms = next_ms,
      open_until = case when state = 'open' and not ${isProbe} and open_until > now() then open_until
        else now() + next_ms * interval '1 millisecond' end
    from (select id, case when state = 'open' and ${isProbe} then least(pause_ms * 2, ${pauseMs.last}::int)
        when state = 'open' then pause_ms else ${pauseMs.first}::int end as next_ms
      from relay for update) longer
    where relay.id = longer.id
    returning greatest(0, extract(epoch from open_until - now()) * 1000)::float8 as "waitMs"`.execute(
    db,
  );
  return broken.rows[0]?.waitMs ?? pauseMs.first;
}

/** Lets all mailers go on. */
export async function mendRelay(db: Db): Promise<boolean> {
  const mended = await db
    .updateTable('relay')
    .where('state', '<>', 'closed')
    .set({ state: 'closed', open_until: null, pause_ms: 0, error_code: null, detail: null })
    .set({ changed_at: sql`now()` })
    .executeTakeFirst();
  return mended.numUpdatedRows > 0n;
}

/** Lets somebody else have the probe at once. */
export async function giveBackProbe(db: Db): Promise<void> {
  await db
    .updateTable('relay')
    .where('state', '=', 'open')
    .set({ open_until: sql`now()` })
    .execute();
}

/** Has a relay that waits for a person tried once more, with one message; whether it did wait. */
export async function retryHeldRelay(db: Db): Promise<boolean> {
  const retried = await db
    .updateTable('relay')
    .where('state', '=', 'held')
    .set({ state: 'open', open_until: sql`now()`, changed_at: sql`now()` })
    .executeTakeFirst();
  return retried.numUpdatedRows > 0n;
}
