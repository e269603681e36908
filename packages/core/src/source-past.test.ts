import { expect, test } from 'vitest';
import { idOf } from './ids.ts';
import { type AcceptedPage, batchHistory } from './source-past.ts';

function page(day: number, verdict: string, papers: number): AcceptedPage {
  return {
    listingPageId: idOf('listing-page', `${day}`),
    batchPageId: idOf('listing-page', `${day}`),
    listedOn: null,
    seenAt: new Date(Date.UTC(2026, 2, day)),
    isLive: true,
    verdict,
    papers,
    appearances: papers,
    coverage: null,
  };
}

test('a cut page without papers is no batch that the next page is compared with', () => {
  const full = page(1, 'new-batch', 40);
  const owing = page(2, 'cut', 0);
  expect(batchHistory([owing, full], undefined)).toEqual(batchHistory([full], undefined));
  expect(batchHistory([owing], undefined)).toEqual(batchHistory([], undefined));
});

test('a cut page with papers is one, and so is an empty one that says so', () => {
  const full = page(1, 'new-batch', 40);
  expect(batchHistory([page(2, 'cut', 3), full], undefined).last?.papers).toBe(3);
  const empty = batchHistory([page(2, 'new-batch', 0), full], undefined);
  expect(empty).toMatchObject({ last: { papers: 0 }, batchSizes: [40] });
});
