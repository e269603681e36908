import type { Block } from './plain-text-blocks.ts';
import type { Warnings } from './warnings.ts';

/** A title with the paragraphs below it. */
interface Pair {
  readonly position: number;
  readonly title: string;
  readonly paragraphs: readonly string[];
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  /** Texts at the head of the list that no title stands above. */
  readonly untitled: number;
  /** Why the page ends too early, when its last block shows that it does. */
  readonly cutBecause?: string;
}

/** No real title is longer; most abstracts are. The bound only decides where the alternation is in doubt. */
const LONGEST_TITLE = 300;

/** Nor is any real abstract longer: such a block in a title's place is a damaged title, no paragraph. */
const LONGEST_PARAGRAPH = 5_000;

/**
 * Reads blocks as title and abstract in turn. Where lengths contradict that (a title that is too long, or a
 * short abstract before a long "title"), the first short block is taken for the next title.
 * Length alone never pairs: abstracts of one sentence are as short as titles.
 */
export function pairBlocks(blocks: readonly Block[], warnings: Warnings): Pairing {
  const pairs: { position: number; title: string; paragraphs: string[] }[] = [];
  let untitled = 0;
  const begin = (title: string, ...paragraphs: string[]) => {
    pairs.push({ position: pairs.length + untitled + 1, title, paragraphs });
  };
  const append = (paragraph: string) => {
    const last = pairs.at(-1);
    if (last) {
      last.paragraphs.push(paragraph);
      warnings.add(`entry ${last.position}: a second paragraph was joined to the abstract`);
    } else {
      untitled++;
      warnings.add('the first text of the list has no title above it');
    }
  };
  let at = 0;
  while (at < blocks.length) {
    const first = blocks[at]?.text ?? '';
    const second = blocks[at + 1];
    if (first.length > LONGEST_TITLE && first.length <= LONGEST_PARAGRAPH) {
      append(first);
      at += 1;
    } else if (second === undefined) {
      return { pairs, untitled, ...endOnTitle(blocks[at], begin) };
    } else if (!isSuspect(second, blocks[at + 2])) {
      begin(first, second.text);
      at += 2;
    } else if (endsLikeSentence(first) && pairs.at(-1)?.paragraphs.length) {
      append(first);
      at += 1;
    } else if (endsLikeSentence(second.text)) {
      begin(first, second.text);
      at += 2;
    } else {
      begin(first);
      warnings.add(`entry ${pairs.length + untitled}: a title without an abstract`);
      at += 1;
    }
  }
  return { pairs, untitled, ...endOnAbstract(blocks.at(-1), pairs) };
}

function isSuspect(abstract: Block, next: Block | undefined): boolean {
  if (next === undefined) return false;
  return abstract.text.length < LONGEST_TITLE && next.text.length > LONGEST_TITLE;
}

/** A last title that no empty line follows may be half a title: a paper of that name must not come to be. */
function endOnTitle(last: Block | undefined, begin: (title: string) => void) {
  if (last?.closed) begin(last.text);
  return { cutBecause: 'the page ends after a title, before its abstract' };
}

/** Share of the other abstracts that must end like sentences before one that does not looks cut. */
const USUAL_ENDING = 0.8;

function endOnAbstract(last: Block | undefined, pairs: readonly Pair[]) {
  if (last === undefined || last.closed || isWhole(last.text)) return {};
  const others = pairs.slice(0, -1);
  const whole = others.filter((pair) => isWhole(pair.paragraphs.at(-1) ?? '')).length;
  if (whole < others.length * USUAL_ENDING) return {};
  return { cutBecause: 'the page ends inside an abstract' };
}

/** A sentence, a question, a formula or bracket that closes, or an address: 16 of 370 real ones end in these last ways. */
function isWhole(abstract: string): boolean {
  return /[.!?。…)\]}][\s"'’”»)\]}*_~]*$/.test(abstract.slice(-12)) || endsOnAddress(abstract);
}

function endsOnAddress(abstract: string): boolean {
  const lastWord = abstract.slice(abstract.lastIndexOf(' ') + 1);
  return /https?:\/\/|www\./i.test(lastWord);
}

function endsLikeSentence(text: string): boolean {
  return /\.["'’”)\]]?$/.test(text);
}
