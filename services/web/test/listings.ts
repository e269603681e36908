import { hash } from 'node:crypto';
import {
  diffPage,
  type Entry,
  type Fingerprint,
  keysOf,
  type ListingPageId,
  type PageOutcome,
  parseListedOn,
  type SourceId,
  type SourceOutcome,
} from '@paperboy/core';
import {
  acceptedPages,
  type Db,
  ensureSource,
  findKnownPapers,
  insertAppearances,
  insertNewPapers,
  inTransaction,
  linkOtherWorks,
  onPage,
  type Store,
  saveFindings,
  storePage,
  updateRecurringPapers,
} from '@paperboy/store';

/** A listing as a test writes it down; entries stand in the order given unless they say otherwise. */
export interface ListedDay {
  readonly source?: string;
  readonly day: string;
  readonly entries: readonly (Partial<Entry> & { readonly title: string })[];
  readonly verdict?: PageOutcome;
  readonly note?: string;
}

/** Records a day's listing through the store's own steps, as the ingest service does with a page it has read. */
export async function recordDay(store: Store, listed: ListedDay): Promise<ListingPageId> {
  const { source: name = 'daily', day, verdict = 'new-batch', note = '' } = listed;
  const seenOn = parseListedOn(day);
  if (seenOn === undefined) throw new RangeError(`${day} is no day`);
  const entries = listed.entries.map((entry, index) => ({ ...plain(index + 1), ...entry }));
  const title = name === 'daily' ? 'Daily Papers' : name;
  const { source } = await ensureSource(store.db, { name, title });
  return inTransaction(store.db, async (tx) => {
    const [last] = await acceptedPages(tx, source.id);
    const { listingPageId } = await storePage(tx, {
      sourceId: source.id,
      contentHash: hash('sha256', JSON.stringify(listed), 'buffer'),
      body: Buffer.alloc(0),
      bodyBytes: 0,
      seenAt: new Date(`${day}T09:00:00Z`),
    });
    const [found] = await findKnownPapers(tx, source.id, [entries], keyed);
    const diff = diffPage(found?.keyed ?? [], found?.known ?? new Map());
    const page = { listingPageId, sourceId: source.id, seenOn };
    const fresh = onPage(page, diff.newEntries);
    const sighted = [
      ...(await insertNewPapers(tx, fresh)),
      ...(await updateRecurringPapers(tx, onPage(page, diff.recurringEntries))),
    ];
    await insertAppearances(tx, sighted);
    await linkOtherWorks(tx, fresh, sighted);
    const findings = {
      id: listingPageId,
      verdict,
      note,
      listedOn: seenOn,
      warnings: [],
      entries: entries.length,
      abstracts: entries.filter((entry) => entry.abstract !== undefined).length,
      new: diff.newEntries.length,
      recurring: diff.recurringEntries.length,
      repeated: diff.repeatedEntries.length,
      revised: 0,
      appearances: diff.newEntries.length + diff.recurringEntries.length,
      batchPageId: listingPageId,
      ...(last && { previousBatchPageId: last.batchPageId }),
    };
    await saveFindings(tx, [findings]);
    await stands(tx, source.id, { outcome: verdict, note, at: new Date(`${day}T09:00:00Z`) });
    return listingPageId;
  });
}

/** Notes how a source stands, as the ingest service does. */
export async function stands(
  db: Db,
  sourceId: SourceId,
  { outcome, note, at }: { outcome: SourceOutcome; note: string; at: Date },
): Promise<void> {
  const values = { outcome, note, judged_at: at };
  await db
    .insertInto('source_health')
    .values({ source_id: sourceId, ...values })
    .onConflict((conflict) => conflict.column('source_id').doUpdateSet(values))
    .execute();
}

function plain(position: number) {
  return { position, textKind: 'abstract', ids: {}, links: [], section: 'none' } as const;
}

function keyed(entry: Entry) {
  const hex = hash('sha256', `${entry.title}\n${entry.abstract}`, 'hex').slice(0, 32);
  return { ...entry, keys: keysOf(entry), fingerprint: hex as Fingerprint };
}
