import { type Unit, unitOf } from './compile.ts';
import { SCORING } from './constants.ts';
import type { TokenizedPaper } from './paper-tokens.ts';
import { isStopWord } from './stop-words.ts';
import { type Token, tokenize } from './tokens.ts';

/** An acronym of this field, as its papers write it: `SAE`, `sparse autoencoder`. */
export interface Acronym {
  readonly acronym: string;
  readonly longForm: string;
}

/** Two to ten letters and digits in brackets; an acronym has a capital among them. */
const IN_BRACKETS = /\(\s?([\p{L}\p{N}][\p{L}\p{N}-]{1,9})\s?\)/gu;

/**
 * The pairs of "long form (ABC)" that papers agree upon: seen in `minSeen` at least, which are two, and at least half of
 * what the acronym stands for. Linear in the texts.
 */
export function mineAcronyms(
  papers: Iterable<TokenizedPaper>,
  { minSeen }: { readonly minSeen: number } = SCORING.acronym,
): Acronym[] {
  const seen = new Map<string, Map<string, Acronym & { papers: number }>>();
  for (const paper of papers) {
    for (const [key, found] of definitionsIn(paper)) {
      const forms = seen.get(key.acronym) ?? new Map<string, Acronym & { papers: number }>();
      seen.set(key.acronym, forms);
      const known = forms.get(key.longForm);
      if (known === undefined) forms.set(key.longForm, { ...found, papers: 1 });
      else known.papers++;
    }
  }
  return [...seen.values()].flatMap((forms) => {
    const all = [...forms.values()];
    const total = all.reduce((sum, { papers }) => sum + papers, 0);
    return all
      .filter(({ papers }) => papers >= minSeen)
      .filter(({ papers }) => papers >= SCORING.acronym.minShare * total)
      .map(({ acronym, longForm }) => ({ acronym, longForm }));
  });
}

/** Looks acronyms up by what a topic asks for. */
export class AcronymIndex {
  readonly #longForms = new Map<string, Acronym[]>();
  readonly #acronyms = new Map<string, Acronym[]>();
  readonly #all: readonly Acronym[];

  constructor(acronyms: readonly Acronym[]) {
    this.#all = acronyms;
    for (const one of acronyms) {
      add(this.#longForms, unitOf(tokenize(one.acronym)).key, one);
      add(this.#acronyms, unitOf(tokenize(one.longForm)).key, one);
    }
  }

  /** What a typed acronym stands for. */
  longFormsOf(unit: Unit): readonly Acronym[] {
    return this.#longForms.get(unit.key) ?? [];
  }

  /** Those whose long form has one of these words. */
  holding(stems: ReadonlySet<string>): readonly Acronym[] {
    return this.#all.filter(({ longForm }) =>
      tokenize(longForm).some(({ stem }) => stems.has(stem)),
    );
  }

  /** What a typed long form is shortened to. */
  acronymsOf(unit: Unit): readonly Acronym[] {
    return this.#acronyms.get(unit.key) ?? [];
  }
}

function add(map: Map<string, Acronym[]>, key: string, acronym: Acronym): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [acronym]);
  else list.push(acronym);
}

interface DefinitionKey {
  readonly acronym: string;
  readonly longForm: string;
}

/** Each definition of a paper once, with what it is compared by. */
function definitionsIn(paper: TokenizedPaper): Map<DefinitionKey, Acronym> {
  const found = new Map<string, [DefinitionKey, Acronym]>();
  for (const field of ['title', 'abstract'] as const) {
    const text = paper.text[field] ?? '';
    for (const match of text.matchAll(IN_BRACKETS)) {
      const acronym = (match[1] ?? '').replace(/s$/, '');
      if (!/\p{Lu}/u.test(acronym)) continue;
      const words = wordsBefore(paper.words[field], match.index);
      const longForm = longFormOf(acronym, words);
      const [first, last] = [longForm?.[0], longForm?.at(-1)];
      if (longForm === undefined || first === undefined || last === undefined) continue;
      if (/[^\s]/.test(text.slice(last.end, match.index))) continue;
      const written = text.slice(first.start, last.end).replace(/\s+/g, ' ').toLowerCase();
      const key = {
        acronym: unitOf(tokenize(acronym)).key,
        longForm: longForm.map(({ stem }) => stem).join(' '),
      };
      found.set(`${key.acronym}\n${key.longForm}`, [key, { acronym, longForm: written }]);
    }
  }
  return new Map(found.values());
}

/** The last words that end before an offset, in order. Words are sorted by place, so the search halves. */
function wordsBefore(words: readonly Token[], offset: number): Token[] {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return words.slice(Math.max(0, low - SCORING.acronym.maxWords), low);
}

/**
 * The fewest of the last words that an acronym is made of: the initial of each and perhaps more of its letters in
 * order, as in `SAE` of "sparse autoencoder"; small words may be left out.
 */
function longFormOf(acronym: string, words: readonly Token[]): readonly Token[] | undefined {
  const letters = acronym.toLowerCase().replaceAll('-', '');
  for (let from = words.length - 2; from >= 0; from--) {
    const form = words.slice(from);
    // Where more letters are inside of words than begin them, nearly any words would do.
    if (letters.length <= 2 * form.length && isMadeOf(letters, form)) return form;
  }
  return undefined;
}

function isMadeOf(letters: string, words: readonly Token[]): boolean {
  const [first, ...rest] = words;
  if (first === undefined) return letters === '';
  if (letters !== '' && first.word.startsWith(letters.charAt(0))) {
    for (let taken = 1; taken <= letters.length; taken++) {
      if (!isWithin(letters.slice(0, taken), first.word)) break;
      if (isMadeOf(letters.slice(taken), rest)) return true;
    }
  }
  const isInside = rest.length > 0 && letters !== '';
  return isInside && isStopWord(first) && isMadeOf(letters, rest);
}

/** Whether the letters stand in a word, in order. */
function isWithin(letters: string, word: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = word.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
