import { openQueues } from '@paperboy/queue';
import { silentLog } from '@paperboy/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRoom, type Room } from './support/paperboy-process.ts';
import { canRunRedis, startRedis, type TestRedis } from './support/redis.ts';
import { askHome, countRows, type Query } from './support/rows.ts';

/** What every first start comes to, whatever holds its jobs; start.test.ts has the same for Postgres. */
const SUMMARY = {
  ...{ pages: 5, entries: 370, new: 259, recurring: 111, subscribers: 8 },
  ...{ digests: 33, delivered: 33, failed: 0, uncertain: 0 },
};
const ROWS = { listing_page: 5, appearance: 370, paper: 259, delivery: 33, inbox_message: 33 };

describe.skipIf(!canRunRedis())('with the jobs in Redis (needs redis-server)', () => {
  let redis: TestRedis;
  let room: Room;
  beforeAll(async () => {
    redis = await startRedis();
    room = await makeRoom({ QUEUE_URL: redis.url });
  });
  afterAll(async () => {
    const left = room.processes();
    room.remove();
    await redis.stop();
    expect(left).toEqual([]);
  });

  // In the order of a life: each test goes on from what the ones before it left.

  let summary: unknown;

  test('a first start killed between two pages, and Redis emptied: the next comes to the same as on Postgres', async () => {
    const start = room.spawn('start', '--once', '--json');
    await start.printed('2026-03-14');
    await start.kill();
    expect(await redis.ask('DBSIZE')).toMatch(/^:[1-9]/);
    expect(await redis.ask('FLUSHALL')).toBe('+OK');
    summary = await startOnce(room);
    expect(summary).toMatchObject(SUMMARY);
    expect(await redis.ask('DBSIZE')).toMatch(/^:[1-9]/);
    await askHome(room.home, async (query) => {
      expect(await countRows(query)).toMatchObject(ROWS);
      expect(await mailedTwice(query)).toEqual([]);
      expect(await queueSchemas(query)).toEqual([]);
    });
  });

  test('the schedule that FLUSHALL took is back with the next start; times of sources never leave Postgres', async () => {
    // Tests ask nobody: this address is refused before anything is sent.
    await askHome(room.home, (query) =>
      query(`update source set url = 'http://127.0.0.1:9/' where url is not null`),
    );
    await runLive(room);
    expect(await schedulesIn(redis)).toEqual(['plan-editions']);
    expect(await redis.ask('FLUSHALL')).toBe('+OK');
    expect(await schedulesIn(redis)).toEqual([]);
    await runLive(room);
    expect(await schedulesIn(redis)).toEqual(['plan-editions']);
    await askHome(room.home, async (query) => {
      expect(await unplannedSources(query)).toEqual([]);
      // Beside it: the start uses the server that runs.
      expect(await startOnce(room)).toEqual(summary);
      expect(await countRows(query)).toMatchObject(ROWS);
      expect(await mailedTwice(query)).toEqual([]);
    });
  });
});

/** `start --once`, which has to end well without a word on stderr; its summary. */
async function startOnce(room: Room): Promise<unknown> {
  const { code, stdout, stderr } = await room.run('start', '--once', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** Runs all services until they work by the clock, and ends them as a terminal would. */
async function runLive(room: Room): Promise<void> {
  const start = room.spawn('start');
  await start.printed('Running web, ingest, mailer.');
  start.child.kill('SIGINT');
  expect((await start.ended).code).toBe(0);
}

/** Sources with a schedule of which nobody has said when they are asked. */
async function unplannedSources(query: Query) {
  const sources = await query(
    `select name, next_ask_at from source left join source_health on source_id = id
     where state = 'active' and cron is not null and url is not null`,
  );
  expect(sources.length).toBeGreaterThan(0);
  return sources.filter((source) => source.next_ask_at === null);
}

async function schedulesIn(redis: TestRedis): Promise<string[]> {
  const queues = await openQueues({ queueUrl: redis.url, databaseUrl: '', log: silentLog });
  try {
    return (await queues.schedules()).map(({ key }) => key).sort();
  } finally {
    await queues.close();
  }
}

/** Schemas of the database other than ours: BullMQ makes one where Postgres holds the jobs. */
function queueSchemas(query: Query) {
  return query(`select nspname from pg_namespace where nspname ~ 'bull'`);
}

/** Digests of which more than one message came, and messages of no digest. */
function mailedTwice(query: Query) {
  return query(`
    select inbox_message.message_id, count(*) from inbox_message
    left join delivery on delivery.message_id = inbox_message.message_id
    group by inbox_message.message_id, delivery.id having count(*) > 1 or delivery.id is null`);
}
