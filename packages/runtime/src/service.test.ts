import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Health } from './health.ts';
import { type Log, silentLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { Lifecycle, runUntilSignal } from './service.ts';

function recorder() {
  const stopped: string[] = [];
  const service = (name: string, takesMs = 0) => ({
    name,
    async stop() {
      await sleep(takesMs);
      stopped.push(name);
    },
  });
  return { stopped, service };
}

test('services stop one after the other, the last started first', async () => {
  const { stopped, service } = recorder();
  const running = runUntilSignal(
    [service('postgres'), service('queue', 20), service('web')],
    silentLog,
  );
  process.emit('SIGTERM', 'SIGTERM');
  expect(await running).toBe(0);
  expect(stopped).toEqual(['web', 'queue', 'postgres']);
});

test('repeated signals do not disturb a stop, and no listener is left behind', async () => {
  const before = process.listenerCount('SIGINT');
  const { stopped, service } = recorder();
  const running = runUntilSignal([service('web', 30)], silentLog);
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGINT'] as const)
    process.emit(signal, signal);
  expect(await running).toBe(0);
  expect(stopped).toEqual(['web']);
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('a signal during the start stops what was started so far', async () => {
  const { stopped, service } = recorder();
  const lifecycle = new Lifecycle(silentLog);
  lifecycle.add(service('postgres'));
  process.emit('SIGHUP', 'SIGHUP');
  expect(lifecycle.stopping.aborted).toBe(true);
  expect(await lifecycle.untilStopped()).toBe(0);
  expect(stopped).toEqual(['postgres']);
});

test('a service that fails or hangs is named, the others still stop, and the exit code is 1', async () => {
  const stuck: unknown[] = [];
  const log: Log = { ...silentLog, error: (_, fields) => void stuck.push(fields?.service) };
  const { stopped, service } = recorder();
  const lifecycle = new Lifecycle(log, { stopTimeoutMs: 30 });
  lifecycle.add(service('postgres'));
  lifecycle.add({ name: 'hangs', stop: () => new Promise(() => {}) });
  lifecycle.add({ name: 'fails', stop: () => Promise.reject(new Error('no')) });
  expect(await lifecycle.stop()).toBe(1);
  expect(stuck).toEqual(['fails', 'hangs']);
  expect(stopped).toEqual(['postgres']);
});

test('health runs all checks at once and says which failed, and why', async () => {
  const report = await new Health()
    .add('database', () => Promise.resolve())
    .add('queue', () => Promise.reject(new Error('no answer from redis://ada:pw@cache')))
    .add('relay', () => new Promise(() => {}), 20)
    .report();
  expect(report.ok).toBe(false);
  expect(report.checks.database?.ok).toBe(true);
  expect(report.checks.queue?.detail).toBe('no answer from redis://***@cache');
  expect(report.checks.relay?.detail).toBe('no answer in 20 ms');
});

test('metrics render what was counted', async () => {
  const metrics = await createMetrics();
  metrics.countPage('new-batch');
  metrics.countPapers('new', 47);
  metrics.countJob('ingest', 'record-page', 'done', 38);
  metrics.countDeliveries('accepted', 3);
  metrics.setQueueDepth('mail', 'waiting', 2);
  const open = { due: 27, sending: 0, uncertain: 1 };
  metrics.setMail({ isSending: true, relay: 'closed', restingDomains: 0, open });
  metrics.setMail({ isSending: true, relay: 'held', restingDomains: 2, open });
  metrics.observeRequest('GET', '/papers/:id', 200, 4);
  const text = await metrics.render();
  for (const line of [
    'paperboy_pages_total{verdict="new-batch"} 1',
    'paperboy_papers_total{recurrence="new"} 47',
    'paperboy_job_seconds_count{queue="ingest",job="record-page",outcome="done"} 1',
    'paperboy_deliveries_total{state="accepted"} 3',
    'paperboy_queue_jobs{queue="mail",state="waiting"} 2',
    'paperboy_sending 1',
    'paperboy_relay{state="held"} 1',
    'paperboy_relay{state="closed"} 0',
    'paperboy_resting_domains 2',
    'paperboy_deliveries_open{state="due"} 27',
    'paperboy_deliveries_open{state="uncertain"} 1',
    'paperboy_http_request_seconds_sum{method="GET",route="/papers/:id",status="200"} 0.004',
  ]) {
    expect(text).toContain(line);
  }
});
