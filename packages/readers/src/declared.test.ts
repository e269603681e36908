import { judgePage, keysOf, type PageDeclaration } from '@paperboy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  declaration,
  DECLARED_CARDS as OF_CARDS,
  DECLARED_PAIRS as OF_PAIRS,
} from '../test/declarations.ts';
import { CAPTURES, capture, fixtureText, read, readListing, titles } from '../test/support.ts';
import { claimedIn } from './declared.ts';
import { readParts } from './join-parts.ts';

const CARDS = fixtureText('declared-cards.html');
const PAIRS = fixtureText('declared-pairs.html');
const ADDRESS = 'https://lab.example.org/list?page=1';

function cards(page: string, more: Partial<PageDeclaration> = {}, address = ADDRESS) {
  return read(page, { declaration: { ...OF_CARDS, ...more }, address });
}

function listOf(page: string, more: Partial<PageDeclaration> = {}, address = ADDRESS) {
  return readListing(page, { declaration: { ...OF_CARDS, ...more }, address });
}

describe('a declared page', () => {
  test('of one element for each entry is read field by field', () => {
    const listing = listOf(CARDS);
    expect(listing).toMatchObject({
      format: 'declared',
      shape: 'window',
      claimed: 3,
      nextPages: ['https://lab.example.org/reading/?page=2'],
      statedEmpty: false,
      unreadableEntries: 0,
      warnings: ['abstract: found in 2 of 3 entries', 'date: found in 2 of 3 entries'],
    });
    expect(listing.cutBecause).toBeUndefined();
    expect(listing.entries[0]).toMatchObject({
      position: 1,
      title: 'Lantern: Slow Decoding for Careful Answers',
      abstract: expect.stringMatching(/where doubt is high\. On five .* <1\.4 times .* should\.$/),
      textKind: 'abstract',
      ids: { arxiv: '2602.90001', arxivVersion: 2 },
      authors: ['Ada Quill', 'José Márquez', 'Li Wen'],
      links: [{ rel: 'page', url: 'https://lab.example.org/reading/2602.90001' }],
      publishedAt: '2026-02-02',
    });
    expect(listing.entries[1]?.authors).toEqual(['Bo Ek', 'Chris Adeyemi']);
    expect(listing.entries[2]).toMatchObject({
      title: 'Maps Without Cameras',
      ids: { doi: '10.5555/maps.3' },
    });
  });

  test('of dt and dd is read by spans that reach until the next dt', () => {
    const listing = readListing(PAIRS, { declaration: OF_PAIRS, address: ADDRESS });
    expect(listing).toMatchObject({
      claimed: 3,
      unreadableEntries: 0,
      warnings: ['abstract: found in 1 of 3 entries'],
    });
    expect(
      listing.entries.map(({ title, authors, ids, links }) => [
        title,
        authors,
        ids.arxiv,
        links[0]?.url,
      ]),
    ).toEqual([
      [
        'Lantern: Slow Decoding for Careful Answers',
        ['Ada Quill', 'José Márquez', 'Li Wen'],
        '2602.90001',
        'https://lab.example.org/abs/2602.90001',
      ],
      [
        'δ-Prune: Removing Heads That Agree',
        ['Bo Ek'],
        '2602.90002',
        'https://lab.example.org/abs/2602.90002',
      ],
      ['Maps Without Cameras', ['Dee Fox'], '2602.90003', 'https://lab.example.org/abs/2602.90003'],
    ]);
  });

  test('gives the same keys as the readers of the same papers', () => {
    const [text, pairs] = [
      readListing(fixtureText('plain-text.txt')),
      readListing(PAIRS, { declaration: OF_PAIRS }),
    ].map(({ entries }) => entries.map((entry) => keysOf(entry).at(-1)));
    expect(pairs).toEqual(text);
  });

  test('whose entries stand inside one another gives each field to the innermost', () => {
    const page = '<div class=e><b>One</b><div class=e><b>Two</b></div><i>first</i></div>';
    const listing = listOf(page, { list: '.e', title: 'b', abstract: 'i' });
    expect(listing.entries.map(({ title, abstract }) => [title, abstract])).toEqual([
      ['One', 'first'],
      ['Two', undefined],
    ]);
  });

  test('takes each match for a name where there are several', () => {
    const { entries } = readListing(PAIRS, {
      declaration: { ...OF_PAIRS, authors: '.list-authors a' },
    });
    expect(entries.map(({ authors }) => authors)).toEqual([
      ['Ada Quill', 'José Márquez', 'Li Wen'],
      ['Bo Ek'],
      ['Dee Fox'],
    ]);
  });

  test('keeps paragraphs that its selector names one by one', () => {
    expect(listOf(CARDS, { abstract: '.abstract p' }).entries[0]?.abstract).toMatch(
      /where doubt is high\.\n\nOn five/,
    );
  });

  test('that lost the beginning of an entry does not give its words to the one before', () => {
    const page = CARDS.replace(/<\/li>\s*<li class="paper">(?=<h3><a href="2602.90002)/, '');
    const listing = listOf(page);
    expect(titles(listing)).toEqual([
      'Lantern: Slow Decoding for Careful Answers',
      'Maps Without Cameras',
    ]);
    expect(listing.entries[0]?.abstract).not.toContain('twins');
    expect(listing.unreadableEntries).toBe(1);
    expect(listing.warnings[0]).toBe('entry 1: a second title, what follows it was not read');
  });

  test('may draw a title twice', () => {
    const page =
      '<ul class="papers"><li><h3><a>One</a></h3><h3><a>One </a></h3><i>text</i></li></ul>';
    const listing = listOf(page, { abstract: 'i' });
    expect(listing).toMatchObject({ unreadableEntries: 0, entries: [{ abstract: 'text' }] });
  });

  test('may have everything on the entry itself', () => {
    const page = '<a class=p href=/1 data-t="One">more</a><a class=p href=/2 data-t="Two">more</a>';
    const { entries } = listOf(page, {
      list: 'a.p',
      title: '@data-t',
      link: '@href',
      abstract: ':scope',
    });
    expect(entries.map(({ title, links, abstract }) => [title, links[0]?.url, abstract])).toEqual([
      ['One', 'https://lab.example.org/1', 'more'],
      ['Two', 'https://lab.example.org/2', 'more'],
    ]);
  });

  test('is not read without its declaration, and a declaration outranks what the page looks like', () => {
    expect(read(CARDS)).toMatchObject({ reason: 'unknown-format' });
    expect(read(CARDS, { format: 'declared' })).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('the source has none'),
    });
    const hf = fixtureText('hf-trending.html');
    const listing = listOf(hf, { list: 'article', title: 'h3' });
    expect(listing.format).toBe('declared');
    expect(listing.entries[0]?.title).toBe('Lantern: Slow Decoding for Careful Answers');
  });
});

test('a declared list of two pages is one list, whole when its last page names no other', () => {
  const last = CARDS.replaceAll('2602.9000', '2602.8000').replace(/<p class="more">.*<\/p>/, '');
  const parts = [CARDS, last].map((page, index) => ({
    bytes: new TextEncoder().encode(page),
    address: `https://lab.example.org/reading/${index === 0 ? '' : '?page=2'}`,
  }));
  const [first] = parts;
  if (!first) throw new Error('no part');
  const whole = readParts({ parts, declaration: OF_CARDS });
  expect(whole).toMatchObject({ kind: 'listing', nextPages: [] });
  expect(whole.kind === 'listing' && whole.entries.map(({ position }) => position)).toEqual([
    ...[1, 2, 3, 4, 5, 6],
  ]);
  expect(whole).not.toHaveProperty('cutBecause');
  expect(readParts({ parts: [first], declaration: OF_CARDS })).toMatchObject({
    cutBecause: 'the list goes on at https://lab.example.org/reading/?page=2',
  });
});

describe('a page on which a selector fails', () => {
  test('names the list selector first', () => {
    expect(cards(CARDS, { list: 'ol.papers > li', title: '.none' })).toMatchObject({
      kind: 'unreadable',
      reason: 'no-entries',
      detail: 'list "ol.papers > li" matches nothing on the page',
    });
  });

  test('names the title selector where no entry has one', () => {
    expect(cards(CARDS, { title: 'h4 a' })).toMatchObject({
      reason: 'no-entries',
      detail: 'title "h4 a" has no text in any of 3 entries',
    });
  });

  test('is empty only where the page says so', () => {
    const empty = '<html><body><p class="nothing">No papers today</p></body></html>';
    expect(listOf(empty)).toMatchObject({ statedEmpty: true, entries: [] });
    expect(cards(empty, { empty: '.other' })).toMatchObject({ reason: 'no-entries' });
    expect(listOf(CARDS.replace('<main>', '<main><p class="nothing" hidden>'))).toMatchObject({
      statedEmpty: false,
    });
  });

  test('has as many entries as it must', () => {
    expect(cards(CARDS, { minEntries: 4 })).toMatchObject({
      reason: 'no-entries',
      detail: expect.stringContaining('3 entries, and minEntries is 4'),
    });
    expect(cards(CARDS, { minEntries: 3 })).toMatchObject({ kind: 'listing' });
  });

  test('is a bot challenge where it bears the marks of one', () => {
    expect(cards(fixtureText('challenge.html'))).toMatchObject({ reason: 'challenge-page' });
  });

  test('counts entries without a title, and more than a fifth of them make it broken', () => {
    const page = (without: number) =>
      `<ul class="papers">${'<li><h3><a>T</a></h3></li>'.repeat(8)}${'<li></li>'.repeat(without)}</ul>`;
    const verdict = (html: string) =>
      judgePage(
        cards(html),
        undefined,
        { papers: 8, sharedWithLast: 0 },
        {
          batchSizes: [],
          coverage: {},
          due: 'unknown',
        },
      ).verdict;
    expect(listOf(page(2)).unreadableEntries).toBe(2);
    expect([verdict(page(2)), verdict(page(3))]).toEqual(['new-batch', 'broken']);
  });

  test('of a stored declaration that is none says why', () => {
    expect(cards(CARDS, { title: 'h3:hover' })).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('title: "h3:hover", position 3: :hover may not be used'),
    });
  });
});

describe('addresses', () => {
  const linked = (head: string, href: string, address = ADDRESS) =>
    listOf(
      `${head}<ul class="papers"><li><h3><a href="${href}">T</a></h3></li></ul>`,
      {},
      address,
    ).entries[0]?.links.map(({ url }) => url);

  test.each([
    ['', 'p/1', ['https://lab.example.org/p/1']],
    ['<base href="/x/">', 'p/1', ['https://lab.example.org/x/p/1']],
    ['<base href="https://cdn.example.org/y/">', 'p/1', ['https://cdn.example.org/y/p/1']],
    [
      '<base href="https://a.example/"><base href="https://b.example/">',
      '1',
      ['https://a.example/1'],
    ],
    ['<base href="javascript:alert(1)//">', 'p/1', ['https://lab.example.org/p/1']],
    ['<base href="data:text/html,x">', 'p/1', ['https://lab.example.org/p/1']],
    ['<base href="https://user:secret@lab.example.org/">', '1', ['https://lab.example.org/1']],
    ['', 'javascript:alert(1)', []],
    ['', ' java\nscript:alert(1)', []],
    ['', 'data:text/html,x', []],
    ['', 'file:///etc/passwd', []],
    ['', '//other.example/1', ['https://other.example/1']],
    ['', 'https://user:secret@other.example/', []],
    ['', `https://other.example/${'x'.repeat(3_000)}`, []],
    ['', 'http://[::1', []],
  ])('%s with %s', (head, href, expected) => expect(linked(head, href)).toEqual(expected));

  test('that are relative lead nowhere on a page without an address', () => {
    const { entries } = readListing(CARDS.replace(/<base[^>]*>/, ''), { declaration: OF_CARDS });
    expect(entries[0]?.links).toEqual([]);
  });

  test('of PDF files are known as such', () => {
    const page = '<ul class="papers"><li><h3><a href="/files/a.pdf">T</a></h3></li></ul>';
    expect(listOf(page).entries[0]?.links[0]?.rel).toBe('pdf');
  });

  test('of next pages are given once, without the page itself, and at most twenty', () => {
    const page = (links: readonly string[]) =>
      `${links.map((href) => `<a rel=next href="${href}"></a>`).join('')}<ul class="papers"><li><h3><a>T</a></h3></li></ul>`;
    const next = (...links: string[]) => listOf(page(links)).nextPages;
    expect(next('?page=2', '/list?page=2', '?page=2#top', '?page=1', '#', 'javascript:x')).toEqual([
      'https://lab.example.org/list?page=2',
    ]);
    expect(next(...Array.from({ length: 50 }, (_, at) => `?page=${at + 2}`))).toHaveLength(20);
  });
});

test.each([
  ['350 papers', 350],
  ['1,234 papers', 1234],
  ['Showing 1–25 of 350', 350],
  ['Showing first 50 of about 12.345 results', 12345],
  ['Total of 3 entries', 3],
  ['Papers (7)', 7],
  ['none', undefined],
])('"%s" claims %s', (text, claimed) => expect(claimedIn(text)).toBe(claimed));

test.each([
  ['2026-10-07', '2026-10-07'],
  ['Wed, 7 Oct 2026', '2026-10-07'],
  ['October 7, 2026', '2026-10-07'],
  ['7 Oct', undefined],
  ['soon', undefined],
])('an entry of "%s" was published on %s', (date, expected) => {
  const page = `<ul class="papers"><li><h3><a>T</a></h3><time>${date}</time></li></ul>`;
  expect(listOf(page).entries[0]?.publishedAt).toBe(expected);
});

describe('a damaged page', () => {
  test.each([
    ['cards', CARDS, OF_CARDS],
    ['pairs', PAIRS, OF_PAIRS],
  ] as const)(
    'cut after any character (%s) has no entry that the whole has not, and says so',
    { timeout: 60_000 },
    (_name, page, written) => {
      const whole = readListing(page, { declaration: written, address: ADDRESS }).entries;
      let read_ = 0;
      for (let end = 0; end < page.length; end++) {
        const reading = read(page.slice(0, end), { declaration: written, address: ADDRESS });
        if (reading.kind === 'unreadable') continue;
        read_++;
        const { entries, cutBecause, warnings } = reading;
        for (const [index, entry] of entries.entries())
          if (entry.title !== whole[index]?.title) expect.fail(`after ${end}: "${entry.title}"`);
        if (entries.length < whole.length && cutBecause === undefined && warnings.length === 0)
          expect.fail(`cut after ${end} it has ${entries.length} entries and no word why`);
      }
      expect(read_).toBeGreaterThan(page.length / 4);
    },
  );

  test('never gives an entry without a title or a link that is none', () => {
    const damage = fc.record({
      at: fc.nat(CARDS.length),
      drop: fc.nat(300),
      put: fc.constantFrom(
        '',
        '<',
        '>',
        '"',
        '</li>',
        '<li>',
        '<!--',
        '<base href=javascript:x>',
        '&#0;',
      ),
    });
    const holds = fc.property(damage, ({ at, drop, put }) => {
      const reading = cards(CARDS.slice(0, at) + put + CARDS.slice(at + drop));
      if (reading.kind === 'unreadable') {
        expect(reading.detail).not.toContain('reader failed');
        return;
      }
      for (const { title, links } of reading.entries) {
        expect(title).not.toMatch(/^\s*$|\p{Cc}/u);
        for (const { url } of links) expect(url).toMatch(/^https?:\/\//);
      }
    });
    fc.assert(holds, { numRuns: 300 });
  });
});

describe('a hostile page', () => {
  const row = '<li><h3><a href="/1">T</a></h3></li>';
  const list = (inside: string) => `<ul class="papers">${inside}</ul>`;

  test('of an attribute of 5 MB is read', () => {
    const page = list(`<li title="${'x '.repeat(2_500_000)}"><h3><a href="/1">T</a></h3></li>`);
    expect(titles(listOf(page, { title: 'h3 a', abstract: '[title~=y] p' }))).toEqual(['T']);
    const [entry] = listOf(page, { abstract: '@title' }).entries;
    expect(entry?.abstract?.length).toBeLessThanOrEqual(20_000);
  });

  test('of 100,000 nested elements is refused', () => {
    expect(cards(list('<div>'.repeat(100_000)))).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('too deep'),
    });
  });

  test('of 100,000 matches is cut at the limit', () => {
    const listing = listOf(list('<li><h3>T</h3>'.repeat(100_000)), { title: 'h3' });
    expect(listing.entries).toHaveLength(2_000);
    expect(listing.cutBecause).toContain('more than 2000 entries');
  });

  const wide = list('<li><h3>T</h3></li>'.repeat(30_000));
  const deep = `${'<div class=d>'.repeat(990)}${list(row.repeat(2_000))}`;
  test.each([
    ['later siblings', wide, 'li ~ li ~ li ~ li'],
    ['places', wide, 'li:nth-child(2n+1):nth-of-type(3n+1):not(:nth-child(7n))'],
    ['what they hold', wide, 'li:has(i):has(h3):not(:last-child)'],
    ['words', wide.replaceAll('<li>', '<li class="a aa aaa aaaa">'), 'li.aaaaa, li.aaaa ~ li'],
    ['ancestors', deep, `${'div '.repeat(29)}li`],
    ['children', deep, `${'div > '.repeat(28)}ul > li`],
    ['anything', deep, '* * * * * * * * * li'],
  ])('is searched by %s in one walk', { timeout: 60_000 }, (_name, page, selector) => {
    const before = performance.now();
    const more = { list: selector, title: selector, abstract: selector, authors: selector };
    expect(cards(page, more).kind).toBeDefined();
    // One walk takes tens of milliseconds here, looking back from each candidate minutes.
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  test('of entries and fields inside one another is read', () => {
    const page = '<div><p>T</p>'.repeat(900);
    const listing = listOf(page, { list: 'div', title: 'p', abstract: 'div', authors: 'div, p' });
    expect(listing.entries.length).toBeGreaterThan(890);
  });
});

describe('real lists of dt and dd', () => {
  const arxiv = declaration({
    list: 'dl > dt',
    span: 'until-next',
    title: '.list-title',
    link: 'dt a[href^="/abs/"]',
    abstract: 'dd p.mathjax',
    authors: '.list-authors a',
    id: 'dt a[href^="/abs/"]',
    claimed: 'h3 + .paging, .paging',
  });

  test.skipIf(!CAPTURES).each([
    ['arxiv_list_new_q-fin.rendered-2024-markup.html', 16, 13],
    ['arxiv_list_new_math.OA.rendered-2024-markup.html', 3, 1],
    ['arxiv_list_new_q-fin.rendered-old-markup.html', 16, 13],
    ['arxiv_list_recent_cs.AI_2026-10-07.excerpt.html', 4, 0],
  ])('capture %s has %i entries, %i with an abstract', (name, count, abstracts) => {
    const { entries, unreadableEntries } = readListing(capture(name), { declaration: arxiv });
    expect(entries).toHaveLength(count);
    expect(entries.filter(({ abstract }) => abstract !== undefined)).toHaveLength(abstracts);
    expect(unreadableEntries).toBe(0);
    for (const { title, ids, authors } of entries) {
      expect(title).not.toMatch(/^Title|\n/);
      expect(ids.arxiv).toMatch(/^\d{4}\.\d{4,5}$/);
      expect(authors?.length).toBeGreaterThan(0);
    }
  });
});
