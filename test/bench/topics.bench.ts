import {
  buildTopicIndex,
  compileQuery,
  type TokenizedPaper,
  tokenizePaper,
} from '@paperboy/topics';
import type { Bench } from './bench.ts';
import { papers } from './data.ts';
import { benchStore } from './postgres.ts';
import { type SyntheticTopic, topics } from './topic-data.ts';

const PAPERS = 100;

interface Pair {
  readonly paper: number;
  readonly topic: number;
}

/** New papers against saved topics: the index beside Postgres with the same stems, a join over stored queries. */
export const bench: Bench = {
  name: 'topics',
  unit: 'papers',
  sizes: [1_000, 10_000, 100_000],
  quickSizes: [1_000],
  namedSizes: [1_000_000],
  runs: 3,
  bars: [
    {
      id: '10',
      text: 'the index >= 50x the join over stored queries',
      kind: 'bar',
      size: 100_000,
      holds: (ratio) => ratio >= 50,
    },
  ],
  async setUp(size) {
    const watched = topics(size, 7);
    const index = buildTopicIndex(watched);
    const texts = papers(PAPERS, 3);
    const store = await benchStore();
    await store.pool.query('create table words (id int, words tsvector)');
    await store.pool.query('create table saved (id int, query tsquery)');
    await store.pool.query('insert into words select * from unnest($1::int[], $2::tsvector[])', [
      texts.map((_, id) => id),
      texts.map((paper) => vectorOf(tokenizePaper(paper))),
    ]);
    for (let from = 0; from < size; from += 50_000) {
      const part = watched.slice(from, from + 50_000);
      await store.pool.query('insert into saved select * from unnest($1::int[], $2::tsquery[])', [
        part.map(({ id }) => id),
        part.map(tsqueryOf),
      ]);
    }
    await store.pool.query('vacuum analyze saved');
    let ours: string[][] = [];
    let joined: Pair[] = [];
    return {
      ours() {
        ours = texts.map((paper) => index.match(paper));
        return PAPERS;
      },
      async limit() {
        const { rows } = await store.pool.query<Pair>(
          'select words.id as paper, saved.id as topic from words join saved on words @@ query',
        );
        joined = rows;
        return PAPERS;
      },
      check() {
        const theirs = new Set(joined.map(({ paper, topic }) => `${paper} ${topic}`));
        const pairs = ours.flatMap((ids, paper) => ids.map((id) => `${paper} ${id}`));
        const missing = pairs.filter((pair) => !theirs.has(pair));
        if (pairs.length === 0 || missing.length > 0 || pairs.length !== joined.length)
          throw new Error(`${pairs.length} pairs, Postgres ${joined.length}: ${missing[0] ?? ''}`);
      },
      tearDown: () => store.close(),
    };
  },
};

/** The stems of a paper where they stand, as Postgres keeps them. */
function vectorOf({ byStem }: TokenizedPaper): string {
  return [...byStem]
    .map(([stem, tokens]) => `'${stem}':${tokens.map(({ position }) => position + 1).join(',')}`)
    .join(' ');
}

function tsqueryOf({ query }: SyntheticTopic): string {
  return compileQuery(query)
    .terms.flatMap(({ unit }) => unit.spellings)
    .map((stems) => stems.map((stem) => `'${stem}'`).join(' <-> '))
    .join(' | ');
}
