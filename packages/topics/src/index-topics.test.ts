import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { matchQuery } from '../test/match-query.ts';
import { historyOf } from '../test/scored-history.ts';
import { compileQuery, unitOf } from './compile.ts';
import { newWorkMeter } from './find-unit.ts';
import { buildTopicIndex, TopicIndex } from './index-topics.ts';
import type { PaperText } from './paper-tokens.ts';
import type { Query } from './query.ts';
import { requireQuery } from './query-parser.ts';
import { tokenize } from './tokens.ts';

const topic = (id: string, text: string) => ({ id, query: requireQuery(text) });
const idsFor = (index: TopicIndex, paper: PaperText) => index.match(paper).sort();

test('a paper is for the topics whose words it holds', () => {
  const index = buildTopicIndex([
    topic('sae', '"sparse autoencoder" OR SAE'),
    topic('vision', 'vision -medical'),
    topic('both', '+vision +"sparse autoencoder"'),
    topic('cat', 'vision cat:cs.CV'),
  ]);
  const title = 'Sparse autoencoders for vision';
  expect(idsFor(index, { title })).toEqual(['both', 'sae', 'vision']);
  expect(idsFor(index, { title, abstract: 'Medical scans.' })).toEqual(['both', 'sae']);
  expect(idsFor(index, { title: 'Vision', categories: ['cs.CV'] })).toEqual(['cat', 'vision']);
  expect(idsFor(index, { title: 'Speech' })).toEqual([]);
});

test('an added, changed or removed topic is seen by the next match', () => {
  const index = new TopicIndex();
  const paper = { title: 'Vision and language' };
  index.add(topic('t', 'vision'));
  expect(idsFor(index, paper)).toEqual(['t']);
  index.add(topic('t', 'speech'));
  expect(idsFor(index, paper)).toEqual([]);
  index.add(topic('t', 'language OR vision'));
  expect(idsFor(index, paper)).toEqual(['t']);
  expect([index.remove('t'), index.remove('t')]).toEqual([true, false]);
  expect(idsFor(index, paper)).toEqual([]);
  expect(index.size).toEqual({ topics: 0, units: 0 });
});

test('topics share what they look for', () => {
  const index = buildTopicIndex([
    topic('a', '"sparse autoencoder"'),
    topic('b', 'title:"Sparse Autoencoders" OR SAE'),
    topic('c', 'vision -"sparse autoencoder"'),
  ]);
  expect(index.size).toEqual({ topics: 3, units: 3 });
  index.remove('a');
  index.remove('b');
  expect(index.size).toEqual({ topics: 1, units: 2 });
  expect(idsFor(index, { title: 'Vision', abstract: 'A sparse autoencoder.' })).toEqual([]);
});

test('the index says for every topic what matching it alone says, through any changes', () => {
  let matched = 0;
  const change = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    query: fc.option(anyQuery(), { nil: undefined, freq: 4 }),
  });
  const holds = fc.property(
    fc.array(change, { maxLength: 10 }),
    fc.array(change, { maxLength: 10 }),
    fc.array(anyPaper(), { minLength: 1, maxLength: 3 }),
    (first, later, papers) => {
      const current = new Map<string, Query>();
      const loaded: { id: string; query: Query }[] = [];
      for (const { id, query } of first) {
        if (query === undefined) continue;
        loaded.push({ id, query });
        current.set(id, query);
      }
      const index = buildTopicIndex(loaded);
      for (const { id, query } of later) {
        if (query === undefined) {
          index.remove(id);
          current.delete(id);
        } else {
          index.add({ id, query });
          current.set(id, query);
        }
      }
      for (const paper of papers) {
        const alone = [...current].flatMap(([id, query]) =>
          matchQuery(query, paper) === undefined ? [] : [id],
        );
        matched += alone.length;
        expect(index.match(paper).sort()).toEqual(alone.sort());
      }
    },
  );
  fc.assert(holds, { numRuns: 300 });
  expect(matched).toBeGreaterThan(100);
});

test('after thousands of additions, changes and removals the index holds what a list of the topics holds', () => {
  const word = (at: number) => `w${at % 150}`;
  const pool = [
    ...fc.sample(anyQuery(), { numRuns: 150, seed: 4 }),
    ...Array.from({ length: 300 }, (_, at) =>
      requireQuery(`"${word(at)} of ${word(7 * at)}" OR ${word(at + 1)}`),
    ),
  ];
  const papers = [
    ...fc.sample(anyPaper(), { numRuns: 5, seed: 4 }),
    { title: 'w1 and w2', abstract: 'w10 of w70, w100 of w100.' },
  ];
  const isMatch = pool.map((query) =>
    papers.map((paper) => matchQuery(query, paper) !== undefined),
  );
  const random = fc.sample(fc.nat(), { numRuns: 9_000, seed: 4 });
  const current = new Map<string, number>();
  // What stands in papers of the past is numbered first, whenever the index is packed.
  const index = new TopicIndex(historyOf([...papers, ...papers.slice(0, 3)]).statistics);
  let [pairs, largest] = [0, 0];
  for (let round = 0; round + 2 < random.length; round += 3) {
    const [who = 0, what = 0, how = 0] = random.slice(round, round + 3);
    // As many topics come as go, after a time in which nearly all come.
    const id = String(who % 900);
    if (how % 10 < (round < 4_000 ? 1 : 5)) expect(index.remove(id)).toBe(current.delete(id));
    else {
      const at = what % pool.length;
      current.set(id, at);
      index.add({ id, query: pool[at] ?? requireQuery('never') });
    }
    largest = Math.max(largest, current.size);
    // Often enough to see the index between the steps in which it is packed.
    if (round % 180 !== 0) continue;
    for (const [place, paper] of papers.entries()) {
      const alone = [...current].flatMap(([topicId, at]) =>
        isMatch[at]?.[place] ? [topicId] : [],
      );
      expect(idsFor(index, paper)).toEqual(alone.sort());
      pairs += alone.length;
    }
  }
  expect(Math.min(pairs, largest)).toBeGreaterThan(500);
  const asked = [...current.values()].map((at) => compileQuery(pool[at] ?? requireQuery('never')));
  const units = asked.flatMap(({ terms, must, none }) => [...terms, ...must, ...none]);
  expect(index.size).toEqual({
    topics: current.size,
    units: new Set(units.map(({ unit }) => unit.key)).size,
  });
});

test('the work of a match grows with the text, not faster', () => {
  const index = buildTopicIndex([
    topic('repeats', `"${'ing '.repeat(400)}end"`),
    topic('spelt', '"sim-to-real sim-to-real sim-to-real sim-to-real"'),
    topic('word', 'ing-ing OR sim'),
  ]);
  const sentence = 'ing-ing ing sim-to-real simtoreal and sparse autoencoders. ';
  const workFor = (times: number) => {
    const meter = newWorkMeter();
    index.match({ title: 'ing', abstract: sentence.repeat(times) }, meter);
    return meter.tokens + meter.units + meter.topics;
  };
  expect(workFor(400) / workFor(200)).toBeLessThan(2.2);
  expect(workFor(800) / workFor(400)).toBeLessThan(2.2);
});

test('a part and a joined form with one stem give two ways on, which do not multiply', () => {
  const index = buildTopicIndex([
    topic('joined', '"robust ing end"'),
    topic('many', `"${'ing '.repeat(40)}end"`),
  ]);
  expect(idsFor(index, { title: 'robust ing-ing end' })).toEqual(['joined']);
  const meter = newWorkMeter();
  index.match({ title: 'x', abstract: 'ing-ing '.repeat(60) }, meter);
  expect(meter.tokens).toBeLessThan(200 * 40 * 40);
});

test('topics that a paper has no word of cost it nothing', () => {
  const far = Array.from({ length: 5_000 }, (_, index) =>
    topic(`far-${index}`, `"sparse word${index}" OR other${index}`),
  );
  const workAmong = (topics: readonly { id: string; query: Query }[]) => {
    const meter = newWorkMeter();
    buildTopicIndex([...topics, topic('near', 'sparse OR autoencoder')]).match(
      { title: 'Sparse autoencoders', abstract: 'A sparse autoencoder is sparse.' },
      meter,
    );
    return meter;
  };
  expect(workAmong(far)).toEqual(workAmong([]));
});

test('1,000 terms and 10 kB of one word are matched', () => {
  const topics = Array.from({ length: 5 }, (_, block) =>
    topic(
      String(block),
      Array.from({ length: 200 }, (_term, index) => `w${block * 200 + index}`).join(' OR '),
    ),
  );
  const index = buildTopicIndex(topics);
  const paper = { title: 'w7 w999', abstract: 'w7 '.repeat(3_500) };
  expect(idsFor(index, paper)).toEqual(['0', '4']);
});

test('what is further than the query leads to a topic too, and its gates hold', () => {
  const further = ['SAE', 'dictionary learning'].map((text) => unitOf(tokenize(text)));
  const query = requireQuery('"sparse autoencoder" -vision');
  const index = buildTopicIndex([{ id: 'sae', query, further }]);
  expect(idsFor(index, { title: 'SAEs' })).toEqual(['sae']);
  expect(idsFor(index, { title: 'On dictionary learning' })).toEqual(['sae']);
  expect(idsFor(index, { title: 'SAEs for vision' })).toEqual([]);
  index.add({ id: 'sae', query });
  expect(idsFor(index, { title: 'SAEs' })).toEqual([]);
  expect(index.size).toEqual({ topics: 1, units: 2 });
});
