import { describe, expect, test } from 'vitest';
import { addSourceNamed, contents, counts, entry, listing, openBench, record } from './support.ts';
import { useBench } from './use-bench.ts';

const bench = useBench();

/** Each test has titles of its own, so that they can share one database. */
const titles = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => entry(`${name} paper number ${index}`));

const query = async (sql: string, ...values: unknown[]) =>
  (await bench.store.pool.query(sql, values)).rows;
const paperOf = async (key: string) =>
  (await query('select paper_id from paper_key where key = $1', key))[0]?.paper_id;

describe('a page is recorded once', () => {
  test('first all is new, the next day what was seen recurs', async () => {
    const all = titles('Daily', 6);
    expect(counts(await record(bench, listing(2, all.slice(0, 4))))).toEqual({
      new: 4,
      recurring: 0,
      repeated: 0,
      revised: 0,
    });
    expect(counts(await record(bench, listing(3, all.slice(2))))).toEqual({
      new: 2,
      recurring: 2,
      repeated: 0,
      revised: 0,
    });
  });

  test('a paper listed twice on a page counts at its first position', async () => {
    const [one, two] = titles('Twice', 2);
    if (!one || !two) throw new Error('no entries');
    const page = await record(bench, listing(4, [one, two, one]));
    expect(counts(page)).toEqual({ new: 2, recurring: 0, repeated: 1, revised: 0 });
    const places = await query(
      'select position from appearance where listing_page_id = $1 order by 1',
      page.id,
    );
    expect(places).toEqual([{ position: 1 }, { position: 2 }]);
  });

  test('the same set under other bytes writes no paper, only newer votes and positions', async () => {
    const own = await openBench();
    const day = titles('Steady', 5).map((one) => ({ ...one, upvotes: 1 }));
    await record(own, listing(5, day));
    const before = await contents(own);
    const again = await record(own, listing(5, day, { warnings: ['other bytes'] }));
    expect(again.verdict).toBe('unchanged');
    expect(await contents(own)).toBe(before);
    const voted = day.map((one, index) => ({ ...one, upvotes: index === 0 ? 9 : 1 }));
    await record(own, listing(5, [...voted].reverse()));
    const rows = await own.store.pool.query(
      'select upvotes, position from appearance order by upvotes desc limit 1',
    );
    expect(rows.rows).toEqual([{ upvotes: 9, position: 5 }]);
    await own.close();
  });

  test('a page that grew adds only what was added, to the same batch', async () => {
    const own = await openBench();
    const day = titles('Growing', 8);
    const first = await record(own, listing(6, day.slice(0, 5)));
    const second = await record(own, listing(6, day));
    expect(second.verdict).toBe('grew');
    expect(second.batchPageId).toBe(first.id);
    const seen = await own.store.pool.query('select count(*)::int as n from appearance');
    expect(seen.rows[0].n).toBe(8);
    await own.close();
  });
});

describe('a paper keeps its identity', () => {
  test('an id that arrives later becomes another name of it', async () => {
    const title = 'Late identifiers for early papers';
    await record(bench, listing(7, [entry(title)]));
    await record(
      bench,
      listing(8, [entry(title, { ids: { arxiv: '2603.00001' } }), entry('New that day')]),
    );
    expect(await paperOf('arxiv:2603.00001')).toBe(
      await paperOf('title:lateidentifiersforearlypapers'),
    );
  });

  test('a full rename under one id is a revision, found by both titles', async () => {
    const ids = { arxiv: '2603.00002' };
    await record(bench, listing(7, [entry('The first name of a work', { ids })]));
    const renamed = await record(
      bench,
      listing(8, [entry('Its second name, months later', { ids }), entry('Also new that day')]),
    );
    expect(counts(renamed)).toEqual({ new: 1, recurring: 1, repeated: 0, revised: 1 });
    const paper = await paperOf('arxiv:2603.00002');
    expect(await paperOf('title:thefirstnameofawork')).toBe(paper);
    expect(await paperOf('title:itssecondnamemonthslater')).toBe(paper);
    expect(await query('select changed from revision where paper_id = $1', paper)).toEqual([
      { changed: ['title', 'abstract'] },
    ]);
    const [shown] = await query(
      'select t.title from paper p join paper_text t on t.id = p.text_id where p.id = $1',
      paper,
    );
    expect(shown.title).toBe('Its second name, months later');
  });

  test('one title with two ids is two papers, linked for a person to see', async () => {
    await record(bench, listing(9, [entry('A popular title', { ids: { arxiv: '2603.00003' } })]));
    const other = await record(
      bench,
      listing(10, [entry('A popular title', { ids: { arxiv: '2603.00004' } })]),
    );
    expect(counts(other).new).toBe(1);
    const [one, two] = [await paperOf('arxiv:2603.00003'), await paperOf('arxiv:2603.00004')];
    expect(one).not.toBe(two);
    expect(
      await query('select paper_id, other_paper_id from same_title where paper_id = $1', two),
    ).toEqual([{ paper_id: two, other_paper_id: one }]);
    const again = await record(
      bench,
      listing(11, [
        entry('A popular title', { ids: { arxiv: '2603.00004' } }),
        entry('Filler for the day'),
      ]),
    );
    expect(counts(again).recurring).toBe(1);
  });

  test('a namesake with another abstract is a paper of its own and is found again', async () => {
    const other = { abstract: 'Bees tell flowers apart by scent, we show in the field.' };
    await record(bench, listing(9, [entry('Seeing what matters most')]));
    expect(
      counts(await record(bench, listing(10, [entry('Seeing what matters most', other)]))).new,
    ).toBe(1);
    const again = await record(
      bench,
      listing(11, [entry('Seeing what matters most', other), entry('More of the day')]),
    );
    expect(counts(again)).toEqual({ new: 1, recurring: 1, repeated: 0, revised: 0 });
  });
});

describe('a change of text', () => {
  const page = 'We describe it; see https://example.org/docs/model for all of it.';

  test('in a link host alone is nothing', async () => {
    await record(bench, listing(12, [entry('A linked work', { abstract: page })]));
    const proxied = page.replace('example.org', 'proxy-2.example.net');
    const again = await record(
      bench,
      listing(13, [entry('A linked work', { abstract: proxied }), entry('Beside it')]),
    );
    expect(counts(again)).toEqual({ new: 1, recurring: 1, repeated: 0, revised: 0 });
    expect(
      await query('select 1 from revision where paper_id = $1', await paperOf('title:alinkedwork')),
    ).toEqual([]);
  });

  test('in a link path alone is kept and is no revision of the page', async () => {
    await record(bench, listing(12, [entry('A moved work', { abstract: page })]));
    const moved = await record(
      bench,
      listing(13, [
        entry('A moved work', { abstract: page.replace('docs', 'guide') }),
        entry('Near it'),
      ]),
    );
    expect(counts(moved).revised).toBe(0);
    const rows = await query(
      'select changed from revision where paper_id = $1',
      await paperOf('title:amovedwork'),
    );
    expect(rows).toEqual([{ changed: ['links'] }]);
  });

  test('by another source is that source’s wording, and the better source is shown', async () => {
    const better = await addSourceNamed(bench, 'better', 90);
    const worse = await addSourceNamed(bench, 'worse', 5);
    const shown = async () =>
      (
        await query(`select t.abstract from paper p join paper_text t on t.id = p.text_id
        join paper_key k on k.paper_id = p.id where k.key = 'title:wordsofthree'`)
      )[0]?.abstract;
    await record(
      bench,
      listing(12, [
        entry('Words of three', { abstract: 'First words of some length, as listed.' }),
      ]),
    );
    await record(
      bench,
      listing(12, [
        entry('Words of three', { abstract: 'First words of some length, as retold.' }),
      ]),
      worse,
    );
    expect(await shown()).toBe('First words of some length, as listed.');
    const told = await record(
      bench,
      listing(12, [
        entry('Words of three', { abstract: 'First words of some length, as written.' }),
      ]),
      better,
    );
    expect(counts(told).revised).toBe(0);
    expect(await shown()).toBe('First words of some length, as written.');
  });

  test('a summary never takes the place of an abstract', async () => {
    const better = await addSourceNamed(bench, 'better', 90);
    await record(bench, listing(13, [entry('Told and summed up')]));
    await record(
      bench,
      listing(13, [
        entry('Told and summed up', {
          textKind: 'summary',
          abstract: 'In short: told and summed up.',
        }),
      ]),
      better,
    );
    const [shown] =
      await query(`select t.text_kind from paper p join paper_text t on t.id = p.text_id
      join paper_key k on k.paper_id = p.id where k.key = 'title:toldandsummedup'`);
    expect(shown.text_kind).toBe('abstract');
  });
});

describe('a page that cannot be trusted', () => {
  test('is kept with its verdict and harms nothing', async () => {
    const before = await contents(bench);
    const broken = await record(bench, {
      kind: 'unreadable',
      reason: 'no-entries',
      detail: 'no element [data-target="DailyPapers"]',
    });
    expect(broken).toMatchObject({
      verdict: 'broken',
      note: 'no element [data-target="DailyPapers"]',
      entries: 0,
    });
    const blocked = await record(bench, {
      kind: 'unreadable',
      reason: 'challenge-page',
      detail: 'a challenge page',
    });
    expect(blocked.verdict).toBe('blocked');
    expect(await contents(bench)).toBe(before);
  });

  test('with fewer entries than it claims is cut, and what it has is kept', async () => {
    const page = await record(bench, listing(14, titles('Cut', 4), { claimed: 50 }));
    expect(page).toMatchObject({
      verdict: 'cut',
      new: 4,
      note: '4 entries where the page claims 50',
    });
  });
});

describe('several workers at once', () => {
  test('two pages that share papers find each new exactly once', async () => {
    const own = await openBench();
    const all = titles('Raced', 30);
    const pages = Array.from({ length: 6 }, (_, day) =>
      listing(10 + day, all.slice(day, day + 20)),
    );
    const results = await Promise.all(pages.map((page) => record(own, page)));
    expect(results.reduce((sum, page) => sum + (page.new ?? 0), 0)).toBe(25);
    const rows = await own.store.pool.query(
      'select (select count(*)::int from paper) as papers, (select count(*)::int from appearance) as seen',
    );
    expect(rows.rows[0]).toEqual({ papers: 25, seen: 120 });
    await own.close();
  });
});
