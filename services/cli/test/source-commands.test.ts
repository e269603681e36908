import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Installation, installation, SEED_PAGES } from './support.ts';

let paperboy: Installation;
let server: Server;
let answer: RequestListener;
let url: string;
beforeAll(async () => {
  paperboy = await installation({ FETCH_PRIVATE_NETWORKS: 'on', ALERT_AFTER: '2' });
});
afterAll(() => paperboy.close());
beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}/list.txt`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const PAGE = readFileSync(join(SEED_PAGES, '2026-03-11.txt'));
const add = (name: string, ...more: string[]) =>
  paperboy.run('source', 'add', name, '--url', url, ...more);
const health = async (name: string) =>
  paperboy.query(
    `select outcome, alert, next_ask_at from source_health join source on source.id = source_id where name = '${name}'`,
  );

test('source fetch asks now, records, and says when it asks next', async () => {
  await add('listed', '--cron', '0 8 * * mon-fri', '--zone', 'Europe/Berlin');
  answer = (_request, response) => response.end(PAGE);
  const [fetched] = await paperboy.facts('source', 'fetch', 'listed');
  expect(fetched).toMatchObject({
    source: 'listed',
    outcome: 'stored',
    verdict: 'new-batch',
    entries: 84,
    new: 84,
    nextAskWhy: 'by its schedule',
  });
  expect(await paperboy.query('select from listing_page where ready_no is not null')).toHaveLength(
    1,
  );
  const again = await paperboy.run('source', 'fetch', 'listed');
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(/^unchanged\n {2}the same bytes as before\n {2}asked next .* UTC: /);
  const { stdout } = await paperboy.run('source', 'show', 'listed');
  expect(stdout).toMatch(/^stands +unchanged since \d{4}-\d\d-\d\d \d\d:\d\d UTC/m);
  expect(stdout).toMatch(/^schedule +0 8 \* \* mon-fri Europe\/Berlin, at 8:00 on mon-fri$/m);
  expect(stdout).toMatch(
    /^next +\d{4}-\d\d-\d\d 0\d:\d\d UTC, \w{3} .* 08:0\d Europe\/Berlin: by its/m,
  );
  expect(stdout).toMatch(/^publishes +not known yet, so nothing is called late$/m);
  expect(stdout).toMatch(/^usual +84 papers$/m);
});

test('source show says at what pace, under which rules and with what validators a source is asked', async () => {
  await add('polite', '--cron', '0 8 * * *');
  expect(await paperboy.facts('source', 'show', 'polite')).toMatchObject([
    { manners: { pauseMs: 1_000, robots: null, validators: null } },
  ]);
  answer = ({ url: path }, response) => {
    if (path === '/robots.txt') response.end('User-agent: *\nCrawl-delay: 2\nDisallow: /private');
    else response.setHeader('ETag', '"abc"').end(PAGE);
  };
  await paperboy.run('source', 'fetch', 'polite');
  const [shown] = await paperboy.facts('source', 'show', 'polite');
  expect(shown).toMatchObject({
    manners: {
      pauseMs: 2_000,
      robots: { crawlDelayMs: 2_000, disallowedBy: null, problem: null },
      validators: { address: url, etag: '"abc"' },
    },
  });
  const { stdout } = await paperboy.run('source', 'show', 'polite');
  expect(stdout).toMatch(/^pace +127\.0\.0\.1:\d+, one request in 2 s as its robots\.txt asks$/m);
  expect(stdout).toMatch(/^robots\.txt +allows the address, read \d{4}-/m);
  expect(stdout).toMatch(/^changes +told by ETag "abc", of the page of \d{4}-/m);
});

test('source fetch of a site that refuses exits 1, and the second time an operator is told', async () => {
  await add('refused', '--cron', '0 8 * * *');
  answer = ({ url: path }, response) =>
    response.writeHead(path === '/robots.txt' ? 404 : 503).end();
  const first = await paperboy.run('source', 'fetch', 'refused');
  expect(first).toMatchObject({ code: 1, stdout: expect.stringMatching(/^blocked\n/) });
  expect(await health('refused')).toMatchObject([{ outcome: 'blocked', alert: null }]);
  const second = await paperboy.run('source', 'fetch', 'refused');
  expect(second.code).toBe(1);
  const [row] = (await health('refused')) as { alert: string; next_ask_at: Date }[];
  expect(row?.alert).toBe('told');
  const minutes = ((row?.next_ask_at.getTime() ?? 0) - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(25);
  expect(minutes).toBeLessThan(31);
  expect((await paperboy.run('source', 'list')).stdout).toMatch(/^refused +blocked ! /m);
  expect((await paperboy.run('status')).stdout).toMatch(
    /source refused: blocked, 2 in a row since .*look: paperboy source show refused/,
  );
  expect((await paperboy.run('status', '--strict')).code).toBe(1);
});

test('source set changes what is named, checks it, and has the next time decided afresh', async () => {
  await add('changing', '--cron', '0 8 * * *');
  answer = (_request, response) => response.end(PAGE);
  await paperboy.run('source', 'fetch', 'changing');
  const [changed] = await paperboy.facts(
    ...['source', 'set', 'changing', '--title', 'New name', '--publishes', '0 20 * * sun-thu'],
    ...['--zone', 'America/New_York', '--essential', 'no', '--priority', '70'],
  );
  expect(changed).toMatchObject({
    title: 'New name',
    cron: '0 8 * * *',
    publishes: '0 20 * * sun-thu',
    zone: 'America/New_York',
    essential: false,
    textPriority: 70,
  });
  expect(await health('changing')).toMatchObject([{ next_ask_at: null }]);
  const shown = (await paperboy.run('source', 'show', 'changing')).stdout;
  expect(shown).toMatch(/^publishes +0 20 \* \* sun-thu America\/New_York, at 20:00 on /m);
  expect(shown).toMatch(/^essential +no/m);
  await paperboy.facts('source', 'set', 'changing', '--publishes', 'none', '--cron', 'none');
  expect(
    await paperboy.query("select cron, publishes from source where name = 'changing'"),
  ).toEqual([{ cron: null, publishes: null }]);
  for (const [option, value, code] of [
    ['--cron', 'daily', 'SCHEDULE_INVALID'],
    ['--publishes', '0 25 * * *', 'SCHEDULE_INVALID'],
    ['--zone', 'Mars/Olympus', 'SCHEDULE_INVALID'],
    ['--url', 'ftp://example.org', 'USAGE'],
    ['--essential', 'perhaps', 'USAGE'],
  ] as const) {
    expect((await paperboy.run('source', 'set', 'changing', option, value)).stderr).toContain(code);
  }
  expect((await paperboy.run('source', 'set', 'changing')).stderr).toContain('nothing to change');
});

test('a source is paused and resumed, deleted without pages, archived with them', async () => {
  await add('leaving');
  expect(await paperboy.facts('source', 'pause', 'leaving')).toMatchObject([{ state: 'paused' }]);
  expect(await paperboy.facts('source', 'resume', 'leaving')).toMatchObject([{ state: 'active' }]);
  answer = (_request, response) => response.writeHead(404).end();
  await paperboy.run('source', 'fetch', 'leaving');
  expect(await paperboy.facts('source', 'remove', 'leaving')).toMatchObject([
    { removed: 'deleted' },
  ]);
  expect(await paperboy.query("select from source where name = 'leaving'")).toEqual([]);

  const refused = await paperboy.run('source', 'remove', 'listed');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--keep-papers');
  const papers = await paperboy.query('select from paper');
  expect(await paperboy.facts('source', 'remove', 'listed', '--keep-papers')).toMatchObject([
    { removed: 'archived', state: 'archived' },
  ]);
  expect(await paperboy.query('select from paper')).toHaveLength(papers.length);
  expect((await paperboy.run('source', 'fetch', 'listed')).stderr).toContain('was removed');
  expect((await paperboy.run('source', 'list')).stdout).toMatch(/^listed +archived /m);
});

test('a source without an address is fed, not fetched', async () => {
  await paperboy.run('source', 'add', 'by-hand');
  const { code, stderr } = await paperboy.run('source', 'fetch', 'by-hand');
  expect([code, stderr.includes('paperboy ingest')]).toEqual([2, true]);
});
