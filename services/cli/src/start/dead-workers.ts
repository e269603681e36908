import { setTimeout as sleep } from 'node:timers/promises';
import { pidExists } from '@paperboy/runtime';
import { countBusySessions, lapseLeases, leaseOwners } from '@paperboy/store';
import type { Shared } from '../shared.ts';

/** Longest wait for statements that a killed process left running in the server. */
const SETTLE_MS = 5_000;

/**
 * After a crash: ends the leases of mailers that ran on this machine and do no more, which would lapse by themselves
 * only later. Only with the embedded database, as only then every mailer was a process of this machine.
 */
export async function settleDeadWorkers({ db, settings }: Shared): Promise<void> {
  if (settings.databaseUrl !== 'embedded') return;
  const dead = (await leaseOwners(db)).filter((owner) => isGone(Number.parseInt(owner, 10)));
  if (dead.length === 0) return;
  // What a dead inbox was still writing down must be visible before anybody asks what it accepted.
  const end = performance.now() + SETTLE_MS;
  while ((await countBusySessions(db)) > 0 && performance.now() < end) await sleep(50);
  await lapseLeases(db, dead);
}

/** A process with our own number is one before us. */
function isGone(pid: number): boolean {
  return pid === process.pid || !pidExists(pid);
}
