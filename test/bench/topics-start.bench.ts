import { recordReading, TopicMatcher } from '@paperboy/ingest';
import type { Store } from '@paperboy/store';
import {
  History,
  packProfile,
  printQuery,
  profileTopic,
  queryKey,
  tokenizePaper,
} from '@paperboy/topics';
import type { Bench } from './bench.ts';
import { papers, SUBJECT_PHRASES } from './data.ts';
import { benchSource, emptyPage, listingOf } from './listings.ts';
import { benchStore } from './postgres.ts';
import { type SyntheticTopic, topics } from './topic-data.ts';

/** As many as topics are learnt from. */
const PAST = 2_048;
/** Topics that a worker learns itself, so that the past is there; what is learnt of the others is put beside it. */
const LEARNT = 200;
const AT_ONCE = 20_000;
const PROMISED_MS = 5_000;

/**
 * A worker's start: the papers of the past weeks cut into words and counted, then every topic with what was learnt of
 * it read out of Postgres into the index. Beside it the same rows counted by Postgres, of which none is sent.
 */
export const bench: Bench = {
  name: 'topics-start',
  unit: 'starts',
  sizes: [],
  quickSizes: [],
  namedSizes: [1_000_000],
  runs: 3,
  bars: [{ id: 'R9', text: 'topics are read again in 5 s', kind: 'bar', mostMs: PROMISED_MS }],
  async setUp(size) {
    const store = await benchStore();
    const list = papers(PAST + 1, 11);
    const source = await benchSource(store);
    const past = await emptyPage(store, source);
    await recordReading(store.db, past, listingOf(list.slice(0, PAST), { month: 2, day: 4 }));
    const wanted = topics(size, 7);
    await saveTopics(store, wanted.slice(0, LEARNT));
    await new TopicMatcher(store.db).matchPage(past.listingPageId);
    await saveTopics(store, wanted.slice(LEARNT));
    await saveLearnt(store, wanted, new History(list.slice(0, PAST).map(tokenizePaper)));
    await store.pool.query('vacuum analyze topic');
    await store.pool.query('vacuum analyze topic_profile');
    const next = await emptyPage(store, source);
    await recordReading(store.db, next, listingOf(list.slice(PAST), { month: 2, day: 5 }));
    let matcher: TopicMatcher | undefined;
    return {
      async ours() {
        const start = performance.now();
        matcher = new TopicMatcher(store.db);
        await matcher.matchPages([]);
        return { figure: performance.now() - start };
      },
      async limit() {
        const start = performance.now();
        await store.pool.query(
          'select count(*), sum(length(query)), sum(length(profile)) from topic join topic_profile on topic_id = topic.id',
        );
        return { figure: performance.now() - start };
      },
      async check() {
        await store.pool.query('delete from match');
        await store.pool.query('update listing_page set ready_no = null where id = $1', [
          next.listingPageId,
        ]);
        const matched = await matcher?.matchPage(next.listingPageId);
        if (!matched?.matches) throw new Error('a worker that found no topic for a paper');
      },
      tearDown: () => store.close(),
    };
  },
};

async function saveTopics({ pool }: Store, wanted: readonly SyntheticTopic[]): Promise<void> {
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const part = wanted.slice(from, from + AT_ONCE);
    // Topics of a bench may be the same query twice, which Postgres is not told.
    await pool.query(
      `insert into topic (query, query_hash, past_matched_at)
       select query, sha256(convert_to(key, 'UTF8')), now() from unnest($1::text[], $2::text[]) as t(query, key)`,
      [
        part.map(({ query }) => printQuery(query)),
        part.map(({ id, query }) => `${queryKey(query)} ${id}`),
      ],
    );
  }
}

/** Of topics that differ in invented phrases alone the same was learnt. */
async function saveLearnt(
  { pool }: Store,
  wanted: readonly SyntheticTopic[],
  history: History,
): Promise<void> {
  const subjects = new Set(SUBJECT_PHRASES);
  const known = new Map<string, { readonly isLearning: boolean; readonly packed: Buffer }>();
  const learntOf = ({ query }: SyntheticTopic) => {
    const terms = query.terms.filter(({ text }) => subjects.has(text));
    const key = terms.map(({ text }) => text).join('|');
    const before = known.get(key);
    if (before !== undefined) return before;
    const { profile } = profileTopic(terms.length === 0 ? query : { ...query, terms }, history);
    const learnt = { isLearning: profile.isLearning, packed: Buffer.from(packProfile(profile)) };
    known.set(key, learnt);
    return learnt;
  };
  for (let from = LEARNT; from < wanted.length; from += AT_ONCE) {
    const part = wanted.slice(from, from + AT_ONCE);
    const learnt = part.map(learntOf);
    await pool.query(
      `insert into topic_profile (past_id, topic_id, is_learning, profile)
       select past.id, t.* from (select max(id) as id from learnt_past) past,
         unnest($1::bigint[], $2::boolean[], $3::bytea[]) as t on conflict do nothing`,
      [
        part.map(({ id }) => id),
        learnt.map(({ isLearning }) => isLearning),
        learnt.map(({ packed }) => packed),
      ],
    );
  }
}
