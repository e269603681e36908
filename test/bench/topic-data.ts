import {
  History,
  profileTopic,
  type Query,
  requireQuery,
  type TopicProfile,
  tokenizePaper,
  type WatchedTopic,
  WatchFinder,
} from '@paperboy/topics';
import { papers, randomFrom, SUBJECT_PHRASES } from './data.ts';

/** A topic as somebody may have saved it: one to three phrases. */
export interface SyntheticTopic {
  readonly id: string;
  readonly query: Query;
}

const DIFFERENT_PHRASES = 160_000;
/** How many phrases are more wanted than those of the papers: with it a paper is for some 4% of all topics. */
const MORE_WANTED = 100;
const SYLLABLES = 'ba,co,di,fu,ge,ho,ki,lu,ma,ne,po,ra,si,tu,ve,xo,za,tri,plo,gra'.split(',');

/** The first topics of a longer list are those of a shorter one; some phrases are wanted by very many. */
export function topics(count: number, seed: number): SyntheticTopic[] {
  const random = randomFrom(seed);
  const pool = phrasePool(random);
  const pick = () => pool[Math.floor(DIFFERENT_PHRASES ** random()) - 1] ?? pool[0];
  // A million topics share their few different terms, as those that are read from a database do in the index.
  const terms = new Map<string, Query['terms']>();
  const termOf = (phrase: string) => {
    const known = terms.get(phrase) ?? requireQuery(`"${phrase}"`).terms;
    terms.set(phrase, known);
    return known;
  };
  return Array.from({ length: count }, (_, index) => {
    const wanted = Array.from({ length: 1 + Math.floor(3 * random()) }, () => termOf(pick() ?? ''));
    return {
      id: String(index + 1),
      query: { terms: [...new Set(wanted.flat())], must: [], none: [], conditions: [] },
    };
  });
}

const PAST_PAPERS = 2_048;

/** Papers that topics are learnt from, as many as a worker has. */
export function pastPapers(): History {
  return new History(papers(PAST_PAPERS, 11).map(tokenizePaper));
}

/**
 * The same topics with what a history says of them. Those with phrases of the papers have related words, some 5 %;
 * topics that differ in invented phrases alone share what was learnt, so that a bench need not learn a million.
 */
export function* scoredTopics(
  topicList: readonly SyntheticTopic[],
  history: History,
): Generator<WatchedTopic> {
  const finder = new WatchFinder(history.statistics);
  const subjects = new Set(SUBJECT_PHRASES);
  const profiles = new Map<string, TopicProfile>();
  for (const { id, query } of topicList) {
    const terms = query.terms.filter(({ text }) => subjects.has(text));
    if (terms.length === 0) {
      yield { id, query };
      continue;
    }
    const key = terms.map(({ text }) => text).join('|');
    const profile = profiles.get(key) ?? profileTopic({ ...query, terms }, history).profile;
    profiles.set(key, profile);
    yield { id, query, ...finder.watchOf(query, profile) };
  }
}

function phrasePool(random: () => number): string[] {
  const known = SUBJECT_PHRASES.flatMap((phrase) =>
    phrase.split(' ').filter((one) => one.length > 3),
  );
  const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  const invented = () => one(SYLLABLES) + one(SYLLABLES) + one(SYLLABLES);
  const word = () => (random() < 0.3 ? one(known) : invented());
  const pool = Array.from({ length: DIFFERENT_PHRASES }, () =>
    [...Array.from({ length: Math.floor(3 * random()) }, word), invented()].join(' '),
  );
  pool.splice(MORE_WANTED, SUBJECT_PHRASES.length, ...SUBJECT_PHRASES);
  return pool;
}
