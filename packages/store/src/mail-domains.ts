import type { ErrorCode } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from './database.ts';
import { inTransaction } from './transaction.ts';

/** How a receiving domain is met: conversations at a time, from all mailers together. */
export const DOMAIN_PACE = { first: 5, most: 20 } as const;

/** Whoever is given the one message that a domain at rest is tried with has so long, before another may try. */
export const PROBE_MS = 60_000;

/** What is known of how a domain takes mail. */
export interface DomainPace {
  /** Conversations at a time, 1 to 20. */
  readonly most: number;
  /** Refusals of our pace since it last took a message. */
  readonly failures: number;
  /** Left alone until then, and then met with a single message; null while it takes mail. */
  readonly deadUntil: Date | null;
  /** How long it is left alone the next time. */
  readonly restMs: number;
  /** Why it refuses whatever comes from us; null where it only minds our pace. */
  readonly trouble: { readonly code: ErrorCode; readonly detail: string } | null;
}

/** Changes what is known of a domain; changes of several mailers happen one after another. */
export async function changePace(
  db: Db,
  domain: string,
  decide: (pace: DomainPace, now: Date) => DomainPace,
): Promise<DomainPace> {
  return inTransaction(db, async (tx) => {
    await tx
      .insertInto('mail_domain')
      .values({ domain })
      .onConflict((conflict) => conflict.column('domain').doNothing())
      .execute();
    const { now, ...row } = await tx
      .selectFrom('mail_domain')
      .where('domain', '=', domain)
      .select(PACE_COLUMNS)
      .select(sql<Date>`now()`.as('now'))
      .forUpdate()
      .executeTakeFirstOrThrow();
    const next = decide(paceOf(row), now);
    await tx
      .updateTable('mail_domain')
      .where('domain', '=', domain)
      .set({ most: next.most, failures: next.failures, dead_until: next.deadUntil })
      .set({ rest_ms: next.restMs, changed_at: now })
      .set({ error_code: next.trouble?.code ?? null, detail: next.trouble?.detail ?? null })
      .execute();
    return next;
  });
}

/** Domains that take less than they are first asked to, or nothing now: those that refuse us first, then the slowest. */
export async function slowDomains(db: Db): Promise<(DomainPace & { readonly domain: string })[]> {
  const rows = await db
    .selectFrom('mail_domain')
    .where((row) =>
      row.or([row('dead_until', 'is not', null), row('most', '<', DOMAIN_PACE.first)]),
    )
    .select(['domain', ...PACE_COLUMNS])
    .orderBy('error_code', (order) => order.asc().nullsLast())
    .orderBy('most')
    .orderBy('domain')
    .limit(20)
    .execute();
  return rows.map(({ domain, ...row }) => ({ domain, ...paceOf(row) }));
}

const PACE_COLUMNS = [
  'most',
  'failures',
  'dead_until as deadUntil',
  'rest_ms as restMs',
  'error_code as code',
  'detail',
] as const;

interface PaceRow extends Omit<DomainPace, 'trouble'> {
  readonly code: string | null;
  readonly detail: string | null;
}

function paceOf({ code, detail, ...pace }: PaceRow): DomainPace {
  return {
    ...pace,
    trouble: code === null ? null : { code: code as ErrorCode, detail: detail ?? '' },
  };
}
