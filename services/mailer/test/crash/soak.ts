import { setTimeout as sleep } from 'node:timers/promises';
import type { TestRoom } from '../support.ts';
import { letTimePass } from '../support.ts';
import { DEATH_POINTS, type DeathPoint } from './dying.ts';
import {
  endOf,
  machineIn,
  makeReadyToSend,
  type Reckoning,
  reckon,
  recover,
  startVictim,
} from './rig.ts';
import { type SinkMove, type SinkStep, startSink } from './sink.ts';

export interface SoakOptions {
  readonly kills: number;
  readonly seed: number;
  /** Ends the killing before its time; what is left is settled and counted all the same. */
  readonly signal?: AbortSignal;
  readonly onRound?: (told: { kills: number; digests: number; copies: number }) => void;
}

export interface SoakResult extends Reckoning {
  readonly kills: number;
  /** Those of them in rounds in which the relay counted bytes (CHUNKING). */
  readonly killsCounting: number;
  readonly digests: number;
  /** Messages that the relay was given by BDAT. */
  readonly counted: number;
  /** Mailers that gave up by themselves, as when a starved machine lets nobody connect: one more way to die. */
  readonly gaveUp: number;
}

const READERS = 120;
const SINK_STEPS: readonly SinkStep[] = ['mail', 'rcpt', 'data', 'dot', 'answer'];
/** Points of handing over. The plan is the parent's, and has a test of its own. */
const POINTS = DEATH_POINTS.filter((point) => point !== 'planning' && point !== 'planned');

/**
 * Kills mailers at random points until there were so many kills: two at a time on one machine, each day's digests on
 * top of what the killed ones left. The next ones settle that by themselves; leases lapse in between. In every other round
 * the relay takes messages with their commands (CHUNKING); the seed tells in which.
 */
export async function soak(
  room: TestRoom,
  { kills, seed, signal, onRound }: SoakOptions,
): Promise<SoakResult> {
  const random = mulberry32(seed);
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const pick = <Item>(items: readonly Item[]): Item => items[upTo(items.length) - 1] as Item;
  let meet: (step: SinkStep) => SinkMove = () => 'go';
  let isCounting = false;
  const sink = await startSink({ meet: (step) => meet(step), offersChunking: () => isCounting });
  const machine = machineIn(room, sink);
  let killed = 0;
  let killsCounting = 0;
  let gaveUp = 0;
  let round = 0;
  try {
    for (; killed < kills && !signal?.aborted; round++) {
      meet = () => 'go';
      isCounting = (round + seed) % 2 === 0;
      await makeReadyToSend(room, round === 0 ? READERS : 0, dayOf(round));
      const byItself = startVictim(machine, {
        connections: upTo(8),
        reconciles: true,
        point: pick<DeathPoint>(POINTS),
        nth: upTo(30),
      });
      const fromOutside = startVictim(machine, { connections: upTo(8), reconciles: true });
      const [step, nth, delayMs] = [pick(SINK_STEPS), upTo(40), upTo(200)];
      let met = 0;
      const kill = () => void fromOutside.kill('SIGKILL');
      const isTimed = random() < 0.5;
      meet = (at) => {
        if (at !== step || ++met !== nth) return 'go';
        if (isTimed) sleep(delayMs).then(kill);
        else kill();
        return 'go';
      };
      const ends = await Promise.all([endOf(byItself), endOf(fromOutside)]);
      const died = ends.filter((end) => end === 'SIGKILL').length;
      killed += died;
      if (isCounting) killsCounting += died;
      gaveUp += ends.filter((end) => end === 'exit 1').length;
      const strange = ends.find((end) => !['SIGKILL', 'exit 0', 'exit 1'].includes(end));
      if (strange) throw new Error(`a mailer ended with ${strange} in round ${round}`);
      // More of them would be a fault of the mailer's.
      if (gaveUp > 2 + killed / 20) throw new Error(`${gaveUp} mailers gave up by themselves`);
      await letTimePass(room);
      onRound?.({ kills: killed, digests: (round + 1) * READERS, copies: sink.copies.size });
    }
    meet = () => 'go';
    await recover(machine, 'resend');
    const { counted } = sink;
    const told = { kills: killed, killsCounting, digests: round * READERS, counted, gaveUp };
    return { ...told, ...(await reckon(machine)) };
  } finally {
    await sink.stop();
  }
}

function dayOf(round: number): string {
  return new Date(Date.UTC(2126, 2, 2 + round)).toISOString().slice(0, 10);
}

/** Tommy Ettinger's 32-bit generator: the same kills for the same seed, as far as the machine's pace allows. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
