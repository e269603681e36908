import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capturePage, capturePages, recordPage, recordReadings } from '../src/index.ts';
import { type Bench, entry, listing, openBench } from './support.ts';

const SEEDS = join(import.meta.dirname, '../../../seeds/listing-pages');

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  bench.store.pool.on('acquire', countOn);
});
afterAll(() => bench.close());

let statements = 0;
const texts: string[] = [];
const counted = new WeakSet<object>();

/** Counts what is sent on each connection, transactions' own statements included. */
function countOn(client: { query: (...args: never[]) => unknown }): void {
  if (counted.has(client)) return;
  counted.add(client);
  const { query } = client;
  client.query = (...args) => {
    statements++;
    const [asked] = args as readonly unknown[];
    texts.push(String(Object(asked).text ?? asked));
    return query.apply(client, args);
  };
}

async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = statements;
  await work();
  return statements - before;
}

async function ingest(bytes: Uint8Array) {
  const seenAt = new Date('2026-11-21T06:00:00Z');
  const { listingPageId } = await capturePage(bench.store.db, {
    sourceId: bench.source,
    bytes,
    seenAt,
  });
  return recordPage(bench.store.db, listingPageId, { maxBytes: 20_000_000 });
}

test('a page of the same bytes costs two statements, and one of other bytes not many', async () => {
  const bytes = readFileSync(join(SEEDS, '2026-03-11.txt'));
  expect(await statementsOf(() => ingest(bytes))).toBeGreaterThan(2);
  expect(await statementsOf(() => ingest(bytes))).toBe(2);
  // The same papers with one blank more at the end.
  const other = Buffer.concat([bytes, Buffer.from(' \n')]);
  const before = statements;
  expect((await ingest(other)).verdict).toBe('unchanged');
  expect(statements - before).toBeLessThanOrEqual(18);
});

test('twenty pages that are recorded together cost hardly more statements than one', async () => {
  const { db } = bench.store;
  const seenAt = new Date('2026-03-20T08:00:00Z');
  const days = Array.from({ length: 21 }, (_, index) => index + 1);
  const readings = days.map((day) =>
    listing(day, [entry(`Of day ${day}`), entry(`Also of ${day}`)]),
  );
  const bodies = days.map((day) => ({ bytes: Buffer.from(`a list of day ${day}`), seenAt }));
  expect(await statementsOf(() => capturePages(db, bench.source, bodies))).toBe(2);
  const kept = await capturePages(db, bench.source, bodies);
  const pages = kept.flatMap(({ listingPageId }, index) => {
    const reading = readings[index];
    return reading ? [{ facts: { listingPageId, sourceId: bench.source, seenAt }, reading }] : [];
  });
  const one = await statementsOf(() => recordReadings(db, pages.slice(0, 1)));
  const twenty = await statementsOf(() => recordReadings(db, pages.slice(1)));
  expect(twenty).toBeLessThanOrEqual(one + 2);
});

test('nothing is looked up for a page before the lock of recording is held', async () => {
  texts.length = 0;
  await ingest(Buffer.concat([readFileSync(join(SEEDS, '2026-03-14.txt')), Buffer.from(' ')]));
  const lock = texts.findIndex((text) => text.includes('pg_advisory_xact_lock'));
  const lookUp = texts.findIndex((text) => text.includes('from paper_key'));
  expect(lock).toBeGreaterThan(0);
  expect(lookUp).toBeGreaterThan(lock);
  expect(texts[lock - 1]).toBe('begin');
});
