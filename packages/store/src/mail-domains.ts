import { sql } from 'kysely';
import type { Db } from './database.ts';
import { inTransaction } from './transaction.ts';

/** How a receiving domain is met: conversations at a time, from all mailers together. */
export const DOMAIN_PACE = { first: 5, most: 20 } as const;

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
    const { now, ...pace } = await tx
      .selectFrom('mail_domain')
      .where('domain', '=', domain)
      .select(['most', 'failures', 'dead_until as deadUntil', 'rest_ms as restMs'])
      .select(sql<Date>`now()`.as('now'))
      .forUpdate()
      .executeTakeFirstOrThrow();
    const next = decide(pace, now);
    await tx
      .updateTable('mail_domain')
      .where('domain', '=', domain)
      .set({ most: next.most, failures: next.failures, dead_until: next.deadUntil })
      .set({ rest_ms: next.restMs, changed_at: now })
      .execute();
    return next;
  });
}

/** Domains that take less than they are first asked to, or nothing now; slowest first. */
export async function slowDomains(db: Db): Promise<(DomainPace & { readonly domain: string })[]> {
  return db
    .selectFrom('mail_domain')
    .where((row) =>
      row.or([row('dead_until', 'is not', null), row('most', '<', DOMAIN_PACE.first)]),
    )
    .select(['domain', 'most', 'failures', 'dead_until as deadUntil', 'rest_ms as restMs'])
    .orderBy('most')
    .orderBy('domain')
    .limit(20)
    .execute();
}
