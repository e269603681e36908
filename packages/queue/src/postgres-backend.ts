import { PaperboyError } from '@paperboy/core';
import { createPostgresBackend, Queue, runMigrations, Worker } from 'bullmq';
import pg from 'pg';
import { ANSWER_MS, problemIn, type QueueBackend, unavailable, within } from './backend.ts';
import { repeatStrategy } from './cron.ts';

const SCHEMA = 'bullmq';

/**
 * The queues in Postgres, beside our own tables. Left to itself each BullMQ object opens a pool and a
 * listener of its own, 30 connections for four objects; here all share one pool.
 */
export async function openPostgres(url: string): Promise<QueueBackend> {
  const pool = openPool(url);
  try {
    await migrate(url, pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const settings = { repeatStrategy };
  return {
    queue: (name) => new Queue(name, { connection: pool, settings }, createPostgresBackend),
    worker: (name, work, options) => {
      // A worker keeps one connection listening, and each of its jobs may be in a command. Only a
      // ceiling: the pool opens what is used.
      pool.options.max += 1 + (options.concurrency ?? 1);
      return new Worker(
        name,
        work,
        { ...options, connection: pool, settings },
        createPostgresBackend,
      );
    },
    changingSchedules: oneAtATime((change) => underLock(pool, change)),
    close: async () => {
      // Ends when the last borrowed connection is back; a job that outlived its worker may hold one.
      await within(ANSWER_MS, pool.end());
    },
  };
}

/** Creates or updates BullMQ's tables (5 ms when there is nothing to do). Safe from several processes at once. */
export async function migratePostgres(url: string): Promise<void> {
  const pool = openPool(url);
  try {
    await migrate(url, pool);
  } finally {
    await pool.end();
  }
}

/** Any number; nothing else takes advisory locks on it. */
const SCHEDULES_LOCK = 7_203_340;

/** BullMQ's upserts of one scheduler wait for each other in circles: ten at once end in "deadlock detected". */
async function underLock<T>(pool: pg.Pool, change: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [SCHEDULES_LOCK]);
    return await change();
  } finally {
    // A connection that broke meanwhile has let go of the lock by itself.
    await client.query('commit').catch(() => {});
    client.release();
  }
}

/** Here they queue up, as each one under way holds a connection while its commands need others. */
function oneAtATime(run: QueueBackend['changingSchedules']): QueueBackend['changingSchedules'] {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const next = last.then(() => run(change));
    last = next.catch(() => {});
    return next;
  };
}

async function migrate(url: string, pool: pg.Pool): Promise<void> {
  const client = await pool.connect().catch((error: unknown) => {
    throw unavailable(url, error);
  });
  try {
    await runMigrations(client, SCHEMA);
  } catch (cause) {
    const detail = `the queue's tables in schema ${SCHEMA}: ${problemIn(cause)}`;
    throw new PaperboyError('MIGRATION_FAILED', detail, { cause });
  } finally {
    client.release();
  }
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withSearchPath(url),
    max: 4,
    keepAlive: true,
    connectionTimeoutMillis: ANSWER_MS,
  });
  // BullMQ reconnects by itself and reports on its queues and workers; without a listener a dropped
  // idle connection would end the process. Each queue and worker adds one of its own.
  pool.on('error', () => {});
  // The pool does not listen for a client that is in use: one that breaks between two queries would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.setMaxListeners(0);
  return pool;
}

/** BullMQ ignores its schema option on a pool that it did not open, so the URL carries the schema, beside other options. */
function withSearchPath(url: string): string {
  const target = new URL(url);
  const options = target.searchParams.get('options');
  target.searchParams.set('options', `${options ?? ''} -c search_path=${SCHEMA}`.trim());
  return target.href;
}
