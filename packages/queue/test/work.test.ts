import { idOf, PaperboyError } from '@paperboy/core';
import { expect, test } from 'vitest';
import type { Handlers, JobDone } from '../src/index.ts';
import { idleIngest, type LogLine, onBothServers, recordingLog, until } from './servers.ts';

const source = (id: number) => ({ sourceId: idOf('source', String(id)) });
const page = (id: number) => ({ listingPageId: idOf('listing-page', String(id)) });

onBothServers((test) => {
  test('a payload reaches its handler, and nothing of what the handler returns is kept', async ({
    server,
  }) => {
    const queues = await server.open();
    const seen: unknown[] = [];
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async (payload, { jobId, attempt, signal }) => {
        seen.push({ payload, jobId, attempt, aborted: signal.aborted });
        return { body: 'a whole page' };
      },
    });
    const jobId = await queues.add('fetch-page', source(12));
    await until(() => seen.length === 1);
    expect(seen).toEqual([{ payload: { sourceId: '12' }, jobId, attempt: 1, aborted: false }]);
    await until(async () => (await queues.showJob(jobId)).state === 'completed');
    const raw = await queues.boards()[0]?.getJob(jobId.slice('ingest/'.length));
    expect(raw?.returnvalue ?? null).toBeNull();
  });

  test('a job that fails is tried again after its backoff, and each run is reported', async ({
    server,
  }) => {
    const done: JobDone[] = [];
    const lines: LogLine[] = [];
    const queues = await server.open({
      onJobDone: (run) => done.push(run),
      log: recordingLog(lines),
    });
    const runs: { attempt: number; at: number }[] = [];
    queues.work('ingest', {
      ...idleIngest,
      'record-page': async (_payload, { attempt }) => {
        runs.push({ attempt, at: Date.now() });
        if (attempt === 1) throw new Error('deadlock detected');
      },
    });
    const jobId = await queues.add('record-page', page(3));
    await until(() => done.length === 2);
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect((runs[1]?.at ?? 0) - (runs[0]?.at ?? 0)).toBeGreaterThan(700);
    expect(done.map(({ queue, job, outcome }) => [queue, job, outcome])).toEqual([
      ['ingest', 'record-page', 'retrying'],
      ['ingest', 'record-page', 'completed'],
    ]);
    expect(lines.find(({ event }) => event === 'job.retrying')?.fields).toMatchObject({
      queue: 'ingest',
      job: 'record-page',
      jobId,
      code: 'INTERNAL',
      reason: 'INTERNAL: deadlock detected',
    });
  });

  test('an error that no retry can help fails the job at once and keeps its code', async ({
    server,
  }) => {
    const done: JobDone[] = [];
    const queues = await server.open({ onJobDone: (run) => done.push(run) });
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async () => {
        throw new PaperboyError('PAGE_FORBIDDEN', '10.0.0.1 is a private address');
      },
    });
    const jobId = await queues.add('fetch-page', source(1));
    await until(() => done.length === 1);
    expect(done[0]).toMatchObject({ outcome: 'failed' });
    expect(await queues.showJob(jobId)).toMatchObject({
      state: 'failed',
      attempt: 1,
      attempts: 4,
      code: 'PAGE_FORBIDDEN',
      failedReason: 'PAGE_FORBIDDEN: 10.0.0.1 is a private address',
    });
  });

  test('two workers in two processes do each job once, though one of them stops half-way', async ({
    server,
  }) => {
    const [one, two] = await Promise.all([server.open(), server.open()]);
    const seen: string[] = [];
    const handlers: Handlers<'ingest'> = {
      ...idleIngest,
      'match-papers': async ({ listingPageId }) => {
        seen.push(listingPageId);
      },
    };
    const ids = Array.from({ length: 400 }, (_, i) => i + 1);
    await one.addMany(
      'match-papers',
      ids.map((id) => ({ payload: page(id) })),
    );
    const first = one.work('ingest', handlers, { concurrency: 5 });
    two.work('ingest', handlers, { concurrency: 5 });
    await until(() => seen.length > 50);
    await first.stop();
    await until(() => seen.length >= ids.length);
    expect(seen.map(Number).sort((a, b) => a - b)).toEqual(ids);
    await until(async () => (await two.queueCounts())[0]?.completed === ids.length);
    expect((await two.queueCounts())[0]).toMatchObject({ waiting: 0, active: 0, failed: 0 });
  });

  test('a key keeps a second job out while the first waits, runs or is to be retried, and no longer', async ({
    server,
  }) => {
    const queues = await server.open();
    const jobKey = '7';
    const added = await Promise.all(
      Array.from({ length: 5 }, () => queues.add('record-page', page(7), { jobKey })),
    );
    expect(new Set(added).size).toBe(1);
    // The same key for another job is another key.
    await queues.add('match-papers', page(7), { jobKey });
    expect((await queues.queueCounts())[0]?.waiting).toBe(2);

    const attempts: number[] = [];
    queues.work('ingest', {
      ...idleIngest,
      'record-page': async (_payload, { attempt }) => {
        attempts.push(attempt);
        if (attempt === 1) throw new Error('lock timeout');
      },
    });
    await until(async () => (await queues.queueCounts())[0]?.delayed === 1);
    expect(await queues.add('record-page', page(7), { jobKey })).toBe(added[0]);
    await until(async () => (await queues.queueCounts())[0]?.completed === 2);
    expect(await queues.add('record-page', page(7), { jobKey })).not.toBe(added[0]);
    await until(() => attempts.length === 4);
    expect(attempts).toEqual([1, 2, 1, 2]);
  });

  test('work asked for under a key while it runs is done once more after it, however often asked', async ({
    server,
  }) => {
    const queues = await server.open();
    const runs: { jobId: string; startedAt: number; endedAt: number }[] = [];
    let isRunning = false;
    const { promise: wasAsked, resolve: haveAsked } = Promise.withResolvers<void>();
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async (_payload, { jobId }) => {
        const startedAt = Date.now();
        isRunning = true;
        // The handler itself may ask, such as for a later try.
        if (runs.length === 0)
          await queues.add('fetch-page', source(9), { jobKey: '9', delayMs: 200 });
        await wasAsked;
        runs.push({ jobId, startedAt, endedAt: Date.now() });
      },
    });
    const first = await queues.add('fetch-page', source(9), { jobKey: '9' });
    await until(() => isRunning);
    await Promise.all(
      [1, 2].map(() => queues.add('fetch-page', source(9), { jobKey: '9', delayMs: 200 })),
    );
    haveAsked();
    await until(() => runs.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(runs).toHaveLength(2);
    expect(runs[0]?.jobId).toBe(first);
    expect(runs[1]?.startedAt).toBeGreaterThanOrEqual(runs[0]?.endedAt ?? 0);
    expect(await queues.showJob(runs[1]?.jobId ?? '')).toMatchObject({
      state: 'completed',
      payload: { sourceId: '9' },
      attempts: 4,
    });
  });

  test('a key is free again after its job failed for good, and many are added under keys in one go', async ({
    server,
  }) => {
    const queues = await server.open();
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async () => {
        throw new PaperboyError('PAGE_FORBIDDEN', 'loopback');
      },
    });
    const additions = [1, 1, 2].map((id) => ({ payload: source(id), jobKey: String(id) }));
    const added = await queues.addMany('fetch-page', additions);
    expect(new Set(added).size).toBe(2);
    await until(async () => (await queues.queueCounts())[0]?.failed === 2);
    expect(added).not.toContain(await queues.add('fetch-page', source(1), { jobKey: '1' }));
  });

  test('a delayed job waits for its time', async ({ server }) => {
    const queues = await server.open();
    let ranAt = 0;
    queues.work('ingest', {
      ...idleIngest,
      'fetch-page': async () => {
        ranAt = Date.now();
      },
    });
    const addedAt = Date.now();
    await queues.add('fetch-page', source(1), { delayMs: 400 });
    await until(() => ranAt > 0);
    expect(ranAt - addedAt).toBeGreaterThanOrEqual(390);
    expect(ranAt - addedAt).toBeLessThan(2_000);
  });

  test("a payload that is not the job's is refused when it is added", async ({ server }) => {
    const queues = await server.open();
    // @ts-expect-error an id is no plain text
    const badId = queues.add('fetch-page', { sourceId: 'arxiv' });
    await expect(badId).rejects.toMatchObject({ code: 'JOB_INVALID' });
    const withAddress = { ...source(1), address: 'ada@example.com' };
    await expect(queues.add('fetch-page', withAddress)).rejects.toMatchObject({
      code: 'JOB_INVALID',
    });
    const badKey = queues.add('fetch-page', source(1), { jobKey: 'a key' });
    await expect(badKey).rejects.toMatchObject({ code: 'JOB_INVALID' });
    expect((await queues.queueCounts())[0]).toMatchObject({ waiting: 0 });
  });

  test('what another version or a person put into the queue is refused when it is taken', async ({
    server,
  }) => {
    const queues = await server.open();
    const raw = queues.boards().find(({ name }) => name === 'ingest');
    const called: unknown[] = [];
    const note = async (payload: unknown) => called.push(payload);
    queues.work('ingest', { ...idleIngest, 'fetch-page': note });
    await raw?.add('fetch-page', { sourceId: '1', address: 'ada@example.com' }, { attempts: 5 });
    await raw?.add('summarise-paper', { paperId: '1' }, { attempts: 5 });
    await until(async () => (await queues.queueCounts())[0]?.failed === 2);
    const failed = await queues.listJobs('ingest', 'failed');
    expect(failed.map(({ code }) => code)).toEqual(['JOB_INVALID', 'JOB_INVALID']);
    expect(failed.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(called).toEqual([]);
  });
});

test('a queue is not worked without a handler for each of its jobs', () => {
  // @ts-expect-error match-papers is missing
  const handlers: Handlers<'ingest'> = {
    'fetch-page': async () => {},
    'record-page': async () => {},
  };
  expect(Object.keys(handlers)).not.toContain('match-papers');
});
