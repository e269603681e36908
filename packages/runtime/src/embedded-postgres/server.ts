import { chmodSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inHome } from '../home.ts';
import { type Log, silentLog } from '../log.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../process-identity.ts';
import { askServer, serverUrl } from './ask-server.ts';
import {
  type Cluster,
  clusterIn,
  failure,
  isMade,
  launch,
  logSince,
  makeCluster,
  openLog,
  readState,
  writeState,
} from './cluster.ts';
import { findBinaries } from './find-binaries.ts';
import { chooseRunAs, giveTo, isMapped, type RunAs } from './run-as.ts';
import { findRunning, type RunningServer, stopServer } from './running-server.ts';

export interface PostgresOptions {
  /** Folder for the database and its log; made if it is missing. */
  readonly dir: string;
  readonly log?: Log;
  /** `false` trades all safety for speed: for tests alone. */
  readonly fsync?: boolean;
  /** Called while PostgreSQL makes its files or gets ready: the time to load what will work on it. */
  readonly onWaiting?: () => void;
}

export interface PostgresServer {
  /** With the password; never logged. */
  readonly url: string;
  /** It ran already and was taken over. */
  readonly adopted: boolean;
  /** Whether its process is there. One that has ended does not come back by itself, a slow one may answer yet. */
  isRunning(): boolean;
  /** Stops the server, also an adopted one. Close all connections first. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL of a folder, or takes over the one that still runs there. The
 * caller sees to it that no other process does the same at the same time, as `openPostgres` does.
 * POSTGRES_UNAVAILABLE, POSTGRES_VERSION, POSTGRES_ROOT or DISK_FULL.
 */
export async function startPostgres({
  dir,
  log = silentLog,
  fsync = true,
  onWaiting = () => {},
}: PostgresOptions): Promise<PostgresServer> {
  const start = performance.now();
  const cluster = clusterIn(realpathSync(clusterIn(dir).dir));
  const running = isMade(cluster) ? await findRunning(cluster) : undefined;
  const server = running ?? (await startCluster(cluster, fsync, onWaiting));
  const adopted = running !== undefined;
  const ms = Math.round(performance.now() - start);
  log.debug(adopted ? 'postgres.adopted' : 'postgres.started', { port: server.port, ms });
  return {
    url: serverUrl(server.port, readState(cluster)?.password ?? ''),
    adopted,
    isRunning: () => isRunning(server.process),
    stop: () => stopServer(cluster, server.process),
  };
}

async function startCluster(
  cluster: Cluster,
  fsync: boolean,
  onWaiting: () => void,
): Promise<RunningServer> {
  const binaries = await findBinaries();
  let isGuess = isMade(cluster) && readState(cluster)?.isMapped === true;
  let runAs = chooseRunAs(binaries, cluster.dir, isGuess);
  if (!isMade(cluster)) {
    const made = makeCluster(cluster, runAs, fsync);
    onWaiting();
    await made;
  }
  handOver(cluster, runAs);
  const lastPort = readState(cluster)?.port ?? 0;
  // Between finding a free port and the server's taking it, another program may.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? lastPort : 0);
    const since = openLog(cluster);
    const starting = startOn(port, cluster, runAs, fsync);
    onWaiting();
    const outcome = await starting;
    if (outcome.kind === 'ready') return { process: outcome.process, port };
    // The child of a parent that was killed a moment ago may have been faster.
    const rival = await findRunning(cluster);
    if (rival !== undefined) return rival;
    // The folder may have come to a machine where root cannot do what it could.
    const found = isGuess ? chooseRunAs(binaries, cluster.dir) : runAs;
    isGuess = false;
    if (isMapped(found) !== isMapped(runAs)) {
      runAs = found;
      handOver(cluster, runAs);
      continue;
    }
    const portTaken = logSince(cluster, since).includes('could not create any TCP/IP sockets');
    if (!portTaken || attempt === 5) throw failure(cluster, since, outcome.what, outcome.error);
  }
}

function handOver(cluster: Cluster, { owner }: RunAs): void {
  inHome(cluster.dir, () => {
    giveTo(owner, cluster.dataDir);
    // PostgreSQL insists on it, and a folder brought back from a copy often lost it.
    chmodSync(cluster.dataDir, 0o700);
  });
}

type StartOutcome =
  | { readonly kind: 'ready'; readonly process: ProcessIdentity }
  | { readonly kind: 'failed'; readonly what: string; readonly error?: Error };

const READY_TIMEOUT_MS = 30_000;

/** Repairs after a crash; a server that says so is making progress. */
const RECOVERY_TIMEOUT_MS = 600_000;

async function startOn(
  port: number,
  cluster: Cluster,
  runAs: RunAs,
  fsync: boolean,
): Promise<StartOutcome> {
  const password = readState(cluster)?.password ?? '';
  inHome(cluster.dir, () => writeState(cluster, { password, port, isMapped: isMapped(runAs) }));
  const { child, failed } = launch(cluster, runAs, runAs.binaries.postgres, [
    ...['-D', cluster.dataDir, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
    // Two servers with the same port would collide in the default socket folder.
    ...['-c', 'unix_socket_directories='],
    // The default takes the disk to be a spinning one: a page's keys were looked up by reading whole tables.
    ...['-c', 'random_page_cost=1.1'],
    ...(fsync ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off']),
  ]);
  child.unref();
  const start = performance.now();
  for (let limitMs = READY_TIMEOUT_MS; performance.now() - start < limitMs; await sleep(10)) {
    const server = child.pid === undefined ? undefined : identityOf(child.pid);
    if (server === undefined)
      return { kind: 'failed', what: 'the server did not start', error: failed() };
    const answer = await askServer(port, password, cluster.dataDir);
    // A moment may lie between the look and the answer: only a living child is the one that answered.
    if (answer === 'ours' && isRunning(server)) return { kind: 'ready', process: server };
    if (answer === 'busy') limitMs = RECOVERY_TIMEOUT_MS;
  }
  child.kill('SIGQUIT');
  return { kind: 'failed', what: 'the server does not answer' };
}

/** The wanted port if nobody listens there, else any free one. 0 wants any. */
async function freePort(wanted: number): Promise<number> {
  const listener = createServer();
  const listening = await new Promise<boolean>((resolve) => {
    listener.once('error', () => resolve(false));
    listener.listen({ host: '127.0.0.1', port: wanted }, () => resolve(true));
  });
  if (!listening) return freePort(0);
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : wanted;
}
