/**
 * English Snowball ("Porter2"), the same outcomes as PostgreSQL's `english_stem`, so that topics and
 * search agree on what is one word. Rules: https://snowballstem.org/algorithms/english/stemmer.html
 */

/** The stem of a lower-case word without apostrophes. Words of one or two letters stay as they are, and so does what is too long to be one. */
export function stemWord(word: string): string {
  if (word.length < 3 || word.length > LONGEST_WORD) return word;
  const special = SPECIAL_STEMS.get(word);
  if (special !== undefined) return special;
  const marked = markConsonantY(word);
  const regions = findRegions(marked);
  const singular = dropPlural(marked);
  if (INVARIANT_AFTER_PLURAL.has(singular)) return singular;
  let stem = dropPastAndGerund(singular, regions);
  stem = softenFinalY(stem);
  stem = replaceSuffix(stem, DERIVED_SUFFIXES, regions);
  stem = replaceSuffix(stem, SHORTER_SUFFIXES, regions);
  stem = replaceSuffix(stem, LAST_SUFFIXES, regions);
  return dropFinalLetter(stem, regions).toLowerCase();
}

/** Where R1 and R2 of a word begin: what follows the first, and the second, consonant after a vowel. */
interface Regions {
  readonly r1: number;
  readonly r2: number;
}

interface SuffixRule {
  readonly becomes: string;
  readonly region: 'r1' | 'r2';
  /** Letters of which one must stand before the suffix. */
  readonly after?: string;
}

const VOWELS = 'aeiouy';
const LONGEST_SUFFIX = 7;
const LONGEST_WORD = 64;

const SPECIAL_STEMS: ReadonlyMap<string, string> = new Map([
  ['skis', 'ski'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['idly', 'idl'],
  ['gently', 'gentl'],
  ['ugly', 'ugli'],
  ['early', 'earli'],
  ['only', 'onli'],
  ['singly', 'singl'],
  ['sky', 'sky'],
  ['news', 'news'],
  ['howe', 'howe'],
  ['atlas', 'atlas'],
  ['cosmos', 'cosmos'],
  ['bias', 'bias'],
  ['andes', 'andes'],
]);

const INVARIANT_AFTER_PLURAL: ReadonlySet<string> = new Set(
  'inning outing canning herring earring proceed exceed succeed'.split(' '),
);

/** Beginnings after which R1 starts at once, or `general` and `generate` would be one word. */
const LONG_PREFIX = /^(?:gener|commun|arsen)/;

const DERIVED_SUFFIXES = suffixRules('r1', {
  tional: 'tion',
  enci: 'ence',
  anci: 'ance',
  abli: 'able',
  entli: 'ent',
  izer: 'ize',
  ization: 'ize',
  ational: 'ate',
  ation: 'ate',
  ator: 'ate',
  alism: 'al',
  aliti: 'al',
  alli: 'al',
  fulness: 'ful',
  ousli: 'ous',
  ousness: 'ous',
  iveness: 'ive',
  iviti: 'ive',
  biliti: 'ble',
  bli: 'ble',
  fulli: 'ful',
  lessli: 'less',
})
  .set('ogi', { becomes: 'og', region: 'r1', after: 'l' })
  .set('li', { becomes: '', region: 'r1', after: 'cdeghkmnrt' });

const SHORTER_SUFFIXES = suffixRules('r1', {
  tional: 'tion',
  ational: 'ate',
  alize: 'al',
  icate: 'ic',
  iciti: 'ic',
  ical: 'ic',
  ful: '',
  ness: '',
}).set('ative', { becomes: '', region: 'r2' });

const LAST_SUFFIXES = suffixRules(
  'r2',
  Object.fromEntries(
    'al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize'
      .split(' ')
      .map((suffix) => [suffix, '']),
  ),
).set('ion', { becomes: '', region: 'r2', after: 'st' });

function suffixRules(
  region: SuffixRule['region'],
  outcomes: Readonly<Record<string, string>>,
): Map<string, SuffixRule> {
  return new Map(
    Object.entries(outcomes).map(([suffix, becomes]) => [suffix, { becomes, region }]),
  );
}

function isVowel(word: string, at: number): boolean {
  const letter = word.charAt(at);
  return letter !== '' && VOWELS.includes(letter);
}

function hasVowelBefore(word: string, end: number): boolean {
  for (let at = 0; at < end; at++) if (isVowel(word, at)) return true;
  return false;
}

/** A `y` at the start or after a vowel is a consonant; it is written `Y` until the end. */
function markConsonantY(word: string): string {
  if (!word.includes('y')) return word;
  let marked = '';
  for (let at = 0; at < word.length; at++) {
    const letter = word.charAt(at);
    const isConsonant = letter === 'y' && (at === 0 || isVowel(marked, at - 1));
    marked += isConsonant ? 'Y' : letter;
  }
  return marked;
}

function findRegions(word: string): Regions {
  const r1 = LONG_PREFIX.exec(word)?.[0].length ?? afterVowelAndConsonant(word, 0);
  return { r1, r2: afterVowelAndConsonant(word, r1) };
}

function afterVowelAndConsonant(word: string, from: number): number {
  let at = from;
  while (at < word.length && !isVowel(word, at)) at++;
  while (at < word.length && isVowel(word, at)) at++;
  return Math.min(at + 1, word.length);
}

function dropPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ied') || word.endsWith('ies')) return word.slice(0, word.length > 4 ? -2 : -1);
  if (!word.endsWith('s') || word.endsWith('us') || word.endsWith('ss')) return word;
  return hasVowelBefore(word, word.length - 2) ? word.slice(0, -1) : word;
}

function dropPastAndGerund(word: string, regions: Regions): string {
  const suffix = /(?:eedly|ingly|edly|eed|ing|ed)$/.exec(word)?.[0];
  if (suffix === undefined) return word;
  const start = word.length - suffix.length;
  if (suffix.startsWith('eed')) return start >= regions.r1 ? `${word.slice(0, start)}ee` : word;
  if (!hasVowelBefore(word, start)) return word;
  const stem = word.slice(0, start);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) {
    // "added" and "egging" keep both letters, or nothing of the word would be left.
    return /^[aeo]..$/.test(stem) ? stem : stem.slice(0, -1);
  }
  return stem.length === regions.r1 && endsInShortSyllable(stem) ? `${stem}e` : stem;
}

function softenFinalY(word: string): string {
  const end = word.length - 1;
  const last = word.charAt(end);
  if ((last !== 'y' && last !== 'Y') || end < 2 || isVowel(word, end - 1)) return word;
  return `${word.slice(0, end)}i`;
}

/** The longest suffix found decides, even where its own condition then leaves the word alone. */
function replaceSuffix(
  word: string,
  rules: ReadonlyMap<string, SuffixRule>,
  regions: Regions,
): string {
  for (let length = Math.min(LONGEST_SUFFIX, word.length); length >= 2; length--) {
    const start = word.length - length;
    const rule = rules.get(word.slice(start));
    if (rule === undefined) continue;
    if (start < regions[rule.region]) return word;
    if (rule.after !== undefined && !(start > 0 && rule.after.includes(word.charAt(start - 1))))
      return word;
    return word.slice(0, start) + rule.becomes;
  }
  return word;
}

function dropFinalLetter(word: string, regions: Regions): string {
  const end = word.length - 1;
  const stem = word.slice(0, end);
  if (word.endsWith('e')) {
    const drops = end >= regions.r2 || (end >= regions.r1 && !endsInShortSyllable(stem));
    return drops ? stem : word;
  }
  return word.endsWith('ll') && end >= regions.r2 ? stem : word;
}

/** Consonant, vowel, consonant other than w, x, Y; or a whole word of one vowel and one consonant. */
function endsInShortSyllable(word: string): boolean {
  const end = word.length - 1;
  if (end < 1 || isVowel(word, end) || !isVowel(word, end - 1)) return false;
  return end === 1 || (!isVowel(word, end - 2) && !'wxY'.includes(word.charAt(end)));
}
