import { compileTerm, type Unit } from './compile.ts';
import { fieldOfUnit, newWorkMeter, type WorkMeter } from './find-unit.ts';
import { conditionsHold } from './gates.ts';
import {
  type PaperField,
  type PaperText,
  type TokenizedPaper,
  tokenizePaper,
} from './paper-tokens.ts';
import type { Condition, Query, Term } from './query.ts';
import type { FurtherWatch } from './reach.ts';
import { ReachIndex, type ReachOptions } from './reach-index.ts';
import type { ScorablePaper, Statistics } from './statistics.ts';
import { UnitIndex } from './unit-index.ts';

/** A topic to be watched for: by the terms of its query, and by what makes a paper worth a score beside them. */
export interface WatchedTopic<Id extends string = string> extends Partial<FurtherWatch> {
  readonly id: Id;
  readonly query: Query;
}

/** An index of all these topics. `statistics` are those that their reach was learnt with. */
export function buildTopicIndex<Id extends string>(
  topics: Iterable<WatchedTopic<Id>>,
  statistics?: Statistics,
  options?: ReachOptions,
): TopicIndex<Id> {
  const index = new TopicIndex<Id>(statistics, options);
  index.addAll(topics);
  return index;
}

/** Topics on their way into an index, of which they are part when the load has ended. Nothing is matched meanwhile. */
export interface TopicLoad<Id extends string> {
  add(topic: WatchedTopic<Id>): void;
  end(): void;
}

/**
 * Topics the other way round: a paper goes in, the topics come out that it may be for. Equal words of many topics
 * are looked for once, and a topic without gates costs a number per word it asks for. A change is seen by
 * the next match, without a rebuild.
 */
export class TopicIndex<Id extends string = string> {
  readonly #numbers = new Map<Id, number>();
  /** By number; numbers of removed topics are given again. */
  readonly #ids: Id[] = [];
  readonly #terms: (readonly IndexedTerm[])[] = [];
  readonly #gates = new Map<number, Gates>();
  readonly #free: number[] = [];
  readonly #reach: ReachIndex | undefined;
  readonly #unitsByKey = new Map<string, IndexedUnit>();
  readonly #units = new UnitIndex<IndexedUnit>();
  /** A bit by number: whether the paper at hand led to the topic before. A million of them stay in a core's cache. */
  #seen = new Uint32Array(4);
  /** Counts matched papers. What carries the number of the current one was found in it. */
  #run = 0;

  constructor(statistics?: Statistics, options?: ReachOptions) {
    this.#reach = statistics && new ReachIndex(statistics, options);
  }

  /** How many topics are watched, and how many different words and phrases they come down to. */
  get size(): { readonly topics: number; readonly units: number } {
    return { topics: this.#numbers.size, units: this.#unitsByKey.size };
  }

  has(id: Id): boolean {
    return this.#numbers.has(id);
  }

  addAll(topics: Iterable<WatchedTopic<Id>>): void {
    const load = this.load();
    for (const topic of topics) load.add(topic);
    load.end();
  }

  /** For very many: which words are rare among them is known at the end, and by these they are found. */
  load(): TopicLoad<Id> {
    // A million topics have some hundred thousand different terms: each is cut into words once.
    const compiled = { any: new Map<string, IndexedTerm>(), title: new Map<string, IndexedTerm>() };
    const intern = (term: Term): IndexedTerm => {
      const known = compiled[term.field].get(term.text);
      if (known !== undefined) return known;
      const interned = this.#intern(compileTerm(term).unit, term.field);
      compiled[term.field].set(term.text, interned);
      // Held until the end, as a topic that comes twice gives up the terms of its first query meanwhile.
      interned.unit.uses++;
      return interned;
    };
    return {
      add: (topic) => this.#register(topic, intern),
      end: () => {
        this.#units.fileWaiting();
        for (const terms of Object.values(compiled))
          for (const term of terms.values()) this.#release(term);
      },
    };
  }

  /** Adds a topic, or gives the one of that id another query. */
  add(topic: WatchedTopic<Id>): void {
    this.addAll([topic]);
  }

  /** Whether there was such a topic. */
  remove(id: Id): boolean {
    const number = this.#numbers.get(id);
    if (number === undefined) return false;
    this.#numbers.delete(id);
    const gates = this.#gates.get(number);
    this.#gates.delete(number);
    for (const term of this.#terms[number] ?? []) {
      term.topics.splice(term.topics.indexOf(number), 1);
      this.#release(term);
    }
    if (gates !== undefined)
      for (const term of [...gates.must, ...gates.none, ...gates.wanted]) this.#release(term);
    this.#terms[number] = NO_TERMS;
    this.#reach?.remove(number);
    this.#free.push(number);
    return true;
  }

  /**
   * The topics of which a paper holds a term, or something further, and whose gates let it pass; of one that is ready
   * to be scored, also those whose related words are enough for a score. Their order has no meaning. Linear in the text
   * and in what it hits.
   */
  match(
    paper: PaperText | TokenizedPaper | ScorablePaper,
    meter: WorkMeter = newWorkMeter(),
  ): Id[] {
    const tokenized = tokenizedOf(paper);
    this.#run++;
    const units = this.#findUnits(tokenized, meter);
    // A popular phrase leads to tens of thousands of topics: this is where the time goes.
    const seen = this.#seen;
    const numbers: number[] = [];
    for (const { field, terms } of units) {
      for (const term of terms) {
        if (term.field === 'title' && field !== 'title') continue;
        meter.topics += term.topics.length;
        for (const number of term.topics) {
          const bits = seen[number >>> 5] ?? 0;
          if ((bits & (1 << (number & 31))) !== 0) continue;
          seen[number >>> 5] = bits | (1 << (number & 31));
          numbers.push(number);
        }
      }
    }
    const reached = 'vector' in paper ? (this.#reach?.find(paper) ?? []) : [];
    for (const number of reached)
      if (((seen[number >>> 5] ?? 0) & (1 << (number & 31))) === 0) numbers.push(number);
    for (const number of numbers) seen[number >>> 5] = 0;
    return this.#idsOf(numbers, tokenized);
  }

  #idsOf(numbers: readonly number[], paper: TokenizedPaper): Id[] {
    const [ids, gated] = [this.#ids, this.#gates.size > 0];
    const found: Id[] = [];
    for (const number of numbers) {
      const id = ids[number];
      if (id !== undefined && (!gated || this.#passes(number, paper))) found.push(id);
    }
    return found;
  }

  #findUnits(paper: TokenizedPaper, meter: WorkMeter): IndexedUnit[] {
    const found: IndexedUnit[] = [];
    for (const stem of paper.byStem.keys()) {
      for (const unit of this.#units.under(stem)) {
        if (unit.run === this.#run) continue;
        const field = fieldOfUnit(unit, paper, meter);
        if (field === undefined) continue;
        unit.run = this.#run;
        unit.field = field;
        found.push(unit);
      }
    }
    return found;
  }

  #passes(number: number, { text }: TokenizedPaper): boolean {
    const gates = this.#gates.get(number);
    if (gates === undefined) return true;
    const stands = ({ unit, field }: IndexedTerm) =>
      unit.run === this.#run && (field === 'any' || unit.field === 'title');
    return (
      gates.must.every(stands) &&
      !gates.none.some(stands) &&
      (gates.wanted.length === 0 || gates.wanted.some(stands)) &&
      conditionsHold(gates.conditions, text)
    );
  }

  #register(
    { id, query, further = [], reach }: WatchedTopic<Id>,
    intern: (term: Term) => IndexedTerm,
  ) {
    const number = this.#numberFor(id);
    if (reach !== undefined) this.#reach?.add(number, reach);
    const terms = query.terms.map(intern);
    for (const unit of further) terms.push(this.#intern(unit, 'any'));
    const alternatives = terms.length < 2 ? terms : [...new Set(terms)];
    const must = query.must.map(intern);
    const leading = must.length > 0 ? [rarest(must)] : alternatives;
    for (const term of leading) {
      term.topics.push(number);
      term.unit.uses++;
    }
    this.#terms[number] = leading;
    const { conditions } = query;
    if (must.length + query.none.length + conditions.length === 0) return;
    const none = query.none.map(intern);
    // What leads to a topic without required terms was found already; one that has a reach is judged by its score.
    const isJudged = must.length === 0 || query.terms.length === 0 || reach !== undefined;
    const wanted = isJudged ? [] : alternatives;
    this.#gates.set(number, { must, none, wanted, conditions });
    for (const { unit } of [...must, ...none, ...wanted]) unit.uses++;
  }

  #numberFor(id: Id): number {
    this.remove(id);
    const number = this.#free.pop() ?? this.#ids.length;
    this.#ids[number] = id;
    this.#numbers.set(id, number);
    if (number >>> 5 >= this.#seen.length) this.#seen = new Uint32Array(2 * this.#seen.length);
    return number;
  }

  #intern(unit: Unit, field: Term['field']): IndexedTerm {
    let indexed = this.#unitsByKey.get(unit.key);
    if (indexed === undefined) {
      indexed = { ...unit, terms: [], uses: 0, run: 0, field: 'abstract' };
      this.#unitsByKey.set(unit.key, indexed);
      this.#units.add(indexed);
    }
    const known = indexed.terms.find((term) => term.field === field);
    if (known !== undefined) return known;
    const term = { unit: indexed, field, topics: [] };
    indexed.terms.push(term);
    return term;
  }

  #release({ unit }: IndexedTerm): void {
    unit.uses--;
    if (unit.uses === 0) this.#forget(unit);
  }

  #forget(unit: IndexedUnit): void {
    this.#unitsByKey.delete(unit.key);
    this.#units.remove(unit);
  }
}

function tokenizedOf(paper: PaperText | TokenizedPaper | ScorablePaper): TokenizedPaper {
  if ('vector' in paper) return paper.tokenized;
  return 'byStem' in paper ? paper : tokenizePaper(paper);
}

interface IndexedUnit extends Unit {
  /** At most two: anywhere, and in the title alone. */
  readonly terms: IndexedTerm[];
  /** How many times topics ask for it. */
  uses: number;
  /** The paper in which it was last found, and the first field of it that holds it. */
  run: number;
  field: PaperField;
}

interface IndexedTerm {
  readonly unit: IndexedUnit;
  readonly field: Term['field'];
  /** Numbers of the topics to be looked at when it is found. */
  readonly topics: number[];
}

/** What few topics have: more than alternatives. */
interface Gates {
  readonly must: readonly IndexedTerm[];
  readonly none: readonly IndexedTerm[];
  /** Alternatives beside required terms; empty where nothing more is wanted. */
  readonly wanted: readonly IndexedTerm[];
  readonly conditions: readonly Condition[];
}

const NO_TERMS: readonly never[] = [];

/** Of what a topic requires, the term that the fewest topics ask for is likely to be in the fewest papers. */
function rarest(terms: readonly IndexedTerm[]): IndexedTerm {
  return terms.reduce((best, term) => (rank(term) < rank(best) ? term : best));
}

function rank({ unit, topics }: IndexedTerm): number {
  return topics.length / (unit.spellings[0]?.length ?? 1);
}
