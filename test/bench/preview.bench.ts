import { desks } from '@paperboy/cli';
import { recordReading } from '@paperboy/ingest';
import { gatherWords, type Store } from '@paperboy/store';
import type { Bench } from './bench.ts';
import { emptyTables, settle } from './copy-merge.ts';
import { paperSeries, randomFrom, SUBJECT_PHRASES, take } from './data.ts';
import { benchSource, emptyPage, listingOf } from './listings.ts';
import { leaveIdsFree, repeatAsOlder } from './older-papers.ts';
import { benchStore } from './postgres.ts';

const SHOWN = 5;
const PER_PAGE = 2_000;
/** As many as a preview looks at, and more than topics are learnt from. */
const RECORDED = 4_000;
/** 400 papers a day, so that the last seven days are two pages. */
const DAYS_PER_PAGE = 5;
const NEWEST = '2026-06-30T12:00:00Z';

/**
 * A query tried on the papers of the last seven days while it is typed, with scores and reasons, beside a join of the
 * same days that asks Postgres's full text which papers hold its words. Promised are 150 ms at p95; the first of all,
 * which prepares the papers, is not measured.
 */
export const bench: Bench = {
  name: 'preview',
  unit: 'previews',
  sizes: [100_000],
  quickSizes: [8_000],
  runs: 120,
  bars: [{ id: 'topics', text: 'p95 of a preview <= 150 ms', kind: 'bar', of: 'p95', mostMs: 150 }],
  async setUp(size) {
    const store = await benchStore();
    await load(store, size);
    const { topics: desk } = desks(store.db, async () => {});
    const wishes = wishesOf(7);
    let [asked, joined, found, reasons] = [0, 0, 0, 0];
    await desk.preview('streaming');
    return {
      async ours() {
        const query = wishes[asked++ % wishes.length]?.query ?? '';
        const preview = await desk.preview(query);
        found = preview.found.length;
        // As many as the form shows.
        reasons = preview.found.slice(0, SHOWN).flatMap((paper) => paper.reasons).length;
        return 1;
      },
      async limit() {
        const words = wishes[joined++ % wishes.length]?.words ?? '';
        await store.pool.query(
          `select paper_id from paper_words
           where words @@ websearch_to_tsquery('english', $1) and exists (
             select from appearance join listing_page page on page.id = listing_page_id
             where appearance.paper_id = paper_words.paper_id and page.seen_at >= $2::timestamptz - interval '7 days')`,
          [words, NEWEST],
        );
        return 1;
      },
      check() {
        if (found === 0 || reasons === 0) throw new Error('a preview found nothing');
      },
      tearDown: () => store.close(),
    };
  },
};

/** Records the newest papers as pages bring them; older ones are theirs once more, which takes a fraction of the time. */
async function load(store: Store, size: number): Promise<void> {
  const source = await benchSource(store);
  await emptyTables(store);
  const recorded = Math.min(size, RECORDED);
  const olderPages = (size - recorded) / PER_PAGE;
  await leaveIdsFree(store, { papers: size - recorded, pages: olderPages });
  const series = paperSeries(5);
  for (let at = 0; at < recorded; at += PER_PAGE) {
    const facts = await emptyPage(store, source);
    const number = olderPages + at / PER_PAGE;
    const day = { month: 1 + (Math.floor(number / 28) % 12), day: 1 + (number % 28) };
    await recordReading(store.db, facts, listingOf(take(series, PER_PAGE), day));
  }
  await store.pool.query(
    `update listing_page set ready_no = id,
       seen_at = $1::timestamptz - (select max(id) - listing_page.id from listing_page newest) * $2 * interval '1 day'`,
    [NEWEST, DAYS_PER_PAGE],
  );
  await gatherWords(store.db);
  if (size > recorded)
    await repeatAsOlder(store, {
      papers: recorded,
      pages: recorded / PER_PAGE,
      times: size / recorded - 1,
      days: (recorded / PER_PAGE) * DAYS_PER_PAGE,
    });
  await settle(store);
}

/** The same queries on every run, as they are typed: phrases, alternatives, exclusions, single words that find very many. */
function wishesOf(seed: number): { readonly query: string; readonly words: string }[] {
  const random = randomFrom(seed);
  const pick = () => SUBJECT_PHRASES[Math.floor(random() * SUBJECT_PHRASES.length)] ?? '';
  const kinds: readonly (() => string)[] = [
    () => `"${pick()}"`,
    () => `"${pick()}" OR "${pick()}"`,
    () => `"${pick()}" -streaming`,
    () => pick().split(' ')[0] ?? '',
    () => `"${pick()}" OR "${pick()}" OR "${pick()}"`,
  ];
  return Array.from({ length: 60 }, (_, index) => {
    const query = kinds[index % kinds.length]?.() ?? '';
    return { query, words: query.replaceAll(' OR ', ' or ') };
  });
}
