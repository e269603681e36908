import type { Entry, EntryIds } from './entry.ts';
import type { PaperId } from './ids.ts';
import { cleanText } from './text.ts';

declare const brand: unique symbol;
/** One name a paper is found by: `arxiv:2410.13859`, `doi:10.1/x`, `openreview:AbC`, `title:mesaamemory…`. */
export type PaperKey = string & { readonly [brand]: 'paper-key' };
/** Digest of an entry's words as listed; unequal ones may still say the same, see `textChange`. */
export type Fingerprint = string & { readonly [brand]: 'fingerprint' };

/** Title keys shorter than this (`imagen3`, `olmo3`) never join two entries without an abstract that agrees. */
const SHORT_TITLE_KEY = 8;

const ARXIV_NEW = String.raw`\d{4}\.\d{4,5}`;
const ARXIV_OLD = String.raw`[a-z][a-z-]*(?:\.[A-Za-z-]{2,})?/\d{7}`;
const ARXIV_FORM = new RegExp(
  String.raw`(?:arxiv\.org/(?:abs|pdf|html|e-print)/|arxiv[:.]|oai:arxiv\.org:|huggingface\.co/papers/|^)(?<id>${ARXIV_NEW}|${ARXIV_OLD})(?:v(?<version>\d{1,3}))?(?!\d)`,
  'i',
);

/** The arXiv id and version in any of the forms that pages use (address, `arXiv:`, `oai:`, DOI, bare), or undefined. */
export function arxivIdIn(text: string): { id: string; version?: number } | undefined {
  const groups = ARXIV_FORM.exec(text)?.groups;
  if (!groups?.id) return undefined;
  // The subject class of an old id is no part of it: math.GT/0309136 is math/0309136.
  const id = groups.id.toLowerCase().replace(/\.[a-z-]+\//, '/');
  return groups.version ? { id, version: Number(groups.version) } : { id };
}

/** The DOI in a bare, `doi:` or doi.org form, lower-cased (DOI handbook 2.4), or undefined. */
export function doiIn(text: string): string | undefined {
  const found = /(?:doi\.org\/|doi:\s*|^)(10\.\d{4,9}\/[^\s"<>]+)/i.exec(text);
  return found?.[1]?.replace(/[.,;)\]]+$/, '').toLowerCase();
}

/** The OpenReview forum id in a forum or pdf address, or undefined. */
export function openreviewIdIn(text: string): string | undefined {
  return /openreview\.net\/(?:forum|pdf)\?(?:[^#\s]*&)?id=([\w-]{5,})/.exec(text)?.[1];
}

/** Every id to be found in some addresses or texts; the first of each kind counts. */
export function idsIn(texts: readonly string[]): EntryIds {
  const ids: { -readonly [Name in keyof EntryIds]: EntryIds[Name] } = {};
  for (const text of texts) {
    const arxiv = arxivIdIn(text);
    if (arxiv && ids.arxiv === undefined) {
      ids.arxiv = arxiv.id;
      if (arxiv.version !== undefined) ids.arxivVersion = arxiv.version;
    }
    ids.doi ??= doiIn(text);
    ids.openreview ??= openreviewIdIn(text);
  }
  return ids;
}

const TEX_MARKS: Readonly<Record<string, string>> = {
  '"': '\u0308',
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  u: '\u0306',
  v: '\u030c',
  H: '\u030b',
  c: '\u0327',
  k: '\u0328',
  d: '\u0323',
  b: '\u0331',
  r: '\u030a',
};
const TEX_LETTERS: Readonly<Record<string, string>> = {
  l: 'ł',
  L: 'Ł',
  o: 'ø',
  O: 'Ø',
  i: 'i',
  j: 'j',
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
};

/** TeX accents as the letters they print: `T\"ULU` is `TÜLU`, `Pawe{\l}` is `Paweł`. */
export function decodeTexAccents(text: string): string {
  return text
    .replace(
      /\\(["'`^~=.])\s*(?:\{\\?([a-zA-Z])\}|\\?([a-zA-Z]))/g,
      (_all, mark, braced, bare) => `${braced ?? bare}${TEX_MARKS[mark] ?? ''}`,
    )
    .replace(
      /\\([uvHckdbr])(?:\{\\?([a-zA-Z])\}|\s+\\?([a-zA-Z]))/g,
      (_all, mark, braced, bare) => `${braced ?? bare}${TEX_MARKS[mark] ?? ''}`,
    )
    .replace(
      /\{?\\(ss|ae|AE|oe|OE|aa|AA|[lLoOij])(?![a-zA-Z])\s?\}?/g,
      (_all, name) => TEX_LETTERS[name] ?? '',
    )
    .normalize('NFC');
}

const TEX_FORMATTING =
  /\\(?:text(?:it|bf|sc|tt|rm|sf|sl|up|md|normal)?|emph|underline|mathrm|mathbf|mathit|mathsf|mathcal|mathbb|operatorname)\b\s*/g;

/**
 * A title reduced to its letters and digits, so that line breaks, TeX, dashes and case make no two papers of
 * one. Over 9,581 real sightings no such key joined two ids and none parted one. `title:` keys are made of it.
 */
export function titleKey(title: string): string {
  return lettersAndDigits(title.normalize('NFKC'));
}

function lettersAndDigits(text: string): string {
  const plain = text.includes('\\') ? decodeTexAccents(text).replace(TEX_FORMATTING, '') : text;
  return plain.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** The keys that identify an entry, strongest first: arXiv, DOI, OpenReview, title. */
export function keysOf(entry: Pick<Entry, 'title' | 'ids'>): readonly PaperKey[] {
  const { arxiv, doi, openreview } = entry.ids;
  const keys: string[] = [];
  const arxivByDoi = doi?.startsWith('10.48550/arxiv.')
    ? doi.slice('10.48550/arxiv.'.length)
    : undefined;
  const arxivId = arxiv ?? arxivByDoi;
  if (arxivId) keys.push(`arxiv:${arxivId}`);
  if (doi && !arxivByDoi) keys.push(`doi:${doi}`);
  if (openreview) keys.push(`openreview:${openreview}`);
  return [...keys, `title:${titleName(entry.title)}`] as string[] as PaperKey[];
}

/** Half the letters of a title that are kept from either end when it is too long for an index entry. */
const LONG_TITLE_HALF = 150;

/** The part of a title's key after `title:`; a title of signs alone ("???") still gets a name of its own. */
export function titleName(title: string): string {
  const name = titleKey(title) || cleanText(title);
  if (name.length <= 2 * LONG_TITLE_HALF) return name;
  return `${name.slice(0, LONG_TITLE_HALF)}~${name.length}~${name.slice(-LONG_TITLE_HALF)}`;
}

/** `arxiv`, `doi`, `openreview` or `title`. */
export function keyKind(key: PaperKey): string {
  return key.slice(0, key.indexOf(':'));
}

/** Whether a key is a title's, which never joins two works by itself. */
export function isTitleKey(key: PaperKey): boolean {
  return key.startsWith('title:');
}

/** Reads a key as a person types it: `arxiv:…`, `doi:…`, an address, or a bare arXiv id. Undefined for plain titles. */
export function parseKey(text: string): PaperKey | undefined {
  const trimmed = text.trim();
  if (/^(?:title|openreview|doi):\S/.test(trimmed)) return trimmed as PaperKey;
  const ids = idsIn([trimmed]);
  if (ids.arxiv) return `arxiv:${ids.arxiv}` as PaperKey;
  if (ids.doi) return `doi:${ids.doi}` as PaperKey;
  if (ids.openreview) return `openreview:${ids.openreview}` as PaperKey;
  return undefined;
}

/** An abstract's letters and digits, with the hosts of addresses left out, as proxies rewrite them. */
export function comparableAbstract(abstract: string): string {
  return lettersAndDigits(abstract.normalize('NFKC').replace(/https?:\/\/[^\s/]+/gi, ' '));
}

/** The share of the smaller abstract's words that both have, 0 to 1. At 0.5 two abstracts are of one work. */
export function wordOverlap(one: string, other: string): number {
  const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const [small, large] = [words(one), words(other)].sort((a, b) => a.size - b.size);
  if (!small || !large || small.size === 0) return 0;
  let shared = 0;
  for (const word of small) if (large.has(word)) shared++;
  return shared / small.size;
}

/** A paper that one of a page's keys already leads to. */
export interface KnownPaper {
  readonly paperId: PaperId;
  /** Its arXiv, DOI and OpenReview keys. */
  readonly strongKeys: readonly PaperKey[];
  /** Any abstract that is stored for it; needed only where the title alone decides. */
  readonly abstract?: string;
}

/** Why two names may or may not be one work. */
export type SamePaper = 'same' | 'different-ids' | 'different-abstract' | 'short-title';

/**
 * Whether an entry that shares only its title with a known paper is that paper. Two different ids of one
 * kind never merge by title; otherwise the abstracts must agree, or one be absent and the title be long enough.
 */
export function sameByTitle(
  entry: Pick<Entry, 'title' | 'abstract'> & { readonly keys: readonly PaperKey[] },
  known: Pick<KnownPaper, 'strongKeys' | 'abstract'>,
): SamePaper {
  const kinds = new Map(known.strongKeys.map((key) => [keyKind(key), key]));
  const clash = entry.keys.some(
    (key) => kinds.has(keyKind(key)) && !known.strongKeys.includes(key),
  );
  if (clash) return 'different-ids';
  if (entry.abstract !== undefined && known.abstract !== undefined) {
    if (comparableAbstract(entry.abstract) === comparableAbstract(known.abstract)) return 'same';
    return wordOverlap(entry.abstract, known.abstract) >= 0.5 ? 'same' : 'different-abstract';
  }
  return titleKey(entry.title).length < SHORT_TITLE_KEY ? 'short-title' : 'same';
}
