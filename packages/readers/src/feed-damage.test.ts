import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';
import { MAX_ENTRIES } from './make-entry.ts';
import { prepareXml } from './prepare-xml.ts';
import { Warnings } from './warnings.ts';
import { scanXml, type XmlToken } from './xml-tokens.ts';

const rss = (inner: string, before = '') =>
  `<?xml version="1.0"?>${before}<rss version="2.0"><channel><title>F</title>${inner}</channel></rss>`;
const item = (inner: string) => `<item><title>T</title>${inner}</item>`;
const MB = 1_000_000;

describe('XML that is refused before a parser sees it', () => {
  test.each([
    ['entities', rss(item('&bomb;'), '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY bomb "&a;&a;">]>')],
    [
      'entities behind a comment',
      rss(item(''), '<!-- x --><!DOCTYPE x [\n<!entity a SYSTEM "file:///etc/passwd">\n]>'),
    ],
    ['depth', rss('<a>'.repeat(100_000))],
    ['depth of unclosed HTML', rss(item(`<description>${'<div>'.repeat(50_000)}</description>`))],
    ['a name of the language', rss(item('<__proto__><title>x</title></__proto__>'))],
    ['an end inside its DOCTYPE', `<?xml version="1.0"?><!DOCTYPE x [${']'.repeat(MB)}`],
  ])('%s', (_name, page) => {
    expect(read(page, { format: 'feed' })).toMatchObject({ reason: 'malformed' });
  });

  test('a DOCTYPE without entities is only left out', () => {
    const page = rss(
      item(''),
      '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://my.example.com/rss-0.91.dtd">',
    );
    expect(titles(readListing(page))).toEqual(['T']);
  });
});

// Each takes seconds to minutes where time grows with the square of the length, and a moment where it does not.
describe('hostile feeds cost time in proportion to their length', () => {
  test.each([
    ['a field of megabytes', rss(item(`<description>${'x '.repeat(2 * MB)}</description>`)), 1],
    [
      'an attribute of megabytes',
      rss(`<item a="${'x'.repeat(4 * MB)}"><title>T</title></item>`),
      1,
    ],
    ['brackets of an author', rss(item(`<author>${'('.repeat(4 * MB)}</author>`)), 1],
    ['dots of an address', rss(item(`<author>a@${'.'.repeat(MB)})</author>`)), 1],
    [
      'brackets of the editor',
      rss(`<managingEditor>${'('.repeat(190_000)}</managingEditor>${item('')}`),
      1,
    ],
    ['signs that open nothing', rss(item(`<description>${'<'.repeat(MB)}</description>`)), 1],
    ['tags that never close', rss(item(`<description>${'<a "'.repeat(MB / 2)}</description>`)), 1],
    ['quoted tags', rss(item(`<a ${'"<b" '.repeat(MB / 2)}</a>`)), 1],
    ['DOCTYPEs', rss(item(''), '<!DOCTYPE x>'.repeat(100_000)), 1],
    ['processing instructions', rss(item(''), '<?a?>'.repeat(100_000)), 1],
  ])('%s', (_name, page, entries) => {
    expect(readListing(page, { format: 'feed' }).entries).toHaveLength(entries);
  });

  test('a table of contents of RSS 1.0 is not searched for each item', () => {
    const ids = Array.from({ length: 20_000 }, (_, at) => `u${at}`);
    const page = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel><items><rdf:Seq>${ids.map((id) => `<rdf:li resource="${id}"/>`).join('')}</rdf:Seq></items></channel>
      ${ids.map((id) => `<item rdf:about="${id}"><title>T</title></item>`).join('')}</rdf:RDF>`;
    expect(readListing(page).entries).toHaveLength(ids.length);
  });

  test('an open CDATA section or comment is a cut feed', () => {
    for (const open of ['<![CDATA[', '<!--']) {
      const page = rss(item('') + item(`<description>${open.repeat(200_000)}</description>`));
      expect(readListing(page)).toMatchObject({
        entries: [{ title: 'T' }],
        cutBecause: 'the feed ends too early',
      });
    }
  });

  test('more entries than are read make the feed cut', { timeout: 60_000 }, () => {
    const listing = readListing(rss('<item><title>T</title></item>'.repeat(MAX_ENTRIES + 1)));
    expect(listing.entries).toHaveLength(MAX_ENTRIES);
    expect(listing.cutBecause).toMatch(/^more than 100000 entries/);
  });
});

describe('CDATA', () => {
  test.each([
    ['<![CDATA[a]]>', 'a'],
    ['<![CDATA[a]]]]><![CDATA[>b]]>', 'a]]>b'],
    ['x <![CDATA[</entry></item>]]> y', 'x </entry></item> y'],
    ['<![CDATA[<![CDATA[a]]>', '<![CDATA[a'],
  ])('%s is %s', (inner, title) => {
    expect(titles(readListing(rss(`<item><title>${inner}</title></item>`)))).toEqual([title]);
  });
});

test.each([
  ['p < 0.05 and a<4B', 'p < 0.05 and a<4B'],
  ['a & b &amp c', 'a & b &amp c'],
])('the stray signs of %s cost neither the item nor those after it', (inner, title) => {
  const page = rss(`<item><title>${inner}</title></item>${item('')}`);
  expect(titles(readListing(page))).toEqual([title, 'T']);
});

test.each([
  ['<item><title>Two</title><author>x</item>', 'does not close <author>'],
  ['<item><title>Two<link>x</link></item>', 'does not close <title>'],
  ['<item><title>Two</title>', 'does not close <item>'],
  ['<item>Two</title></item>', 'does not open <title>'],
])('a feed with %s is cut before it, as a parser would mix up what follows', (damaged, why) => {
  const listing = readListing(rss(item('') + damaged + item('')));
  expect(titles(listing)).toEqual(['T']);
  expect(listing.cutBecause).toBe(`the feed ${why}`);
});

const rdf = (inner: string) =>
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">${inner}</rdf:RDF>`;
const atom = (inner: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>${inner}</feed>`;
const json = (...items: unknown[]) =>
  JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'F', items });

describe('items that the parser passes over are counted as unreadable', () => {
  test.each([
    ['empty ones', rss(`<item/>${item('')}<item><x>y</x></item>`), 2],
    ['one behind the channel', rss(item('')).replace('</rss>', `${item('')}</rss>`), 1],
    [
      'those of a second channel',
      rss(item('')).replace('</rss>', `<channel>${item('')}</channel></rss>`),
      1,
    ],
    ['one inside another element', rss(`<group>${item('')}</group>${item('')}`), 1],
    ['an empty one of RSS 1.0', rdf(`<channel/>${item('')}<item></item>`), 1],
    ['an empty one of Atom', atom('<entry><title>T</title></entry><entry/>'), 1],
    ['none of JSON', json({ title: 'T' }, {}, 7, null), 3],
  ])('%s', (_name, page, dropped) => {
    const listing = readListing(page);
    expect(titles(listing)).toEqual(['T']);
    expect(listing.unreadableEntries).toBe(dropped);
    expect(listing.warnings).toEqual([`${dropped} items are empty or outside of the list`]);
  });

  test('and a feed with only such ones has no entries', () => {
    expect(read(rdf(`<channel><title>F</title>${item('')}</channel>`))).toMatchObject({
      reason: 'no-entries',
      detail: 'all of 1 items are empty or outside of the list',
    });
  });

  test('also in a feed of arXiv, which then is no feed of a day without papers', () => {
    const page = fixtureText('arxiv-rss.xml');
    const empty = page.replaceAll(/<item>[\s\S]*?<\/item>/g, '<item> </item>');
    expect(read(empty)).toMatchObject({
      format: 'arxiv-feed',
      reason: 'no-entries',
      detail: 'all of 3 items are empty or outside of the list',
    });
  });
});

test('HTML in a description that nobody closed is no damage', () => {
  const page = rss(item('<description><p>One <b>two <i>three</b><br></description>') + item(''));
  const listing = readListing(page);
  expect(listing.cutBecause).toBeUndefined();
  expect(listing.entries).toMatchObject([{ abstract: 'One two three' }, { title: 'T' }]);
});

test('the pieces of any text are the text, each not empty', () => {
  const signs = fc.constantFrom(
    ...['<', '>', '</', '/>', '<!--', '-->', '<![CDATA[', ']]>', '"', "'"],
  );
  const parts = fc.oneof(
    signs,
    fc.constantFrom('a', ' ', '=', '<?', '?>', '<!DOCTYPE', '[', ']', 'é'),
  );
  const holds = fc.property(fc.array(parts, { maxLength: 40 }), (pieces) => {
    const text = pieces.join('');
    const tokens: XmlToken[] = [];
    scanXml(text, (token) => {
      tokens.push(token);
      return false;
    });
    expect(tokens.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
    expect(tokens.every(({ start, end }) => end > start)).toBe(true);
  });
  fc.assert(holds, { numRuns: 500 });
});

test('a whole document of modest size is not touched', () => {
  const page = rss(item('<description><![CDATA[a]]> &amp; <b>c</b></description><link href="x"/>'));
  expect(prepareXml(page, new Warnings())).toEqual({
    kind: 'whole',
    root: 'rss',
    items: 1,
    xml: page,
  });
});
