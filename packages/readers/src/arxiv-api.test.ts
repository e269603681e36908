import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing } from '../test/support.ts';

const PAGE = fixtureText('arxiv-api.xml');
const ADDRESS =
  'https://export.arxiv.org/api/query?search_query=cat:cs.CL+AND+all:maps&max_results=3&sortBy=submittedDate';

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

  test('fewer is cut', () => {
    const listing = readListing(with_(5619, 100, 50), { address: ADDRESS });
    expect(listing).toMatchObject({
      claimed: 50,
      cutBecause: '3 entries where 50 were to come (of 5619)',
    });
    expect(listing.nextPages).toEqual([
      'https://export.arxiv.org/api/query?search_query=cat%3Acs.CL+AND+all%3Amaps&max_results=3&sortBy=submittedDate&start=103',
    ]);
  });

  test('none at all while more is promised is cut, and none of none is stated', () => {
    const empty = (page: string) => page.replace(/<entry>[\s\S]*<\/entry>/, '');
    expect(readListing(empty(with_(5619, 100, 50)))).toMatchObject({
      entries: [],
      statedEmpty: false,
      cutBecause: '0 entries where 50 were to come (of 5619)',
    });
    const nothing = readListing(empty(with_(0, 0, 50)));
    expect(nothing).toMatchObject({ statedEmpty: true, claimed: 0 });
    expect(nothing.cutBecause).toBeUndefined();
  });

  test('beyond the last result that arXiv gives out there is no next page', () => {
    expect(readListing(with_(90_000, 29_997, 3), { address: ADDRESS })).toMatchObject({
      claimed: 3,
      nextPages: [],
    });
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
