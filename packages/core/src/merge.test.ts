import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PaperKey } from './identity.ts';
import { contradictingKinds, olderFirst, partListings } from './merge.ts';
import { parseListedOn } from './page-date.ts';

const side = (id: string, day: string, ...keys: string[]) => {
  const firstSeenOn = parseListedOn(day);
  if (!firstSeenOn) throw new RangeError(`${day} is no day`);
  return { id, firstSeenOn, keys: keys as PaperKey[] };
};
const keys = (...names: string[]) => names as PaperKey[];

test('the paper seen first survives, and of one day the one stored first', () => {
  const [old, late] = [side('12', '2026-03-01'), side('3', '2026-03-02')];
  expect(olderFirst(late, old)).toEqual([old, late]);
  const [ninth, tenth] = [side('9', '2026-03-01'), side('10', '2026-03-01')];
  expect(olderFirst(tenth, ninth)).toEqual([ninth, tenth]);
});

test('two arXiv ids contradict each other, a second DOI and a shared id do not', () => {
  const preprint = side('1', '2026-03-01', 'arxiv:2603.00001', 'doi:10.5555/a');
  expect(contradictingKinds(preprint, side('2', '2026-03-02', 'arxiv:2603.00002'))).toEqual([
    'arxiv',
  ]);
  expect(contradictingKinds(preprint, side('2', '2026-03-02', 'doi:10.5555/b'))).toEqual([]);
  const both = side('3', '2026-03-02', 'arxiv:2603.00001', 'arxiv:2603.00002');
  expect(contradictingKinds(preprint, both)).toEqual([]);
});

describe('listings since a merge are parted', () => {
  const names = { survivor: keys('title:one'), other: keys('arxiv:2', 'title:two') };

  test('by their strongest known name, and what they brought goes with them', () => {
    const parted = partListings(
      [
        { keys: keys('arxiv:2', 'doi:10.5555/x', 'title:one') },
        { keys: keys('doi:10.5555/x', 'title:three') },
        { keys: keys('title:one') },
        { keys: keys('title:three') },
        { keys: keys('title:nobodys') },
      ],
      names,
    );
    expect(parted.sides).toEqual(['other', 'other', 'survivor', 'other', 'survivor']);
    expect(parted.newKeys).toEqual({
      survivor: ['title:nobodys'],
      other: ['doi:10.5555/x', 'title:three'],
    });
  });

  test('and no name of either paper changes sides', () => {
    const anyKeys = fc.subarray(
      keys('arxiv:2', 'doi:10.5555/x', 'title:one', 'title:two', 'title:x'),
    );
    fc.assert(
      fc.property(fc.array(anyKeys), (listings) => {
        const { sides, newKeys } = partListings(
          listings.map((some) => ({ keys: some })),
          names,
        );
        expect(sides).toHaveLength(listings.length);
        const all = [...newKeys.survivor, ...newKeys.other];
        expect(new Set(all).size).toBe(all.length);
        for (const key of [...names.survivor, ...names.other]) expect(all).not.toContain(key);
      }),
    );
  });
});
