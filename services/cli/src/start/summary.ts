import { countDeliveries, type Db, installationTotals } from '@paperboy/store';

/** What an installation came to, from its rows alone: a second run tells the same. */
export interface Summary {
  readonly pages: number;
  readonly entries: number;
  readonly new: number;
  readonly recurring: number;
  readonly subscribers: number;
  readonly digests: number;
  readonly delivered: number;
  readonly failed: number;
  readonly uncertain: number;
  /** Where the mails can be read; null when they go to a real relay. */
  readonly inbox: string | null;
}

/** Adds up what the database holds. */
export async function summarize(db: Db, inbox: string | null): Promise<Summary> {
  const totals = await installationTotals(db);
  const states = await countDeliveries(db);
  const digests = Object.values(states).reduce((sum, count) => sum + count, 0);
  return {
    ...totals,
    digests,
    delivered: states.accepted,
    failed: states.rejected + states.expired,
    uncertain: states.uncertain,
    inbox,
  };
}

/** The same for people. */
export function summaryText(summary: Summary): string {
  const { pages, entries, recurring, subscribers, digests, delivered, failed, uncertain } = summary;
  return [
    `${pages} pages`,
    `${entries} entries`,
    `${summary.new} new`,
    `${recurring} recurring`,
    `${subscribers} subscribers`,
    `${digests} digests: ${delivered} delivered, ${failed} failed, ${uncertain} uncertain`,
  ].join('   ');
}
