import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeRoom, type Room } from './support/paperboy-process.ts';
import { askHome } from './support/rows.ts';

/** Another one is tried with PAPERBOY_TEST_SEED; the title tells which one ran. */
const SEED = Number(process.env.PAPERBOY_TEST_SEED ?? 20_260_311);

/** Pages printed before the moment, and then a wait: the moments fall where the work is, however fast the machine. */
const moments = momentsFrom(SEED, 5);

/** Killed at one moment after the other, each start going on from what the one before it left; the last one ends. */
test.each([moments.slice(0, 3), moments.slice(3)].map((kills) => [told(kills), kills] as const))(
  `killed %s (seed ${SEED}), the next start ends in the same rows and one mail each`,
  async (_, kills) => {
    const room = await makeRoom();
    try {
      for (const { pages, delayMs, victims } of kills) {
        const start = room.spawn('start', '--once', '--json');
        await start.printed(...PAGES.slice(pages));
        await sleep(delayMs);
        await start.kill();
        if (victims === 'with its database') killDatabase(room);
      }
      const { code, stdout, stderr } = await room.run('start', '--once', '--json');
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: expect.not.stringMatching(/"level":"error"/),
      });
      expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
        ...{ pages: 5, entries: 370, new: 259, recurring: 111, subscribers: 8 },
        ...{ digests: 33, delivered: 33, failed: 0, uncertain: 0 },
      });
      await expectOneMailEach(room);
      expect(room.processes()).toEqual([]);
    } finally {
      for (const line of room.processes()) killPid(Number.parseInt(line, 10));
      room.remove();
    }
  },
);

/** What stdout holds once so many pages are printed, or more: a start goes on without those of the one before it. */
const PAGES = ['', '2026-03-11', '2026-03-14', '2026-06-05', '2026-07-30'];

function told(kills: readonly Moment[]): string {
  return kills
    .map(({ pages, delayMs, victims }) => `after ${pages} pages and ${delayMs} ms ${victims}`)
    .join(', then ');
}

async function expectOneMailEach(room: Room): Promise<void> {
  await askHome(room.home, async (query) => {
    const mails = await query(`
      select count(*)::int as mails, count(distinct (edition_id, subscriber_id))::int as owed,
        count(*) filter (where delivery.state <> 'accepted')::int as open
      from delivery full join inbox_message on inbox_message.message_id = delivery.message_id`);
    expect(mails).toEqual([{ mails: 33, owed: 33, open: 0 }]);
    const strays = await query(`
      select from delivery full join inbox_message on inbox_message.message_id = delivery.message_id
        join subscriber on subscriber.id = subscriber_id
      where delivery.id is null or inbox_message.id is null or recipients <> array[address]`);
    expect(strays).toEqual([]);
    const [rows] = await query(`
      select (select count(*)::int from paper) as papers, (select count(*)::int from appearance) as appearances,
        (select count(*)::int from listing_page) as pages, (select count(ready_no)::int from listing_page) as ready`);
    expect(rows).toEqual({ papers: 259, appearances: 370, pages: 5, ready: 5 });
  });
}

/** The server of the room and its children, as when the power fails. */
function killDatabase(room: Room): void {
  for (const line of room.processes()) killPid(Number.parseInt(line, 10));
}

function killPid(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its parent.
  }
}

interface Moment {
  readonly pages: number;
  readonly delayMs: number;
  readonly victims: 'alone' | 'with its database';
}

function momentsFrom(seed: number, count: number): Moment[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, pages) => ({
    pages,
    // Before the first page lies the making of the database.
    delayMs: Math.floor(random() * (pages === 0 ? 2_500 : 500)),
    victims: pages % 2 === 1 ? 'with its database' : 'alone',
  }));
}

/** Tommy Ettinger's 32-bit generator: the same moments for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
