import { buildTopicIndex, tokenizePaper } from '@paperboy/topics';
import type { Bench } from './bench.ts';
import { papers } from './data.ts';
import { pastPapers, scoredTopics, topics } from './topic-data.ts';

const PAPERS = 100;
const FEW = 1_000;

/** What a hundred times as many topics cost: the same papers against many and against few. */
export const bench: Bench = {
  name: 'topics-growth',
  unit: 'papers',
  sizes: [100_000],
  quickSizes: [10_000],
  runs: 9,
  bars: [
    {
      id: '10',
      text: '100k topics cost at most 8x what 1k cost',
      kind: 'bar',
      size: 100_000,
      holds: (ratio) => ratio >= 1 / 8,
    },
  ],
  async setUp(size) {
    const history = pastPapers();
    const indexOf = (count: number) =>
      buildTopicIndex(scoredTopics(topics(count, 7), history), history.statistics);
    const [many, few] = [indexOf(size), indexOf(FEW)];
    const texts = papers(PAPERS, 3);
    const pairs = (index: typeof many) => {
      let found = 0;
      for (const paper of texts)
        index.eachMatch(history.statistics.scorable(tokenizePaper(paper)), () => found++);
      return found;
    };
    let found = { many: 0, few: 0 };
    return {
      ours() {
        found = { ...found, many: pairs(many) };
        return PAPERS;
      },
      limit() {
        found = { ...found, few: pairs(few) };
        return PAPERS;
      },
      check() {
        if (found.few === 0 || found.many < found.few)
          throw new Error(`${found.many} and ${found.few} pairs`);
      },
    };
  },
};
