import {
  type Cadence,
  type EditionId,
  type PaperId,
  type SendSchedule,
  type SubscriberId,
  TRENDING,
} from '@paperboy/core';
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '../connection/database.ts';
import { isBarred, joinSuppression } from '../mail/suppressions.ts';
import {
  isStrongEnough,
  isStrongEnoughAsVoted,
  maskOfSubscription,
  masksByStrictness,
  strengthAsVoted,
} from '../topics/strictness.ts';
import {
  hasSchedule,
  isPlannedBefore,
  isShared,
  lockSharedWindows,
  moveSharedWindows,
  type SharedWindow,
} from './shared-windows.ts';

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
  const found = await sql<SendSchedule>`
    select cadence, weekdays, send_hour as hour, zone from shared_window
    where ${isShared}
    union
    select cadence, weekdays, send_hour, zone from subscriber where state = 'active' and shared_window_id is null`.execute(
    db,
  );
  return found.rows;
}

export interface DueWindow {
  /** The page number after which the window of at least one of them begins. */
  readonly fromNo: string;
  /** When the window of at least one of them begins. */
  readonly since: Date;
  /** Those that several of them share. */
  readonly shared: readonly SharedWindow[];
}

/**
 * Where the windows of the subscribers begin who are due for this hour and not planned yet; undefined if nobody is.
 * Nobody leaves a window that is shared, or comes into one, until the transaction ends.
 */
export async function dueWindow(
  tx: Tx,
  hour: EditionHour,
  audience: Audience,
): Promise<DueWindow | undefined> {
  const shared =
    audience.kind === 'schedules' ? await lockSharedWindows(tx, { ...hour, ...audience }) : [];
  // One reader is planned by themselves, whoever shares their window.
  if (audience.kind === 'one') {
    await sql`update subscriber set shared_window_id = null
      where id = ${audience.subscriberId} and shared_window_id is not null`.execute(tx);
  }
  const found = await sql<{ fromNo: string | null; since: Date | null }>`
    select min(planned_through) as "fromNo", min(planned_until) as since from (
      select planned_through, planned_until from subscriber
      where shared_window_id is null and ${isDue(hour, audience)}
      union all
      select planned_through, planned_until from shared_window
      where id = any(${shared.map(({ id }) => id)}::bigint[])) as due`.execute(tx);
  const [row] = found.rows;
  if (!row?.fromNo || !row.since) return undefined;
  return { fromNo: row.fromNo, since: row.since, shared };
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

/** Up to when they are planned decides, so that a subscriber who moves hour or zone is neither skipped nor served twice. */
export function isDue({ cadence, windowEnd }: EditionHour, audience: Audience) {
  if (audience.kind === 'one') return sql<boolean>`subscriber.id = ${audience.subscriberId}`;
  return sql<boolean>`(subscriber.state = 'active' and subscriber.cadence = ${cadence}
    and ${isPlannedBefore(windowEnd)} and ${hasSchedule('subscriber', audience.schedules)})`;
}

/**
 * Has Postgres look how many deliveries are due, which it otherwise does within a minute or so. Until then it takes a new
 * edition for a handful of rows, joins each with each, and a claim takes twice its time.
 */
export async function analyzeDueDeliveries(db: Db): Promise<void> {
  await sql`analyze delivery (edition_id, state, next_at)`.execute(db);
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
 * Writes a delivery for every due subscriber who has a paper, and moves the window of all of them, in one transaction:
 * of those who share one that alone. A paper is NEW for a subscriber if its first page is after their window's begin, or
 * if no delivery that reached them, or still may, holds it; any other is recurring, by the subscriber's policy, unless
 * they said that it is not for them. What digests that never reached them held comes along, and those are marked as
 * folded into this one. Who asked for a note on quiet days gets a delivery without papers then.
 *
 * What nobody can have seen is found by masks: a bit for each paper of the edition, a mask for each topic and
 * strictness, those of a reader's topics or-ed together, and the papers listed once for each distinct mask. Papers that
 * were listed before, and readers with votes or missed digests, are gone through paper by paper.
 */
export async function insertDeliveries(
  tx: Tx,
  edition: EditionHour & {
    id: EditionId;
    fromNo: string;
    throughNo: string;
    audience: Audience;
    /** As `dueWindow` gave them. */
    shared: readonly SharedWindow[];
    /** Whether no plan has written deliveries for it before. */
    fresh: boolean;
    /** Whether votes were weighed for it: `voted_match` then counts before `match`. */
    hasVotes: boolean;
    /** Whether papers of missed digests were gathered for it. */
    hasMissed: boolean;
  },
): Promise<PlannedDeliveries> {
  const { id, windowEnd, fromNo, throughNo, audience, shared, fresh, hasVotes, hasMissed } =
    edition;
  const rest = sql`make_interval(days => ${sql.lit(TRENDING.restDays)})`;
  const nextAt = sql`least(now(), ${windowEnd}::timestamptz)`;
  const through = sql`greatest(subscriber.planned_through, ${throughNo})`;
  const isWithout = fresh
    ? sql`true`
    : sql`not exists (select from delivery where edition_id = ${id} and subscriber_id = subscriber.id)`;
  await sql`set local work_mem = '32MB'`.execute(tx);
  if (audience.kind === 'schedules') {
    await moveSharedWindows(tx, { ...edition, ...audience }, throughNo);
  }
  const listed = await listedPapers(tx, id);
  const planned = await sql<PlannedDeliveries>`
    with moved as (
      -- whoever came in since the papers were gathered, with an older window, is left to the next plan
      update subscriber set planned_until = ${windowEnd}, planned_through = ${through},
        shared_window_id = ${audience.kind === 'one' ? sql`null` : windowToShare(windowEnd, through)}
      where shared_window_id is null and ${isDue(edition, audience)} and planned_through >= ${fromNo} and ${isWithout}
      returning id, state, address_hash, domain, old.planned_through, recurring_policy, quiet_days
    ), due as materialized (
      select id, domain, planned_through, recurring_policy, quiet_days, not ${isBarred('moved')} as mailable
      from moved ${joinSuppression('moved')}
      union all
      select subscriber.id, domain, shared.planned_through, recurring_policy, quiet_days, not ${isBarred('subscriber')}
      from unnest(${shared.map((window) => window.id)}::bigint[], ${shared.map((window) => window.plannedThrough)}::bigint[])
        as shared(id, planned_through)
      join subscriber on shared_window_id = shared.id ${joinSuppression('subscriber')}
      where ${isWithout}
    ), ${missedPapers(edition)},
    personal as materialized (
      select subscriber_id from missed
      ${hasVotes ? sql`union select subscriber_id from voted_match where edition_id = ${id}` : sql``}
    ), listed as materialized (${listed}), ${unseenByMasks},
    candidate as materialized (
      ${candidatesOf({
        papers: sql`relisted`,
        where: sql`first_ready_no <= planned_through and due.id not in (select subscriber_id from personal)`,
      })}
      ${
        hasVotes || hasMissed
          ? sql`union all ${candidatesOf({
              papers: sql`listed`,
              where: sql`due.id in (select subscriber_id from personal)`,
              votesOf: hasVotes ? id : undefined,
            })}`
          : sql``
      }
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
    ), ${hasVotes ? dismissed : sql``} sorted as (
      select candidate.*, unseen or last_at is null as is_new,
        recurring_policy = 'trending' and trending and last_at <= ${windowEnd}::timestamptz - ${rest} as is_told_again
      from candidate left join shown using (subscriber_id, paper_id)
      ${hasVotes ? sql`where last_at is null or unseen or (subscriber_id, paper_id) not in (select * from dismissed)` : sql``}
    ), told_again as (
      -- topics take turns, as in the mail, so that a broad one does not take every place; looked up for those alone who
      -- have more papers than places
      select *, row_number() over (partition by subscriber_id order by turn, strength desc, ordinal) as place
      from (
        select again.*, row_number() over (partition by subscriber_id, topic_id order by strength desc, ordinal) as turn
        from (
          select *, count(*) over (partition by subscriber_id) > ${sql.lit(TRENDING.most)} as is_crowded
          from sorted where is_told_again and not is_new and not is_carried) as again
        left join lateral (
          select topic_id from subscription join match using (topic_id)
          where is_crowded and subscription.subscriber_id = again.subscriber_id and match.paper_id = again.paper_id
          order by match.strength desc, topic_id limit 1) as best on true) as by_topic
    ), chosen as (
      select subscriber_id,
        coalesce(array_agg(paper_id order by strength desc, ordinal) filter (where is_new), '{}') as new_papers,
        coalesce(array_agg(paper_id order by strength desc, ordinal) filter (where not is_new), '{}') as recurring_papers
      from (
        select subscriber_id, paper_id, strength, ordinal, is_new from sorted
        where is_new or recurring_policy = 'all' or (is_carried and recurring_policy <> 'off')
        union all
        select subscriber_id, paper_id, strength, ordinal, false from told_again
        where place <= ${sql.lit(TRENDING.most)}) as told
      group by subscriber_id
    ), planned as (
      insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, next_at)
      select ${id}::bigint, id, domain, coalesce(unseen.papers || chosen.new_papers, unseen.papers, chosen.new_papers, '{}'),
        coalesce(chosen.recurring_papers, '{}'), ${nextAt}
      -- full, because such a join is never one of each with each: nobody has counted its sides
      from due full join unseen on unseen.subscriber_id = id full join chosen on chosen.subscriber_id = id
      where unseen.papers is not null or chosen.subscriber_id is not null or (mailable and quiet_days = 'note'
        and exists (select from subscription where subscription.subscriber_id = due.id))
      returning id, subscriber_id
    ), folded as (
      update delivery set folded_into = planned.id
      from missed join planned using (subscriber_id) where delivery.id = missed.id
    )
    select (select count(*)::int from due) as subscribers, (select count(*)::int from planned) as deliveries`.execute(
    tx,
  );
  return planned.rows[0] ?? { subscribers: 0, deliveries: 0 };
}

interface ListedPaper {
  readonly paperId: PaperId;
  readonly ordinal: number;
  readonly firstNo: string;
  readonly lastNo: string;
  readonly trending: boolean;
}

/**
 * The statement that selects the papers of an edition with their bits in a mask. As values: of rows of an edition that
 * nobody has counted, Postgres expects one, and then walks through all subscriptions topic by topic.
 */
async function listedPapers(tx: Tx, id: EditionId): Promise<RawBuilder<unknown>> {
  const { rows } = await sql<ListedPaper>`
    select paper_id as "paperId", ordinal, first_ready_no as "firstNo", last_ready_no as "lastNo", trending
    from edition_paper where edition_id = ${id}`.execute(tx);
  return sql`
      select *, (row_number() over (order by ordinal, paper_id) - 1)::int as no
      from unnest(${rows.map(({ paperId }) => paperId)}::bigint[], ${rows.map(({ ordinal }) => ordinal)}::int[],
          ${rows.map(({ firstNo }) => firstNo)}::bigint[], ${rows.map(({ lastNo }) => lastNo)}::bigint[],
          ${rows.map(({ trending }) => trending)}::boolean[])
        as listed(paper_id, ordinal, first_ready_no, last_ready_no, trending)`;
}

/** The shared window of the row `subscriber`, if it stands where they stand from now on. */
function windowToShare(windowEnd: Date, through: RawBuilder<unknown>) {
  return sql`(select id from shared_window
    where shared_window.cadence = subscriber.cadence and shared_window.zone = subscriber.zone
      and shared_window.send_hour = subscriber.send_hour and shared_window.weekdays = subscriber.weekdays
      and planned_until = ${windowEnd} and shared_window.planned_through = ${through})`;
}

/** The digests that are folded into this edition, and their papers for each reader. */
function missedPapers(edition: EditionHour & { readonly hasMissed: boolean }) {
  const missed = edition.hasMissed
    ? sql`select delivery.id, delivery.subscriber_id, delivery.new_papers || delivery.recurring_papers as papers
        from due join delivery on delivery.subscriber_id = due.id join edition missed on missed.id = delivery.edition_id
        where due.mailable and ${isToFold(edition)}`
    : sql`select null::bigint as id, null::bigint as subscriber_id, null::bigint[] as papers where false`;
  return sql`missed as materialized (${missed}), carried as materialized (
      select distinct subscriber_id, coalesce(merged_into, paper.id) as paper_id
      from missed cross join lateral unnest(papers) as held(held_id) join paper on paper.id = held_id
    )`;
}

/**
 * CTEs up to `unseen`: for each reader who is not `personal` the papers whose first page is in their window, in the
 * edition's order; and `relisted`, what is not new for everybody.
 */
const unseenByMasks = sql`relisted as materialized (
      select * from listed where first_ready_no <= (select max(planned_through) from due)
    ), bit_of as materialized (
      select paper_id, no, first_ready_no,
        set_bit(repeat('0', (select count(*)::int from listed))::varbit, no, 1) as mask from listed
    ), topic_mask as materialized (
      select topic_id, ${masksByStrictness} from match join bit_of using (paper_id) group by topic_id
    ), window_mask as materialized (
      select planned_through, bit_or(mask) as mask
      from (select distinct planned_through from due) as begin join bit_of on first_ready_no > planned_through
      group by planned_through
    ), masked as (
      select subscriber_id, followed.mask & window_mask.mask as mask
      from (
        select due.id as subscriber_id, planned_through, bit_or(${maskOfSubscription}) as mask
        from due join subscription on subscription.subscriber_id = due.id join topic_mask using (topic_id)
        where mailable and due.id not in (select subscriber_id from personal)
        group by due.id, planned_through) as followed
      join window_mask using (planned_through)
    ), spelled as materialized (
      -- all readers of a mask at once, because a join by masks nobody has counted can become one of each with each
      select readers, array(select paper_id from listed where get_bit(mask, no) = 1 order by no) as papers
      from (select mask, array_agg(subscriber_id) as readers from masked group by mask) as shared
    ), unseen as (
      select unnest(readers) as subscriber_id, papers from spelled where papers <> '{}'
    )`;

/** What readers said was not for them: it never comes again by itself. Only where any of those who are due has voted. */
const dismissed = sql`dismissed as materialized (
      select subscriber_id, paper_id from feedback
      where vote = 'dislike' and subscriber_id in (select subscriber_id from candidate where not unseen)
    ),`;

/** Who may be told of which paper, and how well it fits. With `votesOf` an edition, by what votes were weighed for it. */
function candidatesOf(of: {
  readonly papers: RawBuilder<unknown>;
  readonly where: RawBuilder<unknown>;
  readonly votesOf?: EditionId | undefined;
}) {
  const { papers, where, votesOf } = of;
  const votes = votesOf
    ? sql`left join voted_match on voted_match.edition_id = ${votesOf} and voted_match.subscriber_id = due.id
        and voted_match.topic_id = match.topic_id and voted_match.paper_id = match.paper_id`
    : sql``;
  return sql`select due.id as subscriber_id, due.recurring_policy, match.paper_id, ordinal, trending,
        first_ready_no > planned_through as unseen, carried.paper_id is not null as is_carried,
        max(${votesOf ? strengthAsVoted : sql`match.strength`}) as strength
      from due
      join subscription on subscription.subscriber_id = due.id
      join match using (topic_id)
      join ${papers} as listed using (paper_id)
      left join carried on carried.subscriber_id = due.id and carried.paper_id = match.paper_id
      ${votes}
      where due.mailable and ${where}
        and (last_ready_no > planned_through or carried.paper_id is not null)
        and ${votesOf ? isStrongEnoughAsVoted : isStrongEnough}
      group by due.id, due.recurring_policy, match.paper_id, ordinal, trending, unseen, is_carried`;
}
