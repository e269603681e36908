import { idOf, PaperboyError } from '@paperboy/core';
import { expect } from 'vitest';
import { idleIngest, onBothServers, until } from './servers.ts';

const source = (id: number) => ({ sourceId: idOf('source', String(id)) });
const edition = (id: number) => ({ editionId: idOf('edition', String(id)) });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

onBothServers((test) => {
  test('counts and lists show each job in its state, the newest first', async ({ server }) => {
    const queues = await server.open();
    const before = Date.now();
    const ids = [
      await queues.add('deliver-batch', edition(1)),
      await queues.add('deliver-batch', edition(2)),
      await queues.add('plan-editions', {}, { delayMs: 60_000 }),
    ];
    await queues.add('fetch-page', source(1));
    expect(await queues.queueCounts()).toMatchObject([
      { queue: 'ingest', waiting: 1, delayed: 0, paused: false },
      { queue: 'mailer', waiting: 2, delayed: 1, active: 0, failed: 0, completed: 0 },
    ]);
    const waiting = await queues.listJobs('mailer', 'waiting');
    expect(waiting.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect(await queues.listJobs('mailer', 'waiting', { limit: 1 })).toHaveLength(1);
    expect(waiting[0]).toMatchObject({
      queue: 'mailer',
      job: 'deliver-batch',
      payload: { editionId: '2' },
      state: 'waiting',
      attempt: 0,
      attempts: 5,
      failedReason: undefined,
      code: undefined,
      ranAt: undefined,
      tookMs: undefined,
    });
    expect(Math.abs((waiting[0]?.addedAt.getTime() ?? 0) - before)).toBeLessThan(2_000);
    expect(await queues.showJob(ids[2] ?? '')).toMatchObject({
      state: 'delayed',
      job: 'plan-editions',
    });
  });

  test('failed jobs are tried again when asked, one or all, with all their attempts', async ({
    server,
  }) => {
    const queues = await server.open();
    let isBroken = true;
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async () => {
        await pause(5);
        if (isBroken) throw new PaperboyError('PAGE_FORBIDDEN', 'loopback');
      },
    });
    const additions = Array.from({ length: 120 }, (_, i) => ({ payload: source(i + 1) }));
    const ids = await queues.addMany('fetch-page', additions);
    await until(async () => (await queues.queueCounts())[0]?.failed === ids.length);
    const failed = await queues.showJob(ids[0] ?? '');
    expect(failed).toMatchObject({ state: 'failed', attempt: 1, code: 'PAGE_FORBIDDEN' });
    expect(failed.tookMs).toBeGreaterThanOrEqual(3);

    isBroken = false;
    await queues.retryJob(ids[0] ?? '');
    await until(async () => (await queues.showJob(ids[0] ?? '')).state === 'completed');
    await expect(queues.retryJob(ids[0] ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await queues.retryFailed('ingest')).toBe(ids.length - 1);
    await until(async () => (await queues.queueCounts())[0]?.completed === ids.length);
    expect(await queues.retryFailed('ingest')).toBe(0);
  });

  test('a paused queue gives out nothing until it is resumed', async ({ server }) => {
    const queues = await server.open();
    let runs = 0;
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async () => {
        runs += 1;
      },
    });
    await queues.pause('ingest');
    await queues.add('fetch-page', source(1));
    await pause(200);
    expect(runs).toBe(0);
    expect(await queues.queueCounts()).toMatchObject([
      { paused: true, waiting: 1 },
      { paused: false, waiting: 0 },
    ]);
    expect(await queues.listJobs('ingest', 'waiting')).toHaveLength(1);
    await queues.resume('ingest');
    await until(() => runs === 1);
  });

  test('a drained queue keeps its schedules and frees its keys', async ({ server }) => {
    const queues = await server.open();
    await queues.upsertSchedule({
      key: 'plan',
      job: 'plan-editions',
      payload: {},
      cron: '0 8 * * *',
      zone: 'UTC',
    });
    const first = await queues.add('deliver-batch', edition(1), { jobKey: '1' });
    await queues.add('deliver-batch', edition(2), { delayMs: 60_000, jobKey: '2' });
    await queues.pause('mailer');
    expect(await queues.drain('mailer')).toBe(2);
    await queues.resume('mailer');
    expect((await queues.schedules()).map(({ key }) => key)).toEqual(['plan']);
    expect(await queues.listJobs('mailer', 'delayed')).toHaveLength(1);
    await expect(queues.showJob(first)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await queues.add('deliver-batch', edition(1), { jobKey: '1' });
    expect(await queues.listJobs('mailer', 'waiting')).toHaveLength(1);
  });

  // A Redis counts the connections of all its databases: no other test works this queue.
  test('each connected worker is counted', async ({ server }) => {
    const [one, two] = await Promise.all([server.open(), server.open()]);
    const nothing = async () => {};
    const idleMailer = {
      'plan-editions': nothing,
      'deliver-batch': nothing,
      'send-confirmations': nothing,
      'plan-first-digest': nothing,
    };
    one.work('mailer', idleMailer);
    const second = two.work('mailer', idleMailer);
    const workers = async () => (await one.queueCounts())[1]?.workers;
    await until(async () => (await workers()) === 2);
    await second.stop();
    await until(async () => (await workers()) === 1);
  });

  test('an id that no job has is not found', async ({ server }) => {
    const queues = await server.open();
    for (const id of ['12', 'ingest/', 'ingest/404', 'elsewhere/1', '']) {
      await expect(queues.showJob(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(queues.retryJob(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('bull-board is given both queues', async ({ server }) => {
    const queues = await server.open();
    expect(queues.boards().map(({ name }) => name)).toEqual(['ingest', 'mailer']);
  });
});
