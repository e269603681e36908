import type { EditionId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Tx } from '../connection/database.ts';
import { type Audience, type EditionHour, isDue, isToFold } from './plan-deliveries.ts';

/** Gives up what receiving servers have put off until the reader's next edition; how many. */
export async function expireDeferred(
  tx: Tx,
  hour: EditionHour,
  audience: Audience,
): Promise<number> {
  const expired = await sql`
    with late as (
      select delivery.id from delivery join subscriber on subscriber.id = subscriber_id
      join edition missed on missed.id = edition_id
      where delivery.state = 'deferred' and missed.window_end < ${hour.windowEnd} and ${isDue(hour, audience)}
      -- one that is claimed at this moment is sent
      for update of delivery skip locked
    ), told as (
      update delivery set state = 'expired' from late where delivery.id = late.id and delivery.state = 'deferred'
      returning delivery.id
    )
    insert into delivery_event (delivery_id, kind, detail)
    select id, 'result', '{"state": "expired", "by": "next edition"}' from told`.execute(tx);
  return Number(expired.numAffectedRows ?? 0n);
}

/** Adds the papers of missed digests of those who are due to an edition, behind its own; whether there are any. */
export async function gatherMissed(
  tx: Tx,
  hour: EditionHour,
  edition: { readonly editionId: EditionId; readonly throughNo: string },
  audience: Audience,
): Promise<boolean> {
  const { editionId, throughNo } = edition;
  const found = await sql<{ papers: number }>`
    with held as materialized (
      select distinct coalesce(merged_into, paper.id) as paper_id
      from delivery join subscriber on subscriber.id = subscriber_id join edition missed on missed.id = edition_id
      cross join lateral unnest(new_papers || recurring_papers) as shown(held_id) join paper on paper.id = held_id
      where ${isToFold(hour)} and ${isDue(hour, audience)}
    ), gathered as (
      insert into edition_paper (edition_id, paper_id, ordinal, first_ready_no, last_ready_no, trending)
      select ${editionId}, paper_id, (select coalesce(max(ordinal), 0) from edition_paper where edition_id = ${editionId})
        + row_number() over (order by last_no desc, paper_id), first_no, last_no, false
      from held cross join lateral (
        select min(ready_no) as first_no, max(ready_no) as last_no from appearance
        join listing_page on listing_page.id = listing_page_id
        where appearance.paper_id = held.paper_id and ready_no <= ${throughNo}) seen
      where first_no is not null
      on conflict do nothing
    )
    select count(*)::int as papers from held`.execute(tx);
  return (found.rows[0]?.papers ?? 0) > 0;
}
