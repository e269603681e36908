import { describe, expect, test } from 'vitest';
import { fixtureText, read, readListing, titles } from '../test/support.ts';
import { FIELD_LIMITS, MAX_ENTRIES } from './make-entry.ts';

const NEW = fixtureText('arxiv-new.html');
const MAIL = fixtureText('arxiv-mail.txt');
const TITLES = titles(readListing(NEW));
const END = `${'%%%---'.repeat(13)}\n`;

const page = (inner: string) => `<html><body><dl id='articles'>${inner}</dl></body></html>`;
const entry = (number: number) =>
  `<dt><a href="/abs/2602.${10_000 + (number % 80_000)}">x</a></dt><dd><div class="list-title">Paper ${number}</div></dd>`;
const block = (number: number) =>
  `\\\\\narXiv:2602.${10_000 + (number % 80_000)}\nTitle: Paper ${number}\n\\\\\n  Text.\n\\\\ ( https://example.org )\n`;
const repeat = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join('');
/** In the place of the first title, author line or subjects of a page. */
const within = (what: string, text: string) =>
  NEW.replace(new RegExp(`(<div class='list-${what}[^>]*>)`), `$1${text}`);

describe('a hostile page', () => {
  test('with an attribute of 5 MB is read as without it', () => {
    const huge = `data-x="${'<dt> &quot; '.repeat(450_000)}"`;
    const html = NEW.replace('<dt>', `<dt ${huge}>`);
    expect(html.length).toBeGreaterThan(5_000_000);
    expect(readListing(html).entries).toEqual(readListing(NEW).entries);
  });

  test('with 100,000 nested elements is refused and says why', () => {
    for (const tag of ['<div>', '<b>', '<dl><dd>', '<span class="list-title">']) {
      const reading = read(NEW.replace('<dt>', `<dt>${tag.repeat(100_000)}`));
      expect(reading).toMatchObject({ kind: 'unreadable', reason: 'malformed' });
      expect(reading).toHaveProperty('detail', expect.stringContaining('too large or too deep'));
    }
  });

  test('of 20,000 entries is read, of 100,000 refused', () => {
    expect(readListing(page(repeat(20_000, entry))).entries).toHaveLength(20_000);
    expect(read(page(repeat(100_000, entry)))).toMatchObject({ reason: 'malformed' });
  }, 60_000);

  test('that declares entities within entities has them as text', () => {
    const names = repeat(30, (at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`);
    const bomb = `<!DOCTYPE html [<!ENTITY e0 "ha">${names}]>${NEW.replace('Lantern:', '&e30; Lantern:')}`;
    expect(titles(readListing(bomb))).toEqual([
      '&e30; Lantern: Slow Decoding for Careful Answers',
      ...TITLES.slice(1),
    ]);
  });

  test('whose fields have no measure has them cut, with a warning', () => {
    const listing = readListing(within('title', 'word '.repeat(100_000)));
    expect(listing.entries[0]?.title.length).toBeLessThanOrEqual(FIELD_LIMITS.title);
    expect(listing.warnings).toEqual([expect.stringContaining('title of')]);
    const authors = readListing(within('authors', 'Ada Quill, '.repeat(100_000))).entries[0]
      ?.authors;
    expect(authors).toHaveLength(FIELD_LIMITS.authors);
  });

  test('counts and numbers beyond any list give no number that is none', () => {
    const listing = readListing(
      NEW.replaceAll('Total of 4', `Total of ${'9'.repeat(400)}`).replaceAll(
        /\[\d\]/g,
        `[${'9'.repeat(300)}]`,
      ),
    );
    expect(listing.claimed).toBe(4);
    expect(titles(listing)).toEqual(TITLES);
  });

  test('with markup, controls and marks in its texts has them as text or not at all', () => {
    const listing = readListing(
      within('title', '&lt;script&gt;\u0000\u202e\u0007&#x202e;&#1;<b>bold</b> '),
    );
    expect(listing.entries[0]?.title).toBe(
      '<script>bold Title: Lantern: Slow Decoding for Careful Answers',
    );
  });
});

describe('a hostile mail', () => {
  test('of more blocks than are read is cut', { timeout: 60_000 }, () => {
    const listing = readListing(repeat(MAX_ENTRIES + 1, block) + END);
    expect(listing.entries).toHaveLength(MAX_ENTRIES);
    expect(listing.cutBecause).toContain('more than 100000 entries');
  });

  test('with a paper in two blocks keeps both', () => {
    const { entries } = readListing(block(1) + block(1) + END);
    expect(entries.map(({ position, ids }) => [position, ids.arxiv])).toEqual([
      [1, '2602.10001'],
      [2, '2602.10001'],
    ]);
  });

  test.each(['Fri, 31 Feb 23', 'Fri, 99 Foo 99', '', 'now'])(
    'dated "%s" has no date and says so',
    (date) => {
      const listing = readListing(MAIL.replace('Thu,  5 Feb 26', date));
      expect(listing.date).toBeUndefined();
      expect(listing).toMatchObject({ shape: 'window', warnings: ['no Date: above the listing'] });
    },
  );

  test('with an impossible time of submission has none for the paper', () => {
    const times = (time: string) =>
      readListing(MAIL.replace('15:01:23', time)).entries[0]?.publishedAt;
    expect(['25:00:00', '15:61:00', '1:2:3', ''].map(times)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(times('23:59:59')).toBe('2026-02-02T23:59:59Z');
  });
});

/** Pages that grow with a number; work that grows with its square shows at once. */
const GROWING: readonly (readonly [string, (size: number) => string])[] = [
  ['entries', (size) => page(repeat(size, entry))],
  ['open dt', (size) => page('<dt><a href="/abs/2602.10001">'.repeat(size))],
  [
    'open titles',
    (size) => page(`${entry(1)}<dd>${'<div class="list-title">T</div>'.repeat(size)}`),
  ],
  ['open headings', (size) => page(`${'<h3>New submissions '.repeat(size)}${entry(1)}`)],
  ['long headings', (size) => page(`<h3>${'(showing 1 of '.repeat(size * 2)}</h3>${entry(1)}`)],
  ['brackets in authors', (size) => within('authors', '('.repeat(size * 8))],
  ['open brackets in authors', (size) => within('authors', '(a'.repeat(size * 8))],
  ['closed brackets in authors', (size) => within('authors', `(${'()'.repeat(size * 8)}`)],
  ['blanks in authors', (size) => within('authors', `A${' '.repeat(size * 16)}B`)],
  ['commas in a link', (size) => within('authors', `<a>${','.repeat(size * 16)}B</a>`)],
  ['accents in authors', (size) => within('authors', "\\'e, \\c ".repeat(size * 4))],
  ['brackets in subjects', (size) => within('subjects', '(a.B) '.repeat(size * 4))],
  ['blanks in a title', (size) => within('title', `A${' \n'.repeat(size * 8)}B`)],
  [
    'pager links',
    (size) => page(`${'<a href="/list/x/new?skip=1">2-3</a>'.repeat(size)}${entry(1)}`),
  ],
  [
    'breaks in an abstract',
    (size) => NEW.replace('<p class=', `<p>${'x<br>'.repeat(size * 2)}<p class=`),
  ],
  ['totals', (size) => page(`<p>${'total of 1,'.repeat(size * 2)}</p>${entry(1)}`)],
  ['blocks', (size) => repeat(size, block) + END],
  ['edges', (size) => `${block(1)}${'\\\\\n'.repeat(size * 8)}${END}`],
  ['rules', (size) => `${block(1)}${`${'-'.repeat(78)}\n`.repeat(size)}${END}`],
  [
    'continued lines',
    (size) => MAIL.replace('Slow Decoding', `Slow${'\n  more'.repeat(size * 4)}`),
  ],
  [
    'blanks at the end of a line',
    (size) => MAIL.replace('Slow Decoding', `Slow${' '.repeat(size * 16)}x`),
  ],
  ['names joined by and', (size) => MAIL.replace('Femi Abara', `A${' and'.repeat(size * 8)}`)],
  ['header lines', (size) => `${'X-A: b\n'.repeat(size * 4)}\n${block(1)}${END}`],
  ['folded header lines', (size) => `Subject: x\n${' y\n'.repeat(size * 4)}\n${block(1)}${END}`],
  ['equals signs', (size) => encoded('quoted-printable', `${'='.repeat(size * 16)}${MAIL}`)],
  ['base64 without sense', (size) => encoded('base64', 'QUJD\n'.repeat(size * 4))],
  [
    'parts',
    (size) =>
      `Content-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: text/html\n\n'.repeat(size)}`,
  ],
];

function encoded(encoding: string, body: string): string {
  return `Subject: cs daily\nContent-Transfer-Encoding: ${encoding}\n\n${body}`;
}

test.each(GROWING)(
  'reading more %s takes time in proportion',
  { timeout: 60_000, retry: 3 },
  (_name, make) => {
    const format = make(1).includes('<html') ? 'arxiv-list' : 'arxiv-mail';
    // The processor's time and not the clock's, which others share.
    const work = (text: string) => {
      const times = [0, 1].map(() => {
        const before = process.cpuUsage();
        read(text, { format });
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      });
      return Math.min(...times);
    };
    const [small, large] = [make(500), make(4_000)];
    // Eight times the page; the square of it would be 64. The sum is for what is too quick to be measured.
    expect(work(large)).toBeLessThan(work(small) * 8 * 4 + 200);
  },
);
