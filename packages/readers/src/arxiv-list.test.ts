import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';
import { joinParts } from './join-parts.ts';

const NEW = fixtureText('arxiv-new.html');
const OLD = fixtureText('arxiv-new-before-2024.html');
const RECENT = fixtureText('arxiv-recent.html');
const ADDRESS = 'https://arxiv.org/list/cs.LG/recent';

/** An entry in the markup of 2024. */
function item(number: number, id: string, title: string, mark = ''): string {
  return `<dt><a name='item${number}'>[${number}]</a> <a href ="/abs/${id}">arXiv:${id}</a> ${mark}</dt>
    <dd><div class='meta'><div class='list-title mathjax'>Title: ${title}</div>
    <div class='list-authors'><a href="#">Ada Quill</a></div>
    <div class='list-subjects'><span class="primary-subject">Robotics (cs.RO)</span></div></div></dd>`;
}

function list(heading: string, items: string): string {
  return `<dl id='articles'><h3>${heading}</h3>${items}</dl>`;
}

function page(inner: string): string {
  return `<html><body><div id='dlpage'>${inner}</div></body></html>`;
}

describe('a page of new submissions', () => {
  test.each([
    ['of 2024 and later', NEW],
    ['before 2024', OLD],
  ])(
    'in the markup %s gives each entry its section, ids, authors, categories and text',
    (_name, html) => {
      const listing = readListing(html);
      expect(listing).toMatchObject({
        format: 'arxiv-list',
        shape: 'batch',
        date: { year: 2026, month: 2, day: 5 },
        claimed: 4,
        nextPages: [],
        unreadableEntries: 0,
        warnings: [],
      });
      expect(listing.cutBecause).toBeUndefined();
      expect(listing.entries.map(({ section }) => section)).toEqual([
        'new',
        'new',
        'cross',
        'replace',
      ]);
      const [first, , , last] = listing.entries;
      expect(first).toMatchObject({
        position: 1,
        title: 'Lantern: Slow Decoding for Careful Answers',
        ids: { arxiv: '2602.90001' },
        authors: ['Ada Quill', 'José Márquez', 'Li Wen'],
        categories: ['cs.CL', 'cs.LG'],
        textKind: 'abstract',
        links: [
          { rel: 'page', url: 'https://arxiv.org/abs/2602.90001' },
          { rel: 'pdf', url: 'https://arxiv.org/pdf/2602.90001' },
        ],
      });
      expect(first?.abstract).toMatch(
        /^Language models .* at <1\.4 times the cost, .* it should\.$/,
      );
      expect(last).toMatchObject({ ids: { arxiv: 'chao-dyn/9990001' }, position: 4 });
      // A row of hyphens, or nothing.
      expect(last?.abstract).toBeUndefined();
    },
  );

  test('reads the same in both markups', () => {
    expect(readListing(NEW).entries).toEqual(readListing(OLD).entries);
  });

  test('that says it is empty is empty, and keeps its date', () => {
    const html = page(
      '<h3>Showing new listings for Friday, 6 February 2026</h3><p>No updates today.</p>',
    );
    expect(readListing(html)).toMatchObject({
      statedEmpty: true,
      entries: [],
      shape: 'batch',
      date: { year: 2026, month: 2, day: 6 },
    });
  });

  test('that says it is empty and counts entries is not', () => {
    const html = page(
      `<h3>Showing new listings for Friday, 6 February 2026</h3><p>No updates today.</p>
       <div class='paging'>Total of 12 entries</div><dl id='articles'></dl>`,
    );
    expect(read(html)).toMatchObject({ kind: 'unreadable', reason: 'no-entries' });
  });

  test('knows a cross-list and a replacement by the mark beside its id, under a heading that is gone', () => {
    const html = page(
      `<h3>Showing new listings for Friday, 6 February 2026</h3><dl id='articles'>
       ${item(1, '2602.90001', 'One', '(cross-list from math.GR)')}
       ${item(2, '2602.90002', 'Two', '(replaced)')}${item(3, '2602.90003', 'Three')}</dl>`,
    );
    const { entries, warnings } = readListing(html);
    expect(entries.map(({ section }) => section)).toEqual(['cross', 'replace', 'none']);
    expect(warnings).toContain('1 of 3 entries without a heading for its section');
  });

  test('in two parts claims the whole list and names the part that follows', () => {
    const html = page(
      `<h3>Showing new listings for Friday, 6 February 2026</h3>
       <div class='paging'>Total of 2,003 entries : <span>1-2000</span>
       <a href=/list/cs.LG/new?skip=2000&amp;show=2000 rel="nofollow">2001-2003</a></div>
       ${list('New submissions (showing first 1 of 3 entries)', item(1, '2602.90001', 'One'))}`,
    );
    expect(readListing(html, { address: 'https://arxiv.org/list/cs.LG/new' })).toMatchObject({
      claimed: 2003,
      nextPages: ['https://arxiv.org/list/cs.LG/new?skip=2000&show=2000'],
    });
  });

  test('keeps a paper that stands on it twice in both places', () => {
    const html = page(
      `<h3>Showing new listings for Friday, 6 February 2026</h3>
       ${list('New submissions (showing 1 of 1 entries)', item(1, '2602.90001', 'One'))}
       ${list('Replacement submissions (showing 1 of 1 entries)', item(2, '2602.90001', 'One'))}`,
    );
    const { entries } = readListing(html);
    expect(entries.map(({ position, section }) => [position, section])).toEqual([
      [1, 'new'],
      [2, 'replace'],
    ]);
  });

  test('takes its date from the page, from the line above it before 2024', () => {
    const dates = (html: string) => readListing(html).date;
    expect(dates(NEW.replace('Thursday, 5 February 2026', 'Friday, 17 March 2023'))).toEqual({
      year: 2023,
      month: 3,
      day: 17,
    });
    expect(dates(OLD.replaceAll(/ for Thu, 5 Feb 26/g, ''))).toEqual({
      year: 2026,
      month: 2,
      day: 5,
    });
  });

  test.each(['Friday, 31 February 2026', 'Friday, 0 May 2026', 'Friday, 3 Brumaire 2026', 'today'])(
    'with the date "%s" has none, is no batch and says so',
    (text) => {
      const listing = readListing(NEW.replace('Thursday, 5 February 2026', text));
      expect(listing).toMatchObject({ shape: 'window', warnings: ['no heading with a date'] });
      expect(listing.date).toBeUndefined();
      expect(listing.entries).toHaveLength(4);
    },
  );
});

describe('a page of recent submissions', () => {
  test('carries its newest day, and is a window', () => {
    const listing = readListing(RECENT, { address: ADDRESS });
    expect(listing).toMatchObject({
      shape: 'window',
      date: { year: 2026, month: 2, day: 5 },
      warnings: [],
    });
    expect(listing.entries.map(({ section, abstract }) => [section, abstract])).toEqual([
      ['new', undefined],
      ['cross', undefined],
      ['new', undefined],
    ]);
  });

  test('that holds its newest day whole claims no more of the older ones than it shows', () => {
    const listing = readListing(RECENT, { address: ADDRESS });
    expect(listing).toMatchObject({ claimed: 3, nextPages: [] });
    expect(listing.cutBecause).toBeUndefined();
  });

  const longDay = (first: string, ranges: string) =>
    page(
      `<ul><li><a href="/list/cs.LG/recent?skip=350&amp;show=2">Tue, 3 Feb 2026</a></li></ul>
       <div class='paging'>Total of 900 entries : ${ranges}</div>
       ${list(`Wed, 4 Feb 2026 (${first} of 350 entries )`, item(1, '2602.90001', 'One') + item(2, '2602.90002', 'Two'))}`,
    );

  test('whose newest day goes on claims all of it and names the page that follows', () => {
    const ranges = `<span>1-2</span> <a href=/list/cs.LG/recent?skip=2&amp;show=2>3-4</a>
      <a href='/list/cs.LG/recent?skip=898&amp;show=2'>899-900</a>`;
    const listing = readListing(longDay('showing first 2', ranges), { address: ADDRESS });
    expect(listing).toMatchObject({
      claimed: 350,
      nextPages: ['https://arxiv.org/list/cs.LG/recent?skip=2&show=2'],
    });
    expect(listing.cutBecause).toBeUndefined();
  });

  test.each([
    ['continued, showing last 2', []],
    ['continued, showing 2', ['https://arxiv.org/list/cs.LG/recent?skip=2&show=2']],
  ])('"%s" is the last part or not', (first, nextPages) => {
    const ranges = '<a href=/list/cs.LG/recent?skip=2&amp;show=2>3-4</a>';
    expect(readListing(longDay(first, ranges), { address: ADDRESS }).nextPages).toEqual(nextPages);
  });

  test('names next pages of its own list only, against the address that answered', () => {
    const next = (href: string, address?: string) =>
      readListing(longDay('showing first 2', `<a href="${href}">3-4</a>`), {
        ...(address && { address }),
      }).nextPages;
    const mirror = 'https://export.example.org/list/cs.LG/recent';
    expect(next('?skip=2', mirror)).toEqual([`${mirror}?skip=2`]);
    expect(next('/list/cs.LG/recent?skip=2')).toEqual([`${ADDRESS}?skip=2`]);
    for (const href of [
      'https://evil.example/list/x?skip=2',
      'javascript:alert(1)',
      '/abs/1',
      '//evil.example/list/',
      'http://[',
    ]) {
      expect(next(href, mirror)).toEqual([]);
    }
  });

  test('is whole once the parts that its newest day needs are joined', () => {
    const part = (count: string, from: number, more = '') =>
      readListing(
        page(
          `<div class='paging'>Total of 90 entries : ${repeat(from)}</div>
           ${list(`Wed, 4 Feb 2026 (${count} of 5 entries )`, item(from, `2602.9000${from}`, 'A') + (more ? '' : item(from + 1, `2602.9000${from + 1}`, 'B')))}${more}`,
        ),
        { address: ADDRESS },
      );
    const repeat = (from: number) =>
      `<a href=/list/cs.LG/recent?skip=${from + 1}&amp;show=2>${from + 2}-${from + 3}</a>`;
    const older = list(
      'Tue, 3 Feb 2026 (showing first 1 of 85 entries )',
      item(6, '2602.90006', 'C'),
    );
    const parts = [
      part('showing first 2', 1),
      part('continued, showing 2', 3),
      part('continued, showing last 1', 5, older),
    ] as const;
    const addresses = [ADDRESS, `${ADDRESS}?skip=2&show=2`, `${ADDRESS}?skip=4&show=2`];
    const whole = joinParts(parts, { addresses });
    expect(whole).toMatchObject({ claimed: 6, date: { day: 4 }, nextPages: [] });
    expect(whole.entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(whole.cutBecause).toBeUndefined();
    expect(
      joinParts([parts[0], parts[1]], { addresses: addresses.slice(0, 2) }).cutBecause,
    ).toContain('goes on at');
  });

  test('with a quiet day is read for the other days', () => {
    const html = page(
      list('Thu, 5 Feb 2026 (showing 0 of 0 entries )', '<p>No updates for this time period.</p>') +
        list('Wed, 4 Feb 2026 (showing 1 of 1 entries )', item(1, '2602.90001', 'One')),
    );
    expect(readListing(html)).toMatchObject({
      statedEmpty: false,
      claimed: 1,
      date: { year: 2026, month: 2, day: 5 },
      entries: [{ title: 'One' }],
    });
  });
});

describe('a page of a month', () => {
  test('is a window without a date, with ids of all ages', () => {
    const html = page(
      `<h2>Authors and titles for October 1995</h2><div class='paging'>Total of 3 entries</div>
       <dl id='articles'>${item(1, 'chao-dyn/9510015', 'Old')}${item(2, 'math.GT/9510002v2', 'Odd')}
       ${item(3, '9510.00003', 'New', '(cross-list from math.PR)')}</dl>`,
    );
    const listing = readListing(html);
    expect(listing).toMatchObject({ shape: 'window', claimed: 3, warnings: [] });
    expect(listing.date).toBeUndefined();
    expect(listing.entries.map(({ ids, section }) => [ids, section])).toEqual([
      [{ arxiv: 'chao-dyn/9510015' }, 'new'],
      [{ arxiv: 'math/9510002', arxivVersion: 2 }, 'new'],
      [{ arxiv: '9510.00003' }, 'cross'],
    ]);
  });

  test('without papers says so', () => {
    const html = page(
      "<h2>Authors and titles for May 2026</h2><dl id='articles'><p>No updates for this time period.</p></dl>",
    );
    expect(readListing(html)).toMatchObject({ statedEmpty: true, entries: [], shape: 'window' });
  });
});

describe('an entry', () => {
  const one = (dd: string) =>
    readListing(
      page(
        `<dl id=articles><dt><a href=/abs/2602.90001>arXiv:2602.90001</a></dt><dd>${dd}</dd></dl>`,
      ),
    ).entries[0];
  const title = '<div class=list-title>Title: One</div>';

  test('has its title without the label, in an element or not, and keeps TeX and signs', () => {
    const titled = (html: string) => one(`<div class="list-title mathjax">${html}</div>`)?.title;
    expect(
      titled(
        "<span class='descriptor'>Title:</span>\n  $L^2$ &amp; <i>more</i>\n  $\\alpha &lt; 1$",
      ),
    ).toBe('$L^2$ & more $\\alpha < 1$');
    expect(titled('Title: Title: A Play')).toBe('Title: A Play');
  });

  test.each([
    ['<a>Ada Quill</a>, <a>Bo Brandt</a>', ['Ada Quill', 'Bo Brandt']],
    [
      '<span class="descriptor">Authors:</span>\n<a>Ada Quill</a> (MIT), <a>C. King, Jr.</a>',
      ['Ada Quill', 'C. King, Jr.'],
    ],
    [
      'Ada Quill, Bo Brandt (1,2) and the X Collaboration',
      ['Ada Quill', 'Bo Brandt', 'the X Collaboration'],
    ],
    [
      '<a>Fr\\&#x27;ed\\&#x27;eric D\\k{a}bek</a>, <a>Pawe{\\l} Z.</a>',
      ['Frédéric Dąbek', 'Paweł Z.'],
    ],
    ['(author list is unavailable)', undefined],
  ])('whose authors are %s has %j', (html, authors) => {
    expect(one(`${title}<div class="list-authors">${html}</div>`)?.authors).toEqual(authors);
  });

  test('has its categories from the brackets at the end of each subject', () => {
    const html = `${title}<div class='list-subjects'>Subjects: <span class="primary-subject">Mathematical Physics
      (math-ph)</span>; Sound (Speech) and Noise (cs.SD); math.MP (math.MP); Odd (not a code)</div>`;
    expect(one(html)?.categories).toEqual(['math-ph', 'cs.SD', 'math.MP']);
  });

  test('has the paragraphs of its abstract, and no comment for one', () => {
    const html = `${title}<div class='list-comments mathjax''>9 pages</div><p class=mathjax>First.<br />
      Second.</p><p>Other.</p>`;
    expect(one(html)?.abstract).toBe('First.\n\nSecond.');
    expect(one(`${title}<div class='list-comments'>9 pages</div>`)?.abstract).toBeUndefined();
  });
});

describe('a page that has changed', () => {
  test.each([
    [
      'dl#articles',
      "<div id='dlpage'><section class='papers'>One</section></div>",
      'malformed',
      'no dl#articles',
    ],
    [
      'dt',
      "<div id='dlpage'><dl id='articles'><h3>New submissions (showing 9 of 9 entries)</h3></dl></div>",
      'no-entries',
      'dl#articles without dt > a[href^="/abs/"]',
    ],
    [
      'abs links',
      "<dl id='articles'><dt><a href='/paper/1'>1</a></dt><dd><div class='list-title'>One</div></dd></dl>",
      'no-entries',
      'dt without a[href^="/abs/"]',
    ],
    [
      'titles',
      "<dl id='articles'><dt><a href='/abs/2602.90001'>x</a></dt><dd><h4>One</h4></dd></dl>",
      'no-entries',
      'arXiv:2602.90001 without a .list-title',
    ],
  ])('and has no %s is unreadable and names what was missing', (_name, inner, reason, detail) => {
    const reading = read(`<html><body>${inner}</body></html>`);
    expect(reading).toMatchObject({ kind: 'unreadable', format: 'arxiv-list', reason });
    expect(reading).toHaveProperty('detail', expect.stringContaining(detail));
  });

  test('by one entry counts it, keeps its place and names what was missing', () => {
    const listing = readListing(NEW.replace("class='list-title mathjax'", "class='heading'"));
    expect(listing.entries.map(({ position }) => position)).toEqual([2, 3, 4]);
    expect(listing).toMatchObject({
      unreadableEntries: 1,
      cutBecause: '3 of 4 entries that the headings count',
      warnings: ['entry 1: arXiv:2602.90001 without a .list-title'],
    });
  });

  test('so that an id is linked otherwise than it is printed leaves the entry out', () => {
    const listing = readListing(NEW.replace('href ="/abs/2602.90001"', 'href ="/abs/2602.90009"'));
    expect(listing.warnings).toEqual(['entry 1: 2602.90009 linked, 2602.90001 printed']);
  });

  test('loses no entry to a tag that is never closed', () => {
    expect(titles(readListing(NEW.replaceAll('</div>', '')))).toEqual(titles(readListing(NEW)));
    expect(titles(readListing(NEW.replaceAll(/<\/(?:dt|dd|dl|h3|a|span|p)>/g, '')))).toEqual(
      titles(readListing(NEW)),
    );
  });
});

describe('a page that is cut', () => {
  test('in the middle leaves out the entry it ends in', () => {
    const listing = readListing(NEW.slice(0, NEW.indexOf('Removing Heads')));
    expect(titles(listing)).toEqual(['Lantern: Slow Decoding for Careful Answers']);
    expect(listing).toMatchObject({ claimed: 4, cutBecause: 'the page has no end' });
  });

  test('out of the middle is told by its counts, and by the numbers where nothing is counted', () => {
    const cut = (html: string) => {
      const from = html.indexOf('<dt>', html.indexOf('<dt>') + 1);
      return html.slice(0, from) + html.slice(html.indexOf('</dl>', from));
    };
    expect(readListing(cut(NEW)).cutBecause).toContain('3 of 4 entries');
    const uncounted = (html: string) =>
      html.replaceAll(/\(showing [^)]*\)|otal of \d+ entries/gi, '');
    expect(readListing(cut(uncounted(NEW))).cutBecause).toBe('after [1] comes [3]');
  });
});
