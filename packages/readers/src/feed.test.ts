import { parseListedOn } from '@paperboy/core';
import fc from 'fast-check';
import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';

const RSS = fixtureText('feed-rss.xml');
const ATOM = fixtureText('feed-atom.xml');
const JOURNAL = { address: 'https://journal.example.org/feeds/rss.xml' };

const rss = (items: string, head = '') =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>F</title><link>https://example.org/</link>${head}${items}</channel></rss>`;
const item = (inner: string) => `<item>${inner}</item>`;
const one = (inner: string) => {
  const [entry] = readListing(rss(item(inner))).entries;
  if (!entry) throw new Error('no entry');
  return entry;
};

describe('the three papers of the fixtures', () => {
  const words = readListing(fixtureText('hf-api-2026.json')).entries;
  test.each(['feed-hf.xml', 'feed-rss.xml', 'feed-rdf.xml', 'feed-atom.xml', 'feed.json'])(
    'have their titles and abstracts in %s, in order and without markup',
    (name) => {
      const listing = readListing(fixtureText(name), JOURNAL);
      expect(listing).toMatchObject({ format: 'feed', shape: 'window', unreadableEntries: 0 });
      expect(listing.warnings).toEqual([]);
      expect([listing.date, listing.cutBecause]).toEqual([undefined, undefined]);
      expect(listing.entries.map(({ abstract }) => abstract)).toEqual(
        words.map(({ abstract }) => abstract),
      );
      expect(titles(listing)).toEqual(words.map(({ title }) => title.replaceAll('$', '')));
      for (const { position, authors, textKind, publishedAt } of listing.entries) {
        expect(authors).toHaveLength([3, 1, 2][position - 1] ?? 0);
        expect(textKind).toBe('abstract');
        expect(publishedAt).toMatch(/^2026-02-0[234]/);
      }
    },
  );

  test('have votes and the authors of the description in an unofficial feed of daily papers', () => {
    const { entries } = readListing(fixtureText('feed-hf.xml'));
    expect(entries.map(({ upvotes }) => upvotes)).toEqual([41, 7, 0]);
    expect(entries[0]?.authors).toEqual(['Ada Quill', 'José Márquez', 'Li Wen']);
  });

  test('have DOIs, without the version that preprint servers add', () => {
    const dois = (name: string) => readListing(fixtureText(name)).entries.map(({ ids }) => ids.doi);
    expect(dois('feed-rss.xml')[0]).toBe('10.5555/lantern.90001');
    expect(dois('feed-rdf.xml')[0]).toBe('10.1101/2026.02.01.790001');
    const link = 'https://www.biorxiv.org/content/10.1101/2026.02.01.790001v1.full.pdf?rss=1';
    expect(one(`<title>T</title><link>${link}</link>`).ids).toEqual({
      doi: '10.1101/2026.02.01.790001',
    });
  });

  test('are all read of RSS 1.0, also those that its table of contents lacks', () => {
    expect(readListing(fixtureText('feed-rdf.xml')).entries).toHaveLength(3);
  });
});

describe('links', () => {
  test('stand under the page of the feed, and under the address that answered', () => {
    const [first] = readListing(RSS, JOURNAL).entries;
    expect(first?.links).toEqual([
      { rel: 'page', url: 'https://journal.example.org/doi/abs/10.5555/lantern.90001?af=R' },
    ]);
    const elsewhere = RSS.replace('https://journal.example.org/toc/', '/toc/');
    expect(
      readListing(elsewhere, { address: 'https://mirror.example.org/x' }).entries[0]?.links,
    ).toEqual([
      { rel: 'page', url: 'https://mirror.example.org/doi/abs/10.5555/lantern.90001?af=R' },
    ]);
  });

  test('stand under xml:base, and keep what they are', () => {
    const [first, , third] = readListing(ATOM).entries;
    expect(first?.links).toEqual([
      { rel: 'page', url: 'https://group.example.org/papers/lantern' },
      { rel: 'pdf', url: 'https://arxiv.org/pdf/2602.90001v2' },
      { rel: 'other', url: 'https://arxiv.org/abs/2601.00007' },
    ]);
    expect(third?.links[0]?.url).toBe('https://group.example.org/maps/');
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.org/x',
    'https://user:secret@example.org/',
    'http://[',
  ])('%s is none', (href) => {
    expect(one(`<title>T</title><link>${href}</link>`).links).toEqual([]);
  });

  test('a guid is one where it says so by itself, and not where it denies it', () => {
    const guid = (attribute: string) =>
      one(`<title>T</title><guid${attribute}>https://example.org/9</guid>`).links;
    expect(guid('')).toEqual([{ rel: 'page', url: 'https://example.org/9' }]);
    expect(guid(' isPermaLink="false"')).toEqual([]);
  });
});

describe('what an item is', () => {
  test.each([
    ['<link>https://arxiv.org/abs/2602.90001v2</link>', { arxiv: '2602.90001', arxivVersion: 2 }],
    ['<link>https://huggingface.co/papers/2602.90001</link>', { arxiv: '2602.90001' }],
    ['<guid>oai:arXiv.org:2602.90001v3</guid>', { arxiv: '2602.90001', arxivVersion: 3 }],
    [
      '<description>arXiv:2602.90001v1 We show.</description>',
      { arxiv: '2602.90001', arxivVersion: 1 },
    ],
    ['<dc:identifier>doi:10.5555/ABC.1</dc:identifier>', { doi: '10.5555/abc.1' }],
    [
      '<dc:identifier>https://doi.org/10.48550/arXiv.2602.90001</dc:identifier>',
      { arxiv: '2602.90001', doi: '10.48550/arxiv.2602.90001' },
    ],
    [
      '<link>https://pub.example.org/doi/full/10.5555/abc%281%29x/full?af=R#s1</link>',
      { doi: '10.5555/abc(1)x' },
    ],
    ['<link>https://openreview.net/forum?id=aBcDeFgH1</link>', { openreview: 'aBcDeFgH1' }],
  ])('is told by %s', (inner, ids) => {
    expect(one(`<title>T</title>${inner}`).ids).toEqual(ids);
  });

  test.each([
    '<description>We build on arXiv:1706.03762 and https://doi.org/10.5555/other.</description>',
    '<description>&lt;p&gt;See &lt;a href="https://arxiv.org/abs/1706.03762"&gt;this&lt;/a&gt;&lt;/p&gt;</description>',
    '<guid>2024.10001</guid>',
    '<dc:identifier>2024.10001</dc:identifier>',
    '<link>https://blog.example.org/2024.10001/about-arxiv</link>',
    '<comments>https://arxiv.org/abs/1706.03762</comments>',
  ])('is not told by %s', (inner) => {
    expect(one(`<title>T</title>${inner}`).ids).toEqual({});
  });
});

describe('texts', () => {
  test('entities are decoded once in each layer that there is', () => {
    expect(one('<title>R&amp;D &lt;i&gt;in vivo&lt;/i&gt; at p &amp;lt; 0.05</title>').title).toBe(
      'R&D in vivo at p < 0.05',
    );
    expect(one('<title><![CDATA[Caf&eacute; &amp;amp; bar]]></title>').title).toBe(
      'Café &amp; bar',
    );
    const [plain] = readListing(
      ATOM.replace(
        '<title>δ-Prune: Removing Heads That Agree</title>',
        '<title>The &amp;amp; sign</title>',
      ),
    ).entries.slice(1);
    expect(plain?.title).toBe('The &amp; sign');
  });

  test('what only looks like a tag stays', () => {
    const text = 'The &lt;CLS&gt; token, p&lt;0.05 and 3&lt;4B';
    expect(one(`<title>T</title><description>${text}</description>`).abstract).toBe(
      'The <CLS> token, p<0.05 and 3<4B',
    );
  });

  test('blocks become paragraphs, and what nobody reads is left out', () => {
    const html =
      '<p>One<br>line</p><style>p{}</style><p>Two <b>bold</b></p><script>a<b</script><!-- no -->';
    expect(one(`<title>T</title><description><![CDATA[${html}]]></description>`).abstract).toBe(
      'One\n\nline\n\nTwo bold',
    );
  });

  test.each(['We show that …', 'We show... Read more', 'Some text [&hellip;]'])(
    '%s is a summary, as something was left out',
    (text) => {
      const entry = one(`<title>T</title><description><![CDATA[${text}]]></description>`);
      expect(entry.textKind).toBe('summary');
    },
  );

  test('what a publisher writes in place of an abstract is none, but names its authors', () => {
    const html =
      '<p>Publication date: April 2026</p><p><b>Source:</b> Letters, Volume 3</p><p>Author(s): Ada Roe, Bo Li</p>';
    const entry = one(`<title>T</title><description><![CDATA[${html}]]></description>`);
    expect(entry.abstract).toBeUndefined();
    expect(entry.authors).toEqual(['Ada Roe', 'Bo Li']);
  });

  test('an item without a title is counted as unreadable', () => {
    const listing = readListing(
      rss(item('<description>x</description>') + item('<title>T</title>')),
    );
    expect(listing).toMatchObject({ unreadableEntries: 1, entries: [{ position: 2 }] });
    expect(listing.warnings).toEqual(['entry 1: no title']);
  });
});

describe('a feed without entries is unreadable and says why', () => {
  const rdf = fixtureText('feed-rdf.xml');
  test.each([
    ['RSS', RSS.replace(/<item>[\s\S]*<\/item>/, ''), 'no <item> in the feed'],
    ['RSS 1.0', rdf.replace(/<item [\s\S]*<\/item>/, ''), 'no <item> in the feed'],
    ['Atom', '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title></feed>', 'no <entry>'],
    [
      'JSON',
      '{"version":"https://jsonfeed.org/version/1.1","title":"F","items":[]}',
      'no items in the feed',
    ],
    ['titles', RSS.replaceAll(/<title>[\s\S]*?<\/title>/g, ''), 'none of 3 items has a title'],
  ])('%s', (_name, page, detail) => {
    expect(read(page)).toMatchObject({
      kind: 'unreadable',
      format: 'feed',
      reason: 'no-entries',
      detail: expect.stringContaining(detail),
    });
  });

  test('cut ones too', () => {
    const page = rss(item('<link>https://example.org/1</link>')).replace('</rss>', '');
    expect(read(page)).toMatchObject({
      kind: 'unreadable',
      reason: 'no-entries',
      detail: 'none of 1 items has a title; the feed ends too early',
    });
  });
});

describe('a feed that is not whole', () => {
  test('keeps its whole items, wherever it ends', () => {
    const from = RSS.indexOf('</item>') + '</item>'.length;
    for (let end = from; end < RSS.lastIndexOf('</rss>'); end += 13) {
      const listing = readListing(RSS.slice(0, end));
      expect(listing.cutBecause).toMatch(/ends too early/);
      expect(titles(listing)).toEqual(
        titles(readListing(RSS)).slice(0, RSS.slice(0, end).split('</item>').length - 1),
      );
    }
  });

  test('is unreadable when it ends inside its first item', () => {
    expect(read(RSS.slice(0, RSS.indexOf('</item>')))).toMatchObject({
      reason: 'malformed',
      detail: 'it ends too early, before its first whole item',
    });
  });

  test('keeps the whole items of JSON', () => {
    const json = fixtureText('feed.json');
    const listing = readListing(json.slice(0, json.indexOf('Maps Without')));
    expect(titles(listing)).toHaveLength(2);
    expect(listing.cutBecause).toBe('the JSON ends inside an item');
  });

  test('is unreadable with a reason when it is an HTML page', () => {
    const page = '<!DOCTYPE html><html><head><title>Moved</title></head><body><p>x</body></html>';
    expect(read(page, { format: 'feed' })).toMatchObject({
      reason: 'malformed',
      detail: 'an HTML page, no feed',
    });
    expect(read(page)).toMatchObject({ reason: 'unknown-format' });
  });

  test('in another encoding than it declares is read by what its bytes are', () => {
    const text = RSS.replace('encoding="UTF-8"', 'encoding="iso-8859-1"');
    const listing = readListing(text);
    expect(listing.entries[0]?.authors?.[1]).toBe('José Márquez');
    const latin = Uint8Array.from(text.replaceAll('δ', 'd'), (sign) => sign.codePointAt(0) ?? 0);
    expect(readListing(latin).entries[0]?.authors?.[1]).toBe('José Márquez');
  });
});

const anyText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((text) => `T ${text}`);
const anyWords = fc.array(fc.stringMatching(/^[a-zé&<>"'.]{1,9}$/), {
  minLength: 1,
  maxLength: 12,
});

test('of a printed feed nothing is lost, whatever its kind', () => {
  const papers = fc.array(
    fc.record({
      title: anyText,
      words: anyWords,
      path: fc.nat(1e6),
      day: fc.integer({ min: 1, max: 28 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const holds = fc.property(papers, (all) => {
    const escaped = (text: string) =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const url = (path: number) => `https://example.org/${path}`;
    const at = (day: number) => new Date(Date.UTC(2026, 1, day));
    const expected = all.map(({ words, path, day }) => ({
      abstract: `W ${words.join(' ')}`,
      links: [{ rel: 'page', url: url(path) }],
      publishedAt: at(day).toISOString(),
    }));
    const printed = [
      generateRssFeed({
        title: 'F',
        description: 'D',
        link: 'https://example.org/',
        items: all.map(({ title, words, path, day }) => ({
          title: escaped(title),
          description: escaped(`W ${words.join(' ')}`),
          link: url(path),
          pubDate: at(day),
        })),
      }),
      generateAtomFeed({
        id: 'x',
        title: { value: 'F' },
        updated: at(1),
        entries: all.map(({ title, words, path, day }) => ({
          id: url(path),
          title: { value: title },
          links: [{ href: url(path) }],
          summary: { value: `W ${words.join(' ')}` },
          updated: at(day),
        })),
      }),
      JSON.stringify(
        generateJsonFeed({
          title: 'F',
          items: all.map(({ title, words, path, day }) => ({
            id: url(path),
            title,
            url: url(path),
            content_text: `W ${words.join(' ')}`,
            date_published: at(day),
          })),
        }),
      ),
    ];
    for (const feed of printed) {
      const listing = readListing(feed);
      expect(listing.entries).toHaveLength(all.length);
      expect(listing.entries).toMatchObject(expected);
      expect(listing.unreadableEntries).toBe(0);
      for (const { title } of listing.entries) expect(title).toMatch(/^T/);
      for (const { publishedAt } of listing.entries)
        expect(parseListedOn(publishedAt ?? '')).toBeDefined();
    }
  });
  fc.assert(holds, { numRuns: 60 });
});

test('no text whatever makes the reader throw, and no entry lacks a title', () => {
  const pieces = fc.constantFrom(
    ...[
      '<rss>',
      '</rss>',
      '<channel>',
      '<item>',
      '</item>',
      '<title>',
      '</title>',
      '<![CDATA[',
      ']]>',
    ],
    ...[
      '<!--',
      '-->',
      '<a b="',
      '"',
      '&amp;',
      '&#xffff;',
      '&',
      '<',
      '>',
      'x',
      '<!DOCTYPE x [',
      ']>',
    ],
    ...[
      '<description>',
      '</description>',
      '<link/>',
      '<__proto__>',
      '<constructor>',
      '\0',
      '<?xml ',
    ],
  );
  const holds = fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
    const reading = read(`<rss version="2.0"><channel>${parts.join('')}`, { format: 'feed' });
    if (reading.kind === 'listing') {
      for (const { title } of reading.entries) expect(title).not.toBe('');
    } else expect(reading.detail).not.toMatch(/reader failed/);
  });
  fc.assert(holds, { numRuns: 300 });
});
