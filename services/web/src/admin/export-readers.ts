import { type Db, listSubscribers } from '@paperboy/store';
import { writeReaders } from './subscriber-csv.ts';

/** Readers read at a time. */
const A_PART = 1_000;

/** All readers as a list that can be taken in again (CSV), and how many they are. */
export async function exportReaders(db: Db): Promise<{ csv: string; subscribers: number }> {
  const parts: string[] = [];
  let after: string | undefined;
  let subscribers = 0;
  for (;;) {
    const readers = await listSubscribers(db, { ...(after && { after }), limit: A_PART });
    parts.push(writeReaders(readers, parts.length === 0));
    subscribers += readers.length;
    after = readers.at(-1)?.address;
    if (readers.length < A_PART) return { csv: parts.join(''), subscribers };
  }
}
