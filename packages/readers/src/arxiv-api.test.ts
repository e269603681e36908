import { judgePage, type PageReading } from '@paperboy/core';
import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing } from '../test/support.ts';
import { readParts } from './join-parts.ts';

const PAGE = fixtureText('arxiv-api.xml');
const ADDRESS =
  'https://export.arxiv.org/api/query?search_query=cat:cs.CL+AND+all:maps&max_results=3&sortBy=submittedDate';

const bytes = (page: string) => new TextEncoder().encode(page);

/** The verdict of a source's first page. */
function judged(reading: PageReading): string {
  const papers = reading.kind === 'listing' ? reading.entries.length : 0;
  const past = { batchSizes: [], coverage: {}, due: 'unknown' } as const;
  return judgePage(reading, undefined, { papers, sharedWithLast: 0 }, past).verdict;
}

test('an answer gives wrapped texts as one line, the primary category first, and ids', () => {
  const listing = readListing(PAGE, { address: ADDRESS });
  expect(listing).toMatchObject({ format: 'arxiv-api', shape: 'window', warnings: [] });
  expect(listing.entries[2]).toEqual({
    position: 3,
    title: 'Maps Without Cameras',
    abstract: expect.stringMatching(/^A robot with nothing but .* need sight\.$/),
    textKind: 'abstract',
    ids: { arxiv: '2602.90003', arxivVersion: 3, doi: '10.5555/maps.90003' },
    authors: ['Hana Fujita', 'Bo Brandt'],
    links: [
      { rel: 'page', url: 'https://arxiv.org/abs/2602.90003' },
      { rel: 'pdf', url: 'https://arxiv.org/pdf/2602.90003' },
    ],
    section: 'none',
    categories: ['eess.SY', 'cs.RO', 'cs.CL'],
    publishedAt: '2026-02-04T15:01:23.000Z',
  });
});

describe('how much an answer ought to have', () => {
  const with_ = (total: number, start: number, perPage: number) =>
    PAGE.replace('>5619<', `>${total}<`)
      .replace(/(startIndex[^>]*>)0</, `$1${start}<`)
      .replace(/(itemsPerPage[^>]*>)3</, `$1${perPage}<`);

  test('all that it was asked for is whole, and nothing more is asked for', () => {
    const listing = readListing(PAGE, { address: ADDRESS });
    expect(listing).toMatchObject({ claimed: 3, nextPages: [] });
    expect(listing.cutBecause).toBeUndefined();
  });

  test('the end of the results may be shorter', () => {
    const listing = readListing(with_(13, 10, 50), { address: ADDRESS });
    expect(listing).toMatchObject({ claimed: 3, nextPages: [] });
    expect(listing.cutBecause).toBeUndefined();
  });

  test('of fewer the rest is claimed and asked for', () => {
    const listing = readListing(with_(5619, 100, 50), { address: ADDRESS });
    expect(listing).toMatchObject({
      claimed: 50,
      warnings: ['3 entries where 50 were to come (of 5619)'],
    });
    expect(listing.nextPages).toEqual([
      'https://export.arxiv.org/api/query?search_query=cat%3Acs.CL+AND+all%3Amaps&max_results=3&sortBy=submittedDate&start=103',
    ]);
  });

  const empty = (page: string) => page.replace(/<entry>[\s\S]*<\/entry>/, '');

  test('the rest, once it came, makes the answer whole', () => {
    const first = { bytes: bytes(with_(6, 0, 50)), address: ADDRESS };
    const start = readListing(with_(6, 0, 50), { address: ADDRESS });
    expect(start.nextPages).toHaveLength(1);
    const second = { bytes: bytes(with_(6, 3, 50)), address: start.nextPages[0] ?? '' };
    const nothing = { ...second, bytes: bytes(empty(with_(6, 3, 50))) };
    const whole = readParts({ parts: [first, second] });
    expect(whole).toMatchObject({ claimed: 6, entries: { length: 6 }, nextPages: [] });
    expect(judged(whole)).toBe('new-batch');
    for (const parts of [[first], [first, nothing]]) {
      expect(judged(readParts({ parts }))).toBe('cut');
    }
  });

  test('none at all while more is promised is cut and asked for again', () => {
    const listing = readListing(empty(with_(5619, 100, 50)), { address: ADDRESS });
    expect(listing).toMatchObject({
      entries: [],
      statedEmpty: false,
      claimed: 50,
      nextPages: [expect.stringMatching(/&start=100$/)],
    });
    expect(judged(listing)).toBe('cut');
  });

  test('none of none is stated', () => {
    const nothing = readListing(empty(with_(0, 0, 50)));
    expect(nothing).toMatchObject({ statedEmpty: true, claimed: 0, warnings: [] });
    expect(judged(nothing)).toBe('new-batch');
  });

  test.each([
    ['that starts behind the last result', empty(with_(300, 300, 50)), /^no <entry> in the feed/],
    ['without any count', empty(PAGE).replace(/<opensearch.*\n/g, ''), /^no <entry> in the feed/],
    [
      'whose entries have no id, though none are counted',
      with_(0, 0, 50).replaceAll('arxiv.org/abs/', 'example.org/'),
      /^none of 3 items has an arXiv id and a title$/,
    ],
  ])('an answer %s is unreadable and says why', (_name, page, detail) => {
    expect(read(page, { format: 'arxiv-api' })).toMatchObject({
      kind: 'unreadable',
      reason: 'no-entries',
      detail: expect.stringMatching(detail),
    });
  });

  test('beyond the last result that arXiv gives out there is no next page', () => {
    expect(readListing(with_(90_000, 29_997, 3), { address: ADDRESS })).toMatchObject({
      claimed: 3,
      nextPages: [],
    });
  });

  test('numbers that count nothing are left aside', () => {
    expect(readListing(with_(-5, 0, 50), { address: ADDRESS }).claimed).toBeUndefined();
    expect(readListing(with_(90, 0, -3), { address: ADDRESS })).toMatchObject({ claimed: 90 });
    expect(readListing(with_(1e300, 0, 2.5), { address: ADDRESS }).claimed).toBeUndefined();
  });

  test('an address that the answer garbled is not followed', () => {
    expect(readListing(with_(5619, 100, 50)).nextPages).toEqual([]);
  });
});

test('an error that comes as an entry is unreadable, in its words', () => {
  const error = PAGE.replace(
    /<entry>[\s\S]*<\/entry>/,
    `<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title>
    <summary>incorrect id format for x</summary></entry>`,
  );
  expect(read(error)).toMatchObject({
    kind: 'unreadable',
    reason: 'no-entries',
    detail: 'arXiv says "incorrect id format for x"',
  });
});

test('an entry without an id is counted as unreadable', () => {
  const page = PAGE.replace(/<id>[^<]*90002v1<\/id>/, '').replace(
    /href="[^"]*90002v1"/g,
    'href=""',
  );
  expect(readListing(page)).toMatchObject({ unreadableEntries: 1, entries: [{}, { position: 3 }] });
});
