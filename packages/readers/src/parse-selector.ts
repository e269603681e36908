import type { Combinator, Compound, Selector, SelectorProblem, Step, Test } from './selector.ts';

const MAX_SELECTOR_LENGTH = 300;
/** Bits of a number that bitwise operators keep. */
const MAX_STEPS = 30;
const MAX_PLACE = 9_999;

const MAY_USE =
  'tags, .class, #id, [attribute], :first-child, :last-child, :only-child, :first-of-type, :nth-child(), ' +
  ':nth-of-type(), :not() and :has() of one element, :scope, and the combinators blank > + ~';

/**
 * Reads a CSS selector of the part of Selectors Level 4 that `select` matches in one walk over a page.
 * Everything else is refused by name, for its cost or because a page that was fetched has no such state.
 */
export function parseSelector(text: string): Selector | SelectorProblem {
  if (text.length > MAX_SELECTOR_LENGTH) {
    const message = `${text.length} characters; at most ${MAX_SELECTOR_LENGTH} are read`;
    return { position: MAX_SELECTOR_LENGTH + 1, message };
  }
  try {
    return { text, alternatives: new Parser(text).selector() };
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.problem;
    throw thrown;
  }
}

class Refusal extends Error {
  readonly problem: SelectorProblem;

  constructor(at: number, message: string) {
    super(message);
    this.problem = { position: at + 1, message };
  }
}

const SPACE = /[ \t\r\n\f]*/y;
const NAME = /-?(?:[_a-zA-Z]|[^\0-\x7f]|\\[^\n0-9a-fA-F])(?:[\w-]|[^\0-\x7f]|\\[^\n0-9a-fA-F])*/y;
const OPERATOR = /[~|^$*]?=/y;
const QUOTED = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y;
const PLACE = /\s*(?:(odd|even)|([+-]?\d*)n(?:\s*([+-])\s*(\d+))?|([+-]?\d+))\s*/iy;

const FIRST = { kind: 'place', among: 'children', step: 0, start: 1 } as const;
const LAST = { kind: 'last-child' } as const;
/** Pseudo-classes that take nothing in brackets. */
const SIMPLE: ReadonlyMap<string, readonly Test[]> = new Map<string, readonly Test[]>([
  ['first-child', [FIRST]],
  ['last-child', [LAST]],
  ['only-child', [FIRST, LAST]],
  ['first-of-type', [{ ...FIRST, among: 'type' }]],
  ['scope', [{ kind: 'scope' }]],
]);

class Parser {
  readonly #text: string;
  #at = 0;
  #steps = 0;

  constructor(text: string) {
    this.#text = text;
  }

  selector(): Step[][] {
    const alternatives = [this.#alternative()];
    while (this.#take(',')) alternatives.push(this.#alternative());
    if (this.#at < this.#text.length) this.#refuse(`"${this.#sign()}" is not expected here`);
    return alternatives;
  }

  #alternative(): Step[] {
    this.#match(SPACE);
    const steps = [this.#step()];
    for (;;) {
      const blanks = this.#match(SPACE) ?? '';
      const sign = this.#sign();
      if (sign === '' || sign === ',') return steps;
      if (sign === '>' || sign === '+' || sign === '~') {
        this.#at++;
        this.#match(SPACE);
        steps.push(this.#step(sign));
      } else if (blanks !== '') {
        steps.push(this.#step(' '));
      } else {
        this.#refuse(`"${sign}" is not expected here`);
      }
    }
  }

  #step(combinator?: Combinator): Step {
    if (++this.#steps > MAX_STEPS) this.#refuse(`more than ${MAX_STEPS} steps`);
    const compound = this.#compound();
    return { ...(combinator && { combinator }), compound, end: this.#at };
  }

  #compound(inside = ''): Compound {
    const tests: Test[] = [];
    const tag = this.#match(NAME);
    const isAny = tag === undefined && this.#take('*');
    if (tag !== undefined) tests.push({ kind: 'tag', name: unescaped(tag).toLowerCase() });
    for (let test = this.#test(inside); test !== undefined; test = this.#test(inside))
      tests.push(...test);
    if (tests.length === 0 && !isAny) {
      this.#refuse(
        this.#sign() === '' ? 'an element is missing here' : `"${this.#sign()}" names no element`,
      );
    }
    return tests;
  }

  /** Undefined where no further test of this element stands. */
  #test(inside: string): readonly Test[] | undefined {
    if (this.#take('.')) return [{ kind: 'class', name: this.#name('a class') }];
    if (this.#take('#')) return [{ kind: 'id', name: this.#name('an id') }];
    if (this.#take('[')) return [this.#attribute()];
    if (this.#sign() === ':') return this.#pseudo(inside);
    return undefined;
  }

  #attribute(): Test {
    this.#match(SPACE);
    const name = this.#name('an attribute').toLowerCase();
    this.#match(SPACE);
    const operator = this.#match(OPERATOR);
    let value = '';
    let ignoreCase = false;
    if (operator !== undefined) {
      this.#match(SPACE);
      const quoted = this.#match(QUOTED);
      value =
        quoted === undefined ? this.#name('a value, in quotes,') : unescaped(quoted.slice(1, -1));
      this.#match(SPACE);
      ignoreCase = this.#take('i') || this.#take('I');
      this.#match(SPACE);
    }
    this.#expect(']');
    return { kind: 'attribute', name, operator: operatorOf(operator), value, ignoreCase };
  }

  #pseudo(inside: string): readonly Test[] {
    const start = this.#at++;
    const isElement = this.#take(':');
    const name = this.#match(NAME)?.toLowerCase() ?? '';
    if (!isElement) {
      const simple = SIMPLE.get(name);
      if (simple !== undefined) return simple;
      if (name === 'nth-child') return [this.#place('children')];
      if (name === 'nth-of-type') return [this.#place('type')];
      if (inside === '' && (name === 'not' || name === 'has')) return [this.#nested(name)];
    }
    this.#at = start;
    const shown = `${isElement ? '::' : ':'}${name}`;
    if (inside !== '') this.#refuse(`${shown} may not stand inside :${inside}()`);
    this.#refuse(`${shown} may not be used; these may: ${MAY_USE}`);
  }

  #place(among: 'children' | 'type'): Test {
    this.#expect('(');
    const at = this.#at;
    PLACE.lastIndex = at;
    const found = PLACE.exec(this.#text);
    if (found === null) this.#refuse('a place such as 2, odd or 2n+1 is missing here');
    this.#at = PLACE.lastIndex;
    const [, word, factor, sign, offset, alone] = found;
    let step = 0;
    let start = Number(alone ?? 0);
    if (word !== undefined) {
      step = 2;
      start = word.toLowerCase() === 'odd' ? 1 : 0;
    } else if (factor !== undefined) {
      step = factor === '' || factor === '+' ? 1 : factor === '-' ? -1 : Number(factor);
      start = Number(`${sign ?? ''}${offset ?? 0}`);
    }
    if (Math.max(Math.abs(step), Math.abs(start)) > MAX_PLACE) {
      this.#at = at;
      this.#refuse(`places go up to ${MAX_PLACE}`);
    }
    this.#expect(')');
    return { kind: 'place', among, step, start };
  }

  #nested(kind: 'not' | 'has'): Test {
    this.#expect('(');
    this.#match(SPACE);
    const isChild = kind === 'has' && this.#take('>');
    const compounds: Compound[] = [];
    do {
      this.#match(SPACE);
      compounds.push(this.#compound(kind));
      this.#match(SPACE);
    } while (this.#take(','));
    if (this.#sign() !== ')' && this.#sign() !== '')
      this.#refuse(`:${kind}() takes one element, without combinators`);
    this.#expect(')');
    return kind === 'not'
      ? { kind, compounds }
      : { kind, combinator: isChild ? '>' : ' ', compounds };
  }

  #name(what: string): string {
    const name = this.#match(NAME);
    if (name === undefined) this.#refuse(`${what} is missing here`);
    return unescaped(name);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #sign(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead);
  }

  #take(sign: string): boolean {
    if (this.#sign() !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string): void {
    if (this.#take(sign)) return;
    this.#refuse(`"${sign}" is missing here`);
  }

  #refuse(message: string): never {
    throw new Refusal(this.#at, message);
  }
}

function unescaped(text: string): string {
  return text.replace(/\\([^\n])/g, '$1');
}

function operatorOf(text: string | undefined) {
  const known = ['=', '~=', '|=', '^=', '$=', '*='] as const;
  return known.find((operator) => operator === text) ?? '';
}
