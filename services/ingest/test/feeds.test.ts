import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage } from '@paperboy/readers';
import { expect, test } from 'vitest';
import { counts, record } from './support.ts';
import { useBench } from './use-bench.ts';

const CAPTURES = process.env.PAPERBOY_CAPTURES;

const bench = useBench({ isRenewed: true });

/** A feed of these papers as it was built on a day: its own date moves, those of its papers do not. */
function feedOf(day: number, papers: readonly number[]): string {
  const items = papers.map(
    (number) => `<item><title>Paper number ${number} of the feed</title>
      <link>https://arxiv.org/abs/2602.${10_000 + number}</link>
      <description>What paper ${number} is about.</description>
      <pubDate>Mon, 02 Feb 2026 10:00:00 +0000</pubDate></item>`,
  );
  return `<rss version="2.0"><channel><title>Daily papers</title><link>https://papers.example.org/</link>
    <lastBuildDate>${new Date(Date.UTC(2026, 1, day)).toUTCString()}</lastBuildDate>${items.join('')}</channel></rss>`;
}

const recordFeed = (feed: string) =>
  record(bench, readPage({ bytes: new TextEncoder().encode(feed) }));
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => from + index);

test('over a weekend a feed of days is new, new, unchanged, unchanged and new, whatever its own date', async () => {
  const days = [range(0, 36), range(36, 62), range(36, 62), range(36, 62), range(62, 75)];
  const pages = [];
  for (const [index, papers] of days.entries())
    pages.push(await recordFeed(feedOf(6 + index, papers)));
  expect(pages.map(({ verdict }) => verdict)).toEqual([
    ...['new-batch', 'new-batch', 'unchanged', 'unchanged', 'new-batch'],
  ]);
  expect(pages.map((page) => page.new)).toEqual([36, 26, 0, 0, 13]);
});

test('a feed of its newest items brings only what is new in it', async () => {
  await recordFeed(feedOf(6, range(0, 20)));
  const next = await recordFeed(feedOf(6, range(3, 23)));
  expect(next.verdict).toBe('new-batch');
  expect(counts(next)).toEqual({ new: 3, recurring: 17, repeated: 0, revised: 0 });
});

test('a feed that ends too early is cut, and what it lacks is not missed', async () => {
  await recordFeed(feedOf(6, range(0, 20)));
  const feed = feedOf(7, range(10, 30));
  const cut = await recordFeed(feed.slice(0, feed.indexOf('Paper number 25')));
  expect(cut).toMatchObject({ verdict: 'cut', new: 5, recurring: 10 });
  expect((await recordFeed(feed)).new).toBe(5);
});

test.skipIf(!CAPTURES)(
  'captures of a feed from Friday to Tuesday have the verdicts of their days',
  async () => {
    const pages = [];
    for (const day of ['08', '09', '10', '11', '12']) {
      const name = `hf_page_as_rss_2025-08-${day}.xml`;
      const bytes = readFileSync(join(CAPTURES ?? '', name));
      pages.push(await record(bench, readPage({ bytes })));
    }
    expect(pages.map(({ verdict, new: fresh }) => [verdict, fresh])).toEqual([
      ['new-batch', 36],
      ['new-batch', 26],
      ['unchanged', 0],
      ['unchanged', 0],
      ['new-batch', 13],
    ]);
  },
);
