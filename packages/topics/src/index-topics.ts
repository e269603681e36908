import { type CompiledTerm, compileTerm, type Unit } from './compile.ts';
import { newWorkMeter, type WorkMeter } from './find-unit.ts';
import { conditionsHold } from './gates.ts';
import { IdNumbers } from './id-numbers.ts';
import { grown, NumberSet } from './number-set.ts';
import { type PaperText, type TokenizedPaper, tokenizePaper } from './paper-tokens.ts';
import { PostingLists } from './posting-lists.ts';
import type { Condition, Query, Term } from './query.ts';
import type { FurtherWatch, Reach } from './reach.ts';
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
  /** The numbers of a term and of what is further than it, to be had by any number of topics of this load. */
  termOf(term: CompiledTerm, further: readonly Unit[]): readonly number[];
  /**
   * Adds a topic of alternatives and nothing else: without a query there is nothing left of it but the first `length` of
   * these numbers, each of them once.
   */
  addAlternatives(id: Id, numbers: Int32Array, length: number, reach?: Reach): void;
  end(): void;
}

/**
 * Topics the other way round: a paper goes in, the topics come out that it may be for. Equal words of many topics
 * are looked for once, and a topic without gates costs a number per word it asks for. A change is seen by
 * the next match, without a rebuild: what is taken out is marked, what comes is chained to what was there, and now and
 * then both are packed.
 */
export class TopicIndex<Id extends string = string> {
  readonly #numbers = new IdNumbers<Id>();
  readonly #gates = new Map<number, Gates>();
  /** The topics with gates: most have none, and are not looked for among those. */
  #isGated = new Uint8Array(64);
  /** Numbers that were given up and are still named by lists. */
  #gone: number[] = [];
  /** What is to be done since lists were packed, with the next changes. */
  #steps: (() => void)[] = [];
  readonly #units = new UnitIndex();
  /** By term: the numbers of the topics to be looked at when it is found. */
  readonly #topics = new PostingLists();
  readonly #statistics: Statistics | undefined;
  readonly #reach: ReachIndex | undefined;
  /** Topics that the paper at hand led to. */
  readonly #led = new NumberSet();

  constructor(statistics?: Statistics, options?: ReachOptions) {
    this.#statistics = statistics;
    this.#reach = statistics && new ReachIndex(statistics, options);
  }

  /** How many topics are watched, and how many different words and phrases they come down to. Tidies up first. */
  get size(): { readonly topics: number; readonly units: number } {
    this.#tidyAll();
    if (this.#gone.length > 0) {
      this.#pack();
      this.#tidyAll();
    }
    return { topics: this.#numbers.size, units: this.#units.size };
  }

  has(id: Id): boolean {
    return this.#numbers.numberOf(id) !== undefined;
  }

  addAll(topics: Iterable<WatchedTopic<Id>>): void {
    const load = this.load();
    for (const topic of topics) load.add(topic);
    load.end();
  }

  /** For very many: which words are rare among them is known at the end, and by these they are found. */
  load(): TopicLoad<Id> {
    // A million topics share some hundred thousand terms, each of which is cut into words once.
    const known = new Map<Term, TermNumber>();
    const numberOf = (term: Term): TermNumber => {
      const before = known.get(term);
      if (before !== undefined) return before;
      const number = termNumber(this.#units.add(compileTerm(term).unit), term.field);
      known.set(term, number);
      return number;
    };
    return {
      add: (topic) => this.#register(topic, numberOf),
      termOf: ({ term, unit }, further) => [
        termNumber(this.#units.add(unit), term.field),
        ...further.map((unit) => termNumber(this.#units.add(unit), 'any')),
      ],
      addAlternatives: (id, numbers, length, reach) => {
        const number = this.#numberFor(id, reach);
        for (let at = 0; at < length; at++) this.#topics.add(numbers[at] ?? 0, number);
      },
      end: () => {
        const before = this.#numbers.size;
        this.#numbers.file((number) => this.#forget(number));
        this.#units.file();
        this.#led.reserve(this.#numbers.end);
        this.#isGated = grown(this.#isGated, this.#numbers.end);
        this.#tidy();
        // A load of very many has taken longer than all that is to be done after it.
        if (this.#numbers.size > 2 * before) this.#tidyAll();
      },
    };
  }

  /** Adds a topic, or gives the one of that id another query. */
  add(topic: WatchedTopic<Id>): void {
    this.addAll([topic]);
  }

  /** Whether there was such a topic. */
  remove(id: Id): boolean {
    const isThere = this.#giveUp(id);
    this.#tidy();
    return isThere;
  }

  /** The topics that `eachMatch` visits. */
  match(paper: PaperText | TokenizedPaper | ScorablePaper, meter?: WorkMeter): Id[] {
    const found: Id[] = [];
    this.eachMatch(paper, (id) => found.push(id), meter);
    return found;
  }

  /**
   * Visits the topics of which a paper holds a term, or something further, and whose gates let it pass; of one that is
   * ready to be scored, also those whose related words are enough for a score. Each once, in no order that means
   * something. Linear in the text and in what it hits; there is no list of them, as a paper may be for tens of thousands.
   */
  eachMatch(
    paper: PaperText | TokenizedPaper | ScorablePaper,
    visit: (id: Id) => void,
    meter: WorkMeter = newWorkMeter(),
  ): void {
    const tokenized = tokenizedOf(paper);
    const led = this.#led;
    for (const unit of this.#units.find(tokenized, meter)) {
      meter.topics += this.#topics.gather(termNumber(unit, 'any'), led);
      if (this.#units.isInTitle(unit))
        meter.topics += this.#topics.gather(termNumber(unit, 'title'), led);
    }
    if ('vector' in paper) this.#reach?.find(paper, led);
    const [ids, isGated, numbers, length] = [
      this.#numbers.ids,
      this.#isGated,
      led.numbers,
      led.length,
    ];
    for (let at = 0; at < length; at++) {
      const number = numbers[at] ?? 0;
      const id = ids[number];
      if (id === undefined || (isGated[number] === 1 && !this.#passes(number, tokenized))) continue;
      visit(id);
    }
    led.clear();
  }

  #passes(number: number, { text }: TokenizedPaper): boolean {
    const gates = this.#gates.get(number);
    if (gates === undefined) return true;
    const stands = (term: TermNumber) =>
      isOfTitle(term) ? this.#units.isInTitle(unitOf(term)) : this.#units.isFound(unitOf(term));
    return (
      gates.must.every(stands) &&
      !gates.none.some(stands) &&
      (gates.wanted.length === 0 || gates.wanted.some(stands)) &&
      conditionsHold(gates.conditions, text)
    );
  }

  #register(
    { id, query, further = [], reach }: WatchedTopic<Id>,
    numberOf: (term: Term) => TermNumber,
  ): void {
    const number = this.#numberFor(id, reach);
    const alternatives: TermNumber[] = [];
    for (const term of query.terms) addOnce(alternatives, numberOf(term));
    for (const unit of further) addOnce(alternatives, termNumber(this.#units.add(unit), 'any'));
    const must = query.must.length === 0 ? NO_TERMS : query.must.map(numberOf);
    this.#leadTo(number, must.length > 0 ? [this.#rarest(must)] : alternatives);
    const { conditions } = query;
    if (must.length + query.none.length + conditions.length === 0) return;
    const none = query.none.map(numberOf);
    // What leads to a topic without required terms was found already; one that has a reach is judged by its score.
    const isJudged = must.length === 0 || query.terms.length === 0 || reach !== undefined;
    this.#isGated = grown(this.#isGated, number + 1);
    this.#isGated[number] = 1;
    this.#gates.set(number, { must, none, wanted: isJudged ? [] : alternatives, conditions });
  }

  #numberFor(id: Id, reach: Reach | undefined): number {
    const number = this.#numbers.give(id);
    if (reach !== undefined) this.#reach?.add(number, reach);
    return number;
  }

  #leadTo(number: number, terms: readonly TermNumber[]): void {
    for (const term of terms) this.#topics.add(term, number);
  }

  #giveUp(id: Id): boolean {
    const number = this.#numbers.giveUp(id);
    if (number === undefined) return false;
    this.#forget(number);
    return true;
  }

  /** What a topic left in lists is left out when they are packed, and only then its number is given again. */
  #forget(number: number): void {
    this.#gates.delete(number);
    this.#isGated[number] = 0;
    this.#reach?.remove(number);
    this.#gone.push(number);
  }

  /** Of what a topic requires, the term that the fewest topics ask for is likely to be in the fewest papers. */
  #rarest(terms: readonly TermNumber[]): TermNumber {
    const rank = (term: TermNumber) =>
      this.#topics.lengthOf(term) / Math.max(1, this.#units.lengthOf(unitOf(term)));
    return terms.reduce((best, term) => (rank(term) < rank(best) ? term : best));
  }

  /** One step at a time, as all of them together would keep a worker's loop for a second where there are a million topics. */
  #tidy(): void {
    this.#reach?.tidy();
    const next = this.#steps.shift();
    const mostGone = LEAST_TO_PACK + this.#numbers.size / 4;
    if (next !== undefined) next();
    else if (this.#topics.isPackingDue || this.#gone.length > mostGone) this.#pack();
  }

  #tidyAll(): void {
    for (let next = this.#steps.shift(); next !== undefined; next = this.#steps.shift()) next();
  }

  #pack(): void {
    const { ids } = this.#numbers;
    const areGone = this.#gone.length > 0;
    this.#topics.pack(areGone ? (number) => ids[number] === undefined : undefined);
    this.#gone = [];
    this.#steps = this.#stepsToRenumber();
    if (areGone) this.#steps.push(() => this.#forgetUnits());
  }

  #forgetUnits(): void {
    const gated = new Set<number>();
    for (const { must, none, wanted } of this.#gates.values())
      for (const terms of [must, none, wanted]) for (const term of terms) gated.add(unitOf(term));
    const asks = (field: Term['field'], unit: number) =>
      this.#topics.lengthOf(termNumber(unit, field)) > 0;
    this.#units.forget((unit) => asks('any', unit) || asks('title', unit) || gated.has(unit));
  }

  /**
   * Numbers topics anew, so that those which a paper leads to are neighbours in memory: by the term of theirs that stands
   * in the most papers. To look up the ids of twenty thousand others takes longer than all else of a match. What comes
   * between the steps has a place behind the others.
   */
  #stepsToRenumber(): (() => void)[] {
    const statistics = this.#statistics;
    const papers = new Int32Array(statistics === undefined ? 0 : this.#units.end);
    const papersWith = (stems: readonly string[]) => statistics?.papersWith(stems) ?? 0;
    const steps: (() => void)[] = [];
    for (let from = 0; from < papers.length; from += UNITS_A_STEP)
      steps.push(() => {
        const end = Math.min(papers.length, from + UNITS_A_STEP);
        for (let unit = from; unit < end; unit++) papers[unit] = this.#units.most(unit, papersWith);
      });
    let numbering = new Numbering(0);
    steps.push(() => {
      numbering = new Numbering(this.#numbers.end);
      for (const unit of mostFirst(papers)) {
        this.#topics.each(termNumber(unit, 'any'), numbering.take);
        this.#topics.each(termNumber(unit, 'title'), numbering.take);
      }
    });
    steps.push(() => this.#renumber(numbering));
    return steps;
  }

  #renumber(numbering: Numbering): void {
    const { take } = numbering;
    numbering.reach(this.#numbers.end);
    for (const [topic, id] of this.#numbers.ids.entries()) if (id !== undefined) take(topic);
    // What went since lists were packed is still named by them.
    for (const topic of this.#gone) take(topic);
    const { numbers, next } = numbering;
    this.#gone = this.#gone.map((topic) => numbers[topic] ?? 0);
    this.#numbers.renumber(numbers, next);
    this.#topics.renumber(numbers);
    this.#reach?.renumber(numbers);
    const gates = [...this.#gates];
    this.#gates.clear();
    this.#isGated.fill(0);
    for (const [topic, gatesOfTopic] of gates) {
      const number = numbers[topic] ?? 0;
      this.#gates.set(number, gatesOfTopic);
      this.#isGated[number] = 1;
    }
  }
}

/** Units that are looked up in the past in one step: some twenty milliseconds. */
const UNITS_A_STEP = 10_000;

/** The places of what is not 0, the largest first. */
function mostFirst(values: Int32Array): Int32Array {
  const places = values.map((_, place) => place).filter((place) => (values[place] ?? 0) > 0);
  return places.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

/** New numbers for old ones, in the order in which they are taken. */
class Numbering {
  numbers: Int32Array<ArrayBuffer>;
  next = 0;

  constructor(end: number) {
    this.numbers = new Int32Array(end).fill(NO_NUMBER);
  }

  readonly take = (number: number): void => {
    if (this.numbers[number] === NO_NUMBER) this.numbers[number] = this.next++;
  };

  /** For old numbers up to `end` as well. */
  reach(end: number): void {
    if (end <= this.numbers.length) return;
    const before = this.numbers;
    this.numbers = new Int32Array(end).fill(NO_NUMBER);
    this.numbers.set(before);
  }
}

const NO_NUMBER = -1;

function tokenizedOf(paper: PaperText | TokenizedPaper | ScorablePaper): TokenizedPaper {
  if ('vector' in paper) return paper.tokenized;
  return 'byStem' in paper ? paper : tokenizePaper(paper);
}

/** Topics that may be gone from a small index before it is packed. */
const LEAST_TO_PACK = 256;

/** A unit, looked for anywhere or in the title alone. */
type TermNumber = number;

const NO_TERMS: readonly TermNumber[] = [];

function termNumber(unit: number, field: Term['field']): TermNumber {
  return 2 * unit + (field === 'title' ? 1 : 0);
}

function unitOf(term: TermNumber): number {
  return term >>> 1;
}

function isOfTitle(term: TermNumber): boolean {
  return (term & 1) === 1;
}

function addOnce(terms: TermNumber[], term: TermNumber): void {
  if (!terms.includes(term)) terms.push(term);
}

/** What few topics have: more than alternatives. */
interface Gates {
  readonly must: readonly TermNumber[];
  readonly none: readonly TermNumber[];
  /** Alternatives beside required terms; empty where nothing more is wanted. */
  readonly wanted: readonly TermNumber[];
  readonly conditions: readonly Condition[];
}
