import type { PaperId, SubscriberId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

export const FEEDBACK_ACTIONS = ['like', 'dislike', 'no-vote', 'save', 'unsave'] as const;
/** What a reader can say of a paper; `no-vote` and `unsave` take back. */
export type FeedbackAction = (typeof FEEDBACK_ACTIONS)[number];

/** What a subscriber thinks of a paper. */
export interface Feedback {
  readonly vote: 'like' | 'dislike' | null;
  readonly savedAt: Date | null;
}

export const NO_FEEDBACK: Feedback = { vote: null, savedAt: null };

/** Notes what a subscriber says of a paper. Said twice it is the same; what is taken back leaves no row. */
export async function giveFeedback(
  db: Db,
  { subscriberId, paperId }: { readonly subscriberId: SubscriberId; readonly paperId: PaperId },
  action: FeedbackAction,
): Promise<void> {
  switch (action) {
    case 'like':
    case 'dislike':
      await db
        .insertInto('feedback')
        .values({ subscriber_id: subscriberId, paper_id: paperId, vote: action })
        .onConflict((conflict) =>
          conflict
            .columns(['subscriber_id', 'paper_id'])
            .doUpdateSet({ vote: action, changed_at: sql`now()` }),
        )
        .execute();
      return;
    case 'save':
      await db
        .insertInto('feedback')
        .values({ subscriber_id: subscriberId, paper_id: paperId, saved_at: sql`now()` })
        .onConflict((conflict) =>
          conflict
            .columns(['subscriber_id', 'paper_id'])
            .doUpdateSet({ saved_at: sql`coalesce(feedback.saved_at, now())` }),
        )
        .execute();
      return;
    case 'no-vote':
    case 'unsave':
      await takeBack(db, subscriberId, paperId, action === 'unsave' ? 'saved_at' : 'vote');
  }
}

/** One statement, as a row of neither vote nor mark would break the table's rule. */
async function takeBack(
  db: Db,
  subscriberId: SubscriberId,
  paperId: PaperId,
  what: 'vote' | 'saved_at',
): Promise<void> {
  const other = what === 'vote' ? 'saved_at' : 'vote';
  await sql`
    with mine as (
      select subscriber_id, paper_id, ${sql.ref(other)} is null as is_all from feedback
      where subscriber_id = ${subscriberId} and paper_id = ${paperId} for update),
    gone as (delete from feedback using mine where is_all
      and feedback.subscriber_id = mine.subscriber_id and feedback.paper_id = mine.paper_id)
    update feedback set ${sql.ref(what)} = null, changed_at = now() from mine where not is_all
      and feedback.subscriber_id = mine.subscriber_id and feedback.paper_id = mine.paper_id`.execute(
    db,
  );
}

/** What a subscriber said of these papers; papers of which nothing was said are left out. */
export async function feedbackOf(
  db: Db,
  subscriberId: SubscriberId,
  papers: readonly PaperId[],
): Promise<Map<PaperId, Feedback>> {
  if (papers.length === 0) return new Map();
  const rows = await db
    .selectFrom('feedback')
    .where('subscriber_id', '=', subscriberId)
    .where('paper_id', '=', sql<PaperId>`any(${papers}::bigint[])`)
    .select(['paper_id as paperId', 'vote', 'saved_at as savedAt'])
    .execute();
  return new Map(rows.map(({ paperId, ...feedback }) => [paperId, feedback]));
}
