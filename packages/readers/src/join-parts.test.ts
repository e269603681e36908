import type { Listing } from '@paperboy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinParts, readParts } from './join-parts.ts';
import { readPage } from './read-page.ts';

const DAY = 'https://papers.example/api/daily_papers?date=2026-02-05&limit=3';
const at = (p: number) => (p === 0 ? DAY : `${DAY}&p=${p}`);

const items = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    paper: {
      id: `2602.${10000 + from + index}`,
      title: `Paper ${from + index}`,
      summary: 'Says it.',
    },
  }));
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The list of `total` papers as the API serves it, three at a time. */
const partsOf = (total: number) =>
  Array.from({ length: Math.floor(total / 3) + 1 }, (_, p) => ({
    bytes: bytesOf(items(3 * p, Math.min(3, total - 3 * p))),
    address: at(p),
  }));

function listing(more: Partial<Listing> = {}): Listing {
  return {
    kind: 'listing',
    format: 'hf-api',
    shape: 'batch',
    date: { year: 2026, month: 2, day: 5 },
    nextPages: [],
    statedEmpty: false,
    entries: [],
    unreadableEntries: 0,
    warnings: [],
    ...more,
  };
}
const entriesAt = (...positions: number[]) =>
  positions.map((position) => ({
    position,
    title: `Paper ${position}`,
    textKind: 'abstract' as const,
    ids: {},
    links: [],
    section: 'none' as const,
  }));
const join = (
  parts: readonly [Listing, ...Parameters<typeof joinParts>[0][number][]],
  more: Partial<Parameters<typeof joinParts>[1]> = {},
) => joinParts(parts, { addresses: [], ...more });

test('a list in parts reads as the list in one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), (total) => {
      const joined = readParts({ parts: partsOf(total) });
      const whole = readPage({
        bytes: bytesOf(items(0, total)),
        address: DAY.replace('=3', '=99'),
      });
      expect(joined).toEqual(whole);
    }),
  );
});

test('a page of one part is read as it is', () => {
  const [part] = partsOf(2);
  if (!part) throw new Error('no part');
  expect(readParts({ parts: [part] })).toEqual(readPage(part));
});

describe('a list is cut', () => {
  test('that goes on where nobody looked', () => {
    const parts = partsOf(7).slice(0, 2);
    expect(readParts({ parts })).toMatchObject({
      cutBecause: `the list goes on at ${at(2)}`,
      nextPages: [at(2)],
    });
  });

  test('of which somebody knows that something is missing', () => {
    const cutBecause = 'part 3 is missing: status 503';
    const joined = readParts({ parts: partsOf(7).slice(0, 2), cutBecause });
    expect(joined).toMatchObject({ cutBecause });
  });

  test('whose part is cut, or cannot be read, or is of another day', () => {
    const cut = listing({ cutBecause: 'the JSON ends inside an item' });
    expect(join([cut]).cutBecause).toBe('the JSON ends inside an item');
    expect(join([listing(), cut]).cutBecause).toBe('part 2: the JSON ends inside an item');
    const [first] = partsOf(4);
    if (!first) throw new Error('no part');
    const challenge = new TextEncoder().encode('<title>Just a moment...</title>');
    const joined = readParts({ parts: [first, { bytes: challenge, address: at(1) }] });
    expect(joined).toMatchObject({
      kind: 'listing',
      cutBecause: expect.stringMatching(/^part 2: /),
    });
    expect(joined.kind === 'listing' && joined.entries).toHaveLength(3);
    const tomorrow = listing({ date: { year: 2026, month: 2, day: 6 }, entries: entriesAt(1) });
    expect(join([listing(), tomorrow]).cutBecause).toMatch(/^part 2: .* another day/);
    expect(join([listing(), { ...tomorrow, entries: [] }]).cutBecause).toBeUndefined();
    expect(join([listing(), listing({ ...tomorrow, shape: 'window' })]).cutBecause).toBeUndefined();
  });
});

test('next pages that were read are found however their address is written', () => {
  const first = listing({ nextPages: ['https://papers.example/list?p=1#top'] });
  const addresses = ['https://papers.example/list', 'HTTPS://papers.example:443/list?p=1'];
  expect(join([first, listing()], { addresses })).toMatchObject({ nextPages: [] });
  expect(join([first, listing()], { addresses }).cutBecause).toBeUndefined();
});

test('positions go on after the last one of the part before, gaps and all', () => {
  const joined = join([
    listing({ entries: entriesAt(1, 3) }),
    listing({ entries: [] }),
    listing({ entries: entriesAt(2, 4) }),
  ]);
  expect(joined.entries.map(({ position }) => position)).toEqual([1, 3, 5, 7]);
});

test.each([
  ['the whole, said by each part', [350, 350, 350], 350],
  ['the whole, said by the first', [350, undefined, undefined], 350],
  ['each part for itself', [2, 2, 2], 6],
  ['nothing', [undefined, undefined, undefined], undefined],
])('what is claimed of %s', (_title, claims, claimed) => {
  const [first, ...rest] = claims.map((claim) =>
    listing({ entries: entriesAt(1, 2), ...(claim !== undefined && { claimed: claim }) }),
  );
  expect(first && join([first, ...rest]).claimed).toBe(claimed);
});

test('a list says that it is empty if all of it does', () => {
  const empty = listing({ statedEmpty: true });
  expect(join([empty, empty]).statedEmpty).toBe(true);
  expect(join([empty, listing()]).statedEmpty).toBe(false);
  const unread = { kind: 'unreadable', reason: 'empty', detail: 'nothing' } as const;
  expect(join([empty, unread]).statedEmpty).toBe(false);
});

test('warnings name their part, and stay a short list', () => {
  const warned = listing({ warnings: Array.from({ length: 15 }, (_, n) => `fault ${n}`) });
  const { warnings } = join([warned, warned]);
  expect(warnings[0]).toBe('part 1: fault 0');
  expect(warnings[15]).toBe('part 2: fault 0');
  expect(warnings.at(-1)).toBe('and 10 more warnings');
});

test('what stands on the first part decides whether there is a list', () => {
  const parts = [{ bytes: new Uint8Array() }, ...partsOf(2)];
  expect(readParts({ parts })).toMatchObject({ kind: 'unreadable', reason: 'empty' });
  expect(readParts({ parts: [] })).toMatchObject({ kind: 'unreadable' });
});
