import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Db,
  lastReadyNo,
  listingDaysSince,
  papersSeenSince,
  textsOfPapers,
  vectorsOf,
} from '@paperboy/store';
import {
  explainScore,
  isCertain,
  isKept,
  type MatchReason,
  PaperIndex,
  type Query,
  type ScorablePaper,
  type TopicScorer,
  type WiderTerms,
  widerQueries,
  widerTerms,
} from '@paperboy/topics';
import type { EmbeddingPart } from './embeddings.ts';
import { daysBeforeNewest } from './match-past.ts';
import type { PaperWords } from './paper-words.ts';
import type { PastPapers } from './past-papers.ts';
import { PresentPast } from './present-past.ts';

export interface RecentOptions {
  /** How far back from the newest page. */
  readonly days: number;
  readonly embeddings?: EmbeddingPart | undefined;
}

/** Of more papers than these the days are halved: each takes some 50 kB of memory. */
const MOST_PAPERS = 8_192;
/** Papers prepared before others get their turn. */
const PER_TURN = 20;
/** Merged papers and new embeddings are seen by then; new pages at once. */
const LONGEST_MS = 10 * 60_000;

/** A paper of the last days that a query finds. */
export interface RecentMatch {
  readonly paper: PaperWords;
  readonly strength: number;
  readonly isCertain: boolean;
  /** Told for those that are shown: to find them costs as much as the score. */
  reasons(): MatchReason[];
  readonly prepared: ScorablePaper;
}

/** The papers of the last days at one moment, ready for any query. */
export interface RecentView {
  readonly since: Date;
  readonly papers: number;
  /** On how many days they were listed. */
  readonly days: number;
  /** What each query would have brought. Costs what its words and related words occur. */
  matchesOf(query: Query): Promise<RecentMatch[]>;
  widerTerms(query: Query): WiderTerms;
  widerQueries(query: Query): Query[];
}

/**
 * The papers of the last days, kept ready so that a query can be tried on them while it is typed. What they are
 * is looked up once a new page is ready; only papers that came since are cut into words.
 */
export class RecentPapers {
  readonly #db: Db;
  readonly #options: RecentOptions;
  readonly #past: PresentPast;
  #window: Window | undefined;
  #reading: Promise<Window> | undefined;

  constructor(db: Db, options: RecentOptions) {
    this.#db = db;
    this.#options = options;
    this.#past = new PresentPast(db, options);
  }

  async view(): Promise<RecentView> {
    const window = await this.#current();
    const { past } = window;
    return {
      since: window.since,
      papers: window.papers.length,
      days: window.days,
      matchesOf: async (query) => window.matchesOf(await past.scorerFor(query)),
      widerTerms: (query) => widerTerms(query, past.history),
      widerQueries: (query) => widerQueries(query, past.history),
    };
  }

  async #current(): Promise<Window> {
    const edge = await lastReadyNo(this.#db);
    const window = this.#window;
    const isFresh = window?.edge === edge && performance.now() - window.readAt < LONGEST_MS;
    if (window !== undefined && isFresh) return window;
    // Those who ask meanwhile wait for the same reading.
    this.#reading ??= this.#read(edge).finally(() => {
      this.#reading = undefined;
    });
    this.#window = await this.#reading;
    return this.#window;
  }

  async #read(edge: string): Promise<Window> {
    const readAt = performance.now();
    const past = await this.#past.papers();
    const before = this.#window?.past === past ? this.#window : undefined;
    const { since, ids } = await this.#papersOfDays();
    const texts = await textsOfPapers(this.#db, ids);
    const { embeddings } = this.#options;
    const embedded = embeddings
      ? await vectorsOf(
          this.#db,
          embeddings.model,
          texts.map(({ fingerprint }) => fingerprint),
        )
      : undefined;
    const papers: RecentPaper[] = [];
    for (const paper of texts) {
      const known = before?.find(paper);
      const embedding = embedded?.get(paper.fingerprint);
      const isSame = (known?.prepared.embedding === undefined) === (embedding === undefined);
      papers.push(known && isSame ? known : { paper, prepared: past.scorable(paper, embedding) });
      if (papers.length % PER_TURN === 0) await nextTurn();
    }
    const days = await listingDaysSince(this.#db, since);
    return new Window({ past, edge, readAt, since, days, papers });
  }

  async #papersOfDays() {
    let { days } = this.#options;
    for (;;) {
      const since = await daysBeforeNewest(this.#db, days);
      const ids = await papersSeenSince(this.#db, since);
      if (ids.length <= MOST_PAPERS || days <= 1) return { since, ids: ids.slice(-MOST_PAPERS) };
      days = Math.ceil(days / 2);
    }
  }
}

interface RecentPaper {
  readonly paper: PaperWords;
  readonly prepared: ScorablePaper;
}

/** Prepared papers, as an index of their words. */
class Window {
  readonly past: PastPapers;
  readonly edge: string;
  readonly readAt: number;
  readonly since: Date;
  readonly days: number;
  readonly papers: readonly RecentPaper[];
  readonly #words: PaperIndex;
  readonly #byWords = new Map<string, RecentPaper>();

  constructor(read: Pick<Window, 'past' | 'edge' | 'readAt' | 'since' | 'days' | 'papers'>) {
    this.past = read.past;
    this.edge = read.edge;
    this.readAt = read.readAt;
    this.since = read.since;
    this.days = read.days;
    this.papers = read.papers;
    const { statistics } = read.past.history;
    this.#words = new PaperIndex(
      this.papers.map(({ prepared }) => prepared),
      statistics,
    );
    for (const one of this.papers) this.#byWords.set(wordsKey(one.paper), one);
  }

  /** The same paper in the same words, listed by the same sources. */
  find(paper: PaperWords): RecentPaper | undefined {
    return this.#byWords.get(wordsKey(paper));
  }

  matchesOf(scorer: TopicScorer): RecentMatch[] {
    const matches: RecentMatch[] = [];
    for (const place of this.#words.leadingTo(scorer, { hasFurther: this.past.isEmbedded })) {
      const one = this.papers[place];
      const scored = one && scorer.score(one.prepared);
      if (one === undefined || scored === undefined || !isKept(scored, scorer.profile)) continue;
      const { paper, prepared } = one;
      matches.push({
        ...{ paper, prepared, strength: scored.score },
        isCertain: isCertain(scored, scorer.profile),
        reasons: () => explainScore(scorer, prepared, scored),
      });
    }
    return matches;
  }
}

function wordsKey({ paperId, fingerprint, sources, categories }: PaperWords): string {
  return JSON.stringify([paperId, fingerprint, sources, categories]);
}
