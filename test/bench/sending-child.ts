/**
 * The mailer alone in a process, as it runs in production, with the flags of run.mjs: what it delivers, how long that
 * takes and how much memory it held at most.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openStore } from '@paperboy/store';
import { environmentOf, flagsOf } from '../../infra/service-flags.mjs';
import { openBenchMailer } from './bench-mailer.ts';

export interface Sent {
  readonly accepted: number;
  readonly ms: number;
  /** Most memory of the process that was resident while it delivered. */
  readonly rssMiB: number;
}

/** What run.mjs starts a mailer alone with. */
const MAILER = ['--services', 'mailer'];

/**
 * What was compiled is kept for the next process, as between two starts. The first after a change compiles, and holds some
 * 15 MiB more for it.
 */
let compiled: Promise<unknown> | undefined;

/** Delivers everything that is due in a database from a process of its own. */
export async function sendFromChild(
  databaseUrl: string,
  smtpUrl: string,
  dkimKey: string,
): Promise<Sent> {
  compiled ??= once(forkMailer('loader'), 'exit');
  await compiled;
  const child = forkMailer('sender', databaseUrl, smtpUrl, dkimKey);
  const [sent]: Sent[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the sender ended: ${code}`))),
  ]);
  if (!sent) throw new Error('the sender said nothing');
  return sent;
}

function forkMailer(...args: readonly string[]): ChildProcess {
  const env = { ...process.env, ...environmentOf(MAILER) };
  return fork(import.meta.filename, args, { execArgv: flagsOf(MAILER), env });
}

if (process.argv[2] === 'loader') process.disconnect();
if (process.argv[2] === 'sender') {
  const [, , , url = '', smtpUrl = '', dkimKey = ''] = process.argv;
  const store = openStore({ url });
  const mailer = await openBenchMailer(store, smtpUrl, dkimKey);
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const looking = setInterval(look, 100);
  const start = performance.now();
  const { accepted } = await mailer.deliverDue();
  const ms = performance.now() - start;
  look();
  clearInterval(looking);
  process.send?.({ accepted, ms, rssMiB: most / 2 ** 20 } satisfies Sent);
  await mailer.close();
  await store.close();
  process.disconnect();
}
