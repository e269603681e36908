import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printOpml, readOpml as readBytes } from './opml.ts';

const readOpml = (text: string) => readBytes(new TextEncoder().encode(text));

const opml = (body: string) =>
  `<?xml version="1.0"?><opml version="2.0"><head><title>My lists</title></head><body>${body}</body></opml>`;
const read = (body: string) => {
  const reading = readOpml(opml(body));
  if (reading.kind === 'refused') throw new Error(reading.detail);
  return reading;
};

test('outlines are read with their folders, titles and addresses', () => {
  expect(
    read(`<outline text="Journals" title="Journals">
        <outline type="rss" text="J. of Examples" title="Journal of Examples &amp; Letters"
          xmlUrl="https://journal.example.org/rss" htmlUrl="https://journal.example.org/"/>
        <outline text="Deep"><outline text="Maps" xmlUrl=" https://maps.example.org/atom "/></outline>
      </outline>
      <outline text="A note"/><outline/>`),
  ).toEqual({
    kind: 'opml',
    title: 'My lists',
    warnings: [],
    feeds: [
      {
        title: 'Journal of Examples & Letters',
        address: 'https://journal.example.org/rss',
        home: 'https://journal.example.org/',
        folders: ['Journals'],
      },
      { title: 'Maps', address: 'https://maps.example.org/atom', folders: ['Journals', 'Deep'] },
      { title: 'A note', folders: [] },
    ],
  });
});

test('attributes are read in any case, and an outline of OPML 1.0 may have only a text', () => {
  expect(read('<outline TEXT="A" XMLURL="https://a.example.org/"/>').feeds).toEqual([
    { title: 'A', address: 'https://a.example.org/', folders: [] },
  ]);
});

test('what is printed is read back, whatever the titles', () => {
  const feeds = fc.array(
    fc.record({
      title: fc
        .string({ unit: 'grapheme', maxLength: 30 })
        .map((text) => `T${text.replace(/\s+|\p{C}/gu, ' ')}`.trim().replace(/ +/g, ' ')),
      address: fc.webUrl({ withQueryParameters: true }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const holds = fc.property(feeds, (all) => {
    const reading = readOpml(printOpml('Sources', all, new Date(0)));
    expect(reading).toMatchObject({ kind: 'opml', warnings: [] });
    if (reading.kind === 'opml') {
      expect(reading.feeds.map(({ title, address }) => ({ title, address }))).toEqual(all);
    }
  });
  fc.assert(holds, { numRuns: 80 });
});

describe('a file that is none', () => {
  test.each([
    ['', 'no element'],
    ['hello', 'no element'],
    ['<html><body/></html>', 'its first element is <html>, not <opml>'],
    ['<rss version="2.0"><channel/></rss>', 'its first element is <rss>, not <opml>'],
    ['<!DOCTYPE x [<!ENTITY a "b">]><opml/>', 'it declares entities of its own'],
    [opml('<outline text="x">'.repeat(100_000)), 'elements nested more than 90 deep'],
  ])('%.40s is refused: %s', (text, detail) => {
    expect(readOpml(text)).toEqual({ kind: 'refused', detail });
  });

  test('that ends too early keeps its whole outlines and says so', () => {
    const text = opml(
      '<outline text="A" xmlUrl="https://a.example.org/"/><outline text="B" xmlUrl="https',
    );
    const reading = readOpml(text.slice(0, text.indexOf('"https</')));
    expect(reading).toMatchObject({
      feeds: [{ title: 'A' }],
      warnings: [expect.stringMatching(/^the file ends too early/)],
    });
  });

  test('of more outlines than people keep is read up to a bound', () => {
    const reading = read('<outline text="A" xmlUrl="https://a.example.org/"/>'.repeat(10_050));
    expect(reading.feeds).toHaveLength(10_000);
    expect(reading.warnings).toEqual(['more than 10000 outlines, the rest was not read']);
  });
});
