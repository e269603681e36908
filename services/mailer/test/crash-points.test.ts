import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DeathPoint } from './crash/dying.ts';
import {
  endOf,
  type Machine,
  machineIn,
  makeDue,
  makeReadyToSend,
  reckon,
  recover,
  startVictim,
} from './crash/rig.ts';
import { type SinkOptions, type SinkStep, startSink } from './crash/sink.ts';
import { clear, states } from './support.ts';
import { useRoom } from './use-room.ts';

const room = useRoom();

const READERS = 60;
const ALL_ONCE = { accepted: READERS, uncertain: 0, lost: 0, twice: 0, resentTwice: 0, strays: 0 };

/** Runs a test on a machine with a relay of its own. */
async function onMachine(
  work: (machine: Machine) => Promise<void>,
  options?: SinkOptions,
): Promise<void> {
  await clear(room);
  const sink = await startSink(options);
  try {
    await work(machineIn(room, sink));
  } finally {
    await sink.stop();
  }
}

// One conversation at a time, so that exactly one message can be in doubt, or none.

describe('a mailer killed by itself', { timeout: 120_000 }, () => {
  test.each<[DeathPoint, number, 0 | 1, 0 | 1]>([
    // point, the how manieth time, deliveries in doubt, copies of it
    ['claimed', 1, 0, 0],
    ['rendering', 1, 0, 0],
    ['staged', 1, 0, 0],
    ['unbegun', 7, 0, 0],
    ['begun', 7, 1, 0],
    ['answered', 7, 1, 1],
    ['journalled', 7, 0, 1],
    ['ended', 1, 0, 1],
  ])('at "%s" (%i) leaves %i in doubt', async (point, nth, doubtful, copies) => {
    await onMachine(async (machine) => {
      await makeReadyToSend(room, READERS);
      expect(await endOf(startVictim(machine, { point, nth }))).toBe('SIGKILL');
      await expectSettled(machine, doubtful, copies);
    });
  });

  test('in the transaction of the plan leaves nothing, and the next plan is the same', async () => {
    await onMachine(async (machine) => {
      const planAt = await makeDue(room, READERS);
      expect(await endOf(startVictim(machine, { point: 'planning', planAt }))).toBe('SIGKILL');
      expect(await states(room)).toEqual({});
      expect(await room.query('select from edition')).toEqual([]);
      expect(await endOf(startVictim(machine, { planAt, connections: 4 }))).toBe('exit 0');
      expect(await reckon(machine)).toEqual(ALL_ONCE);
    });
  });
});

describe('a mailer killed from outside', { timeout: 120_000 }, () => {
  test.each<[SinkStep, number, 0 | 1]>([
    ['mail', 1, 0],
    ['rcpt', 9, 0],
    ['data', 9, 0],
    ['dot', 9, 0],
    ['answer', 9, 1],
  ])('while the relay is at "%s" (%i) leaves one in doubt', async (step, nth, copies) => {
    let kill = () => {};
    const meet = (met: SinkStep, times: number) => {
      if (met !== step || times !== nth) return 'go';
      kill();
      return 'hang';
    };
    await onMachine(
      async (machine) => {
        await makeReadyToSend(room, READERS);
        const victim = startVictim(machine);
        kill = () => victim.kill('SIGKILL');
        expect(await endOf(victim)).toBe('SIGKILL');
        await expectSettled(machine, 1, copies);
      },
      { meet },
    );
  });
});

// There all of a message is under way with its first command, and may arrive although its sender is dead.

describe('a mailer killed where the relay counts bytes', { timeout: 120_000 }, () => {
  test('before it writes down the answer leaves one in doubt', async () => {
    await onCountingMachine(async (machine) => {
      await makeReadyToSend(room, READERS);
      expect(await endOf(startVictim(machine, { point: 'answered', nth: 7 }))).toBe('SIGKILL');
      await expectSettled(machine, 1, 1);
    });
  });

  test.each<[SinkStep, number, 'go' | 'hang', 0 | 1]>([
    ['mail', 1, 'hang', 0],
    ['mail', 1, 'go', 1],
    ['data', 9, 'hang', 0],
    ['dot', 9, 'hang', 0],
    ['answer', 9, 'hang', 1],
  ])('while that is at "%s" (%i), which then will %s, leaves one in doubt', async (...given) => {
    const [step, nth, move, copies] = given;
    let kill = () => {};
    const meet = (met: SinkStep, times: number) => {
      if (met !== step || times !== nth) return 'go';
      kill();
      return move;
    };
    await onCountingMachine(async (machine) => {
      await makeReadyToSend(room, READERS);
      const victim = startVictim(machine);
      kill = () => victim.kill('SIGKILL');
      expect(await endOf(victim)).toBe('SIGKILL');
      await expectSettled(machine, 1, copies);
    }, meet);
  });
});

/** The same with a relay that takes a message together with its commands, and seldom otherwise. */
async function onCountingMachine(
  work: (machine: Machine) => Promise<void>,
  meet?: SinkOptions['meet'],
): Promise<void> {
  await onMachine(
    async ({ sink, ...machine }) => {
      await work({ sink, ...machine });
      expect(sink.counted).toBeGreaterThan(0);
    },
    { offersChunking: () => true, ...(meet && { meet }) },
  );
}

/** First nothing is sent again, then what is in doubt is, once. */
async function expectSettled(machine: Machine, doubtful: 0 | 1, copies: 0 | 1): Promise<void> {
  await recover(machine, 'hold');
  const held = { ...ALL_ONCE, accepted: READERS - doubtful, uncertain: doubtful };
  expect(await reckon(machine)).toEqual(held);
  expect(machine.sink.copies.size).toBe(READERS - (doubtful && 1 - copies));
  await recover(machine, 'resend');
  expect(await reckon(machine)).toEqual({ ...ALL_ONCE, resentTwice: doubtful && copies });
  // Nothing is left lying on the machine.
  expect(readdirSync(machine.journals)).toEqual([]);
}
