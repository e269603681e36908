import { type Db, learntPasts, textsOfPast } from '@paperboy/store';
import { OUR_RULES } from './learnt-topics.ts';
import { type PastOptions, PastPapers, readPast } from './past-papers.ts';

/**
 * The papers that scores rest on, for one who only looks: those that the matchers learnt from last; before the first of
 * them what they would.
 */
export class PresentPast {
  readonly #db: Db;
  readonly #options: PastOptions;
  #read: { readonly id: string | undefined; readonly past: PastPapers } | undefined;

  constructor(db: Db, options: PastOptions = {}) {
    this.#db = db;
    this.#options = options;
  }

  /** The same object until there is something newer. */
  async papers(): Promise<PastPapers> {
    const { ready } = await learntPasts(this.#db, OUR_RULES);
    const isSame = ready !== undefined && this.#read?.id === ready.id;
    if (isSame && this.#read && !(await this.#read.past.haveEmbeddingsCome()))
      return this.#read.past;
    const past = new PastPapers(this.#db, this.#options);
    await past.read(await (ready ? textsOfPast(this.#db, ready.id) : readPast(this.#db)));
    this.#read = { id: ready?.id, past };
    return past;
  }
}
