import { hash } from 'node:crypto';
import {
  addLearntPast,
  countTopics,
  type Db,
  endLearning,
  historySize,
  type LearntPast,
  learntPasts,
  saveProfiles,
  textsOfPast,
  topicsHorizon,
  topicsSince,
  topicsToLearn,
} from '@paperboy/store';
import { HISTORY_PAPERS, PROFILE_RULES } from '@paperboy/topics';
import { KnownTopics, LEARNT_AT_ONCE } from './known-topics.ts';
import { learnProfiles, type TellUnreadable } from './learn-profiles.ts';
import { type PastOptions, PastPapers, papersToLearn, readPast } from './past-papers.ts';

const WEEK_MS = 7 * 24 * 3600_000;
/** Topics that are learnt and kept together. */
const PER_BATCH = 500;

/** By which rules this version counts. */
export const OUR_RULES = hash('sha256', PROFILE_RULES, 'buffer');

export interface LearntOptions extends PastOptions {
  readonly tellUnreadable: TellUnreadable;
  readonly now?: () => Date;
}

/**
 * The topics as all workers know them: by the papers of one past, which Postgres names. Once a week, and while papers are
 * few whenever they have doubled, a worker names the papers that are learnt from next; where topics are many they are
 * learnt in the background, and scores rest on the past before until all are.
 */
export class LearntTopics {
  readonly #db: Db;
  readonly #options: LearntOptions;
  #known: KnownTopics | undefined;
  #horizon = '0';
  /** The papers that are learnt from next, while they are. */
  #next: { readonly id: string; readonly past: PastPapers } | undefined;

  constructor(db: Db, options: LearntOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** All topics that are there now; undefined while there is none. */
  async catchUp(): Promise<KnownTopics | undefined> {
    const ready = await this.#readyPast();
    if (ready === undefined) return undefined;
    const isNew = this.#known?.pastId !== ready.id || (await this.#known.past.haveEmbeddingsCome());
    if (this.#known === undefined || isNew) await this.#open(ready);
    else {
      const { topics, horizon } = await topicsSince(this.#db, this.#horizon);
      this.#known.add(topics);
      this.#horizon = horizon;
    }
    await this.#known?.learnAdded();
    return this.#known;
  }

  /** Learns every topic that is to be learnt, batch by batch. What was learnt stays when it is stopped. */
  async learn(signal?: AbortSignal): Promise<void> {
    const { next } = await learntPasts(this.#db, OUR_RULES);
    if (next !== undefined) await this.#learnFrom(next, signal);
    for (let known = await this.catchUp(); known?.hasUnlearnt; known = await this.catchUp())
      signal?.throwIfAborted();
  }

  async #readyPast(): Promise<LearntPast | undefined> {
    // Without a topic there is nobody to learn for.
    if (this.#known === undefined && (await countTopics(this.#db, 1)) === 0) return undefined;
    const { ready, next } = await learntPasts(this.#db, OUR_RULES);
    if (next === undefined && !(await this.#isDue(ready))) return ready;
    const topics = await countTopics(this.#db, LEARNT_AT_ONCE + 1);
    if (next === undefined) await this.#nameNext(ready);
    if (ready !== undefined && topics > LEARNT_AT_ONCE) return ready;
    const named = (await learntPasts(this.#db, OUR_RULES)).next;
    if (named !== undefined) await this.#learnFrom(named);
    return (await learntPasts(this.#db, OUR_RULES)).ready;
  }

  async #isDue(ready: LearntPast | undefined): Promise<boolean> {
    if (ready === undefined) return true;
    const now = this.#options.now?.() ?? new Date();
    if (now.getTime() - ready.madeAt.getTime() > WEEK_MS) return true;
    if (ready.papers === HISTORY_PAPERS) return false;
    return papersToLearn(await historySize(this.#db, HISTORY_PAPERS)) > ready.papers;
  }

  async #nameNext(after: LearntPast | undefined): Promise<void> {
    const texts = await readPast(this.#db);
    const past = new PastPapers(this.#db, this.#options);
    await past.read(texts);
    const named = {
      textIds: texts.map(({ textId }) => textId),
      rules: OUR_RULES,
      signature: signatureOf(past),
    };
    await addLearntPast(this.#db, named, after?.id);
  }

  async #learnFrom(next: LearntPast, signal?: AbortSignal): Promise<void> {
    const past = this.#next?.id === next.id ? this.#next.past : await this.#read(next);
    if (past === undefined) {
      await this.#nameNext(next);
      const { next: named } = await learntPasts(this.#db, OUR_RULES);
      return named && this.#learnFrom(named, signal);
    }
    this.#next = { id: next.id, past };
    for (;;) {
      signal?.throwIfAborted();
      const topics = await topicsToLearn(this.#db, next.id, PER_BATCH);
      if (topics.length === 0) break;
      const { tellUnreadable } = this.#options;
      await saveProfiles(this.#db, next.id, await learnProfiles(past, topics, tellUnreadable));
    }
    await endLearning(this.#db, next.id);
  }

  async #open(ready: LearntPast): Promise<void> {
    const past = this.#next?.id === ready.id ? this.#next.past : await this.#read(ready);
    this.#next = undefined;
    if (past === undefined) return this.#openAnother(ready);
    const known = new KnownTopics(this.#db, past, ready.id, this.#options.tellUnreadable);
    const horizon = await topicsHorizon(this.#db);
    await known.load();
    [this.#known, this.#horizon] = [known, horizon];
  }

  /** What profiles of a past say cannot be read any more, so all are learnt from another before a page is matched. */
  async #openAnother(unreadable: LearntPast): Promise<void> {
    await this.#nameNext(unreadable);
    const { next } = await learntPasts(this.#db, OUR_RULES);
    if (next !== undefined) await this.#learnFrom(next);
    const { ready } = await learntPasts(this.#db, OUR_RULES);
    if (ready === undefined || ready.id === unreadable.id)
      throw new Error(`the papers of past ${unreadable.id} are not what they were`);
    return this.#open(ready);
  }

  /** Undefined where papers are gone or count otherwise than when they were named: the numbers of terms are others. */
  async #read(named: LearntPast): Promise<PastPapers | undefined> {
    const past = new PastPapers(this.#db, this.#options);
    await past.read(await textsOfPast(this.#db, named.id));
    return signatureOf(past).equals(named.signature) ? past : undefined;
  }
}

function signatureOf({ history }: PastPapers): Buffer {
  return hash('sha256', history.statistics.signature(), 'buffer');
}
