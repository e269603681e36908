import { PaperboyError } from '@paperboy/core';
import { type CompiledTerm, termKey, unitOf } from './compile.ts';
import {
  type Condition,
  type ParsedQuery,
  QUERY_MAX_CHARACTERS,
  QUERY_MAX_TERMS,
  type Query,
  type QueryProblem,
  type Term,
} from './query.ts';
import { cleanOperand, lexQuery, type Operand, type QueryToken } from './query-lexer.ts';
import {
  DANGLING_OR_AFTER,
  DANGLING_OR_BEFORE,
  EMPTY_CONDITION,
  EMPTY_PHRASE,
  OR_OF_CONDITION,
  OR_WITH_SIGN,
  RELATED_WANTED,
  SIDE_BY_SIDE,
  TOO_MANY_TERMS,
} from './query-messages.ts';
import { formatProblems } from './query-problems.ts';
import { areStopWords } from './stop-words.ts';
import { tokenize } from './tokens.ts';

/** Reads the query language of docs/topics.md. Never throws; time is bounded by QUERY_MAX_CHARACTERS. */
export function parseQuery(text: string): ParsedQuery {
  if (text.length > QUERY_MAX_CHARACTERS) return { ok: false, problems: [tooLong(text)] };
  const { tokens, problems } = lexQuery(text);
  const parser = new Parser(text, problems);
  return parser.parse(tokens);
}

/** The query of a text that has to be one. Throws `QUERY_INVALID`, whose detail marks every mistake. */
export function requireQuery(text: string): Query {
  const parsed = parseQuery(text);
  if (parsed.ok) return parsed.query;
  throw new PaperboyError('QUERY_INVALID', `\n${formatProblems(text, parsed.problems)}`);
}

/** The term of a query that is one term and nothing else, cut into words; undefined for any other text. */
export function parsePlainTerm(text: string): CompiledTerm | undefined {
  if (text.length > QUERY_MAX_CHARACTERS) return undefined;
  if (PLAIN_TERM.test(text)) return termOfWords(text.replaceAll('"', ''));
  const { tokens, problems } = lexQuery(text);
  const parser = new Parser(text, problems);
  return parser.parse(tokens).ok ? parser.onlyTerm : undefined;
}

/** What nearly all saved terms are: for these the parser has nothing to decide, and a hundred thousand are read at a start. */
const PLAIN_TERM = /^(?:"[a-z\d]+(?:[ -][a-z\d]+)*"|[a-z\d]+)$/i;

function termOfWords(text: string): CompiledTerm | undefined {
  const tokens = tokenize(text);
  if (areStopWords(tokens)) return undefined;
  const kind = text.includes(' ') ? 'phrase' : 'word';
  return { term: { text, kind, field: 'any', implied: false }, unit: unitOf(tokens) };
}

/** More would be the same mistake over and over. */
const MAX_PROBLEMS = 20;

function tooLong(text: string): QueryProblem {
  return {
    message: `The query has ${text.length} characters; ${QUERY_MAX_CHARACTERS} are allowed.`,
    hint: 'Make several topics of it.',
    start: QUERY_MAX_CHARACTERS,
    end: text.length,
  };
}

/** A term before its words are known to be any. */
interface Draft {
  readonly text: string;
  readonly field: Term['field'];
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

class Parser {
  readonly #source: string;
  readonly #problems: QueryProblem[];
  readonly #terms: Draft[] = [];
  readonly #must: Draft[] = [];
  readonly #none: Draft[] = [];
  readonly #conditions: Condition[] = [];
  #previous: Operand | undefined;
  #openOr: QueryToken | undefined;
  #afterMistake = false;
  #termCount = 0;
  #onlyTerm: CompiledTerm | undefined;

  constructor(source: string, problems: readonly QueryProblem[]) {
    this.#source = source;
    this.#problems = [...problems];
  }

  /** Of what was parsed. */
  get onlyTerm(): CompiledTerm | undefined {
    return this.#onlyTerm;
  }

  parse(tokens: readonly QueryToken[]): ParsedQuery {
    for (const token of tokens) {
      if (token.kind === 'or') this.#takeOr(token);
      else if (token.kind === 'operand') this.#takeOperand(token);
      else this.#stepOverMistake();
    }
    if (this.#openOr !== undefined) this.#report(this.#openOr, ...DANGLING_OR_AFTER);
    const query = this.#buildQuery();
    if (this.#problems.length === 0) return { ok: true, query };
    const inOrder = this.#problems.sort((a, b) => a.start - b.start || a.end - b.end);
    return { ok: false, problems: inOrder.slice(0, MAX_PROBLEMS) };
  }

  #takeOr(token: QueryToken): void {
    const isDangling = this.#openOr !== undefined || this.#previous === undefined;
    if (isDangling && !this.#afterMistake) {
      this.#report(token, ...DANGLING_OR_BEFORE);
      return;
    }
    if (this.#previous !== undefined && this.#previous.sign !== '')
      this.#report(token, ...OR_WITH_SIGN);
    this.#openOr = token;
    this.#afterMistake = false;
  }

  /** What stands beside a mistake that was reported is not a second one. */
  #stepOverMistake(): void {
    this.#previous = undefined;
    this.#openOr = undefined;
    this.#afterMistake = true;
  }

  #takeOperand(operand: Operand): void {
    if (!operand.quoted && operand.sign === '' && operand.field === '') {
      // An emoji or a lone sign between words is as if it were not there.
      if (tokenize(operand.text).length === 0) return;
    }
    this.#checkOr(operand);
    if (isCondition(operand)) this.#takeCondition(operand);
    else this.#takeTerm(operand);
    this.#previous = operand;
    this.#openOr = undefined;
    this.#afterMistake = false;
  }

  #checkOr(operand: Operand): void {
    const [or, before] = [this.#openOr, this.#previous];
    if (or === undefined || before === undefined || before.sign !== '') return;
    if (operand.sign !== '') this.#report(or, ...OR_WITH_SIGN);
    else if (isCondition(operand) !== isCondition(before) || conditionsDiffer(operand, before))
      this.#report(or, ...OR_OF_CONDITION);
  }

  #takeCondition(operand: Operand): void {
    if (operand.text === '') this.#report(operand, ...EMPTY_CONDITION);
    const kind = conditionKind(operand);
    if (kind === 'related' && operand.sign !== '-') this.#report(operand, ...RELATED_WANTED);
    if (kind === 'related' && operand.text !== '' && tokenize(operand.text).length === 0)
      this.#report(operand, ...EMPTY_CONDITION);
    const condition = { kind, value: operand.text, excluded: operand.sign === '-' } as const;
    const isKnown = this.#conditions.some(
      (other) =>
        other.kind === kind &&
        other.excluded === condition.excluded &&
        other.value.toLowerCase() === condition.value.toLowerCase(),
    );
    if (!isKnown) this.#conditions.push(condition);
  }

  #takeTerm(operand: Operand): void {
    const draft: Draft = { ...operand, field: operand.field === 'title' ? 'title' : 'any' };
    this.#termCount++;
    if (operand.sign === '+') this.#must.push(draft);
    else if (operand.sign === '-') this.#none.push(draft);
    else this.#takeAlternative(draft, operand);
    if (this.#termCount === QUERY_MAX_TERMS + 1) this.#report(operand, ...TOO_MANY_TERMS);
  }

  #takeAlternative(draft: Draft, operand: Operand): void {
    const before = this.#terms.at(-1);
    if (this.#openOr !== undefined || this.#afterMistake || before === undefined) {
      this.#terms.push(draft);
      return;
    }
    if (isBare(operand) && this.#previous !== undefined && isBare(this.#previous)) {
      const text = cleanOperand(this.#source.slice(before.start, draft.end));
      this.#terms[this.#terms.length - 1] = { ...before, text, end: draft.end };
      this.#termCount--;
      return;
    }
    this.#report({ start: before.start, end: draft.end }, ...SIDE_BY_SIDE);
    this.#terms.push(draft);
  }

  #buildQuery(): Query {
    const terms = this.#compileDrafts(this.#terms);
    const must = this.#compileDrafts(this.#must);
    const none = this.#compileDrafts(this.#none);
    if (this.#terms.length === 0 && this.#must.length === 0 && this.#problems.length === 0)
      this.#reportNothingWanted();
    this.#checkContradictions([...terms, ...must], none);
    const more = must.length + none.length + this.#conditions.length;
    const [only] = terms;
    if (only !== undefined && terms.length === 1 && more === 0)
      this.#onlyTerm = { term: only.term, unit: only.unit };
    const termsOf = (compiled: readonly Located[]) => compiled.map(({ term }) => term);
    return {
      terms: termsOf(terms),
      must: termsOf(must),
      none: termsOf(none),
      conditions: this.#conditions,
    };
  }

  /** Terms with their stems, each once. */
  #compileDrafts(drafts: readonly Draft[]): Located[] {
    const byKey = new Map<string, Located>();
    for (const draft of drafts) {
      const tokens = tokenize(draft.text);
      const compiled = { term: termOf(draft), unit: unitOf(tokens) };
      if (tokens.length === 0) this.#report(draft, ...EMPTY_PHRASE);
      else if (areStopWords(tokens)) this.#reportStopWords(draft);
      const key = termKey(compiled);
      if (!byKey.has(key)) byKey.set(key, { ...compiled, draft });
    }
    return [...byKey.values()];
  }

  #reportStopWords(draft: Draft): void {
    const hint =
      'Add a word that says what the papers are about, or quote the whole phrase it is part of.';
    this.#report(draft, `"${draft.text}" is in nearly every paper.`, hint);
  }

  #reportNothingWanted(): void {
    const whole = { start: 0, end: this.#source.length };
    if (this.#none.length > 0)
      this.#report(whole, 'The query only excludes.', 'Say what to look for: vision -medical.');
    else if (this.#conditions.length > 0)
      this.#report(
        whole,
        'The query names only where to look.',
        'Say what to look for: "machine translation" cat:cs.CL.',
      );
    else
      this.#report(
        whole,
        'The query has no word in it.',
        'Type a word or a phrase, such as "sparse autoencoder".',
      );
  }

  #checkContradictions(wanted: readonly Located[], none: readonly Located[]): void {
    for (const excluded of none) {
      const clash = wanted.find(
        ({ unit, term }) =>
          unit.key === excluded.unit.key &&
          (excluded.term.field === 'any' || term.field === 'title'),
      );
      if (clash === undefined) continue;
      const message = `"${excluded.term.text}" is both wanted and excluded.`;
      this.#report(excluded.draft, message, 'Remove one of the two.');
    }
  }

  #report(
    at: { readonly start: number; readonly end: number },
    message: string,
    hint: string,
  ): void {
    this.#problems.push({ message, hint, start: at.start, end: at.end });
  }
}

interface Located extends CompiledTerm {
  readonly draft: Draft;
}

function termOf({ text, field, quoted }: Draft): Term {
  const kind = text.includes(' ') ? 'phrase' : 'word';
  return { text, kind, field, implied: kind === 'phrase' && !quoted };
}

function isBare(operand: Operand): boolean {
  return !operand.quoted && operand.sign === '' && operand.field === '';
}

function isCondition(operand: Operand): boolean {
  return operand.field === 'cat' || operand.field === 'source' || operand.field === 'related';
}

function conditionKind({ field }: Operand): Condition['kind'] {
  if (field === 'cat') return 'category';
  return field === 'related' ? 'related' : 'source';
}

function conditionsDiffer(one: Operand, other: Operand): boolean {
  return isCondition(one) && one.field !== other.field;
}
