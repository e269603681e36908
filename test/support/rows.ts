import { type Home, openHome, openPostgres, silentLog } from '@paperboy/runtime';
import pg from 'pg';

export type Query = (sql: string) => Promise<Record<string, unknown>[]>;

/** Asks the embedded database of a data folder; the server runs until all is asked, and each start of it takes a second. */
export async function askHome<T>(folder: string, ask: (query: Query) => Promise<T>): Promise<T> {
  const home: Home = openHome(folder);
  const postgres = await openPostgres(home, silentLog);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return await ask(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
    await postgres.stop();
  }
}

/** Tables that hold what was recorded and what was mailed; the rest is history and queue. */
const COUNTED = [
  ...['source', 'listing_page', 'paper', 'paper_key', 'paper_text', 'appearance', 'revision'],
  ...['topic', 'match', 'subscriber', 'subscription', 'edition', 'delivery', 'inbox_message'],
];

/** How many rows each table has. */
export async function countRows(query: Query): Promise<Record<string, number>> {
  const columns = COUNTED.map((table) => `(select count(*)::int from ${table}) as ${table}`);
  const [row = {}] = await query(`select ${columns.join(', ')}`);
  return Object.fromEntries(Object.entries(row).map(([table, n]) => [table, Number(n)]));
}
