import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../../test/support/database.ts';
import { bytesArray } from '../src/connection/binary-array.ts';
import { column } from '../src/connection/columns.ts';
import { openStore, type Store } from '../src/index.ts';

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await createDatabase();
  store = openStore({ url: database.url, maxConnections: 2 });
  drop = database.drop;
});
afterAll(async () => {
  await store.close();
  await drop();
});

type ColumnType = Parameters<typeof column>[0];

/** What Postgres makes of a column, value by value. */
async function roundTrip(type: ColumnType, values: readonly (string | number | null)[]) {
  const { rows } = await sql<{ value: string | null }>`
    select value::text as value from unnest(${column(type, values, (value) => value)})
      with ordinality as given(value, ord) order by ord`.execute(store.db);
  return rows.map(({ value }) => value);
}

const asText = (values: readonly (string | number | null)[]) =>
  values.map((value) => (value === null ? null : String(value)));
const listOf = <Value>(one: fc.Arbitrary<Value>) =>
  fc.oneof(
    fc.array(fc.option(one), { minLength: 1, maxLength: 40 }),
    // A value that all rows share goes another way.
    fc.tuple(fc.option(one), fc.integer({ min: 1, max: 40 })).map(([value, count]) => {
      return Array.from({ length: count }, () => value);
    }),
  );

test.each<[ColumnType, fc.Arbitrary<number>]>([
  ['bigint', fc.maxSafeInteger()],
  ['int', fc.integer()],
  ['smallint', fc.integer({ min: -32_768, max: 32_767 })],
])('%s values and nulls arrive as they were', async (type, one) => {
  await fc.assert(
    fc.asyncProperty(listOf(one), async (values) => {
      expect(await roundTrip(type, values)).toEqual(asText(values));
      const texts = values.map((value) => value?.toString() ?? null);
      expect(await roundTrip(type, texts)).toEqual(texts);
    }),
    { numRuns: 40 },
  );
});

test('digests arrive as they were', async () => {
  const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
  await fc.assert(
    fc.asyncProperty(listOf(hex), async (values) => {
      const found = await roundTrip('uuid', values);
      expect(found.map((value) => value?.replaceAll('-', '') ?? null)).toEqual(values);
    }),
    { numRuns: 40 },
  );
});

test('bytes arrive as they were', async () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value));
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { maxLength: 40 }), async (values) => {
      const { rows } = await sql<{ value: Buffer }>`
        select value from unnest(${bytesArray(values)}::bytea[]) with ordinality as given(value, ord)
        order by ord`.execute(store.db);
      expect(rows.map(({ value }) => value)).toEqual(values);
    }),
    { numRuns: 40 },
  );
});

test('texts of any sign arrive as they were', async () => {
  // Postgres keeps no NUL.
  const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(listOf(text), async (values) => {
      expect(await roundTrip('text', values)).toEqual(values);
    }),
    { numRuns: 40 },
  );
});

test('no rows are an empty column', async () => {
  for (const type of ['bigint', 'int', 'smallint', 'uuid', 'text'] as const) {
    expect(await roundTrip(type, [])).toEqual([]);
  }
});

test.each<[ColumnType, string | number]>([
  ['bigint', '12x'],
  ['bigint', 2 ** 53],
  ['int', 2 ** 31],
  ['int', 1.5],
  ['uuid', 'abc'],
  ['uuid', 'z'.repeat(32)],
])('what is no %s is refused: %s', (type, wrong) => {
  const first = type === 'uuid' ? '0'.repeat(32) : 1;
  expect(() => column(type, [first, wrong], (value) => value)).toThrow(RangeError);
});
