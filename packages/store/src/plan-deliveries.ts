import {
  type Cadence,
  type EditionId,
  type SendSchedule,
  type SubscriberId,
  TRENDING,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import { isStrongEnough, isStrongEnoughAsVoted, strengthAsVoted } from './strictness.ts';
import { mayBeMailed } from './suppressions.ts';

/** For whom an edition is planned: all whose schedule is due, or one subscriber whatever the hour. */
export type Audience =
  | { readonly kind: 'schedules'; readonly schedules: readonly SendSchedule[] }
  | { readonly kind: 'one'; readonly subscriberId: SubscriberId };

export interface EditionHour {
  readonly cadence: Cadence;
  readonly windowEnd: Date;
}

/** The schedules that active subscribers have, each once. */
export async function activeSchedules(db: Db): Promise<SendSchedule[]> {
  return db
    .selectFrom('subscriber')
    .where('state', '=', 'active')
    .select(['cadence', 'weekdays', 'send_hour as hour', 'zone'])
    .distinct()
    .execute();
}

export interface DueWindow {
  /** The page number after which the window of at least one of them begins. */
  readonly fromNo: string;
  /** When the window of at least one of them begins. */
  readonly since: Date;
}

/** Where the windows of the subscribers begin who are due for this hour and not planned yet; undefined if nobody is. */
export async function dueWindow(
  tx: Tx,
  hour: EditionHour,
  audience: Audience,
): Promise<DueWindow | undefined> {
  const found = await sql<{ fromNo: string | null; since: Date | null }>`
    select min(planned_through) as "fromNo", min(planned_until) as since
    from subscriber where ${isDue(hour, audience)}`.execute(tx);
  const [row] = found.rows;
  if (!row?.fromNo || !row.since) return undefined;
  return { fromNo: row.fromNo, since: row.since };
}

/** The queries that the subscribers follow who are due for this hour and not planned yet. */
export async function dueTopics(
  db: Db,
  hour: EditionHour,
  schedules: readonly SendSchedule[],
): Promise<string[]> {
  const found = await sql<{ query: string }>`
    select distinct topic.query from subscriber
    join subscription on subscription.subscriber_id = subscriber.id
    join topic on topic.id = subscription.topic_id
    where ${isDue(hour, { kind: 'schedules', schedules })}`.execute(db);
  return found.rows.map(({ query }) => query);
}

/** `planned_until` decides, so that a subscriber who moves hour or zone is neither skipped nor served twice. */
export function isDue({ cadence, windowEnd }: EditionHour, audience: Audience) {
  if (audience.kind === 'one') return sql<boolean>`subscriber.id = ${audience.subscriberId}`;
  const { schedules } = audience;
  const weekdays = schedules.map((schedule) => `{${schedule.weekdays.join(',')}}`);
  return sql<boolean>`(subscriber.state = 'active' and subscriber.cadence = ${cadence}
    and subscriber.planned_until < ${windowEnd}
    and (subscriber.zone, subscriber.send_hour, subscriber.weekdays) in (
      select zone, hour, weekdays::smallint[] from unnest(
        ${schedules.map(({ zone }) => zone)}::text[], ${schedules.map(({ hour }) => hour)}::smallint[],
        ${weekdays}::text[]) as due(zone, hour, weekdays)))`;
}

/** Papers of a digest that went wrong longer ago than this are not told any more. */
const FOLD_DAYS = 14;

/**
 * The SQL condition "its papers go into the reader's next digest" for `delivery` of the edition `missed`: nobody took
 * it, and nobody can have taken it. A refused digest is carried once: what a server refuses for its content must not
 * grow from day to day.
 */
export function isToFold({ windowEnd }: EditionHour) {
  return sql<boolean>`(delivery.state in ('expired', 'rejected') and delivery.folded_into is null
    and delivery.resent_at is null and missed.window_end < ${windowEnd}
    and missed.window_end >= ${windowEnd}::timestamptz - make_interval(days => ${sql.lit(FOLD_DAYS)})
    and (delivery.state = 'expired' or not exists (select from delivery before
      where before.subscriber_id = delivery.subscriber_id and before.folded_into = delivery.id
        and before.state = 'rejected')))`;
}

export interface PlannedDeliveries {
  /** Whose window has moved, with or without a digest. */
  readonly subscribers: number;
  readonly deliveries: number;
}

/**
 * Writes a delivery for every due subscriber who has a paper, and moves the window of all of them, in one
 * statement. A paper is NEW for a subscriber if its first page is after their window's begin, or if no delivery that
 * reached them, or still may, holds it; any other is recurring, by the subscriber's policy. What digests that never
 * reached them held comes along, and those are marked as folded into this one. Who asked for a note on quiet days gets
 * a delivery without papers then.
 */
export async function insertDeliveries(
  tx: Tx,
  edition: EditionHour & {
    id: EditionId;
    fromNo: string;
    throughNo: string;
    audience: Audience;
    /** Whether votes were weighed for it: `voted_match` then counts before `match`. */
    hasVotes: boolean;
    /** Whether papers of missed digests were gathered for it. */
    hasMissed: boolean;
  },
): Promise<PlannedDeliveries> {
  const { id, windowEnd, fromNo, throughNo, hasVotes, hasMissed } = edition;
  const missed = hasMissed
    ? {
        found: sql`select delivery.id, delivery.subscriber_id, delivery.new_papers || delivery.recurring_papers as papers
          from due join delivery on delivery.subscriber_id = due.id join edition missed on missed.id = delivery.edition_id
          where due.mailable and ${isToFold(edition)}`,
        join: sql`left join carried on carried.subscriber_id = due.id and carried.paper_id = match.paper_id`,
        isCarried: sql<boolean>`carried.paper_id is not null`,
      }
    : {
        found: sql`select null::bigint as id, null::bigint as subscriber_id, null::bigint[] as papers where false`,
        join: sql``,
        isCarried: sql<boolean>`false`,
      };
  const votes = hasVotes
    ? sql`left join voted_match on voted_match.edition_id = ${id} and voted_match.subscriber_id = due.id
        and voted_match.topic_id = match.topic_id and voted_match.paper_id = match.paper_id`
    : sql``;
  const rest = sql`make_interval(days => ${sql.lit(TRENDING.restDays)})`;
  await sql`set local work_mem = '32MB'`.execute(tx);
  const planned = await sql<PlannedDeliveries>`
    with due as materialized (
      -- whoever came in since the papers were gathered, with an older window, is left to the next plan
      select id, domain, planned_through, recurring_policy, quiet_days, ${mayBeMailed('subscriber')} as mailable
      from subscriber
      where ${isDue(edition, edition.audience)} and planned_through >= ${fromNo}
        and not exists (select from delivery where edition_id = ${id} and subscriber_id = subscriber.id)
      for no key update
    ), moved as (
      update subscriber set planned_until = ${windowEnd},
        planned_through = greatest(subscriber.planned_through, ${throughNo})
      from due where subscriber.id = due.id
      returning subscriber.id
    ), missed as materialized (
      ${missed.found}
    ), carried as materialized (
      select distinct subscriber_id, coalesce(merged_into, paper.id) as paper_id
      from missed cross join lateral unnest(papers) as held(held_id) join paper on paper.id = held_id
    ), candidate as materialized (
      select due.id as subscriber_id, due.domain, due.recurring_policy, match.paper_id, ordinal, trending,
        first_ready_no > planned_through as unseen, ${missed.isCarried} as is_carried,
        max(${hasVotes ? strengthAsVoted : sql`match.strength`}) as strength
      from due
      join subscription on subscription.subscriber_id = due.id
      join match using (topic_id)
      join edition_paper using (paper_id)
      ${votes}
      ${missed.join}
      where due.mailable and edition_paper.edition_id = ${id}
        and (last_ready_no > planned_through or ${missed.isCarried})
        and ${hasVotes ? isStrongEnoughAsVoted : isStrongEnough}
      group by due.id, due.domain, due.recurring_policy, match.paper_id, ordinal, trending, unseen, is_carried
    ), told_as as materialized (
      -- a paper is told of under its own id, under those merged into it, and while it was merged under another's
      select distinct paper_id, paper_id as held_id, 0::bigint as after_id, null::bigint as until_id
      from candidate where not unseen
      union all
      select merged_into, id, 0, null from paper
      where merged_into in (select paper_id from candidate where not unseen)
      union all
      select merged.paper_id, paper_merge.paper_id, last_delivery_id, undone_delivery_id
      from paper_merge cross join lateral unnest(papers) as merged(paper_id)
      where undone_at is not null and merged.paper_id in (select paper_id from candidate where not unseen)
    ), shown as (
      select subscriber_id, told_as.paper_id, max(window_end) as last_at
      from delivery
      join edition on edition.id = delivery.edition_id
      cross join lateral unnest(new_papers || recurring_papers) as held(held_id)
      join told_as using (held_id)
      where subscriber_id in (select subscriber_id from candidate where not unseen)
        and delivery.id > after_id and (until_id is null or delivery.id <= until_id)
        and delivery.state not in ('rejected', 'expired', 'suppressed')
      group by subscriber_id, told_as.paper_id
    ), sorted as (
      select candidate.*, unseen or last_at is null as is_new,
        row_number() over (
          partition by subscriber_id, unseen or last_at is null, trending and last_at <= ${windowEnd}::timestamptz - ${rest}
          order by strength desc, ordinal) as place,
        trending and last_at <= ${windowEnd}::timestamptz - ${rest} as is_trending
      from candidate left join shown using (subscriber_id, paper_id)
    ), chosen as (
      select * from sorted
      where is_new or recurring_policy = 'all' or (is_carried and recurring_policy <> 'off')
        or (recurring_policy = 'trending' and is_trending and place <= ${sql.lit(TRENDING.most)})
    ), planned as (
      insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, next_at)
      select ${id}::bigint, subscriber_id, domain,
        coalesce(array_agg(paper_id order by strength desc, ordinal) filter (where is_new), '{}'),
        coalesce(array_agg(paper_id order by strength desc, ordinal) filter (where not is_new), '{}'),
        least(now(), ${windowEnd}::timestamptz)
      from chosen group by subscriber_id, domain
      union all
      select ${id}, id, domain, array[]::bigint[], array[]::bigint[], least(now(), ${windowEnd}::timestamptz) from due
      where mailable and quiet_days = 'note' and id not in (select subscriber_id from chosen)
        and exists (select from subscription where subscription.subscriber_id = due.id)
      returning id, subscriber_id
    ), folded as (
      update delivery set folded_into = planned.id
      from missed join planned using (subscriber_id) where delivery.id = missed.id
    )
    select (select count(*)::int from moved) as subscribers, (select count(*)::int from planned) as deliveries`.execute(
    tx,
  );
  return planned.rows[0] ?? { subscribers: 0, deliveries: 0 };
}
