import { type ErrorCode, PaperboyError } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';

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
  const changed = await changePaces(db, [domain], (_, pace, now) => decide(pace, now));
  const pace = changed.get(domain);
  if (!pace) throw new PaperboyError('INTERNAL', 'a domain was not noted');
  return pace;
}

/** The same for many domains, in three statements however many they are. */
export async function changePaces(
  db: Db,
  domains: readonly string[],
  decide: (domain: string, pace: DomainPace, now: Date) => DomainPace,
): Promise<ReadonlyMap<string, DomainPace>> {
  if (domains.length === 0) return new Map();
  // In one order, as others lock them: two orders would wait for each other.
  const wanted = sql`(select unnest(${[...domains].sort()}::text[]) as domain order by 1)`;
  return inTransaction(db, async (tx) => {
    await sql`insert into mail_domain (domain) select domain from ${wanted} as wanted
      on conflict (domain) do nothing`.execute(tx);
    const rows = await tx
      .selectFrom('mail_domain')
      .where('domain', '=', sql<string>`any(${domains}::text[])`)
      .select(['domain', ...PACE_COLUMNS])
      .select(sql<Date>`now()`.as('now'))
      .orderBy('domain')
      .forUpdate()
      .execute();
    const changed = rows.map(({ domain, now, ...row }) => ({
      domain,
      pace: decide(domain, paceOf(row), now),
    }));
    const of = <Value>(pick: (pace: DomainPace) => Value) => changed.map(({ pace }) => pick(pace));
    await sql`
      update mail_domain set most = given.most, failures = given.failures, dead_until = given.dead_until,
        rest_ms = given.rest_ms, changed_at = now(), error_code = given.error_code, detail = given.detail
      from unnest(${changed.map(({ domain }) => domain)}::text[], ${of(({ most }) => most)}::int[],
        ${of(({ failures }) => failures)}::int[], ${of(({ deadUntil }) => deadUntil?.toISOString() ?? null)}::timestamptz[],
        ${of(({ restMs }) => restMs)}::int[], ${of(({ trouble }) => trouble?.code ?? null)}::text[],
        ${of(({ trouble }) => trouble?.detail ?? null)}::text[])
        as given(domain, most, failures, dead_until, rest_ms, error_code, detail)
      where mail_domain.domain = given.domain`.execute(tx);
    return new Map(changed.map(({ domain, pace }) => [domain, pace]));
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
