import type { ListedOn } from '@paperboy/core';
import { loadPage } from '@paperboy/store';
import { expect, test } from 'vitest';
import { openBody } from '../src/capture-page.ts';
import { capturePage, recordPage } from '../src/index.ts';
import { counts } from './support.ts';
import { useBench } from './use-bench.ts';

const maxBytes = 1_000_000;

const bench = useBench();

const address = (p: number) => `https://papers.example/api/daily_papers?limit=3&p=${p}`;
const partsOf = (total: number, from = 0) =>
  Array.from({ length: Math.floor(total / 3) + 1 }, (_, p) => {
    const items = Array.from({ length: Math.min(3, total - 3 * p) }, (_, n) => ({
      paper: {
        id: `2602.${10_000 + from + 3 * p + n}`,
        title: `Paper ${from} ${p} ${n}`,
        summary: 'S.',
      },
    }));
    return Buffer.from(JSON.stringify(items));
  });

function capture(
  parts: readonly Buffer[],
  more: { cutBecause?: string; askedFor?: ListedOn } = {},
) {
  return capturePage(bench.store.db, {
    sourceId: bench.source,
    bytes: Buffer.concat(parts),
    seenAt: new Date('2026-02-05T12:00:00Z'),
    address: address(0),
    contentType: 'application/json',
    parts: parts.map((part, p) => ({ bytes: part.byteLength, address: address(p) })),
    ...more,
  });
}

test('a list in parts is stored as one page, opened part by part and recorded as one list', async () => {
  const parts = partsOf(8);
  const { listingPageId } = await capture(parts);
  const stored = await loadPage(bench.store.db, listingPageId);
  expect(stored).toMatchObject({
    contentType: 'application/json',
    partBytes: parts.map(({ byteLength }) => byteLength),
    partAddresses: [address(0), address(1), address(2)],
    cutBecause: null,
  });
  const opened = stored && (await openBody(stored, maxBytes));
  expect(opened?.map((part) => Buffer.from(part).toString())).toEqual(parts.map(String));
  const page = await recordPage(bench.store.db, listingPageId, { maxBytes });
  expect(page).toMatchObject({ verdict: 'new-batch', entries: 8 });
  expect(counts(page)).toMatchObject({ new: 8, repeated: 0 });
  const { rows } = await bench.store.pool.query(
    'select position from appearance where listing_page_id = $1 order by position',
    [listingPageId],
  );
  expect(rows.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a list of which a part is missing is cut, for the reason that was met', async () => {
  const cutBecause = 'part 3 is missing: status 503';
  const { listingPageId } = await capture(partsOf(8, 100).slice(0, 2), { cutBecause });
  expect(await recordPage(bench.store.db, listingPageId, { maxBytes })).toMatchObject({
    verdict: 'cut',
    note: cutBecause,
    entries: 6,
  });
});

test('a page whose parts are not as long as it is said to be is broken, not guessed at', async () => {
  const parts = partsOf(4, 200);
  const { listingPageId } = await capture(parts);
  await bench.store.pool.query('update listing_page set part_bytes[1] = 1 where id = $1', [
    listingPageId,
  ]);
  expect((await recordPage(bench.store.db, listingPageId, { maxBytes })).verdict).toBe('broken');
});

test('one part is no list of parts', async () => {
  await expect(capture(partsOf(1, 300))).rejects.toThrow('listing_page');
});
