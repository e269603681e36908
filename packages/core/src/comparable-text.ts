import { decodeTexAccents, withoutTexFormatting, withoutTexSigns } from './tex.ts';
import { lettersAndDigits, titleKey } from './title-key.ts';

/** An abstract's letters and digits, with the hosts of addresses left out, as proxies rewrite them. */
export function comparableAbstract(abstract: string): string {
  return comparable(abstract.replace(/https?:\/\/[^\s/]+/gi, ' '));
}

/** The same with whole addresses left out: two that are equal here differ in links at most. */
export function withoutAddresses(abstract: string): string {
  return comparable(abstract.replace(/https?:\/\/\S+/gi, ' '));
}

/** Whether two titles say the same: white space, formatting, dashes and the spelling of TeX are no difference. */
export function isSameTitle(one: string, other: string): boolean {
  return titleKey(one) === titleKey(other) || comparable(one) === comparable(other);
}

/**
 * As a title's key, and the signs of mathematics are left out in whatever spelling: a list that prints `≤` has not
 * revised the `$\leq$` of yesterday.
 */
function comparable(text: string): string {
  const plain = text.normalize('NFKC').replace(/[×∇∞∂]/g, ' ');
  if (!plain.includes('\\')) return lettersAndDigits(plain);
  return lettersAndDigits(withoutTexSigns(withoutTexFormatting(decodeTexAccents(plain))));
}

/** The share of the smaller abstract's words that both have, 0 to 1. At 0.5 two abstracts are of one work. */
export function wordOverlap(one: string, other: string): number {
  const [small, large] = [wordsOf(one), wordsOf(other)].sort((a, b) => a.size - b.size);
  if (!small || !large || small.size === 0) return 0;
  let shared = 0;
  for (const word of small) if (large.has(word)) shared++;
  return shared / small.size;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
