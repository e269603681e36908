import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffPage, distinctKey, type KeyedEntry, type KnownEntry, needsEvidence } from './diff.ts';
import type { Entry } from './entry.ts';
import { type Fingerprint, keysOf, type PaperKey } from './identity.ts';
import { idOf } from './ids.ts';
import { textChange } from './text-change.ts';

let nextId = 0;

const wordsOf = ({ textKind, title, abstract }: Entry) => `${textKind}\n${title}\n${abstract}`;

function entry(title: string, more: Partial<Entry> = {}): KeyedEntry {
  const plain: Entry = {
    position: 1,
    title,
    abstract: `About ${title}, at some length.`,
    textKind: 'abstract',
    ids: {},
    links: [],
    section: 'none',
    ...more,
  };
  return { ...plain, keys: keysOf(plain), fingerprint: wordsOf(plain) as Fingerprint };
}

/** Without an abstract. */
function titleOnly(title: string): KeyedEntry {
  const { abstract: _, ...rest } = entry(title);
  return { ...rest, fingerprint: wordsOf(rest) as Fingerprint };
}

function knownFrom(page: readonly KeyedEntry[]): Map<PaperKey, KnownEntry> {
  const known = new Map<PaperKey, KnownEntry>();
  for (const seen of diffPage(page, known).newEntries) {
    const { textKind, fingerprint, abstract } = seen.entry;
    const textId = idOf('paper-text', String(++nextId));
    const paper: KnownEntry = {
      paperId: idOf('paper', String(nextId)),
      strongKeys: seen.keys.filter((key) => !key.startsWith('title:')),
      text: { textId, textKind, fingerprint, words: seen.entry },
      ...(abstract !== undefined && { abstract }),
    };
    for (const key of seen.keys) known.set(key, paper);
  }
  return known;
}

const anyEntry = () =>
  fc
    .record({
      title: fc.constantFrom(
        'Flow Matching',
        'Sparse Attention',
        'Imagen 3',
        'VAPO',
        'γ-MoD',
        '$γ-$MoD',
      ),
      arxiv: fc.option(fc.constantFrom('2401.00001', '2401.00002', '2401.00003'), {
        nil: undefined,
      }),
      doi: fc.option(fc.constantFrom('10.5555/a', '10.5555/b'), { nil: undefined, freq: 2 }),
      abstract: fc.option(
        fc.constantFrom('One abstract of some words.', 'Quite another text here.'),
        { nil: undefined },
      ),
    })
    .map(({ title, arxiv, doi, abstract }) => {
      const ids = { ...(arxiv !== undefined && { arxiv }), ...(doi !== undefined && { doi }) };
      return abstract === undefined
        ? { ...titleOnly(title), ids, keys: keysOf({ title, ids }) }
        : entry(title, { ids, abstract });
    });
const anyPage = () => fc.array(anyEntry(), { maxLength: 12 });

describe('a page is sorted', () => {
  test('every entry is sorted exactly once, in page order', () => {
    const holds = fc.property(anyPage(), anyPage(), (page, past) => {
      const diff = diffPage(page, knownFrom(past));
      const sorted = [
        ...diff.newEntries.map((found) => found.entry),
        ...diff.recurringEntries.map((found) => found.entry),
        ...diff.repeatedEntries,
      ];
      expect(new Set(sorted).size).toBe(page.length);
      expect(sorted).toHaveLength(page.length);
    });
    fc.assert(holds);
  });

  test('a page recorded a second time has nothing new', () => {
    const holds = fc.property(anyPage(), (page) => {
      const again = diffPage(page, knownFrom(page));
      expect(again.newEntries).toEqual([]);
    });
    fc.assert(holds);
  });

  test('no two new papers of a page own one key', () => {
    const holds = fc.property(anyPage(), anyPage(), (page, past) => {
      const known = knownFrom(past);
      const keys = diffPage(page, known).newEntries.flatMap((found) => found.keys);
      expect(new Set(keys).size).toBe(keys.length);
      for (const key of keys) expect(known.has(key)).toBe(false);
    });
    fc.assert(holds);
  });

  test('no stored paper appears twice on a page', () => {
    const holds = fc.property(anyPage(), anyPage(), (page, past) => {
      const papers = diffPage(page, knownFrom(past)).recurringEntries.map(
        (found) => found.paper.paperId,
      );
      expect(new Set(papers).size).toBe(papers.length);
    });
    fc.assert(holds);
  });
});

describe('ids of one kind', () => {
  /** What is known after some pages, each paper with every name that its entries brought, as the store keeps it. */
  function knownAfter(pages: readonly (readonly KeyedEntry[])[]) {
    const keysOfPaper = new Map<string, Set<PaperKey>>();
    const brought: { paper: string; entry: KeyedEntry }[] = [];
    let papers = 0;
    for (const page of pages) {
      const known = new Map<PaperKey, KnownEntry>();
      for (const [paper, keys] of keysOfPaper) {
        const strongKeys = [...keys].filter((key) => !key.startsWith('title:'));
        for (const key of keys) known.set(key, { paperId: idOf('paper', paper), strongKeys });
      }
      const diff = diffPage(page, known);
      for (const { entry: seen, keys } of diff.newEntries) {
        papers += 1;
        keysOfPaper.set(String(papers), new Set(keys));
        brought.push({ paper: String(papers), entry: seen });
      }
      const owned = new Set([...keysOfPaper.values()].flatMap((keys) => [...keys]));
      for (const { entry: seen, paper, newKeys } of diff.recurringEntries) {
        for (const key of newKeys) if (!owned.has(key)) keysOfPaper.get(paper.paperId)?.add(key);
        brought.push({ paper: paper.paperId, entry: seen });
      }
    }
    return { keysOfPaper, brought };
  }

  test('are never joined: a paper has one arXiv id, whatever aliases its entries bring', () => {
    const holds = fc.property(fc.array(anyPage(), { maxLength: 4 }), (pages) => {
      const { keysOfPaper, brought } = knownAfter(pages);
      for (const keys of keysOfPaper.values()) {
        const ids = [...keys].filter((key) => key.startsWith('arxiv:'));
        expect(ids.length).toBeLessThanOrEqual(1);
      }
      for (const { paper, entry: seen } of brought) {
        if (!seen.ids.arxiv) continue;
        const named = [...(keysOfPaper.get(paper) ?? [])].find((key) => key.startsWith('arxiv:'));
        expect(named).toBe(`arxiv:${seen.ids.arxiv}`);
      }
    });
    fc.assert(holds, { numRuns: 300 });
  });

  test('of two known papers on one entry: the stronger decides, the other is told', () => {
    const known = knownFrom([
      entry('Filed first', { ids: { arxiv: '2401.00001' } }),
      entry('Printed later', { ids: { doi: '10.5555/a' } }),
    ]);
    const both = entry('Filed first', { ids: { arxiv: '2401.00001', doi: '10.5555/a' } });
    const [found] = diffPage([both], known).recurringEntries;
    expect(found?.paper).toBe(known.get('arxiv:2401.00001' as PaperKey));
    const printed = known.get('doi:10.5555/a' as PaperKey)?.paperId;
    expect(found?.otherWorks).toEqual([{ by: 'id', paper: printed }]);
    expect(found?.newKeys).toEqual([]);
  });
});

describe('a paper keeps its identity', () => {
  test('when its id arrives after its title', () => {
    const known = knownFrom([entry('Flow Matching for Speech')]);
    const later = entry('Flow Matching for Speech', { ids: { arxiv: '2401.00009' } });
    const [found] = diffPage([later], known).recurringEntries;
    expect(found?.newKeys).toEqual(['arxiv:2401.00009']);
  });

  test('when it is renamed but keeps its id', () => {
    const ids = { arxiv: '2508.01302' };
    const known = knownFrom([entry('KEDAS: Knowledge Editing Alignment', { ids })]);
    const renamed = entry('Aligning Models with Real-time Editing', { ids });
    const [found] = diffPage([renamed], known).recurringEntries;
    expect(found?.change).toMatchObject({ kind: 'revised', changed: ['title', 'abstract'] });
    expect(found?.newKeys).toEqual(['title:aligningmodelswithrealtimeediting']);
  });

  test('and another work of its title and another id becomes a paper of its own', () => {
    const known = knownFrom([entry('VAPO', { ids: { arxiv: '2505.17997' } })]);
    const other = entry('VAPO', { ids: { arxiv: '2506.03038' } });
    expect(needsEvidence(other, known)).toBe(true);
    const [found] = diffPage([other], known).newEntries;
    expect(found?.keys).toEqual(['arxiv:2506.03038']);
    expect(found?.otherWorks).toEqual([
      { by: 'title', paper: known.get('title:vapo' as PaperKey)?.paperId },
    ]);
  });

  test('and a namesake with nothing but another abstract is told apart, and found again', () => {
    const known = knownFrom([entry('Attention Revisited Once More')]);
    const namesake = entry('Attention Revisited Once More', {
      abstract: 'Bees see colours that we do not.',
    });
    const [fresh] = diffPage([namesake], known).newEntries;
    expect(fresh?.keys).toEqual([distinctKey(namesake)]);
    const both = new Map(
      [...known, ...knownFrom([namesake])].map(([key, paper]) => [key, paper] as const),
    );
    both.set(distinctKey(namesake), { paperId: idOf('paper', '999'), strongKeys: [] });
    const original = known.get(namesake.keys[0] as PaperKey) as KnownEntry;
    both.set(namesake.keys[0] as PaperKey, original);
    expect(diffPage([namesake], both).recurringEntries[0]?.paper.paperId).toBe('999');
  });

  test('under a short title, as long as its source says the same words', () => {
    const known = knownFrom([titleOnly('Imagen 3')]);
    expect(diffPage([titleOnly('Imagen 3')], known).recurringEntries).toHaveLength(1);
  });
});

describe('a change of text', () => {
  const before = (seen: KeyedEntry) => [...knownFrom([seen]).values()][0] as KnownEntry;
  const page = 'See https://example.org/docs/page for the code of this work.';

  test.each([
    ['same words', entry('T one', { abstract: page }), entry('T one', { abstract: page }), 'same'],
    [
      'another host in a link',
      entry('T one', { abstract: page }),
      entry('T one', { abstract: page.replace('example.org', 'proxy.example.net') }),
      'same',
    ],
    [
      'another path in a link',
      entry('T one', { abstract: page }),
      entry('T one', { abstract: page.replace('docs/page', 'docs/other') }),
      'links',
    ],
    [
      'another word',
      entry('T one', { abstract: page }),
      entry('T one', { abstract: `${page} Now more.` }),
      'revised',
    ],
    [
      'an abstract that came later',
      titleOnly('T one at last'),
      entry('T one at last'),
      'completed',
    ],
    ['an abstract that is left out', entry('T one at last'), titleOnly('T one at last'), 'same'],
    [
      'a summary in place of the abstract',
      entry('T one'),
      entry('T one', { textKind: 'summary' }),
      'first',
    ],
  ])('%s', (_name, first, second, kind) => {
    expect(textChange(second, before(first).text).kind).toBe(kind);
  });
});
