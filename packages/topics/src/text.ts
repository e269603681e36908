import { grown } from './number-set.ts';
import { greekName, texCommandAt } from './tex.ts';

/**
 * A text reduced to what words are compared by: lower-case letters and digits without accents, `-`
 * for what joins the parts of a word (hyphen, `^`, `_`), `'` for apostrophes; anything else parts words.
 */
export interface FoldedText {
  readonly chars: string;
  /** Where in the source the character at `index` begins. */
  readonly startOf: (index: number) => number;
  /** Where in the source the character at `index` ends. */
  readonly endOf: (index: number) => number;
}

/** The one normalisation of papers and queries: NFKC, lower case, accents dropped, TeX decoded. Linear. */
export function foldText(source: string): FoldedText {
  return PLAIN.test(source) ? foldPlain(source) : new Folding(source).run();
}

/** Printable ASCII without TeX, which is most titles: nothing moves. */
const PLAIN = /^[\t\n\r\x20-\x23\x25-\x5b\x5d-\x7a|~]*$/;
/** Printable ASCII that neither TeX nor Unicode gives another meaning, up to where an accent might follow. */
const PLAIN_RUN = /[\t\n\r\x20-\x23\x25-\x5b\x5d`a-z|~]+(?!\P{ASCII})/uy;
/** A character with the accents that follow it. */
const CLUSTERS = /\P{M}\p{M}*|\p{M}+/gu;
const ACCENTS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f]/g;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}\p{M}]/u;
const INVISIBLE = /^\p{Cf}/u;
const HYPHENS = '-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d^_\uff3f';
const APOSTROPHES = "'\u2018\u2019\u02bc\uff07";
const SUPERSCRIPTS = /^[²³¹⁰-⁹₀-₉]/;
/** Letters that Unicode does not take apart into a plain letter and an accent. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

function foldPlain(source: string): FoldedText {
  return {
    chars: source.toLowerCase().replace(/[\^_]/g, '-'),
    startOf: (index) => index,
    endOf: (index) => index + 1,
  };
}

class Folding {
  readonly #source: string;
  readonly #chars: string[] = [];
  /** By character that was emitted: where in the source it begins and ends. */
  #starts: Int32Array<ArrayBuffer>;
  #ends: Int32Array<ArrayBuffer>;
  #length = 0;

  constructor(source: string) {
    this.#source = source;
    // Few signs become more characters than they take.
    this.#starts = new Int32Array(source.length);
    this.#ends = new Int32Array(source.length);
  }

  run(): FoldedText {
    let at = 0;
    while (at < this.#source.length) at = this.#copyPlain(at) ?? this.#fold(at);
    const [starts, ends, length, end] = [
      this.#starts,
      this.#ends,
      this.#length,
      this.#source.length,
    ];
    return {
      chars: this.#chars.join(''),
      startOf: (index) => (index < length ? (starts[index] ?? end) : end),
      endOf: (index) => (index < length ? (ends[index] ?? end) : end),
    };
  }

  /** Most of a text is plain: letters and blanks that no accent can follow are taken over as they are. */
  #copyPlain(from: number): number | undefined {
    PLAIN_RUN.lastIndex = from;
    const run = PLAIN_RUN.exec(this.#source)?.[0];
    if (run === undefined) return undefined;
    this.#chars.push(run.toLowerCase());
    this.#makeRoom(run.length);
    const [starts, ends, length] = [this.#starts, this.#ends, this.#length];
    for (let at = 0; at < run.length; at++) {
      starts[length + at] = from + at;
      ends[length + at] = from + at + 1;
    }
    this.#length += run.length;
    return from + run.length;
  }

  #emit(chars: string, start: number, end: number): void {
    this.#chars.push(chars);
    this.#makeRoom(chars.length);
    this.#starts.fill(start, this.#length, this.#length + chars.length);
    this.#ends.fill(end, this.#length, this.#length + chars.length);
    this.#length += chars.length;
  }

  #makeRoom(more: number): void {
    this.#starts = grown(this.#starts, this.#length + more);
    this.#ends = grown(this.#ends, this.#length + more);
  }

  #fold(at: number): number {
    const sign = this.#source.charAt(at);
    if (sign === '\\') return this.#foldTex(at);
    if (sign === '$' || sign === '{' || sign === '}') return at + 1;
    CLUSTERS.lastIndex = at;
    const cluster = CLUSTERS.exec(this.#source)?.[0] ?? sign;
    const end = at + cluster.length;
    this.#emit(this.#foldCluster(cluster, at), at, end);
    return end;
  }

  #foldTex(at: number): number {
    const command = texCommandAt(this.#source, at);
    const end = at + command.length;
    if (command.kind === 'letters') this.#emit(command.letters, at, end);
    if (command.kind === 'break') this.#emit(' ', at, end);
    if (command.kind === 'word') {
      this.#emit(' ', at, at);
      this.#emit(command.letters, at, end);
      this.#emit(' ', end, end);
    }
    return end;
  }

  #foldCluster(cluster: string, at: number): string {
    if (HYPHENS.includes(cluster)) return '-';
    if (APOSTROPHES.includes(cluster)) return "'";
    if (INVISIBLE.test(cluster)) return '';
    if (!LETTER_OR_DIGIT.test(cluster)) return ' ';
    const folded = cluster
      .normalize('NFKD')
      .replace(ACCENTS, '')
      .normalize('NFKC')
      .toLowerCase()
      .replace(ACCENTS, '');
    // `HMD²` is `HMD^2`, and either is found by `HMD`.
    if (SUPERSCRIPTS.test(cluster)) return `-${folded}`;
    const name = greekName(folded);
    if (name !== undefined && this.#standsAlone(at, cluster.length)) return name;
    return [...folded].map((letter) => PLAIN_LETTERS[letter] ?? onlyWordChars(letter)).join('');
  }

  /** `γ-MoD` and `π0` name a letter, as `\gamma` does; a Greek word is left as it is. */
  #standsAlone(at: number, length: number): boolean {
    const isGreek = (sign: string) => /^\p{sc=Greek}/u.test(sign);
    return !isGreek(this.#source.charAt(at - 1)) && !isGreek(this.#source.charAt(at + length));
  }
}

/** Compatibility forms can open into signs: `⑴` into `(1)`. */
function onlyWordChars(letter: string): string {
  return LETTER_OR_DIGIT.test(letter) ? letter : ' ';
}
