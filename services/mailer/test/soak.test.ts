import { expect, test } from 'vitest';
import { soak } from './crash/soak.ts';
import { openRoom } from './support.ts';

/** Another one is tried with PAPERBOY_TEST_SEED; the title tells which one ran. */
const SEED = Number(process.env.PAPERBOY_TEST_SEED ?? 20_260_311);
const KILLS = 20;

test(`after ${KILLS} kills at random points nothing is lost, and twice only what was uncertain (seed ${SEED})`, async () => {
  const room = await openRoom();
  try {
    const result = await soak(room, { kills: KILLS, seed: SEED });
    const { kills, digests, accepted, uncertain, lost, twice, strays } = result;
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect({ lost, twice, strays, settled: accepted + uncertain }).toEqual({
      ...{ lost: 0, twice: 0, strays: 0 },
      settled: digests,
    });
    // Both ways of handing a message over had their part.
    expect(result.killsCounting).toBeGreaterThan(KILLS / 4);
    expect(result.killsCounting).toBeLessThan(kills * 0.75);
    expect(result.counted).toBeGreaterThan(digests / 10);
    // Twice in doubt is rare; were it common, this would say nothing.
    expect(accepted).toBeGreaterThan(digests * 0.9);
  } finally {
    await room.close();
  }
}, 600_000);
