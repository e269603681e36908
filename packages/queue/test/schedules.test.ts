import { idOf } from '@paperboy/core';
import { expect } from 'vitest';
import { idleIngest, onBothServers, until } from './servers.ts';

const source = (id: number) => ({ sourceId: idOf('source', String(id)) });
const EVERY_SECOND = '* * * * * *';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

onBothServers((test) => {
  test('a schedule runs its job at its times, moved by its jitter, with the payload', async ({
    server,
  }) => {
    const queues = await server.open();
    const runs: { sourceId: string; at: number }[] = [];
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async ({ sourceId }) => {
        runs.push({ sourceId, at: Date.now() });
      },
    });
    const first = await queues.upsertSchedule({
      key: 'fetch-source-5',
      job: 'fetch-page',
      payload: source(5),
      cron: EVERY_SECOND,
      zone: 'Europe/Berlin',
      jitterMs: 800,
    });
    const offsetMs = first.getTime() % 1_000;
    expect(offsetMs).toBeGreaterThan(0);
    expect(offsetMs).toBeLessThan(800);
    await until(() => runs.length === 2);
    expect(new Set(runs.map(({ sourceId }) => sourceId))).toEqual(new Set(['5']));
    // A busy machine runs one or the other late, but not each.
    const lateMs = runs.map(({ at }) => (at - offsetMs) % 1_000);
    expect(Math.min(...lateMs)).toBeLessThan(500);
    const [view] = await queues.schedules();
    expect(view).toMatchObject({
      key: 'fetch-source-5',
      queue: 'ingest',
      job: 'fetch-page',
      offsetMs,
    });
    expect(view).toMatchObject({
      payload: { sourceId: '5' },
      cron: EVERY_SECOND,
      zone: 'Europe/Berlin',
    });
    expect((view?.nextRunAt?.getTime() ?? 0) % 1_000).toBe(offsetMs);
  });

  test('a daily time is read in its zone', async ({ server }) => {
    const queues = await server.open();
    const daily = { job: 'fetch-page', payload: source(1), cron: '0 8 * * *' } as const;
    const tokyo = await queues.upsertSchedule({ ...daily, key: 'tokyo', zone: 'Asia/Tokyo' });
    const utc = await queues.upsertSchedule({ ...daily, key: 'utc', zone: 'UTC' });
    expect(tokyo.toISOString()).toMatch(/T23:00:00\.000Z$/);
    expect(utc.toISOString()).toMatch(/T08:00:00\.000Z$/);
    const keys = (await queues.schedules()).map(({ key }) => key);
    expect(keys).toEqual(tokyo < utc ? ['tokyo', 'utc'] : ['utc', 'tokyo']);
  });

  test('ten upserts at once from two processes stay one schedule with one job', async ({
    server,
  }) => {
    const [one, two] = await Promise.all([server.open(), server.open()]);
    const schedule = {
      key: 'plan',
      job: 'plan-editions',
      payload: {},
      cron: '*/5 * * * *',
      zone: 'UTC',
    } as const;
    const runs = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : two).upsertSchedule(schedule)),
    );
    expect(new Set(runs.map(Number)).size).toBe(1);
    expect(await one.schedules()).toHaveLength(1);
    expect(await one.listJobs('mailer', 'delayed')).toHaveLength(1);

    const earlier = await two.upsertSchedule({ ...schedule, cron: '* * * * *' });
    expect((await one.schedules()).map(({ cron }) => cron)).toEqual(['* * * * *']);
    expect(await one.listJobs('mailer', 'delayed')).toHaveLength(1);
    expect(earlier.getTime()).toBeLessThanOrEqual(Number(runs[0]));
  });

  test('an upsert that repeats what stands does not skip a run that is due', async ({ server }) => {
    const queues = await server.open();
    const schedule = {
      key: 'fetch-source-1',
      job: 'fetch-page',
      payload: source(1),
      cron: EVERY_SECOND,
      zone: 'UTC',
    } as const;
    const due = await queues.upsertSchedule(schedule);
    await pause(due.getTime() - Date.now() + 100);
    expect(await queues.upsertSchedule(schedule)).toEqual(due);
    const jobs: string[] = [];
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async (_payload, { jobId }) => {
        jobs.push(jobId);
      },
    });
    await until(() => jobs.length > 0);
    expect(jobs[0]).toBe(`ingest/repeat:fetch-source-1:${due.getTime()}`);
  });

  test('a removed schedule runs no more', async ({ server }) => {
    const queues = await server.open();
    let runs = 0;
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async () => {
        runs += 1;
      },
    });
    const schedule = {
      job: 'fetch-page',
      payload: source(1),
      cron: EVERY_SECOND,
      zone: 'UTC',
    } as const;
    await queues.upsertSchedule({ ...schedule, key: 'gone' });
    await until(() => runs === 1);
    expect(await queues.removeSchedule('gone')).toBe(true);
    expect(await queues.removeSchedule('gone')).toBe(false);
    const ranBefore = runs;
    await pause(1_200);
    expect(runs).toBeLessThanOrEqual(ranBefore + 1);
    expect(await queues.schedules()).toEqual([]);
    expect(await queues.listJobs('ingest', 'delayed')).toEqual([]);
  });

  test('a schedule that cannot run is refused and leaves nothing', async ({ server }) => {
    const queues = await server.open();
    const schedule = {
      key: 'bad',
      job: 'fetch-page',
      payload: source(1),
      cron: '0 8 * * *',
      zone: 'UTC',
    } as const;
    const bad = [
      { ...schedule, cron: 'at eight' },
      { ...schedule, zone: 'Mars/Olympus' },
      { ...schedule, key: 'a:b:c:d:e' },
    ];
    const codes = await Promise.all(
      bad.map((one) => queues.upsertSchedule(one).catch((error: unknown) => error)),
    );
    expect(codes).toMatchObject([
      { code: 'SCHEDULE_INVALID' },
      { code: 'SCHEDULE_INVALID' },
      { code: 'JOB_INVALID' },
    ]);
    expect(await queues.schedules()).toEqual([]);
  });
});
