import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueues, type Queues } from '@paperboy/queue';
import { silentLog, startPostgres } from '@paperboy/runtime';
import { migrate } from '@paperboy/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canRunRedis, startRedis, type TestRedis } from '../../../test/support/redis.ts';
import { type MailerService, openJournals, startMailer } from '../src/index.ts';
import {
  endOf,
  type Machine,
  machineIn,
  mailerOf,
  makeDue,
  makeReadyToSend,
  reckon,
  recover,
  startVictim,
} from './crash/rig.ts';
import { type Sink, type SinkMove, type SinkStep, startSink } from './crash/sink.ts';
import { links, mailSettings } from './mailer-of-tests.ts';
import { letTimePass, openRoom, roomOn, states, type TestRoom } from './support.ts';

const ONCE = { uncertain: 0, lost: 0, twice: 0, resentTwice: 0, strays: 0 };

let room: TestRoom;
let sink: Sink;
let machine: Machine;
let meet: (step: SinkStep, nth: number) => SinkMove;
beforeEach(async () => {
  room = await openRoom();
  meet = () => 'go';
  sink = await startSink({ meet: (step, nth) => meet(step, nth) });
  machine = machineIn(room, sink);
});
afterEach(async () => {
  await sink.stop();
  await room.close();
});

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 80_000; Date.now() < end; await sleep(50))
    if (await holds()) return;
  throw new Error('it never came to that');
}

const isDelivered = (digests: number) => async () => (await states(room)).accepted === digests;

/** The mailer as a service in this process. */
function serve(queues: Queues): Promise<MailerService> {
  const settings = { ...mailSettings, smtpUrl: sink.url };
  const journals = openJournals(machine.journals, { log: silentLog });
  const parts = { db: room.db, log: silentLog, links, settings, journals };
  return startMailer({ ...parts, queues, reconcileMs: 500 });
}

let redis: TestRedis | undefined;
beforeAll(async () => {
  if (canRunRedis()) redis = await startRedis();
});
afterAll(() => redis?.stop());

describe.each(['postgres', 'redis'] as const)('with the queue on %s', (backend) => {
  const queueUrl = () => (backend === 'redis' ? (redis?.url ?? '') : 'postgres');
  beforeEach(async ({ skip }) => {
    if (backend === 'redis' && !redis) skip('redis-server is not installed');
    if (backend === 'redis') await redis?.ask('FLUSHALL');
  });

  test.each([
    ['after the plan and before its jobs', 'planned'],
    ['after its results and before the end of its job', 'ended'],
  ] as const)(
    'a service killed %s leaves one copy of each digest',
    async (_, point) => {
      const planAt = await makeDue(room, 60);
      const orders = { queueUrl: queueUrl(), planAt, point, connections: 4 };
      expect(await endOf(startVictim(machine, orders))).toBe('SIGKILL');
      await letTimePass(room);
      const queues = await openQueues({
        queueUrl: queueUrl(),
        databaseUrl: room.url,
        log: silentLog,
      });
      const service = await serve(queues);
      await until(isDelivered(60));
      await service.stop();
      await queues.close();
      expect(await reckon(machine)).toEqual({ accepted: 60, ...ONCE });
    },
    90_000,
  );

  test('what the queue forgets in the middle of a run is back with the next look', async () => {
    await makeReadyToSend(room, 1_200);
    const queues = await openQueues({
      queueUrl: queueUrl(),
      databaseUrl: room.url,
      log: silentLog,
    });
    const service = await serve(queues);
    await until(() => sink.copies.size > 100);
    await forgetAll(backend);
    await until(isDelivered(1_200));
    await until(async () => (await queues.schedules()).length === 1);
    await service.stop();
    await queues.close();
    expect(await reckon(machine)).toEqual({ accepted: 1_200, ...ONCE });
  }, 90_000);
});

async function forgetAll(backend: 'postgres' | 'redis'): Promise<void> {
  if (backend === 'redis') {
    await redis?.ask('FLUSHALL');
    return;
  }
  const tables = await room.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname like 'bullmq%' and tablename not like '%migration%'`,
  );
  expect(tables.length).toBeGreaterThan(0);
  const names = tables.map(({ name }) => name).join(', ');
  // The workers lock the same tables in an order of their own: whoever empties them may have to ask again.
  for (;;) {
    try {
      await room.query(`truncate ${names} cascade`);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === '40P01')) throw error;
    }
  }
}

describe('SIGTERM with fifty messages under way', () => {
  const orders = { queueUrl: 'postgres', connections: 50 };

  test('lets them come to their end and gives back the rest', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<'go'>();
    let held = 0;
    meet = (step) => {
      if (step !== 'dot') return 'go';
      held += 1;
      return released;
    };
    await makeReadyToSend(room, 200);
    const victim = startVictim(machine, orders);
    await until(() => held === 50);
    victim.kill('SIGTERM');
    release('go');
    expect(await endOf(victim)).toBe('exit 0');
    const { sending = 0, accepted = 0, ready = 0 } = await states(room);
    expect({ sending, left: accepted + ready }).toEqual({ sending: 0, left: 200 });
    expect(accepted).toBeGreaterThanOrEqual(50);
    await recover(machine, 'hold');
    expect(await reckon(machine)).toEqual({ accepted: 200, ...ONCE });
  }, 60_000);

  test('breaks them off when no answer comes, and says that they are in doubt', async () => {
    let held = 0;
    meet = (step) => {
      if (step !== 'dot') return 'go';
      held += 1;
      return 'hang';
    };
    await makeReadyToSend(room, 200);
    const victim = startVictim(machine, orders);
    await until(() => held === 50);
    victim.kill('SIGTERM');
    expect(await endOf(victim)).toBe('exit 0');
    expect(await states(room)).toEqual({ ready: 150, uncertain: 50 });
    meet = () => 'go';
    await recover(machine, 'resend');
    expect(await reckon(machine)).toEqual({ accepted: 200, ...ONCE });
  }, 60_000);
});

test('eight mailers at once claim nothing twice', async () => {
  await makeReadyToSend(room, 400);
  const stores = Array.from({ length: 8 }, () => roomOn(room.url));
  const mailers = await Promise.all(
    stores.map((store) => mailerOf({ ...machine, room: store }, { connections: 2 })),
  );
  const reports = await Promise.all(mailers.map((mailer) => mailer.deliverDue({ limit: 20 })));
  await Promise.all(mailers.map((mailer) => mailer.close()));
  await Promise.all(stores.map((store) => store.close()));
  expect(await reckon(machine)).toEqual({ accepted: 400, ...ONCE });
  expect(reports.reduce((sum, { claimed }) => sum + claimed, 0)).toBe(400);
}, 60_000);

test('a database that is started anew in the middle of a run loses no answer', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'paperboy-restarted-'));
  const first = await startPostgres({ dir, fsync: false });
  await migrate(first.url);
  const other = roomOn(first.url);
  let second: Awaited<ReturnType<typeof startPostgres>> | undefined;
  try {
    await makeReadyToSend(other, 400);
    let restarting: Promise<void> | undefined;
    const restart = async () => {
      await first.stop();
      second = await startPostgres({ dir, fsync: false });
    };
    meet = (step, nth) => {
      if (step === 'dot' && nth === 100) restarting = restart();
      return 'go';
    };
    const elsewhere = { ...machine, room: other };
    const mailer = await mailerOf(elsewhere);
    // Composing and claiming fail at once; what was answered is kept and written later.
    await mailer.deliverDue().catch(() => {});
    await restarting;
    await mailer.close();
    await recover(elsewhere, 'hold');
    expect(await reckon(elsewhere)).toEqual({ accepted: 400, ...ONCE });
  } finally {
    await other.close();
    await (second ?? first).stop();
    rmSync(dir, { recursive: true, force: true });
  }
}, 90_000);
