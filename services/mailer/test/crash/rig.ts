import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceId } from '@paperboy/core';
import { silentLog } from '@paperboy/runtime';
import { type Mailer, openJournals } from '../../src/index.ts';
import { mailerOn, mailSettings } from '../mailer-of-tests.ts';
import { addCrowd, letTimePass, plan, recordPage, sourceOf, type TestRoom } from '../support.ts';
import type { Sink } from './sink.ts';
import type { VictimOrders } from './victim.ts';

/** A machine with an installation on it: what is on its disk, and the relay it sends to. */
export interface Machine {
  readonly room: TestRoom;
  readonly sink: Pick<Sink, 'url' | 'copies' | 'counted'>;
  /** The folder of its journals. */
  readonly journals: string;
}

export function machineIn(room: TestRoom, sink: Machine['sink']): Machine {
  return { room, sink, journals: mkdtempSync(join(tmpdir(), 'paperboy-journals-')) };
}

/** In a far year, so that a service that plans by the clock finds nobody due. */
const FIRST_DAY = '2126-03-02';

/** Has digests for so many new readers to plan at 8 on a day; gives that hour. */
export async function makeDue(room: TestRoom, readers: number, day = FIRST_DAY): Promise<string> {
  const [known] = await room.query<{ id: SourceId }>('select id from source');
  const sourceId = known?.id ?? (await sourceOf(room));
  if (readers > 0) await addCrowd(room, readers, `${FIRST_DAY}T00:00:00Z`);
  await recordPage(room, { sourceId, day, papers: [`flow of ${day}`] });
  return `${day}T08:00:00Z`;
}

/** The same, planned. */
export async function makeReadyToSend(
  room: TestRoom,
  readers: number,
  day = FIRST_DAY,
): Promise<void> {
  await plan(room, await makeDue(room, readers, day));
}

const VICTIM = join(import.meta.dirname, 'victim.ts');

/** Starts a mailer that can be killed. */
export function startVictim(
  { room, sink, journals }: Machine,
  orders: Partial<VictimOrders> = {},
): ChildProcess {
  const all: VictimOrders = {
    databaseUrl: room.url,
    smtpUrl: sink.url,
    journals,
    connections: 1,
    ...orders,
  };
  return spawn(process.execPath, [VICTIM, JSON.stringify(all)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // Most of a victim's short life would go into reading the same modules again.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'paperboy-victims') },
  });
}

/** How a process ended: by a signal, or by itself with a code. */
export async function endOf(victim: ChildProcess): Promise<string> {
  if (victim.exitCode !== null || victim.signalCode !== null) {
    return victim.signalCode ?? `exit ${victim.exitCode}`;
  }
  const [code, signal] = await once(victim, 'exit');
  return signal ?? `exit ${code}`;
}

/** A mailer on the same machine, in this process. */
export function mailerOf(
  { room, sink, journals }: Machine,
  over: { uncertainPolicy?: 'resend' | 'hold'; connections?: number } = {},
): Promise<Mailer> {
  const { uncertainPolicy = 'hold', connections = 4 } = over;
  return mailerOn(room, {
    journals: openJournals(journals, { log: silentLog }),
    settings: {
      ...mailSettings,
      smtpUrl: sink.url,
      uncertainPolicy,
      smtpConnections: connections,
    },
  });
}

/** Lets the leases of the dead lapse, settles what they left, and delivers until nothing is to do. */
export async function recover(machine: Machine, uncertainPolicy: 'resend' | 'hold'): Promise<void> {
  const mailer = await mailerOf(machine, { uncertainPolicy });
  try {
    for (let idle = 0; idle < 2; ) {
      await letTimePass(machine.room);
      const settled = await mailer.reconcile();
      const sent = await mailer.deliverDue();
      const isIdle = sent.claimed + Object.values(settled).reduce((sum, n) => sum + n, 0) === 0;
      idle = isIdle ? idle + 1 : 0;
    }
  } finally {
    await mailer.close();
  }
}

/** What came of everything that was owed. */
export interface Reckoning {
  readonly accepted: number;
  readonly uncertain: number;
  /** Neither sent nor uncertain, or accepted without a copy. */
  readonly lost: number;
  /** More copies than one, of digests that were never uncertain and sent once more. */
  readonly twice: number;
  /** More copies than one, of digests that were. */
  readonly resentTwice: number;
  /** Copies that no delivery tells of, or more than two of one. */
  readonly strays: number;
}

/** Holds the ledger against what the relay took. */
export async function reckon({ room, sink }: Machine): Promise<Reckoning> {
  const rows = await room.query<{ id: string | null; state: string; resent: boolean }>(
    `select message_id as id, state, resent_at is not null as resent from delivery`,
  );
  const copiesOf = (id: string | null) => (id === null ? 0 : (sink.copies.get(id) ?? 0));
  const count = (holds: (row: (typeof rows)[number], copies: number) => boolean) =>
    rows.filter((row) => holds(row, copiesOf(row.id))).length;
  const known = new Set(rows.map(({ id }) => id));
  const strays = [...sink.copies].filter(([id, copies]) => !known.has(id) || copies > 2).length;
  return {
    accepted: count(({ state }) => state === 'accepted'),
    uncertain: count(({ state }) => state === 'uncertain'),
    lost: count(
      ({ state }, copies) =>
        !['accepted', 'uncertain'].includes(state) || (state === 'accepted' && copies === 0),
    ),
    twice: count(({ resent }, copies) => copies > 1 && !resent),
    resentTwice: count(({ resent }, copies) => copies > 1 && resent),
    strays,
  };
}
