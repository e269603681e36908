import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { disallowedBy, parseRobots } from './robots.ts';

const isAllowed = (robots: string, path: string) =>
  disallowedBy(parseRobots(robots), new URL(path, 'https://papers.example')) === undefined;
const rules = (...lines: string[]) => ['User-agent: *', ...lines].join('\n');

describe('which group counts', () => {
  test.each([
    ['ours, whatever the case and version', 'User-agent: PaperBoy/9.1\nDisallow: /', false],
    [
      'ours before the one for all',
      'User-agent: *\nDisallow: /\n\nUser-agent: paperboy\nAllow: /',
      true,
    ],
    ['ours, also if it says nothing', 'User-agent: *\nDisallow: /\n\nUser-agent: paperboy\n', true],
    ['the one for all', 'User-agent: other\nAllow: /\n\nUser-agent: *\nDisallow: /', false],
    [
      'nobody else',
      'User-agent: paperboys\nDisallow: /\nUser-agent: news-paperboy\nDisallow: /',
      true,
    ],
    ['one with several names', 'User-agent: other\nUser-agent: Paperboy\nDisallow: /', false],
    [
      'one whose names stand apart',
      'User-agent: paperboy\nSitemap: https://a.example/s\n\nUser-agent: b\nDisallow: /',
      false,
    ],
    [
      'several of ours, as one',
      'User-agent: paperboy\nAllow: /x\n\nUser-agent: b\nDisallow: /y\n\nUser-agent: paperboy\nDisallow: /',
      false,
    ],
    ['none that comes before any name', 'Disallow: /\nUser-agent: b\nDisallow: /', true],
    ['one with a byte order mark', '\ufeffUser-agent: *\nDisallow: /', false],
    ['lines of old machines', 'User-agent: *\rDisallow: /', false],
    ['lines with blanks and comments', '  user-AGENT :  * # all\r\n\tDISALLOW:/ # nothing', false],
    [
      'no group of a page of HTML',
      '<!doctype html>\n<title>Disallow: /</title>\n<p>Disallow: /',
      true,
    ],
    ['no group of nothing', '', true],
  ])('%s', (_title, robots, expected) => {
    expect(isAllowed(robots, '/list')).toBe(expected);
  });
});

describe('which rule counts', () => {
  test.each([
    [['Disallow: /'], '/', false],
    [['Disallow:'], '/list', true],
    [['Disallow: /list'], '/list', false],
    [['Disallow: /list'], '/listing?x=1', false],
    [['Disallow: /list/'], '/list', true],
    [['Disallow: /LIST'], '/list', true],
    // the longest, in any order
    [['Disallow: /', 'Allow: /list'], '/list/cs', true],
    [['Allow: /list', 'Disallow: /list/cs'], '/list/cs', false],
    [['Allow: /list', 'Disallow: /'], '/abs', false],
    [['Disallow: /list', 'Allow: /list'], '/list', true],
    [['Allow: /list', 'Disallow: /list'], '/list', true],
    [['Allow: /*', 'Disallow: /list'], '/list', false],
    // stars and ends
    [['Disallow: *.pdf'], '/pdf/1.pdf?x', false],
    [['Disallow: /*.pdf$'], '/pdf/1.pdf', false],
    [['Disallow: /*.pdf$'], '/pdf/1.pdf?x', true],
    [['Disallow: /*.pdf$'], '/pdf/1.pdf.pdf', false],
    [['Disallow: /list$'], '/list', false],
    [['Disallow: /list$'], '/list/', true],
    [['Disallow: /a*b*c'], '/a--b--c--', false],
    [['Disallow: /a*b*c'], '/a--c--b', true],
    [['Disallow: /ab*ba$'], '/aba', true],
    [['Disallow: /*?date='], '/api/daily_papers?date=2026-03-10', false],
    [['Disallow: /***'], '/', false],
    [['Disallow: /$x'], '/$x', false],
    // escapes
    [['Disallow: /%7euser'], '/~user', false],
    [['Disallow: /~user'], '/%7Euser', false],
    [['Disallow: /%6cist'], '/list', false],
    [['Disallow: /a%3cd'], '/a%3Cd', false],
    [['Disallow: /a/b'], '/a%2Fb', true],
    [['Disallow: /ü'], '/%C3%BC', false],
    [['Disallow: /%c3%bc'], '/ü', false],
    [['Disallow: /%2A'], '/*', false],
    [['Disallow: /%2A'], '/list', true],
    [['Disallow: /a%24'], '/a$b', false],
    [['Disallow: /%zz\ud800'], '/', true],
  ])('%j, asked for %s', (lines, path, expected) => {
    expect(isAllowed(rules(...lines), path)).toBe(expected);
  });
});

test('the rules of hosts that papers are read from', () => {
  const arxiv = rules('Allow: /list/', 'Allow: /abs/', 'Disallow: /e-print/', 'Crawl-delay: 15');
  expect(isAllowed(arxiv, 'https://arxiv.org/list/cs.AI/new?show=2000')).toBe(true);
  expect(isAllowed(arxiv, 'https://arxiv.org/e-print/2410.13859')).toBe(false);
  expect(parseRobots(arxiv).crawlDelayMs).toBe(15_000);
  const closed = rules('Disallow: /api', 'Allow: /api/query$');
  expect(isAllowed(closed, 'https://export.arxiv.org/api/query?search_query=cat:cs.AI')).toBe(
    false,
  );
  const open = rules('Allow: /');
  expect(isAllowed(open, 'https://huggingface.co/api/daily_papers?date=2026-03-10')).toBe(true);
});

test('a delay is obeyed up to a minute, and the longest of several', () => {
  const delay = (...lines: string[]) => parseRobots(rules(...lines)).crawlDelayMs;
  expect(delay('Crawl-delay: 0.5')).toBe(500);
  expect(delay('Crawl-delay: 86400')).toBe(60_000);
  expect(delay('Crawl-delay: 5', 'Disallow: /x', 'Crawl-delay: 2')).toBe(5_000);
  for (const nonsense of ['', 'soon', '-5', '1e9', 'Infinity', '0x10'])
    expect(delay(`Crawl-delay: ${nonsense}`)).toBeUndefined();
});

/** A path that the URL parser leaves as it is. */
const anyPath = fc
  .array(fc.stringMatching(/^[a-z0-9~_=-]{1,6}$/), { maxLength: 5 })
  .map((segments) => `/${segments.join('/')}`);

test('any text is read, and a rule for everything forbids any path', () => {
  fc.assert(
    fc.property(anyText(), anyPath, (text, path) => {
      parseRobots(text);
      isAllowed(rules(`Disallow: ${text}`, `Allow: ${text}`), path);
      expect(isAllowed(rules('Disallow: /'), path)).toBe(false);
      expect(isAllowed(rules('Disallow: /', 'Allow: /*'), path)).toBe(true);
    }),
  );
});

test('a path is forbidden by itself, by any start of it, and with a star in place of any piece of it', () => {
  fc.assert(
    fc.property(anyPath, fc.nat(30), fc.nat(30), (path, from, length) => {
      const star = `${path.slice(0, from)}*${path.slice(from + length)}`;
      for (const pattern of [path, `${path}$`, path.slice(0, 1 + from), star, `${star}$`])
        expect([pattern, isAllowed(rules(`Disallow: ${pattern}`), path)]).toEqual([pattern, false]);
      expect(isAllowed(rules(`Disallow: ${path}x`, `Disallow: ${path}/*$`), path)).toBe(true);
    }),
  );
});

test('rules made to be slow are not', () => {
  const hostile = rules(...Array.from({ length: 250 }, () => `Disallow: /${'a*'.repeat(1_000)}b`));
  expect(isAllowed(hostile, `/${'a'.repeat(2_000)}`)).toBe(true);
});
