import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceId } from '@paperboy/core';
import { openQueues, type Queues } from '@paperboy/queue';
import { createMetrics, type Log, silentLog } from '@paperboy/runtime';
import { addSource, ensureTopic, listFetches, recordFetch } from '@paperboy/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { capturePage, type IngestParts, reconcileIngest, startIngest } from '../src/index.ts';
import { type Bench, openBench, renew } from './support.ts';
import { closedAddress, serve, serveRaw } from './web-server.ts';

const seedPage = (day: string) =>
  readFileSync(join(import.meta.dirname, '../../../seeds/listing-pages', `${day}.txt`));
const PAGE = seedPage('2026-03-11');

let bench: Bench;
let queues: Queues;
let open: (() => Promise<void>)[];
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench = await renew(bench);
  queues = await openQueues({ queueUrl: 'postgres', databaseUrl: bench.url, log: silentLog });
  open = [() => queues.close()];
});
afterEach(async () => {
  for (const close of open) await close();
});

/** Starts the service as a process would; it is stopped with the test if not before. */
async function start(parts: Partial<IngestParts> = {}) {
  const metrics = await createMetrics();
  const service = await startIngest({
    db: bench.store.db,
    queues,
    log: silentLog,
    metrics,
    http: { timeoutMs: 5_000, maxBytes: 20_000_000, privateNetworks: true },
    pauseMs: 0,
    concurrency: 4,
    live: true,
    ...parts,
  });
  open.unshift(service.stop);
  return { ...service, metrics };
}

let named = 0;
async function addLiveSource(url: string, cron = '0 6 * * *'): Promise<SourceId> {
  const name = `source-${++named}`;
  return (await addSource(bench.store.db, { name, title: name, url, cron })).id;
}
const capture = (bytes: Uint8Array = PAGE) =>
  capturePage(bench.store.db, {
    sourceId: bench.source,
    bytes,
    seenAt: new Date('2026-03-11T08:00:00Z'),
  });
const rows = async (sql: string) => (await bench.store.pool.query(sql)).rows;
const readyPages = async () =>
  (await rows('select id from listing_page where ready_no is not null')).length;
const fetches = (sourceId: SourceId) => listFetches(bench.store.db, { sourceId, limit: 50 });
const jobsOf = async (job: string) => {
  const lists = await Promise.all(
    (['waiting', 'active', 'delayed'] as const).map((state) => queues.listJobs('ingest', state)),
  );
  return lists.flat().filter((view) => view.job === job && !view.id.includes('repeat'));
};
const reconcile = (live = true) =>
  reconcileIngest({ db: bench.store.db, queues, log: silentLog, live, now: new Date() });
/** Makes sources due, as if their time had come. */
const comeDue = async (...sources: SourceId[]) => {
  await rows(
    `update source_health set next_ask_at = now() - interval '1 second' where source_id in (${sources.join()})`,
  );
  for (const sourceId of sources) await queues.add('fetch-page', { sourceId });
};
const nextAsks = async () =>
  rows(
    'select source_id as id, next_ask_at as at, next_ask_why as why, outcome from source_health order by 1',
  );
const soon = { timeout: 10_000, interval: 20 };
const loseQueue = async () => {
  for (const board of queues.boards()) await board.obliterate({ force: true });
};

/** A log that keeps `level event` of its lines. */
function keepLines(lines: string[]): Log {
  const at = (level: string) => (event: string) => void lines.push(`${level} ${event}`);
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return log;
}

test('a source that was never asked is fetched, recorded, matched and made ready, once', async () => {
  const arrived = Promise.withResolvers<void>();
  const answering = Promise.withResolvers<void>();
  const { url, asked } = await serve(async (request, response) => {
    arrived.resolve();
    await answering.promise;
    const day = new Date(request.url?.slice(1) ?? '');
    const printed = { month: 'short', day: 'numeric', timeZone: 'UTC' } as const;
    response.end(PAGE.toString().replace('Mar 11', day.toLocaleDateString('en-US', printed)));
  });
  const source = await addLiveSource(`${url}/{date}`);
  const query = 'attention OR transformer';
  await ensureTopic(bench.store.db, { query, queryHash: Buffer.alloc(32) });
  const lines: string[] = [];
  const { metrics } = await start({ log: keepLines(lines) });
  await arrived.promise;
  await reconcile();
  answering.resolve();
  await expect.poll(readyPages, soon).toBe(1);
  expect(
    await rows(
      'select verdict, entry_count, new_count, listed_on = asked_for as of_today from listing_page',
    ),
  ).toEqual([{ verdict: 'new-batch', entry_count: 84, new_count: 84, of_today: true }]);
  expect((await rows('select from match')).length).toBeGreaterThan(0);
  await reconcile();
  await expect
    .poll(async () => (await queues.queueCounts())[0], soon)
    .toMatchObject({
      waiting: 0,
      active: 0,
    });
  expect(asked).toEqual([expect.stringMatching(/^\/\d{4}-\d\d-\d\d$/)]);
  expect(await fetches(source)).toHaveLength(1);
  expect(lines).toEqual(['info page.recorded']);
  const figures = await metrics.render();
  expect(figures).toContain('paperboy_pages_total{verdict="new-batch"} 1');
  expect(figures).toContain('paperboy_papers_total{recurrence="new"} 84');
});

test('digests that wait for a source are planned as soon as it is back, by its papers or without', async () => {
  let isAway = true;
  const { url } = await serve((_request, response) => {
    response.writeHead(isAway ? 503 : 200).end(isAway ? 'away' : PAGE);
  });
  const plans = async () => (await queues.listJobs('mailer', 'waiting')).map(({ job }) => job);
  const source = await addLiveSource(url);
  await start();
  await expect.poll(nextAsks, soon).toMatchObject([{ outcome: 'blocked' }]);
  expect(await plans()).toEqual([]);
  isAway = false;
  await comeDue(source);
  await expect.poll(plans, soon).toEqual(['plan-editions']);
  expect(await readyPages()).toBe(1);
  await queues.drain('mailer');
  await comeDue(source);
  await expect.poll(plans, soon).toEqual(['plan-editions']);
  expect(await fetches(source)).toMatchObject([{ outcome: 'unchanged' }, {}, {}]);
});

test('saved pages are worked on while sources are left alone, until the service goes live', async () => {
  const { url, asked } = await serve((_request, response) => response.end(PAGE));
  const source = await addLiveSource(url);
  const service = await start({ live: false });
  const { listingPageId } = await capture();
  await queues.add('record-page', { listingPageId });
  // Left by an earlier run.
  await queues.add('fetch-page', { sourceId: source });
  await expect.poll(readyPages, soon).toBe(1);
  await expect.poll(() => jobsOf('fetch-page'), soon).toEqual([]);
  expect([asked, await nextAsks()]).toMatchObject([[], [{ at: null }]]);
  await service.goLive();
  await expect.poll(() => fetches(source), soon).toHaveLength(1);
});

test('a page is judged by the ones before it, though its job comes first', async () => {
  await start({ live: false });
  await capture();
  const { listingPageId } = await capture(seedPage('2026-03-14'));
  await queues.add('record-page', { listingPageId });
  await expect.poll(readyPages, soon).toBe(2);
  const counted =
    'select new_count as new, recurring_count as recurring from listing_page order by id';
  expect(await rows(counted)).toEqual([
    { new: 84, recurring: 0 },
    { new: 51, recurring: 17 },
  ]);
});

test('a source that refuses is asked again later, each time twice as late', async () => {
  const { url } = await serve((_request, response) => response.writeHead(503).end());
  const source = await addLiveSource(url);
  await start();
  const minutes = async () => {
    const [next] = await nextAsks();
    return Math.round((next.at.getTime() - Date.now()) / 60_000);
  };
  await expect.poll(minutes, soon).toBe(15);
  await comeDue(source);
  await expect.poll(() => fetches(source), soon).toHaveLength(2);
  await expect.poll(minutes, soon).toBe(30);
  expect(await nextAsks()).toMatchObject([{ outcome: 'blocked', why: 'the site refused' }]);
});

test('a list that names its day gets a last look when the next day begins', async () => {
  const day = (back: number) =>
    new Date(Date.now() - back * 24 * 3600_000).toISOString().slice(0, 10);
  const late = 'A paper that came late in the evening';
  let list = '';
  const { url, asked } = await serve((request, response) => {
    const printed = { month: 'short', day: 'numeric', timeZone: 'UTC' } as const;
    const on = new Date(request.url?.slice(1) ?? '').toLocaleDateString('en-US', printed);
    response.end(`${on}\n\n${list}`);
  });
  const paper = (title: string) =>
    `${title}\n\nIts abstract says in a sentence what the work is about.`;
  const source = await addLiveSource(`${url}/{date}`, '0 6 * * *');
  let now = new Date(`${day(1)}T20:00:00Z`);
  list = [paper('One'), paper('Another work')].join('\n\n');
  await start({ now: () => now, reconcileMs: 50 });
  await expect.poll(readyPages, soon).toBe(1);
  now = new Date(`${day(0)}T06:15:00Z`);
  list = [paper('One'), paper('Another work'), paper(late)].join('\n\n');
  await expect.poll(readyPages, soon).toBeGreaterThanOrEqual(2);
  await expect.poll(() => asked, soon).toEqual([`/${day(1)}`, `/${day(1)}`, `/${day(0)}`]);
  await expect
    .poll(() => rows('select verdict, listed_on::text as day from listing_page order by id'), soon)
    .toEqual([
      { verdict: 'new-batch', day: day(1) },
      { verdict: 'grew', day: day(1) },
      { verdict: 'stale', day: day(0) },
    ]);
  expect(await nextAsks()).toMatchObject([{ id: source, outcome: 'stale' }]);
});

test('a source is asked once, however many jobs wake for it', async () => {
  const { url, asked } = await serve((_request, response) => response.end(PAGE));
  const source = await addLiveSource(url);
  await start();
  await expect.poll(readyPages, soon).toBe(1);
  for (let job = 0; job < 5; job++) await queues.add('fetch-page', { sourceId: source });
  await expect.poll(() => jobsOf('fetch-page'), soon).toEqual([]);
  expect(asked).toHaveLength(1);
});

test('an unreachable network is one warning for several sources, and one line when it is back', async () => {
  const url = await closedAddress();
  const sources = await Promise.all([1, 2, 3].map((n) => addLiveSource(`${url}/${n}`)));
  const lines: string[] = [];
  await start({ log: keepLines(lines) });
  const askAll = async (times: number) => {
    for (const source of sources)
      await expect.poll(() => fetches(source), soon).toHaveLength(times);
    const judged = `select from source_health where trouble_count = ${times}`;
    if (times < 3) await expect.poll(() => rows(judged), soon).toHaveLength(3);
  };
  await askAll(1);
  await comeDue(...sources);
  await askAll(2);
  expect(lines).toEqual(['warn network.unreachable']);
  await serve((_request, response) => response.end(PAGE), { port: Number(new URL(url).port) });
  await comeDue(...sources);
  await askAll(3);
  await expect
    .poll(() => lines.filter((line) => line === 'info page.recorded'), soon)
    .toHaveLength(3);
  expect(lines.filter((line) => line.includes('network'))).toEqual([
    'warn network.unreachable',
    'info network.reachable',
  ]);
});

describe('the reconciler', () => {
  test('adds the jobs that a lost queue forgot, once however often it runs', async () => {
    const { listingPageId } = await capture();
    const matched = await capture(seedPage('2026-03-14'));
    await bench.store.pool.query(
      "update listing_page set read_at = now(), verdict = 'new-batch' where id = $1",
      [matched.listingPageId],
    );
    const broken = await capture(Buffer.from('no list'));
    await bench.store.pool.query(
      "update listing_page set read_at = now(), verdict = 'broken' where id = $1",
      [broken.listingPageId],
    );
    for (const lost of [false, true]) {
      if (lost) await loseQueue();
      await reconcile();
      await Promise.all([reconcile(), reconcile()]);
      expect((await jobsOf('record-page')).map(({ payload }) => payload)).toEqual([
        { listingPageId },
      ]);
      expect((await jobsOf('match-papers')).map(({ payload }) => payload)).toEqual([
        { listingPageId: matched.listingPageId },
      ]);
    }
  });

  test('brings pages to an end whose jobs were lost while the service runs', async () => {
    await start({ live: false, reconcileMs: 100 });
    await queues.pause('ingest');
    const { listingPageId } = await capture();
    await queues.add('record-page', { listingPageId });
    await loseQueue();
    await queues.resume('ingest');
    await expect.poll(readyPages, soon).toBe(1);
  });

  test('says when the sources with a cron are asked, and wakes those that are due after a loss', async () => {
    const [never, asked, paused] = [
      await addLiveSource('https://papers.example/1'),
      await addLiveSource('https://papers.example/2', '5 * * * *'),
      await addLiveSource('https://papers.example/3'),
    ];
    await addSource(bench.store.db, {
      name: 'by-hand',
      title: 'By hand',
      url: 'https://papers.example/4',
    });
    const attempt = { startedAt: new Date(), durationMs: 1, address: 'https://papers.example/2' };
    await recordFetch(bench.store.db, { ...attempt, sourceId: asked, outcome: 'failed' });
    await rows(`update source set state = 'paused' where id = ${paused}`);
    await reconcile(false);
    expect(await nextAsks()).toEqual([]);
    const woken = async () => (await jobsOf('fetch-page')).map(({ payload }) => payload);
    for (const lost of [false, true]) {
      if (lost) await loseQueue();
      await reconcile();
      await Promise.all([reconcile(), reconcile()]);
      expect(await nextAsks()).toMatchObject([
        { id: never, why: 'for the first time' },
        { id: asked, why: 'by its schedule' },
      ]);
      expect(await woken()).toEqual([{ sourceId: never }]);
    }
  });

  test('a source with an unusable schedule is told of and does not keep the others', async () => {
    const [bad, good] = [
      await addLiveSource('https://papers.example/1', 'whenever'),
      await addLiveSource('https://papers.example/2'),
    ];
    for (const sourceId of [bad, good]) {
      const attempt = { startedAt: new Date(), durationMs: 1, address: 'https://papers.example/' };
      await recordFetch(bench.store.db, { ...attempt, sourceId, outcome: 'failed' });
    }
    const lines: string[] = [];
    const log = keepLines(lines);
    const parts = { db: bench.store.db, queues, log, live: true, now: new Date() };
    await reconcileIngest(parts);
    await reconcileIngest(parts);
    expect(lines).toEqual(['error source.schedule-unusable']);
    expect(await nextAsks()).toMatchObject([
      { id: bad, why: 'its schedule cannot be read' },
      { id: good, why: 'by its schedule' },
    ]);
  });
});

describe('stopping', () => {
  test('does not wait for a slow source, which is asked again later and not blamed', async () => {
    const arrived = Promise.withResolvers<void>();
    const url = await serveRaw(() => arrived.resolve());
    const source = await addLiveSource(url);
    const service = await start();
    await arrived.promise;
    const startedAt = Date.now();
    await service.stop();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(await fetches(source)).toEqual([]);
    const [next] = await nextAsks();
    expect(next.at.getTime() - Date.now()).toBeGreaterThan(30_000);
    expect(next.at.getTime() - Date.now()).toBeLessThan(61_000);
  });

  test('lets pages that are worked on end, and the next start does what is left', async () => {
    const days = ['2026-03-11', '2026-03-14', '2026-06-05', '2026-07-30', '2026-07-31'];
    const service = await start({ live: false, concurrency: 1 });
    for (const day of days) {
      const { listingPageId } = await capture(seedPage(day));
      await queues.add('record-page', { listingPageId });
    }
    await expect
      .poll(() => rows('select from listing_page where read_at is not null'), soon)
      .not.toEqual([]);
    await service.stop();
    const done = await readyPages();
    expect((await queues.queueCounts())[0]).toMatchObject({ active: 0, failed: 0, workers: 0 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await readyPages()).toBe(done);
    await start({ live: false });
    await expect.poll(readyPages, soon).toBe(5);
    expect((await rows('select from paper')).length).toBe(259);
  });
});
