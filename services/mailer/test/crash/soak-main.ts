/**
 * `npm run soak -- --kills 500 --seed 7`: kills mailers at random points, on a database of its own. Ctrl-C ends it with
 * the round, and what came of it is told all the same.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '@paperboy/runtime';
import { migrate } from '@paperboy/store';
import { roomOn } from '../support.ts';
import { soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const dir = mkdtempSync(join(tmpdir(), 'paperboy-soak-'));
const server = await startPostgres({ dir, fsync: false });
try {
  await migrate(server.url);
  const room = roomOn(server.url);
  const begun = performance.now();
  const result = await soak(room, {
    kills: Number(values.kills),
    seed,
    signal: stop.signal,
    onRound: ({ kills, digests, copies }) => {
      process.stdout.write(`\r${kills} kills   ${digests} digests planned   ${copies} arrived   `);
    },
  });
  await room.close();
  const { kills, killsCounting, digests, counted, gaveUp } = result;
  const { accepted, uncertain, lost, twice, resentTwice, strays } = result;
  const seconds = Math.round((performance.now() - begun) / 1_000);
  console.log(`\n${kills} kills, ${digests} digests, seed ${seed}, ${seconds} s`);
  console.log(
    `${killsCounting} kills where the relay offered CHUNKING, ${counted} messages by BDAT`,
  );
  console.log(`${gaveUp} mailers gave up by themselves`);
  console.log(
    `${accepted} accepted, ${uncertain} uncertain, ${resentTwice} arrived twice as resent`,
  );
  console.log(`${lost} lost, ${twice} twice, ${strays} strays`);
  if (lost + twice + strays > 0) process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
