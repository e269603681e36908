import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { idOf } from '@paperboy/core';
import { expect } from 'vitest';
import { idleIngest, onBothServers, stopProcess, until } from './servers.ts';

const page = (id: number) => ({ listingPageId: idOf('listing-page', String(id)) });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

onBothServers((test) => {
  test('a job that runs at a stop is finished, and no further job is taken', async ({ server }) => {
    const queues = await server.open();
    const ended: string[] = [];
    let started = 0;
    const worker = queues.work(
      'ingest',
      {
        ...idleIngest,
        'record-page': async ({ listingPageId }, { signal }) => {
          started += 1;
          await pause(300);
          if (!signal.aborted) ended.push(listingPageId);
        },
      },
      { concurrency: 1 },
    );
    await queues.add('record-page', page(1));
    await queues.add('record-page', page(2));
    await until(() => started === 1);
    await Promise.all([worker.stop(), worker.stop()]);
    expect(ended).toEqual(['1']);
    await queues.add('record-page', page(3));
    await pause(150);
    expect(started).toBe(1);
    const [ingest] = await queues.queueCounts();
    expect(ingest).toMatchObject({ completed: 1, waiting: 2, active: 0 });
  });

  test('an idle worker stops at once', async ({ server }) => {
    const queues = await server.open();
    const worker = queues.work('ingest', idleIngest);
    await queues.add('record-page', page(1));
    await until(async () => (await queues.queueCounts())[0]?.completed === 1);
    const before = performance.now();
    await worker.stop();
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  test('a job that outlasts the grace time is aborted and runs again elsewhere as its first attempt', async ({
    server,
  }) => {
    const queues = await server.open();
    const attempts: number[] = [];
    let isSecond = false;
    const handlers = {
      ...idleIngest,
      'record-page': async (
        _payload: unknown,
        { attempt, signal }: { attempt: number; signal: AbortSignal },
      ) => {
        attempts.push(attempt);
        if (isSecond) return;
        await once(signal, 'abort');
        signal.throwIfAborted();
      },
    };
    const worker = queues.work('ingest', handlers, { graceMs: 100 });
    await queues.add('record-page', page(1), { jobKey: '1' });
    await until(() => attempts.length === 1);
    await worker.stop();
    expect((await queues.queueCounts())[0]).toMatchObject({ waiting: 1, active: 0, delayed: 0 });
    // It is the same job still: its key holds.
    await queues.add('record-page', page(1), { jobKey: '1' });
    isSecond = true;
    queues.work('ingest', handlers);
    await until(async () => (await queues.queueCounts())[0]?.completed === 1);
    expect(attempts).toEqual([1, 1]);
    expect((await queues.queueCounts())[0]).toMatchObject({ waiting: 0, failed: 0 });
  });

  test('a handler that ignores its signal does not hold up the stop, and keeps its job until it ends', async ({
    server,
  }) => {
    const [one, two] = await Promise.all([server.open(), server.open()]);
    const release = Promise.withResolvers<void>();
    let runs = 0;
    const handlers = {
      ...idleIngest,
      'record-page': () => {
        runs += 1;
        return release.promise;
      },
    };
    // A lock that a busy machine renews in time.
    const quick = { graceMs: 100, abortMs: 100, lockMs: 1_500, stalledCheckMs: 200 };
    const stuck = one.work('ingest', handlers, quick);
    const jobId = await one.add('record-page', page(1));
    await until(() => runs === 1);
    const before = performance.now();
    await stuck.stop();
    expect(performance.now() - before).toBeLessThan(1_000);
    two.work('ingest', handlers, quick);
    await pause(2_000);
    expect(await two.showJob(jobId)).toMatchObject({ state: 'active' });
    release.resolve();
    await until(async () => (await two.showJob(jobId)).state === 'completed');
    expect(runs).toBe(1);
  });

  test('the job of a killed process runs again in another, within the lock and one check', async ({
    server,
  }) => {
    const queues = await server.open();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'hanging-worker.ts'), server.url],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      const jobId = await queues.add('record-page', page(1));
      await once(child.stdout, 'data');
      await stopProcess(child, 'SIGKILL');
      const killedAt = Date.now();
      const attempts: number[] = [];
      queues.work(
        'ingest',
        {
          ...idleIngest,
          'record-page': async (_payload, { attempt }) => {
            attempts.push(attempt);
          },
        },
        { stalledCheckMs: 300 },
      );
      await until(() => attempts.length === 1);
      // The lock of 1 s, a check each 300 ms, and time for a busy machine.
      expect(Date.now() - killedAt).toBeLessThan(3_300);
      await until(async () => (await queues.showJob(jobId)).state === 'completed');
      expect(attempts).toEqual([1]);
    } finally {
      await stopProcess(child, 'SIGKILL');
    }
  });
});
