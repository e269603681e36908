import type { SignedLinks } from '@paperboy/email';
import { type Db, ensureSubscriber, importObstacles, type Tx } from '@paperboy/store';
import type { FoundTopic, TopicDesk } from '../topic-desk.ts';
import { type ReaderRow, type RefusedRow, readReaders } from './subscriber-csv.ts';

/** What would happen to a row. */
export type Fate =
  | { readonly kind: 'add'; readonly row: ReaderRow }
  | { readonly kind: 'known' | 'suppressed'; readonly row: ReaderRow }
  | { readonly kind: 'refused'; readonly row: RefusedRow };

/** Readers whose statements travel together. */
const AT_ONCE = 100;

/** What would happen to each row of a list (CSV), in its order. Throws USAGE where it is no list at all. */
export async function judgeReaders(
  db: Db,
  links: Pick<SignedLinks, 'addressHash'>,
  csv: string,
): Promise<Fate[]> {
  const rows = readReaders(csv);
  const good = rows.flatMap((row) => ('problem' in row ? [] : [row]));
  const hashed = new Map(good.map((row) => [row, links.addressHash(row.address)]));
  const { known, suppressed } = await importObstacles(
    db,
    [...hashed].map(([{ address }, addressHash]) => ({ address, addressHash })),
  );
  return rows.map((row): Fate => {
    if ('problem' in row) return { kind: 'refused', row };
    if (known.has(row.address.toLowerCase())) return { kind: 'known', row };
    if (suppressed.has(hashed.get(row)?.toString('hex') ?? '')) return { kind: 'suppressed', row };
    return { kind: 'add', row };
  });
}

/** Takes in those that are to be added, all or none; how many. Their topics are to be matched with the past after that. */
export async function takeInReaders(
  tx: Tx,
  {
    links,
    topics,
  }: { readonly links: Pick<SignedLinks, 'addressHash'>; readonly topics: Pick<TopicDesk, 'find'> },
  fates: readonly Fate[],
): Promise<number> {
  const rows = fates.flatMap((fate) => (fate.kind === 'add' ? [fate.row] : []));
  const found = new Map<string, FoundTopic>();
  for (const text of new Set(rows.flatMap((row) => row.topics.map((topic) => topic.text)))) {
    found.set(text, await topics.find(text));
  }
  let added = 0;
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const readers = rows.slice(at, at + AT_ONCE).map(({ line: _, topics: named, ...row }) => {
      const followed = named.flatMap(({ text, ...own }) => {
        const topic = found.get(text);
        return topic ? { ...topic, ...own } : [];
      });
      const addressHash = links.addressHash(row.address);
      return ensureSubscriber(tx, { ...row, addressHash, topics: followed });
    });
    added += (await Promise.all(readers)).filter(({ fresh }) => fresh).length;
  }
  return added;
}
