import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '@paperboy/core';
import { idsIn, titleKey } from '@paperboy/core';
import { describe, expect, test } from 'vitest';
import { addSourceNamed, counts, entry, listing, pairsOf, record } from './support.ts';
import { useBench } from './use-bench.ts';

const bench = useBench();

const query = async (sql: string, ...values: unknown[]) =>
  (await bench.store.pool.query(sql, values)).rows;
const paperOf = async (key: string): Promise<string> =>
  (await query('select paper_id from paper_key where key = $1', key))[0]?.paper_id;
const byTitle = (title: string) => paperOf(`title:${titleKey(title)}`);
const arxiv = (id: string) => ({ ids: { arxiv: id } });
const revisionsOf = async (paper: string) =>
  (await query('select changed from revision where paper_id = $1', paper)).map(
    ({ changed }) => changed,
  );

let day = 0;
/** Records some entries as a new day's page, with one of its own beside them: the same set again is no new day. */
async function recordDay(entries: readonly Entry[], from?: Parameters<typeof record>[2]) {
  day += 1;
  const filler = entry(`Something else that was listed on day ${day}`);
  const page = listing(1 + (day % 28), [...entries, filler], {
    date: { year: 2026, month: 1 + Math.floor(day / 28), day: 1 + (day % 28) },
  });
  const { new: fresh, ...others } = counts(await record(bench, page, from));
  return { ...others, new: Number(fresh) - 1 };
}
const RECURS = { new: 0, recurring: 1, repeated: 0, revised: 0 };
const NEW = { new: 1, recurring: 0, repeated: 0, revised: 0 };

describe('one work stays one paper', () => {
  test.each([
    ['TeX around a sign in one source', 'γ-MoD: Mixtures of Depth', '$γ-$MoD: Mixtures of Depth'],
    ['TeX for the sign itself', 'β-NLL for Tables and Trees', '$\\beta$-NLL for Tables and Trees'],
    ['TeX lost, words glued', 'HyperZcdotZcdotW Operators', 'Hyper$Z\\cdot Z\\cdot W$ Operators'],
    [
      'a caret kept',
      'nabla^2DFT: Molecules and Energies',
      '$\\nabla^2$DFT: Molecules and Energies',
    ],
    ['a sign lost', 'LLMtimesMapReduce at Length', 'LLM$\\times$MapReduce at Length'],
    ['a sign printed', 'LLM×Shuffle at Length', 'LLM$\\times$Shuffle at Length'],
    ['text within mathematics', '$\\text{Reformer}^2$, Twice', 'Reformer², twice'],
    ['small capitals', '\\textsc{Bench}Mark of Marks', 'BenchMark of Marks'],
    ['an accent in TeX', 'T\\"ULU in Many Languages', 'TÜLU in Many Languages'],
    ['formatting of letters', '\\underline{V}alue \\underline{F}lips', 'Value Flips'],
    ['dashes and wrapping', 'A Study -- in Two\n  Depths', 'A study — in two depths'],
  ])('with %s, and its text has not changed', async (_what, first, second) => {
    const abstract = 'One abstract that both of the lists print in the same words.';
    await recordDay([entry(first, { abstract })]);
    expect(await recordDay([entry(second, { abstract })])).toEqual(RECURS);
    expect(await byTitle(second)).toBe(await byTitle(first));
    expect(await revisionsOf(await byTitle(first))).toEqual([]);
  });

  test('fully renamed under its id, and the new title is shown as a change', async () => {
    await recordDay([entry('Knowledge Aligned by Editing', arxiv('2607.01302'))]);
    const abstract = 'What Knowledge Aligned by Editing is about, told in a sentence of its own.';
    const renamed = entry('Models that Learn in Real Time', { ...arxiv('2607.01302'), abstract });
    expect(await recordDay([renamed])).toEqual({ ...RECURS, revised: 1 });
    expect(await revisionsOf(await paperOf('arxiv:2607.01302'))).toEqual([['title']]);
    expect(await byTitle('Knowledge Aligned by Editing')).toBe(await byTitle(renamed.title));
  });

  test('with words of its title spelled out, by its id', async () => {
    await recordDay([entry('LLM Errors in Matching', arxiv('2607.21813'))]);
    const spelled = entry('Large Language Model Errors in Matching', arxiv('2607.21813'));
    expect(await recordDay([spelled])).toMatchObject({ new: 0, recurring: 1 });
  });

  test('after 390 days away', async () => {
    const away = entry('A Paper Nobody Listed for Long', arxiv('2504.11101'));
    const past = listing(1, [away], { date: { year: 2025, month: 2, day: 10 } });
    const source = await addSourceNamed(bench, 'long-ago', 50);
    expect(counts(await record(bench, past, source))).toEqual(NEW);
    const back = listing(1, [away, entry('Beside the one that came back')], {
      date: { year: 2026, month: 3, day: 7 },
    });
    expect(counts(await record(bench, back, source))).toEqual({ ...RECURS, new: 1 });
  });

  test('listed again six days later', async () => {
    const again = entry('Listed Twice within a Week', arxiv('2604.07429'));
    await recordDay([again]);
    for (let quiet = 0; quiet < 5; quiet++) await recordDay([]);
    expect(await recordDay([again])).toEqual(RECURS);
  });

  test('without an id at first, which then attaches, and with another kind of id later', async () => {
    const title = 'Known by its Title until it was Filed';
    await recordDay([entry(title)]);
    await recordDay([entry(title, arxiv('2607.00010'))]);
    await recordDay([entry(title, { ids: { arxiv: '2607.00010', doi: '10.5555/filed.10' } })]);
    expect(
      await recordDay([entry('Retitled', { ids: { doi: '10.5555/FILED.10' } })]),
    ).toMatchObject({ new: 0, recurring: 1 });
    expect(await paperOf('doi:10.5555/filed.10')).toBe(await byTitle(title));
  });

  test('in its first and second version, which are facts of the appearances', async () => {
    const version = (form: string) => entry('A Work in Two Versions', { ids: idsIn([form]) });
    await recordDay([version('https://arxiv.org/abs/2607.00020v1')]);
    expect(await recordDay([version('https://arxiv.org/pdf/2607.00020v2.pdf')])).toEqual(RECURS);
    const paper = await paperOf('arxiv:2607.00020');
    expect(
      await query('select arxiv_version from appearance where paper_id = $1 order by 1', paper),
    ).toEqual([{ arxiv_version: 1 }, { arxiv_version: 2 }]);
  });

  test('under each form of its id', async () => {
    const forms = [
      'arXiv:math.GT/0309136',
      'https://arxiv.org/abs/math/0309136v3',
      'oai:arXiv.org:math/0309136',
      'https://doi.org/10.48550/arXiv.math/0309136',
    ];
    const found = [];
    for (const [at, form] of forms.entries())
      found.push(await recordDay([entry(`Form ${at} of an old id`, { ids: idsIn([form]) })]));
    expect(found.map((page) => page.new)).toEqual([1, 0, 0, 0]);
  });
});

describe('two works stay two papers', () => {
  test('of one title with two ids, linked whichever came first', async () => {
    const title = 'A Parser for Infinite Documents';
    await recordDay([entry(title, arxiv('2606.03197'))]);
    expect(await recordDay([entry(title, arxiv('2610.15349'))])).toEqual(NEW);
    const [one, two] = [await paperOf('arxiv:2606.03197'), await paperOf('arxiv:2610.15349')];
    expect(await pairsOf(bench, 'same_title', two)).toEqual([[two, one]]);
  });

  test('of one title with two ids on the same page, linked too', async () => {
    const title = 'Twins on a Single Page';
    expect(
      await recordDay([entry(title, arxiv('2606.00031')), entry(title, arxiv('2606.00032'))]),
    ).toEqual({ ...NEW, new: 2 });
    const [one, two] = [await paperOf('arxiv:2606.00031'), await paperOf('arxiv:2606.00032')];
    expect(await pairsOf(bench, 'same_title', two)).toEqual([[two, one]]);
  });

  test('of one abstract with two ids, and nothing links them', async () => {
    const abstract = 'A framework of several agents learns from what it has seen in many cases.';
    await recordDay([entry('HealthyFlows', { ...arxiv('2608.02621'), abstract })]);
    expect(
      await recordDay([entry('ConferringAgents', { ...arxiv('2608.04915'), abstract })]),
    ).toEqual(NEW);
    expect(await pairsOf(bench, 'same_title', await paperOf('arxiv:2608.04915'))).toEqual([]);
    expect(await pairsOf(bench, 'shared_entry', await paperOf('arxiv:2608.04915'))).toEqual([]);
  });

  test('of one title whose abstracts have little in common', async () => {
    const title = 'On the Shape of Things to Come';
    await recordDay([entry(title, { abstract: 'Bees see colours that we do not.' })]);
    expect(await recordDay([entry(title, { abstract: 'We train large models faster.' })])).toEqual(
      NEW,
    );
  });

  test('of one short title without abstracts', async () => {
    const bare = ({ abstract: _, ...rest }: Entry): Entry => rest;
    const other = await addSourceNamed(bench, 'short-titles', 50);
    await recordDay([bare(entry('OLMo 3'))]);
    expect(await recordDay([bare(entry('OLMo-3'))], other)).toEqual(NEW);
  });

  test('though a summary of one is nothing like the abstract of the other, if the title is long', async () => {
    const title = 'Told by its Authors and by a Model';
    await recordDay([entry(title)]);
    const summary = { textKind: 'summary', abstract: 'Something altogether else.' } as const;
    expect(await recordDay([entry(title, summary)])).toEqual(RECURS);
    expect(await revisionsOf(await byTitle(title))).toEqual([]);
  });
});

describe('an entry with two ids of two papers', () => {
  test('is the one of its stronger id, and the two are shown to a person', async () => {
    await recordDay([
      entry('Filed as a Preprint', arxiv('2609.00001')),
      entry('Printed in a Journal', { ids: { doi: '10.5555/printed.1' } }),
    ]);
    const both = { arxiv: '2609.00001', doi: '10.5555/printed.1' };
    const titled = entry('Filed as a Preprint', { ids: both });
    expect(await recordDay([titled])).toEqual(RECURS);
    expect(await recordDay([titled])).toEqual(RECURS);
    const [preprint, printed] = [
      await paperOf('arxiv:2609.00001'),
      await paperOf('doi:10.5555/printed.1'),
    ];
    expect(printed).not.toBe(preprint);
    expect(await pairsOf(bench, 'shared_entry', printed)).toEqual([[printed, preprint]]);
    expect(
      await query('select count(*)::int as n from appearance where paper_id = $1', printed),
    ).toEqual([{ n: 1 }]);
  });

  test('is new where its arXiv id is, though the DOI beside it belongs to another arXiv id', async () => {
    await recordDay([
      entry('The First of Two', { ids: { arxiv: '2609.00011', doi: '10.5555/x' } }),
    ]);
    const second = entry('The Second of Two', { ids: { arxiv: '2609.00012', doi: '10.5555/x' } });
    expect(await recordDay([second])).toEqual(NEW);
    const [one, two] = [await paperOf('arxiv:2609.00011'), await paperOf('arxiv:2609.00012')];
    expect(await paperOf('doi:10.5555/x')).toBe(one);
    expect(await pairsOf(bench, 'shared_entry', two)).toEqual([[two, one]]);
    expect(await recordDay([second])).toEqual(RECURS);
  });

  test('is the paper it shares an arXiv id with, whatever further DOI it brings', async () => {
    await recordDay([
      entry('One Work, Two DOIs', { ids: { arxiv: '2609.00021', doi: '10.5555/a' } }),
    ]);
    const printed = entry('One Work, Two DOIs', { ids: { arxiv: '2609.00021', doi: '10.5555/b' } });
    expect(await recordDay([printed])).toEqual(RECURS);
    expect(await paperOf('doi:10.5555/b')).toBe(await paperOf('doi:10.5555/a'));
  });
});

describe('no change of text', () => {
  const text = 'We find x ≤ 5 — see https://example.org/code/tsm for β and "how".';
  test.each([
    ['wrapped lines', text.replaceAll(' ', '\n ')],
    ['other dashes', text.replace('—', '--')],
    ['formatting', text.replace('find', '\\emph{find}')],
    ['TeX for a sign', text.replace('≤', '$\\leq$')],
    ['TeX for a letter', text.replace('β', '$\\beta$')],
    ['another host in a link', text.replace('example.org', 'mirror.example.net')],
  ])('lies in %s', async (what, changed) => {
    const title = `A text that differs in ${what}`;
    await recordDay([entry(title, { abstract: text })]);
    expect(await recordDay([entry(title, { abstract: changed })])).toEqual(RECURS);
    expect(await revisionsOf(await byTitle(title))).toEqual([]);
  });

  test('lies in another path, which is kept as a change of links', async () => {
    const title = 'A text whose link has moved on';
    await recordDay([entry(title, { abstract: text })]);
    expect(await recordDay([entry(title, { abstract: text.replace('code', 'src') })])).toEqual(
      RECURS,
    );
    expect(await revisionsOf(await byTitle(title))).toEqual([['links']]);
  });
});

const CAPTURES = process.env.PAPERBOY_CAPTURES;
interface Captured {
  readonly id: string;
  readonly sightings: readonly { readonly entry: { title: string; summary: string } }[];
}

test.skipIf(!CAPTURES)(
  'captures of two real papers with new formatting are revised in nothing',
  async () => {
    const file = readFileSync(join(CAPTURES ?? '', 'arxiv_title_changes.json'), 'utf8');
    const papers: Captured[] = JSON.parse(file);
    for (const { id, sightings } of papers) {
      for (const { entry: seen } of sightings)
        await recordDay([entry(seen.title, { ...arxiv(id), abstract: seen.summary })]);
      expect(await revisionsOf(await paperOf(`arxiv:${id}`))).toEqual([]);
    }
    expect(papers.map(({ id }) => id)).toEqual(['2508.10931', '2601.05148']);
  },
);
