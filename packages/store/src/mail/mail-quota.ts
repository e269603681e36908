import { sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';

/** Most messages that may go out in a time, from all mailers together; 0 is no limit. */
export interface MailQuota {
  readonly perSecond: number;
  readonly perHour: number;
  readonly perDay: number;
}

/** What a mailer may let out of the messages it asked for. */
export interface QuotaGrant {
  readonly granted: number;
  /** Milliseconds before the first of them may go out; with none granted, before asking again can help. */
  readonly waitMs: number;
}

/**
 * Takes room for messages. A second's messages are spaced evenly; hours and days are counted back from now, to the
 * minute and never too few. What is taken and not sent is lost, so ask right before sending.
 */
export async function takeQuota(
  db: Db,
  { perSecond, perHour, perDay }: MailQuota,
  wanted: number,
): Promise<QuotaGrant> {
  return inTransaction(db, async (tx) => {
    // This row is the turn of those who ask at the same time.
    const { pacedMs } = await tx
      .selectFrom('relay')
      .select(
        sql<number>`greatest(0, extract(epoch from paced_until - now()) * 1000)::float8`.as(
          'pacedMs',
        ),
      )
      .forUpdate()
      .executeTakeFirstOrThrow();
    const { hour, day, hourMs, dayMs } = await countSent(tx);
    const leftOfHour = perHour > 0 ? perHour - hour : wanted;
    const leftOfDay = perDay > 0 ? perDay - day : wanted;
    const granted = Math.max(0, Math.min(wanted, leftOfHour, leftOfDay));
    if (granted === 0) return { granted, waitMs: leftOfDay <= 0 ? dayMs : hourMs };
    await sql`
      insert into sent_minute (minute, messages) values (date_trunc('minute', now()), ${granted})
      on conflict (minute) do update set messages = sent_minute.messages + excluded.messages`.execute(
      tx,
    );
    await sql`delete from sent_minute where minute < now() - interval '25 hours'`.execute(tx);
    if (perSecond > 0) {
      await sql`update relay set paced_until = greatest(paced_until, now())
        + ${granted / perSecond} * interval '1 second'`.execute(tx);
    }
    return { granted, waitMs: perSecond > 0 ? pacedMs : 0 };
  });
}

/** A quota that gives nothing more for a while. */
export interface SpentQuota {
  readonly setting: 'MAIL_PER_HOUR' | 'MAIL_PER_DAY';
  readonly most: number;
  /** When it gives something again. */
  readonly until: Date;
}

/** The quota that holds mail back now, the longer one of two; undefined while there is room. */
export async function spentQuota(
  db: Db,
  { perHour, perDay }: Pick<MailQuota, 'perHour' | 'perDay'>,
): Promise<SpentQuota | undefined> {
  if (perHour === 0 && perDay === 0) return undefined;
  const { hour, day, hourMs, dayMs, at } = await countSent(db);
  const until = (ms: number) => new Date(at.getTime() + ms);
  if (perDay > 0 && day >= perDay)
    return { setting: 'MAIL_PER_DAY', most: perDay, until: until(dayMs) };
  if (perHour > 0 && hour >= perHour)
    return { setting: 'MAIL_PER_HOUR', most: perHour, until: until(hourMs) };
  return undefined;
}

/**
 * Makes due what was put off without having been tried, as by a quota that has been raised since; how many. What still has
 * to wait is put off again by whatever holds it.
 */
export async function dueUntried(db: Db): Promise<number> {
  const due = await sql`
    update delivery set next_at = now() where state = 'ready' and next_at > now() and reply is null`.execute(
    db,
  );
  return Number(due.numAffectedRows ?? 0);
}

interface SentLately {
  readonly hour: number;
  readonly day: number;
  /** Milliseconds until the oldest of them counts no more. */
  readonly hourMs: number;
  readonly dayMs: number;
  readonly at: Date;
}

async function countSent(db: Db | Tx): Promise<SentLately> {
  const spent = await sql<SentLately>`
    with counted as (
      select messages, minute, minute + interval '1 hour 1 minute' as hour_end, minute + interval '1 day 1 minute' as day_end
      from sent_minute where minute > now() - interval '1 day 1 minute')
    select coalesce(sum(messages) filter (where hour_end > now()), 0)::int as hour, coalesce(sum(messages), 0)::int as day,
      coalesce(extract(epoch from min(hour_end) filter (where hour_end > now()) - now()) * 1000, 0)::float8 as "hourMs",
      coalesce(extract(epoch from min(day_end) - now()) * 1000, 0)::float8 as "dayMs", now() as at
    from counted`.execute(db);
  return spent.rows[0] ?? { hour: 0, day: 0, hourMs: 0, dayMs: 0, at: new Date() };
}
