import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type History, TopicIndex, tokenizePaper } from '@paperboy/topics';
import type { Bench } from './bench.ts';
import { papers } from './data.ts';
import { pastPapers, scoredTopics, topics } from './topic-data.ts';

const PAPERS = 300;
/** Papers that are matched before those that count. */
const COMPILING = 30;
const MAX_BUILD_MS = 5_000;
const MAX_MIB = 500;
const LIMIT_MS = 1;

/**
 * One paper against a million saved topics: cut into words and led to those it has a term or a score for, beside the
 * millisecond that it may take.
 */
export const bench: Bench = {
  name: 'topics-million',
  unit: 'papers',
  sizes: [],
  quickSizes: [],
  namedSizes: [1_000_000],
  runs: PAPERS,
  bars: [
    { id: 'R9', text: 'p50 of a paper <= 1 ms', kind: 'bar', holds: (ratio) => ratio >= 1 },
    {
      id: 'R9',
      text: 'p99 of a paper <= 5 ms',
      kind: 'bar',
      of: 'p99',
      holds: (ratio) => ratio >= 0.2,
    },
  ],
  async setUp(size) {
    const history = pastPapers();
    const before = usedMiB();
    const { index, buildMs } = builtIndex(size, history);
    const mib = usedMiB() - before;
    const { units } = index.size;
    const isLate = buildMs > MAX_BUILD_MS;
    process.stderr.write(
      `${size} topics, ${units} phrases: ${Math.round(mib)} MiB, built in ${Math.round(buildMs)} ms of ${MAX_BUILD_MS}${isLate ? ', MISSED' : ''}\n`,
    );
    // What a paper takes is told all the same.
    if (isLate && process.argv.includes('--bars')) process.exitCode = 1;
    if (mib > MAX_MIB) throw new Error(`the index takes ${mib} MiB`);
    // What a process runs for the first time is compiled meanwhile: that is of its start, and not of a paper.
    for (const paper of papers(COMPILING, 4))
      index.eachMatch(history.statistics.scorable(tokenizePaper(paper)), () => {});
    const texts = papers(PAPERS, 3);
    let at = 0;
    let found = 0;
    return {
      ours() {
        const paper = texts[at++ % PAPERS];
        found = 0;
        if (paper)
          index.eachMatch(history.statistics.scorable(tokenizePaper(paper)), () => found++);
      },
      limit() {
        const end = performance.now() + LIMIT_MS;
        while (performance.now() < end);
      },
      check() {
        if (found === 0) throw new Error('a paper without topics');
      },
    };
  },
};

/** By itself, so that nothing of what it was built from is held by a caller; of that the index keeps a part, such as ids. */
function builtIndex(size: number, history: History) {
  // What was learnt is there at a start.
  const watched = [...scoredTopics(topics(size, 7), history)];
  const start = performance.now();
  const index = new TopicIndex(history.statistics);
  index.addAll(watched);
  return { index, buildMs: performance.now() - start };
}

/** What is in use; without a collection before, it is mostly what is in use no more. */
function usedMiB(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
