import type { QueryProblem } from './query.ts';
import { FIELDS, OTHER_FIELDS, type QueryField } from './query-fields.ts';

/** A word, phrase or condition with the sign and field before it. */
export interface Operand {
  readonly kind: 'operand';
  readonly sign: '' | '+' | '-';
  readonly field: '' | QueryField;
  readonly quoted: boolean;
  /** Without sign, field and quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type QueryToken =
  | Operand
  | { readonly kind: 'or'; readonly start: number; readonly end: number }
  /** Where an operand would stand if there were no problem with it. */
  | { readonly kind: 'mistake'; readonly start: number; readonly end: number };

export interface LexedQuery {
  readonly tokens: readonly QueryToken[];
  readonly problems: readonly QueryProblem[];
}

/** Cuts a query into operands and ORs. One pass over the text, no look-back. */
export function lexQuery(text: string): LexedQuery {
  return new Lexer(text).run();
}

const QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb\uff02';

class Lexer {
  readonly #text: string;
  readonly #tokens: QueryToken[] = [];
  readonly #problems: QueryProblem[] = [];
  #at = 0;
  #firstBracket = -1;
  #hasOperators = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): LexedQuery {
    while (this.#skipBlanks()) {
      if (this.#char() === '|') this.#readPipe();
      else if (this.#char() === '(') this.#skipBracket();
      else this.#readOperand();
    }
    if (this.#firstBracket >= 0 && this.#hasOperators) {
      this.#problem(
        this.#firstBracket,
        this.#firstBracket + 1,
        'Brackets do not group.',
        'Write each alternative out: "graph transformer" OR "graph attention".',
      );
    }
    return { tokens: this.#tokens, problems: this.#problems };
  }

  #char(at = this.#at): string {
    return this.#text.charAt(at);
  }

  #skipBlanks(): boolean {
    while (this.#at < this.#text.length && isBlank(this.#char())) this.#at++;
    return this.#at < this.#text.length;
  }

  #readPipe(): void {
    const start = this.#at;
    while (this.#char() === '|') this.#at++;
    this.#pushOr(start);
  }

  #pushOr(start: number): void {
    this.#hasOperators = true;
    this.#tokens.push({ kind: 'or', start, end: this.#at });
  }

  /** Around plain words a bracket is punctuation; beside operators it looks like grouping, which is not had. */
  #skipBracket(): void {
    if (this.#firstBracket < 0) this.#firstBracket = this.#at;
    this.#at++;
  }

  #readOperand(): void {
    const start = this.#at;
    const sign = this.#readSign();
    if (sign === undefined) return;
    const field = this.#readField(start);
    if (field === undefined) return;
    if (QUOTES.includes(this.#char()) && this.#char() !== '') this.#readQuoted(start, sign, field);
    else this.#readBare(start, sign, field);
  }

  #readSign(): Operand['sign'] | undefined {
    const start = this.#at;
    const typed = this.#char() === '\u2212' ? '-' : this.#char();
    if (typed !== '+' && typed !== '-') return '';
    this.#at++;
    this.#hasOperators = true;
    const next = this.#char();
    if (next !== '' && !isBlank(next) && !'+-|()'.includes(next)) return typed;
    if (next === '(') return this.#rejectBracket();
    while ('+-'.includes(this.#char()) && this.#char() !== '') this.#at++;
    const meaning = typed === '+' ? 'must occur' : 'must not occur';
    this.#problem(
      start,
      this.#at,
      `This ${typed} has no word after it.`,
      `Put the ${typed} right before the word or quoted phrase that ${meaning}, or leave it out.`,
    );
    return undefined;
  }

  #rejectBracket(): undefined {
    if (this.#firstBracket < 0) this.#firstBracket = this.#at;
    this.#at++;
    return undefined;
  }

  /** The field before a colon; '' where there is none, undefined where a problem was reported instead. */
  #readField(start: number): Operand['field'] | undefined {
    const name = this.#nameBeforeColon();
    if (name === undefined) return '';
    const colonEnd = this.#at + name.length + 1;
    const hint = OTHER_FIELDS.get(name);
    const field = FIELDS.get(name);
    const next = this.#char(colonEnd);
    const isBare = next === '' || isBlank(next) || next === '|';
    if (hint !== undefined && !isBare) {
      this.#at = colonEnd;
      this.#problem(start, colonEnd, `There is no field "${name}".`, hint);
      return undefined;
    }
    if (field === undefined) return '';
    this.#at = colonEnd;
    if (!isBare) return field;
    this.#problem(
      start,
      colonEnd,
      `${name}: has nothing after it.`,
      `Type the ${field === 'title' ? 'word or quoted phrase' : 'value'} right after the colon, without a blank.`,
    );
    return undefined;
  }

  #nameBeforeColon(): string | undefined {
    const longest = 12;
    for (let length = 0; length <= longest; length++) {
      const sign = this.#char(this.#at + length);
      if (sign === ':') {
        const name = this.#text.slice(this.#at, this.#at + length).toLowerCase();
        return name === '' ? undefined : name;
      }
      if (!/^[A-Za-z]$/.test(sign)) return undefined;
    }
    return undefined;
  }

  #readQuoted(start: number, sign: Operand['sign'], field: Operand['field']): void {
    const open = this.#at;
    this.#at++;
    while (this.#at < this.#text.length && !QUOTES.includes(this.#char()))
      this.#at += this.#char() === '\\' ? 2 : 1;
    this.#hasOperators = true;
    if (this.#at >= this.#text.length) {
      this.#at = this.#text.length;
      this.#problem(
        open,
        this.#text.length,
        'This quote is never closed.',
        'Add a closing quote where the phrase ends.',
      );
      return;
    }
    this.#at++;
    this.#pushOperand(sign, field, true, this.#text.slice(open + 1, this.#at - 1), start);
  }

  #readBare(start: number, sign: Operand['sign'], field: Operand['field']): void {
    const from = this.#at;
    while (this.#at < this.#text.length && !this.#endsBareWord())
      this.#at += this.#char() === '\\' && !isBlank(this.#char(this.#at + 1)) ? 2 : 1;
    this.#at = Math.min(this.#at, this.#text.length);
    const text = this.#text.slice(from, this.#at);
    if (sign === '' && field === '' && /^or$/i.test(text)) this.#pushOr(start);
    else if (sign === '' && field === '' && /^(?:AND|NOT|&&)$/.test(text))
      this.#rejectOperator(text, start);
    else this.#pushOperand(sign, field, false, text, start);
  }

  /** A backslash keeps the sign after it in the word, as the `\"` of TeX needs. */
  #endsBareWord(): boolean {
    const sign = this.#char();
    return isBlank(sign) || sign === '|' || QUOTES.includes(sign);
  }

  #rejectOperator(text: string, start: number): void {
    const [meaning, example] =
      text === 'NOT'
        ? ['Exclude a word with -', 'diffusion -image']
        : ['Ask for a further word with +', 'diffusion +language'];
    this.#problem(
      start,
      this.#at,
      `${text} is not part of the language.`,
      `${meaning}, as in: ${example}. To search for the word itself put it in quotes.`,
    );
  }

  #pushOperand(
    sign: Operand['sign'],
    field: Operand['field'],
    quoted: boolean,
    text: string,
    start: number,
  ): void {
    const clean = cleanOperand(text);
    this.#tokens.push({ kind: 'operand', sign, field, quoted, text: clean, start, end: this.#at });
  }

  #problem(start: number, end: number, message: string, hint: string): void {
    this.#problems.push({ message, hint, start, end });
    this.#tokens.push({ kind: 'mistake', start, end });
  }
}

/** Single blanks, and no backslash at the end, where it would swallow the quote that printing adds. */
export function cleanOperand(text: string): string {
  let clean = text.replace(/\s+/g, ' ').trim();
  while (clean.endsWith('\\')) clean = clean.slice(0, -1).trimEnd();
  return clean;
}

function isBlank(sign: string): boolean {
  return sign !== '' && /^\s$/.test(sign);
}
