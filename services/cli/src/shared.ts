import { PaperboyError } from '@paperboy/core';
import type { SignedLinks } from '@paperboy/email';
import type { JobDone, Queues } from '@paperboy/queue';
import {
  createLog,
  type Home,
  Lifecycle,
  type Log,
  openHome,
  openPostgres,
  readSettings,
  type Settings,
  type SharedPostgres,
} from '@paperboy/runtime';
import type { Db, Store } from '@paperboy/store';
import type { CliContext } from './context.ts';
import { namedFailure } from './database-failure.ts';
import { once } from './once.ts';

/** An installation as commands and services use it: opened once, closed in reverse. */
export interface Shared {
  readonly settings: Settings;
  readonly home: Home;
  readonly log: Log;
  readonly databaseUrl: string;
  /** The server of the data folder, where that is the one in use. */
  readonly postgres?: SharedPostgres;
  readonly store: Store;
  readonly db: Db;
  /** What runs in this process; stopped with it. */
  readonly lifecycle: Lifecycle;
  /** Aborted by Ctrl-C and by SIGTERM: long work looks at it between its steps. */
  readonly stopping: AbortSignal;
  /** Connects at the first use. */
  queues(): Promise<Queues>;
  /** Everything that is signed with this installation's secret. */
  links(): Promise<SignedLinks>;
}

export interface OpenOptions {
  /** Bring the database to this version, also one that is not ours alone. */
  readonly migrates?: boolean;
  /** Refuse to work on a database that lacks a migration; true when left out. */
  readonly checksMigrations?: boolean;
  /** Leave the tables as they are, whatever they are: for what works with any. */
  readonly leavesTables?: boolean;
  /** Claim the data folder for services. */
  readonly claims?: boolean;
  readonly log?: Log;
  /** Told of each run of a job in this process. */
  readonly onJobDone?: (done: JobDone) => void;
  /** Loads what `work` will need, while the database gets ready; a failure is met by whoever needs it. */
  readonly preload?: () => Promise<unknown>;
}

/** Opens the installation that the environment names, runs `work` on it and closes it; 0, or 1 if closing failed. */
export async function withShared(
  { env }: CliContext,
  work: (shared: Shared) => Promise<void>,
  options: OpenOptions = {},
): Promise<number> {
  const settings = readSettings(env);
  const log = options.log ?? commandLog(settings, env);
  const lifecycle = new Lifecycle(log);
  let failure: { readonly thrown: unknown } | undefined;
  try {
    await work(await open({ settings, log, lifecycle }, options));
  } catch (thrown) {
    failure = { thrown };
  }
  const code = await lifecycle.stop();
  if (failure) throw namedFailure(failure.thrown);
  return code;
}

/** A command tells what it does itself: its log is for warnings, unless a level is asked for. */
function commandLog({ logLevel, logFormat }: Settings, env: CliContext['env']): Log {
  return createLog({ level: env.LOG_LEVEL ? logLevel : 'warn', format: logFormat });
}

async function open(
  { settings, log, lifecycle }: Pick<Shared, 'settings' | 'log' | 'lifecycle'>,
  {
    migrates = false,
    checksMigrations = true,
    leavesTables = false,
    claims = false,
    onJobDone,
    preload,
  }: OpenOptions,
): Promise<Shared> {
  const home = openHome(settings.home);
  if (claims) {
    const release = home.claim();
    lifecycle.add({ name: 'home', stop: async () => release() });
  }
  const isEmbedded = settings.databaseUrl === 'embedded';
  const loadStore = once(() => import('@paperboy/store'));
  const meanwhile = once(() => Promise.allSettled([loadStore(), preload?.()]));
  const postgres = isEmbedded ? lifecycle.add(await openPostgres(home, log, meanwhile)) : undefined;
  const databaseUrl = postgres?.url ?? settings.databaseUrl;
  const { checkDatabase, migrate, openStore } = await loadStore();
  const store = openStore({
    url: databaseUrl,
    maxConnections: settings.databasePoolSize,
    onIdleError: ({ message }) => log.warn('postgres.connection-lost', { problem: message }),
  });
  lifecycle.add({ name: 'store', stop: () => store.close() });
  await checkDatabase(store);
  if (!leavesTables) {
    if (migrates || isEmbedded) await migrate(databaseUrl, store.pool);
    else if (checksMigrations) await refusePending(store);
  }

  // Before whoever uses them is started, so that they are closed after it, whenever they are opened.
  let close = async () => {};
  lifecycle.add({ name: 'queues', stop: () => close() });
  const queues = once(async () => {
    const { openQueues } = await import('@paperboy/queue');
    const { queueUrl } = settings;
    const opened = await openQueues({
      queueUrl,
      databaseUrl,
      log,
      ...(onJobDone && { onJobDone }),
    });
    close = () => opened.close();
    return opened;
  });
  const links = once(async () => {
    const { createLinks } = await import('@paperboy/email');
    return createLinks({
      secret: settings.secret || home.secret(),
      publicUrl: settings.publicUrl,
    });
  });
  const { stopping } = lifecycle;
  return {
    settings,
    home,
    log,
    databaseUrl,
    ...(postgres && { postgres }),
    store,
    db: store.db,
    lifecycle,
    stopping,
    queues,
    links,
  };
}

/** A database that others share is changed by `migrate` and `start` alone. */
async function refusePending({ pool }: Store): Promise<void> {
  const { pendingMigrations } = await import('@paperboy/store');
  const pending = await pendingMigrations(pool);
  if (pending.length === 0) return;
  throw new PaperboyError('MIGRATION_PENDING', `${pending.join(', ')} is not applied yet`);
}
