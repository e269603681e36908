import { stemWord } from './english-stem.ts';
import { type FoldedText, foldText } from './text.ts';
import { TextNumbers } from './text-numbers.ts';

/**
 * One word of a text, or a part of a hyphenated word, or such a word with its parts joined.
 * The surface form is `text.slice(start, end)`.
 */
export interface Token {
  readonly stem: string;
  /** The word before stemming, folded: what stop words are compared with. */
  readonly word: string;
  /** Offsets in the text as written. */
  readonly start: number;
  readonly end: number;
  /** Words count from `firstPosition`; the parts of a hyphenated word count one each. */
  readonly position: number;
  /** How many positions it covers: more than one only for a joined form. */
  readonly span: number;
}

/**
 * The words of a text in order: runs of letters and digits with inner hyphens and apostrophes. A
 * hyphenated word gives each part and then the joined form, so that `neuro-symbolic` is found by either
 * part and by `neurosymbolic`. Scripts without blanks give a token per character. Signs count in `C++`, `C#` and `.NET`
 * alone, where without them another word would be left. Linear in the text.
 */
export function tokenize(text: string, firstPosition = 0): Token[] {
  return new Tokenizer(foldText(text), firstPosition).run();
}

/** Snowball keeps the `s` where no vowel is before it, or a `u`; but `LLM` has to find `LLMs`, and `GPU` `GPUs`. */
const PLURAL_ACRONYM = /^(?:[b-df-hj-np-tv-xz]{2,}[b-df-hj-np-rtv-xz]|[cgnt]pu)s$/;

interface Word {
  readonly word: string;
  readonly stem: string;
}

const LONGEST_KEPT = 40;
const MOST_KEPT = 20_000;
/** Words repeat: what is kept of them makes a digest's worth of abstracts four times as fast, and none is cut out twice. */
let kept: { readonly numbers: TextNumbers; readonly words: Word[] } = noneKept();

function noneKept() {
  return { numbers: new TextNumbers(), words: [] };
}

/** The word that stands in a text from `start` to `end`. */
function wordAt(text: string, start: number, end: number): Word {
  if (end - start > LONGEST_KEPT) return newWord(text.slice(start, end));
  if (kept.words.length >= MOST_KEPT) kept = noneKept();
  const number = kept.numbers.numberOf(text, start, end);
  const known = kept.words[number];
  if (known !== undefined) return known;
  // Of its own, as a part of a text would keep the whole.
  const word = newWord(` ${text.slice(start, end)}`.slice(1));
  kept.words.push(word);
  return word;
}

function newWord(word: string): Word {
  return { word, stem: stemWord(PLURAL_ACRONYM.test(word) ? word.slice(0, -1) : word) };
}

const UNSPACED_SCRIPT =
  /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** The first of them, Thai; no letter of Latin, Greek or Cyrillic needs a look. */
const FIRST_UNSPACED = 0xe00;
/** `'s`, `'t`, `'re`, `'ll`, `'ve`, `'d`, `'m` are cut off; what follows `d'` or `O'` is a part of the word. */
const LONGEST_CUT_TAIL = 2;

class Tokenizer {
  readonly #folded: FoldedText;
  readonly #chars: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #position: number;

  constructor(folded: FoldedText, firstPosition: number) {
    this.#folded = folded;
    this.#chars = folded.chars;
    this.#position = firstPosition;
  }

  run(): Token[] {
    while (this.#at < this.#chars.length) {
      const code = this.#chars.charCodeAt(this.#at);
      if (code === DOT && this.#isDotNet()) this.#readSigned(DOT_NET.length);
      else if (!isWordCode(code)) this.#at++;
      else if (this.#isUnspaced(this.#at)) this.#readCharacter();
      else this.#readWord();
    }
    return this.#tokens;
  }

  #isUnspaced(at: number): boolean {
    const code = this.#chars.codePointAt(at) ?? 0;
    return code >= FIRST_UNSPACED && UNSPACED_SCRIPT.test(String.fromCodePoint(code));
  }

  #readCharacter(): void {
    this.#readSigned((this.#chars.codePointAt(this.#at) ?? 0) > 0xffff ? 2 : 1);
  }

  /** A word of so many characters, whatever they are. */
  #readSigned(length: number): void {
    const start = this.#at;
    this.#at += length;
    this.#push(wordAt(this.#chars, start, this.#at), start, this.#at, 1);
    this.#position++;
  }

  #isDotNet(): boolean {
    return (
      this.#chars.startsWith(DOT_NET, this.#at) &&
      !isWordCode(this.#chars.charCodeAt(this.#at - 1)) &&
      !isWordCode(this.#chars.charCodeAt(this.#at + DOT_NET.length))
    );
  }

  #readWord(): void {
    const wordStart = this.#at;
    let [joined, parts, end] = ['', 0, wordStart];
    do {
      const start = this.#at;
      end = this.#skipWordChars(start);
      if (end === start + 1) end += this.#signsOfLanguage(end);
      const part = wordAt(this.#chars, start, end);
      this.#push(part, start, end, 1);
      joined = parts === 0 ? part.word : joined + part.word;
      parts++;
      this.#position++;
      this.#at = end;
    } while (this.#joinsNextPart());
    if (parts > 1) {
      this.#position -= parts;
      this.#push(wordAt(joined, 0, joined.length), wordStart, end, parts);
      this.#position += parts;
    }
  }

  /** How many signs after a single letter make it the name of a language: `C++`, `C#`. `PointNet++` is found without. */
  #signsOfLanguage(at: number): number {
    const signs = this.#chars.startsWith('++', at)
      ? 2
      : this.#chars.charCodeAt(at) === HASH
        ? 1
        : 0;
    const letter = this.#chars.charCodeAt(at - 1);
    const next = this.#chars.charCodeAt(at + signs);
    const isName = isLetter(letter) && !isLetter(next) && next !== HASH && next !== PLUS;
    return isName ? signs : 0;
  }

  /** Steps over a hyphen or apostrophe between two parts. A cut tail is stepped over too, and ends the word. */
  #joinsNextPart(): boolean {
    const sign = this.#chars.charAt(this.#at);
    const next = this.#at + 1;
    if (sign !== '-' && sign !== "'") return false;
    if (!isWordCode(this.#chars.charCodeAt(next)) || this.#isUnspaced(next)) return false;
    const tailEnd = sign === "'" ? this.#skipWordChars(next) : next;
    if (sign === "'" && tailEnd - next <= LONGEST_CUT_TAIL) {
      this.#at = tailEnd;
      return false;
    }
    this.#at = next;
    return true;
  }

  #skipWordChars(from: number): number {
    const chars = this.#chars;
    for (let end = from; ; end++) {
      const code = chars.charCodeAt(end);
      if (!isWordCode(code) || (code >= FIRST_UNSPACED && this.#isUnspaced(end))) return end;
    }
  }

  #push({ stem, word }: Word, start: number, end: number, span: number): void {
    this.#tokens.push({
      stem,
      word,
      start: this.#folded.startOf(start),
      end: this.#folded.endOf(end - 1),
      position: this.#position,
      span,
    });
  }
}

const [HASH, PLUS, DOT] = [35, 43, 46];
/** The one name that begins with a sign. */
const DOT_NET = '.net';

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || code >= 128;
}

/** Folding has turned every other sign above ASCII into a blank. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code >= 128;
}
