import { type CompiledTerm, compileTerm } from './compile.ts';
import { findUnit, newWorkMeter, type WorkMeter } from './find-unit.ts';
import { passGates, phraseFrequency, type QueryMatch, type Rank } from './match.ts';
import { type PaperText, type Quote, type TokenizedPaper, tokenizePaper } from './paper-tokens.ts';
import type { Condition, Query, Term } from './query.ts';
import { type PhraseReason, phraseReason } from './reasons.ts';
import { UnitIndex } from './unit-index.ts';

export interface TopicMatch<Id extends string = string> extends QueryMatch {
  readonly topicId: Id;
}

/** An index of all these topics. `rank` says how well a paper fits a topic it matches. */
export function buildTopicIndex<Id extends string>(
  topics: Iterable<{ readonly id: Id; readonly query: Query }>,
  rank: Rank = phraseFrequency,
): TopicIndex<Id> {
  const index = new TopicIndex<Id>(rank);
  index.addAll(topics);
  return index;
}

/**
 * Topics the other way round: a paper goes in, the topics it is for come out. Equal words of many topics
 * are looked for once. A change is seen by the next match, without a rebuild.
 */
export class TopicIndex<Id extends string = string> {
  readonly #rank: Rank;
  readonly #topics = new Map<Id, IndexedTopic<Id>>();
  readonly #terms = new Map<string, IndexedTerm<Id>>();
  readonly #unitsByKey = new Map<string, IndexedUnit<Id>>();
  readonly #units = new UnitIndex<IndexedUnit<Id>>();
  /** Counts matched papers. What carries the number of the current one was found in it. */
  #run = 0;

  constructor(rank: Rank = phraseFrequency) {
    this.#rank = rank;
  }

  /** How many topics are watched, and how many different words and phrases they come down to. */
  get size(): { readonly topics: number; readonly units: number } {
    return { topics: this.#topics.size, units: this.#unitsByKey.size };
  }

  addAll(topics: Iterable<{ readonly id: Id; readonly query: Query }>): void {
    for (const { id, query } of topics) this.#register(id, query);
    this.#units.fileWaiting();
  }

  /** Adds a topic, or gives the one of that id another query. */
  add(id: Id, query: Query): void {
    this.addAll([{ id, query }]);
  }

  /** Whether there was such a topic. */
  remove(id: Id): boolean {
    const topic = this.#topics.get(id);
    if (topic === undefined) return false;
    this.#topics.delete(id);
    for (const { unit } of leadingTerms(topic)) unit.leadsTo.splice(unit.leadsTo.indexOf(topic), 1);
    for (const term of termsOf(topic)) this.#release(term);
    return true;
  }

  /** The topics that a paper is for; their order has no meaning. Linear in the text and in what it hits. */
  match(paper: PaperText, meter: WorkMeter = newWorkMeter()): TopicMatch<Id>[] {
    this.#run++;
    const tokenized = tokenizePaper(paper);
    const matches: TopicMatch<Id>[] = [];
    for (const unit of this.#findUnits(tokenized, meter)) {
      for (const topic of unit.leadsTo) {
        if (topic.run === this.#run) continue;
        topic.run = this.#run;
        meter.topics++;
        const reasons = passGates(topic, tokenized, this.#find);
        if (reasons === undefined) continue;
        matches.push({ topicId: topic.id, reasons, strength: this.#rank(reasons, tokenized) });
      }
    }
    return matches;
  }

  /** What a term gives in the paper of this run, worked out once for all the topics that use it. */
  readonly #find = (term: IndexedTerm<Id>): PhraseReason | undefined => {
    if (term.run !== this.#run) {
      term.run = this.#run;
      const { unit } = term;
      term.reason = unit.run === this.#run ? phraseReason(term.term, unit.places) : undefined;
    }
    return term.reason;
  };

  #findUnits(paper: TokenizedPaper, meter: WorkMeter): IndexedUnit<Id>[] {
    const found: IndexedUnit<Id>[] = [];
    for (const stem of paper.byStem.keys()) {
      for (const unit of this.#units.under(stem) ?? []) {
        if (unit.run === this.#run) continue;
        const places = findUnit(unit, paper, meter);
        if (places.length === 0) continue;
        unit.run = this.#run;
        unit.places = places;
        found.push(unit);
      }
    }
    return found;
  }

  #register(id: Id, query: Query): void {
    this.remove(id);
    const intern = (terms: readonly Term[]) =>
      terms.length === 0 ? NO_TERMS : terms.map((term) => this.#internTerm(term));
    const topic: IndexedTopic<Id> = {
      id,
      run: 0,
      terms: intern(query.terms),
      must: intern(query.must),
      none: intern(query.none),
      conditions: query.conditions.length === 0 ? NO_CONDITIONS : query.conditions,
    };
    this.#topics.set(id, topic);
    for (const { unit } of leadingTerms(topic)) unit.leadsTo.push(topic);
  }

  /** Topics share their terms: a million of them have some hundred thousand different ones. */
  #internTerm(term: Term): IndexedTerm<Id> {
    const key = `${term.field} ${term.text}`;
    const known = this.#terms.get(key);
    if (known !== undefined) {
      known.uses++;
      return known;
    }
    const compiled = compileTerm(term);
    const indexed: IndexedTerm<Id> = {
      key,
      term,
      unit: this.#internUnit(compiled),
      uses: 1,
      run: 0,
    };
    this.#terms.set(key, indexed);
    return indexed;
  }

  #internUnit({ unit }: CompiledTerm): IndexedUnit<Id> {
    const known = this.#unitsByKey.get(unit.key);
    if (known !== undefined) {
      known.uses++;
      return known;
    }
    const indexed: IndexedUnit<Id> = { ...unit, leadsTo: [], uses: 1, run: 0, places: NO_PLACES };
    this.#unitsByKey.set(unit.key, indexed);
    this.#units.add(indexed);
    return indexed;
  }

  #release(term: IndexedTerm<Id>): void {
    term.uses--;
    if (term.uses > 0) return;
    this.#terms.delete(term.key);
    term.unit.uses--;
    if (term.unit.uses > 0) return;
    this.#unitsByKey.delete(term.unit.key);
    this.#units.remove(term.unit);
  }
}

interface IndexedUnit<Id extends string> {
  readonly key: string;
  readonly spellings: readonly (readonly string[])[];
  /** Topics to be checked when the unit is found. */
  readonly leadsTo: IndexedTopic<Id>[];
  /** How many different terms come down to it. */
  uses: number;
  /** The paper in which it was last found, and where. */
  run: number;
  places: readonly Quote[];
}

interface IndexedTerm<Id extends string> {
  readonly key: string;
  readonly term: Term;
  readonly unit: IndexedUnit<Id>;
  /** How many times topics use it. */
  uses: number;
  run: number;
  reason?: PhraseReason | undefined;
}

interface IndexedTopic<Id extends string> {
  readonly id: Id;
  run: number;
  readonly terms: readonly IndexedTerm<Id>[];
  readonly must: readonly IndexedTerm<Id>[];
  readonly none: readonly IndexedTerm<Id>[];
  readonly conditions: readonly Condition[];
}

const NO_PLACES: readonly Quote[] = [];
const NO_TERMS: readonly never[] = [];
const NO_CONDITIONS: readonly Condition[] = [];

/**
 * The terms that a topic cannot match without: any of its alternatives, or of what it requires the
 * longest phrase, which is likely to be the rarest.
 */
function leadingTerms<Id extends string>(topic: IndexedTopic<Id>): readonly IndexedTerm<Id>[] {
  if (topic.must.length < 2) return topic.must.length > 0 ? topic.must : topic.terms;
  const words = ({ unit }: IndexedTerm<Id>) => unit.spellings[0]?.length ?? 0;
  return [topic.must.reduce((best, term) => (words(term) > words(best) ? term : best))];
}

function termsOf<Id extends string>(topic: IndexedTopic<Id>): readonly IndexedTerm<Id>[] {
  return [...topic.terms, ...topic.must, ...topic.none];
}
