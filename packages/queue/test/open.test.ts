import { once } from 'node:events';
import { createServer } from 'node:net';
import { idOf } from '@paperboy/core';
import { expect, inject, test } from 'vitest';
import { createDatabase } from '../../../test/support/database.ts';
import { migrateQueue, openQueues } from '../src/index.ts';
import { canRunRedis, type LogLine, recordingLog, startRedis } from './servers.ts';

const failure = (queueUrl: string) =>
  openQueues({ queueUrl, databaseUrl: queueUrl, log: recordingLog([]) }).then(
    () => 'opened',
    (error: unknown) => error,
  );

test.concurrent.each(['postgres', 'redis', 'rediss'])(
  'nobody at a %s address is one sentence, at once',
  async (scheme) => {
    const before = performance.now();
    expect(await failure(`${scheme}://ada:secret@127.0.0.1:1/papers`)).toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      message: `QUEUE_UNAVAILABLE: ${scheme} at 127.0.0.1:1/papers does not answer (ECONNREFUSED)`,
    });
    expect(performance.now() - before).toBeLessThan(2_000);
  },
);

test.concurrent('a server that accepts and says nothing is given up after five seconds', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const before = performance.now();
  const failures = await Promise.all(
    ['postgres', 'redis'].map((scheme) => failure(`${scheme}://127.0.0.1:${port}/0`)),
  );
  silent.close();
  expect(failures).toMatchObject([{ code: 'QUEUE_UNAVAILABLE' }, { code: 'QUEUE_UNAVAILABLE' }]);
  expect(performance.now() - before).toBeLessThan(6_500);
});

test.concurrent('a refused login says why, without the password', async () => {
  const url = new URL(inject('postgresUrl'));
  url.password = 'wrong-secret';
  const error = await failure(url.href);
  expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  expect(String(error)).toContain('password authentication failed');
  expect(String(error)).not.toContain('wrong-secret');
});

test.concurrent('an address of another kind is a wrong setting', async () => {
  expect(await failure('amqp://127.0.0.1')).toMatchObject({ code: 'SETTING_INVALID' });
  expect(await failure('127.0.0.1:6379')).toMatchObject({ code: 'SETTING_INVALID' });
});

test.concurrent('the queue may share the database, is migrated once, and opens again with its jobs', async () => {
  const database = await createDatabase();
  try {
    const databaseUrl = database.url;
    const settings = { queueUrl: 'postgres', databaseUrl, log: recordingLog([]) };
    await Promise.all([migrateQueue(settings), migrateQueue(settings), migrateQueue(settings)]);
    const first = await openQueues(settings);
    const jobId = await first.add('fetch-page', { sourceId: idOf('source', '1') });
    await first.close();
    // Options of the URL's own stay in force beside ours.
    const withOptions = {
      ...settings,
      databaseUrl: `${databaseUrl}?options=-c%20statement_timeout=9000`,
    };
    const second = await openQueues(withOptions);
    expect(await second.showJob(jobId)).toMatchObject({ state: 'waiting' });
    await second.close();
  } finally {
    await database.drop();
  }
});

test
  .skipIf(!canRunRedis())
  .concurrent('a Redis that may drop jobs is warned of (needs redis-server)', async () => {
    const redis = await startRedis('allkeys-lru');
    try {
      const lines: LogLine[] = [];
      const queues = await openQueues({
        queueUrl: redis.url,
        databaseUrl: redis.url,
        log: recordingLog(lines),
      });
      await queues.close();
      expect(lines).toMatchObject([{ event: 'queue.evicts', fields: { policy: 'allkeys-lru' } }]);
    } finally {
      await redis.stop();
    }
  });

test
  .skipIf(!canRunRedis())
  .concurrent(
    'while Redis is down an addition fails within seconds (needs redis-server)',
    async () => {
      const redis = await startRedis();
      const queues = await openQueues({
        queueUrl: redis.url,
        databaseUrl: redis.url,
        log: recordingLog([]),
      });
      await redis.stop();
      const before = performance.now();
      const addition = queues.add('fetch-page', { sourceId: idOf('source', '1') });
      await expect(addition).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
      expect(performance.now() - before).toBeLessThan(6_000);
      await queues.close();
    },
  );
