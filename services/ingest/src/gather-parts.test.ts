import { PaperboyError } from '@paperboy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatherParts } from './gather-parts.ts';
import type { HttpAnswer } from './http.ts';

const HOST = 'https://papers.example';

function page(address: string, titles: readonly string[]): HttpAnswer {
  const papers = titles.map((title) => ({
    paper: { id: `2603.${10_000 + Number(title)}`, title: `Paper ${title}`, summary: 'Says it.' },
  }));
  return answer(address, JSON.stringify(papers));
}
function answer(address: string, text: string, more: Partial<HttpAnswer> = {}): HttpAnswer {
  return { status: 200, bytes: new TextEncoder().encode(text), address, isKnown: false, ...more };
}

/** The API's list of `total` papers, `limit` to a page, and who asked for what. */
function api(total: number, limit = 3) {
  const asked: string[] = [];
  const at = (p: number) =>
    `${HOST}/api/daily_papers?date=2026-02-05&limit=${limit}${p > 0 ? `&p=${p}` : ''}`;
  const part = (p: number) => {
    const count = Math.max(0, Math.min(limit, total - limit * p));
    return page(
      at(p),
      Array.from({ length: count }, (_, n) => `${limit * p + n}`),
    );
  };
  const ask = async (address: string) => {
    asked.push(address);
    return part(Number(new URL(address).searchParams.get('p') ?? 0));
  };
  return { first: part(0), ask, asked, at };
}
const gather = (first: HttpAnswer, ask: (address: string) => Promise<HttpAnswer>, maxBytes = 1e6) =>
  gatherParts(first, { ask, maxBytes });

test('a list is read to its end, in order, asking for each part once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 56 }), async (total) => {
      const { first, ask, asked, at } = api(total);
      const { parts, reading, cutBecause } = await gather(first, ask);
      expect(cutBecause).toBeUndefined();
      expect(asked).toEqual(Array.from({ length: Math.floor(total / 3) }, (_, p) => at(p + 1)));
      expect(parts).toHaveLength(asked.length + 1);
      expect(reading).toMatchObject({ kind: 'listing', nextPages: [] });
      const titles = reading.kind === 'listing' ? reading.entries.map(({ title }) => title) : [];
      expect(titles).toEqual(Array.from({ length: total }, (_, n) => `Paper ${n}`));
    }),
    { numRuns: 30 },
  );
});

test('a list that does not end is left after twenty parts', async () => {
  const { first, ask, asked, at } = api(1_000);
  const { parts, cutBecause } = await gather(first, ask);
  expect([parts.length, asked.length]).toEqual([20, 19]);
  expect(cutBecause).toBe(`the list goes on at ${at(20)}`);
});

describe('a part is missing', () => {
  const broken = (trouble: (address: string) => Promise<HttpAnswer>) => {
    const { first, ask } = api(9);
    return gather(first, (address) => (address.endsWith('p=2') ? trouble(address) : ask(address)));
  };

  test.each([
    ['503', async (at: string) => answer(at, '', { status: 503 }), 'status 503'],
    [
      'no answer',
      () => Promise.reject(new PaperboyError('PAGE_UNREACHABLE', 'no answer')),
      'no answer',
    ],
    [
      'robots.txt',
      () => Promise.reject(new PaperboyError('PAGE_REFUSED', 'robots.txt disallows')),
      'robots.txt disallows',
    ],
    ['what is no list', async (at: string) => answer(at, '<p>Sign in'), 'is not valid JSON'],
    [
      'the part before',
      async (at: string) => page(at, ['3', '4', '5']),
      'it repeats an earlier part',
    ],
    [
      'too much',
      async (at: string) => answer(at, 'x'.repeat(1_000_001)),
      'with it the list is over 1000000 bytes',
    ],
  ])('to %s', async (_title, trouble, reason) => {
    const { parts, reading, cutBecause } = await broken(trouble);
    expect(parts).toHaveLength(2);
    expect(cutBecause).toContain('part 3 is missing: ');
    expect(cutBecause).toContain(reason);
    expect(reading).toMatchObject({ kind: 'listing', cutBecause });
  });

  test('in part, as it broke off', async () => {
    const cut = await broken(async (at) => ({
      ...page(at, ['6']),
      cutBecause: 'ends after 90 bytes: broke the connection off',
    }));
    expect(cut.parts).toHaveLength(3);
    expect(cut.cutBecause).toMatch(/^part 3: ends after 90 bytes/);
  });
});

test('a first page that breaks off, or is no list, is not gone on from', async () => {
  const { first, ask, asked } = api(9);
  const cutBecause = 'ends after 90 bytes: broke the connection off';
  expect((await gather({ ...first, cutBecause }, ask)).cutBecause).toBe(cutBecause);
  const none = await gather(answer(first.address, '<p>Sign in'), ask);
  expect(none).toMatchObject({ reading: { kind: 'unreadable' } });
  expect(asked).toEqual([]);
});

describe('a next page', () => {
  const declaration = {
    list: '.paper',
    title: 'h2',
    next: 'a.next',
    span: 'self',
    minEntries: 1,
  } as const;
  const html = (n: number, ...next: string[]) =>
    `<html><body><div class=paper><h2>Paper ${n}</h2></div>${next.map((href) => `<a class=next href="${href}">next</a>`).join('')}</body></html>`;
  const follow = (start: string, pages: Readonly<Record<string, string>>) => {
    const asked: string[] = [];
    const ask = async (address: string) => {
      asked.push(address);
      const { pathname, search } = new URL(address);
      return answer(address, pages[pathname + search] ?? '');
    };
    return gatherParts(answer(`${HOST}/1`, start), { ask, maxBytes: 1e6, declaration }).then(
      (gathered) => ({ ...gathered, asked: asked.map((address) => address.replace(HOST, '')) }),
    );
  };

  test('is looked for on every part, and a way back is not gone again', async () => {
    const list = await follow(html(1, '/2', '/3'), {
      '/2': html(2, '/1', '/3#top'),
      '/3': html(3, '/1', '/2', '/4'),
      '/4': html(4, '/1'),
    });
    expect(list.asked).toEqual(['/2', '/3', '/4']);
    expect(list).toMatchObject({ reading: { kind: 'listing', nextPages: [] } });
    expect(list.cutBecause).toBeUndefined();
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/2',
    'https://papers.example:8443/2',
    'https://other.example/2',
  ])('elsewhere is not asked for: %s', async (next) => {
    const list = await follow(html(1, next), {});
    expect([list.asked, list.cutBecause]).toEqual([[], `the list goes on at ${next}`]);
  });
});
