import { hash } from 'node:crypto';
import type { Entry, Listing, SourceId, SourceOutcome } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import {
  addSource,
  claimAsk,
  planAsk,
  type SourceDeclaration,
  sourceHealth,
  storePage,
} from '@paperboy/store';
import { describe, expect, test } from 'vitest';
import { announceAlerts, recordReading } from '../src/index.ts';
import { settleUnread } from '../src/settle-source.ts';
import { entry, listing } from './support.ts';
import { useBench } from './use-bench.ts';

const bench = useBench({ isRenewed: true });

const HOUR = 3600_000;
/** What a source answers at a moment. */
type World = (at: Date) => Listing | 'blocked' | 'failed';
interface Look {
  /** UTC, to the minute. */
  readonly at: string;
  readonly outcome: SourceOutcome | null;
}

const addLive = async (more: Partial<SourceDeclaration> = {}) => {
  const source = { name: 'live', title: 'Live', url: 'https://papers.example/', ...more };
  return (await addSource(bench.store.db, source)).id;
};
const healthOf = async (source: SourceId) => {
  const health = await sourceHealth(bench.store.db, source);
  if (!health) throw new Error('the source was never asked');
  return health;
};

/** Lives through a time as the service would: asks the source whenever it is due, and tells how it stood after each. */
async function live(source: SourceId, world: World, from: string, to: string): Promise<Look[]> {
  const { db } = bench.store;
  const looks: Look[] = [];
  let now = new Date(from);
  await planAsk(db, source, { at: now, why: 'for the first time' });
  for (;;) {
    const { nextAskAt } = await healthOf(source);
    if (!nextAskAt) return looks;
    if (nextAskAt > now) now = nextAskAt;
    if (now > new Date(to)) return looks;
    expect(await claimAsk(db, source, { now, leaseMs: HOUR })).toBe(true);
    await look(source, world(now), now);
    looks.push({ at: now.toISOString().slice(0, 16), outcome: (await healthOf(source)).outcome });
  }
}

async function look(sourceId: SourceId, seen: ReturnType<World>, at: Date): Promise<void> {
  const { db } = bench.store;
  if (typeof seen === 'string') {
    await settleUnread(db, sourceId, { kind: seen, at, detail: seen, retry: true }, {});
    return;
  }
  const contentHash = hash('sha256', JSON.stringify(seen), 'buffer');
  const page = { sourceId, contentHash, body: Buffer.alloc(0), bodyBytes: 0, seenAt: at };
  const address = 'https://papers.example/';
  const { listingPageId, fresh } = await storePage(db, { ...page, address });
  if (!fresh) {
    await settleUnread(db, sourceId, { kind: 'unchanged', at, listingPageId }, {});
    return;
  }
  await recordReading(db, { listingPageId, sourceId, seenAt: at, isLive: true }, seen);
}

const entries = (name: string, count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => entry(`${name}: paper number ${index} of its list`));
function undated(list: readonly Entry[], more: Partial<Listing> = {}): Listing {
  const { date: _, ...page } = listing(1, list, more);
  return page;
}
const day = (at: Date) => at.toISOString().slice(0, 10);
const outcomes = (looks: readonly Look[]) => looks.map(({ outcome }) => outcome);
const count = async (table: string) =>
  (await bench.store.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n;

describe('a feed without dates over a weekend', () => {
  /** Rebuilt daily of the list before: Tuesday to Saturday something new, Sunday and Monday Saturday's. */
  const rebuilt: World = (at) => {
    const back = ({ 0: 1, 1: 2 } as Record<number, number>)[at.getUTCDay()] ?? 0;
    const made = day(new Date(at.getTime() - back * 24 * HOUR));
    // Its bytes move daily, whatever it lists.
    return undated(entries(made, 20), { warnings: [`built ${day(at)}`] });
  };

  test('of 36, 26, 26, 26 and 13 is new, new, unchanged, unchanged, new', async () => {
    const source = await addLive({ cron: '0 7 * * *' });
    const sizes: Record<string, [string, number]> = {
      '2025-08-08': ['friday', 36],
      '2025-08-09': ['saturday', 26],
      '2025-08-10': ['saturday', 26],
      '2025-08-11': ['saturday', 26],
      '2025-08-12': ['tuesday', 13],
    };
    const world: World = (at) => {
      const [name, size] = sizes[day(at)] ?? ['', 0];
      return undated(entries(name, size), { warnings: [`built ${day(at)}`] });
    };
    const looks = await live(source, world, '2025-08-08T07:30:00Z', '2025-08-12T23:00:00Z');
    expect(outcomes(looks)).toEqual([
      'new-batch',
      'new-batch',
      'unchanged',
      'unchanged',
      'new-batch',
    ]);
    expect(await count('paper')).toBe(75);
    expect(await count('appearance')).toBe(75);
  });

  test('is quiet on its learnt days and late on a Tuesday without a list', async () => {
    const source = await addLive({ cron: '0 7 * * *' });
    const past = await live(source, rebuilt, '2026-03-02T07:00:00Z', '2026-03-30T23:00:00Z');
    expect(past.filter(({ outcome }) => outcome === 'stale')).toEqual([]);
    const stuck: World = () => rebuilt(new Date('2026-03-28T07:00:00Z'));
    const looks = await live(source, stuck, '2026-03-31T00:00:00Z', '2026-03-31T12:59:00Z');
    const [first, ...later] = outcomes(looks);
    expect([first, later.at(-1)]).toEqual(['unchanged', 'stale']);
    expect(looks).toHaveLength(6);
    expect((await healthOf(source)).isAlert).toBe(false);
    await live(source, stuck, '2026-03-31T13:00:00Z', '2026-04-01T12:00:00Z');
    expect(await healthOf(source)).toMatchObject({ outcome: 'stale', isAlert: true });
    const back = await live(source, rebuilt, '2026-04-01T12:00:00Z', '2026-04-02T12:00:00Z');
    expect(outcomes(back).at(-1)).toBe('new-batch');
  });
});

test('a day that fills over hours is looked for hourly, then by the schedule, and loses no paper', async () => {
  const source = await addLive({ cron: '5 0,8,17 * * *' });
  const full = (date: string) => entries(date, 15);
  const shown = (date: number, papers: number) =>
    listing(date, full(`march ${date}`).slice(0, papers));
  const before: World = (at) => shown(at.getUTCDate(), 15);
  await live(source, before, '2026-03-02T08:00:00Z', '2026-03-05T18:00:00Z');
  const filling: World = (at) => {
    const hour = at.getUTCHours();
    if (day(at) === '2026-03-07') return shown(6, 15);
    return shown(6, hour < 3 ? 1 : hour < 17 ? 8 : 13);
  };
  const looks = await live(source, filling, '2026-03-06T00:00:00Z', '2026-03-07T08:00:00Z');
  expect(looks.map(({ at, outcome }) => [at.slice(8, 13), outcome])).toEqual([
    ['06T00', 'partial'],
    ['06T01', 'partial'],
    ['06T02', 'partial'],
    ['06T03', 'grew'],
    ['06T08', 'unchanged'],
    ['06T17', 'grew'],
    ['07T00', 'grew'],
  ]);
  const { rows } = await bench.store.pool.query(
    `select sum(appearance_count)::int as n from listing_page where listed_on = '2026-03-06'`,
  );
  expect(rows).toEqual([{ n: 15 }]);
});

describe('a source that declares when it publishes', () => {
  const arxiv = {
    cron: '30 2,9 * * *',
    zone: 'UTC',
    publishes: '0 1 * * tue,wed,thu,fri,mon',
  };
  /** Lists of Monday to Friday, but for one holiday. */
  const world: World = (at) => {
    let shown = new Date(at.getTime() - HOUR);
    while ([0, 6].includes(shown.getUTCDay()) || day(shown) === '2026-03-11')
      shown = new Date(shown.getTime() - 24 * HOUR);
    return listing(shown.getUTCDate(), entries(day(shown), 12));
  };

  test('is not asked on its quiet days, and a holiday is late and told to nobody', async () => {
    const source = await addLive(arxiv);
    const looks = await live(source, world, '2026-03-05T02:30:00Z', '2026-03-12T12:00:00Z');
    const asked = new Set(looks.map(({ at }) => at.slice(8, 10)));
    expect(asked).not.toContain('08');
    const holiday = looks.filter(({ at }) => at.startsWith('2026-03-11'));
    expect(new Set(outcomes(holiday))).toEqual(new Set(['unchanged', 'stale']));
    expect(holiday.length).toBeLessThanOrEqual(24);
    expect(outcomes(looks).at(-1)).toBe('unchanged');
    expect(await healthOf(source)).toMatchObject({ isAlert: false, times: 0 });
    expect(await count('paper')).toBe(12 * 5);
  });
});

describe('a feed that asks not to be read at weekends', () => {
  const more = { skipDays: [0, 6] };
  const week = ['2026-03-05T08:00:00Z', '2026-03-11T07:00:00Z'] as const;
  const daysAsked = (looks: readonly Look[]) => [
    ...new Set(looks.map(({ at }) => Number(at.slice(8, 10)))),
  ];

  test('is not, whether it has changed, stays the same or is down on Friday night', async () => {
    const worlds: World[] = [
      (at) => undated(entries(day(at), 9), more),
      () => undated(entries('the same', 9), more),
      (at) => (at.getUTCDate() === 6 ? 'failed' : undated(entries(day(at), 9), more)),
    ];
    for (const [index, world] of worlds.entries()) {
      const source = await addLive({ name: `feed-${index}`, cron: '0 8,23 * * *' });
      expect([index, daysAsked(await live(source, world, ...week))]).toEqual([
        index,
        [5, 6, 9, 10],
      ]);
    }
  });

  test('is read again every day once it no longer asks for that', async () => {
    const source = await addLive({ cron: '0 8 * * *' });
    const world: World = (at) =>
      undated(entries(day(at), 9), at.getUTCDate() === 5 ? more : undefined);
    expect(daysAsked(await live(source, world, ...week))).toEqual([5, 6, 7, 8, 9, 10]);
  });
});

describe('a source that is down for two days', () => {
  const world =
    (down: 'blocked' | 'failed'): World =>
    (at) =>
      ['2026-03-04', '2026-03-05'].includes(day(at))
        ? down
        : listing(at.getUTCDate(), entries(day(at), 10));

  test.each(['blocked', 'failed'] as const)(
    '(%s) is asked ever later, and comes back',
    async (down) => {
      const source = await addLive({ cron: '0 8 * * *' });
      const looks = await live(source, world(down), '2026-03-03T08:00:00Z', '2026-03-06T07:30:00Z');
      const tries = looks.filter(({ outcome }) => outcome === down);
      const waits = tries.slice(1).map(({ at }, index) => {
        const before = tries[index]?.at ?? at;
        return (Date.parse(`${at}Z`) - Date.parse(`${before}Z`)) / HOUR;
      });
      expect(waits).toEqual([0.25, 0.5, 1, 2, 4, 6, 6, 6, 6, 6]);
      expect(outcomes(looks).at(-1)).toBe('new-batch');
      expect(await healthOf(source)).toMatchObject({ times: 0, troubleSince: null });
    },
  );

  test('is told of once by several workers, and once that it is back', async () => {
    const source = await addLive({ cron: '0 8 * * *' });
    const lines: string[] = [];
    const keep = (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push(`${event} ${fields.source} ${fields.verdict} ${fields.times ?? ''}`.trim());
    };
    const log: Log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
    const tell = () =>
      Promise.all(Array.from({ length: 5 }, () => announceAlerts(bench.store.db, log)));
    await live(source, world('blocked'), '2026-03-03T08:00:00Z', '2026-03-04T08:20:00Z');
    await tell();
    expect(lines).toEqual([]);
    await live(source, world('blocked'), '2026-03-04T08:20:00Z', '2026-03-04T20:00:00Z');
    await tell();
    await tell();
    expect(lines).toEqual([expect.stringMatching(/^source\.alert live blocked \d+$/)]);
    await live(source, world('blocked'), '2026-03-04T20:00:00Z', '2026-03-06T07:30:00Z');
    await tell();
    await tell();
    expect(lines.slice(1)).toEqual(['source.recovered live new-batch']);
  });
});

test('a process that was down over three times of a schedule asks once', async () => {
  const source = await addLive({ cron: '0 8 * * *' });
  const world: World = (at) => listing(at.getUTCDate(), entries(day(at), 10));
  await live(source, world, '2026-03-03T08:00:00Z', '2026-03-03T20:00:00Z');
  const after = await live(source, world, '2026-03-06T20:00:00Z', '2026-03-07T07:00:00Z');
  expect(after).toEqual([{ at: '2026-03-06T20:00', outcome: 'new-batch' }]);
});

test('of several who find a source due, one asks it', async () => {
  const source = await addLive({ cron: '0 8 * * *' });
  const now = new Date('2026-03-03T08:00:00Z');
  await planAsk(bench.store.db, source, { at: now, why: 'by its schedule' });
  const claims = Array.from({ length: 8 }, () =>
    claimAsk(bench.store.db, source, { now, leaseMs: HOUR }),
  );
  expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
});

test('an answer for an older day is held against the list of that day', async () => {
  const source = await addLive({ cron: '0 8 * * *' });
  const at = (hour: number) => new Date(Date.UTC(2026, 2, 10, hour));
  const monday = entries('monday', 10);
  await look(source, listing(9, monday), at(1));
  await look(source, listing(10, entries('tuesday', 10)), at(2));
  await look(source, listing(9, [...monday, ...entries('late', 2)]), at(3));
  expect((await healthOf(source)).outcome).toBe('grew');
  const { rows } = await bench.store.pool.query(
    'select appearance_count as n, batch_page_id = id as opens from listing_page order by id',
  );
  expect(rows).toEqual([
    { n: 10, opens: true },
    { n: 10, opens: true },
    { n: 2, opens: false },
  ]);
});
