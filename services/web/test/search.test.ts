import { gatherWords } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDay } from './listings.ts';
import { elementsOf, textOf } from './markup.ts';
import { openWeb, type TestWeb } from './support.ts';

const HOSTILE = '<img src=x onerror=alert(1)> gates & "quotes"';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
  await list('2026-03-10', 'daily', [
    {
      title: 'Gates that open late',
      abstract: 'A sparse attention layer. Late gates save work.',
      authors: ['Jürgen Müller'],
      categories: ['cs.CL'],
    },
    {
      title: 'Attention is sparse',
      abstract: 'Nothing of layers.',
      categories: ['cs.LG', 'stat.ML'],
    },
  ]);
  await list('2026-03-12', 'short-list', [
    { title: HOSTILE, abstract: 'It has a tail about dunes.' },
    {
      title: 'Dunes without water',
      abstract: 'Sand, gates and wind.',
      categories: ['physics.geo-ph'],
    },
  ]);
});
afterAll(() => web.close());

async function list(
  day: string,
  source: string,
  entries: Parameters<typeof recordDay>[1]['entries'],
) {
  const page = await recordDay(web.store, { day, source, entries });
  await web.store.db
    .updateTable('listing_page')
    .where('id', '=', page)
    .set({ ready_no: page })
    .execute();
  await gatherWords(web.store.db);
}

/** Titles found, in order. */
async function found(query: string): Promise<string[]> {
  const page = await web.page(`/search?${query}`);
  return [...page.matchAll(/<h3>(.*?)<\/h3>/gs)].map(([, title = '']) => textOf(title).trim());
}

test('words are found in titles, abstracts and authors, the title first, in any of their forms', async () => {
  const gates = await found('q=gate');
  expect(gates).toHaveLength(3);
  expect(gates.at(-1)).toBe('Dunes without water');
  expect(await found('q=saving')).toEqual(['Gates that open late']);
  expect(await found('q=muller')).toEqual(['Gates that open late']);
  expect(await found('q=M%C3%BCller')).toEqual(['Gates that open late']);
});

test('a phrase is found as one, "or" takes either, and a minus leaves out', async () => {
  expect(await found('q=sparse+attention')).toHaveLength(2);
  expect(await found('q=%22sparse+attention%22')).toEqual(['Gates that open late']);
  expect(await found('q=%22sparse+attention%22+or+dunes+or+onerror')).toHaveLength(3);
  expect(await found('q=attention+-gates')).toEqual(['Attention is sparse']);
  expect(await found('q=attention+-%22sparse+attention%22')).toEqual(['Attention is sparse']);
});

test('results are narrowed by day, source and category, and put in the order of their days', async () => {
  expect(await found('q=gates&until=2026-03-11')).toEqual(['Gates that open late']);
  expect(await found('q=gates&from=2026-03-11')).toHaveLength(2);
  expect(await found('q=gates&from=2026-03-13&until=2026-03-11')).toHaveLength(2);
  expect(await found('q=gates&source=daily')).toEqual(['Gates that open late']);
  expect(await found('q=attention&category=STAT')).toEqual(['Attention is sparse']);
  expect(await found('category=cs.cl')).toEqual(['Gates that open late']);
  expect(await found('q=gates&order=newest')).toEqual([
    'Dunes without water',
    HOSTILE,
    'Gates that open late',
  ]);
  expect(await found('q=cat:cs.CL')).toEqual([]);
});

test('what was found is marked, and hostile text stays text', async () => {
  const page = await web.page('/search?q=gates+tail');
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; <mark>gates</mark> &amp;');
  expect(page).toContain('a <mark>tail</mark> about');
  const echoed = await web.page(`/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
  expect(elementsOf(echoed).filter(({ name }) => name === 'script')).toEqual([]);
});

test('TeX is shown as it would be printed', async () => {
  const title = String.raw`Kites of $\mathcal{O}(n^2)$ strings, 5\% longer`;
  await list('2026-03-12', 'daily', [{ title, abstract: String.raw`A kite with $\alpha$ tails.` }]);
  const page = await web.page('/search?q=kites');
  expect(page).toContain('<mark>Kites</mark> of O(n²) strings, 5% longer</a>');
  expect(page).toContain('<mark>kite</mark> with α tails');
});

test('a later wording and another source are found once the page that brought them is gathered', async () => {
  const paper = { title: 'Words that change', abstract: 'First of copper.' };
  await list('2026-03-13', 'daily', [paper]);
  expect(await found('q=copper')).toEqual(['Words that change']);
  await list('2026-03-14', 'daily', [{ ...paper, abstract: 'Then of silver.' }]);
  expect([await found('q=copper'), await found('q=silver')]).toEqual([[], ['Words that change']]);
  expect(await found('q=silver&source=short-list')).toEqual([]);
  await list('2026-03-15', 'short-list', [{ ...paper, abstract: 'Then of silver.' }]);
  expect(await found('q=silver&source=short-list')).toEqual(['Words that change']);
  expect(await gatherWords(web.store.db)).toBe(0);
});

test('many results come in parts', async () => {
  const entries = Array.from({ length: 45 }, (_, index) => ({ title: `Pebble no ${index + 1}x` }));
  await list('2026-04-01', 'daily', entries);
  const first = await found('q=pebble');
  const third = await found('q=pebble&part=3');
  expect([first.length, third.length]).toEqual([20, 5]);
  const page = await web.page('/search?q=pebble&part=2');
  expect(textOf(page)).toContain('45 papers');
  const links = elementsOf(page).map(({ attributes }) => attributes.get('href'));
  const onward = links.find((link) => link?.includes('part=3')) ?? '';
  expect(onward).toMatch(/^\/search\?q=pebble&amp;part=3&amp;newest=\d+$/);
  expect(textOf(await web.page('/search?q=pebble&part=9'))).toContain('There are no more.');
  // What comes while somebody reads shifts no part of what they found, and is found by whoever asks anew.
  const rest = await found('q=pebble&part=3');
  await list('2026-04-02', 'daily', [{ title: 'Pebble pebble, the best of all' }]);
  expect(await found(onward.replaceAll('&amp;', '&').replace('/search?', ''))).toEqual(rest);
  expect((await found('q=pebble'))[0]).toBe('Pebble pebble, the best of all');
});

test('of more than can be looked at the newest are taken, which is said', async () => {
  const entries = Array.from({ length: 2_050 }, (_, index) => ({ title: `Gravel heap ${index}x` }));
  await list('2026-04-02', 'daily', entries);
  await list('2026-04-03', 'daily', [{ title: 'Gravel, the newest heap' }]);
  const best = textOf(await web.page('/search?q=gravel'));
  expect(best).toMatch(/\b1,?000 papers of the newest/);
  expect(best).toContain('only the newest papers were put in order');
  const newest = textOf(await web.page('/search?q=gravel&order=newest'));
  expect(newest).toMatch(/More than 2,?000 papers/);
  expect((await found('q=gravel&order=newest'))[0]).toBe('Gravel, the newest heap');
  expect(await found('q=gravel&order=newest&part=100')).toHaveLength(20);
  expect(textOf(await web.page('/search?q=%22gravel+heap%22'))).toMatch(/\b2,?050 papers(?! of)/);
  // So rare that the index of words is asked, and in a range of days.
  expect(await found('q=%22newest+heap%22')).toEqual(['Gravel, the newest heap']);
  expect(await found('q=gravel&from=2026-04-03')).toEqual(['Gravel, the newest heap']);
});

test('before anything is asked, and where nothing can be found, it is said what helps', async () => {
  const said = async (query: string) => textOf(await web.page(`/search${query}`));
  expect(await said('')).toContain('Every paper that was ever listed is found by the words');
  expect(await said('?q=the+of')).toContain('stand in nearly every paper');
  expect(await said('?q=-gates')).toContain('Say also what is to be found');
  expect(await said('?q=gates+or+-dunes')).toContain('Say also what is to be found');
  expect(await said('?q=zeppelin')).toContain('Nothing was found. Try fewer');
  expect(await said('?q=2999.00001')).toContain('No list that was read had the paper with this id');
});

test('what cannot be read is left aside and said, and nothing breaks', async () => {
  const said = async (query: string) => textOf(await web.page(`/search?${query}`));
  expect(await said('q=gates&from=2026-02-30')).toContain('“2026-02-30” is no day');
  expect(await said('q=gates&source=nobody')).toContain('No source is called “nobody”');
  expect(await said("q=gates&category='--")).toContain('is no category such as cs.CL');
  expect(await said(`q=${'gates+'.repeat(500)}`)).toContain('at most 200 characters');
  const odd = [
    'q=%ff',
    'q=%00gates',
    'q=a&q=b',
    'q',
    'q=%27%22%5C',
    'q=%22unclosed',
    'q=:*%26|!()<->',
    'q=gates&part=-1',
    'q=gates&part=99999',
    'q=gates&newest=-1',
    'q=gates&newest=999999999999999999',
    'q=gates&order=sideways',
    'q=%F0%9F%93%B0',
    'q=%ED%A0%80',
    `q=${'(%22a%22'.repeat(20)}`,
    'from=0000-00-00',
    'q=-%22sparse+attention%22+or+x',
    'q=-',
    'q=or+or',
  ];
  for (const query of odd)
    expect([query, (await web.get(`/search?${query}`)).status]).toEqual([query, 200]);
  expect((await web.get('/search?q=gates')).headers.get('X-Robots-Tag')).toBe('noindex');
  expect(web.errors).toEqual([]);
});

test('parts of results neither repeat nor miss a paper while better and older ones arrive', async () => {
  const tidal = (numbers: readonly number[], more: string) =>
    numbers.map((number) => ({
      title: `Tidal work ${number}`,
      abstract: `Water ${more.repeat(number % 3)}`,
    }));
  const numbers = Array.from({ length: 9 }, (_, at) => at + 1);
  await list('2026-03-14', 'tides', tidal(numbers, 'tidal water. '));
  type Part = {
    readonly items: { readonly title: string }[];
    readonly total: number;
    readonly next: string | null;
  };
  const part = async (order: string, cursor: string | null): Promise<Part> => {
    const query = new URLSearchParams({ q: 'tidal', order, limit: '2', ...(cursor && { cursor }) });
    return JSON.parse(await web.page(`/api/v1/search?${query}`));
  };
  for (const order of ['best', 'newest']) {
    const whole = await web.page(`/api/v1/search?q=tidal&order=${order}&limit=50`);
    const { items: expected }: Part = JSON.parse(whole);
    const walked: Part['items'] = [];
    let at: string | null = null;
    do {
      const one: Part = await part(order, at);
      walked.push(...one.items);
      // What arrives is newer, and older, and fits better than all there was.
      const title = `Tidal tidal ${order} ${walked.length}`;
      await list('2026-03-15', 'late', [{ title, abstract: 'Tidal.' }]);
      await list('2026-03-01', 'early', [{ title: `${title} early`, abstract: 'Tidal.' }]);
      expect(one.total).toBe(expected.length);
      at = one.next;
    } while (at !== null);
    expect(walked).toEqual(expected);
  }
});
