import { comparableAbstract, wordOverlap } from './comparable-text.ts';
import type { Entry, TextKind } from './entry.ts';
import type { PaperId } from './ids.ts';
import { arxivIdIn, doiIn, idsIn } from './paper-ids.ts';
import { titleKey, titleName } from './title-key.ts';

declare const brand: unique symbol;
/** One name a paper is found by: `arxiv:2410.13859`, `doi:10.1/x`, `openreview:AbC`, `title:mesaamemory…`. */
export type PaperKey = string & { readonly [brand]: 'paper-key' };
/** Digest of an entry's words as listed; unequal ones may still say the same, see `textChange`. */
export type Fingerprint = string & { readonly [brand]: 'fingerprint' };

/** Title keys shorter than this (`imagen3`, `olmo3`) never join two entries without an abstract that agrees. */
const SHORT_TITLE_KEY = 8;
/** The share of words that two abstracts of one work have in common at least. */
const AGREEING_OVERLAP = 0.5;

/** The keys that identify an entry, strongest first: arXiv, DOI, OpenReview, title. */
export function keysOf(entry: Pick<Entry, 'title' | 'ids'>): readonly PaperKey[] {
  const { arxiv, doi, openreview } = entry.ids;
  const keys: string[] = [];
  const doiName = doi === undefined ? undefined : (doiIn(doi) ?? doi.toLowerCase());
  // An arXiv DOI is the arXiv id in another form, and no second name.
  const arxivByDoi = doiName?.startsWith('10.48550/arxiv.') ? arxivIdIn(doiName)?.id : undefined;
  const arxivName = arxiv === undefined ? arxivByDoi : arxivNameOf(arxiv);
  if (arxivName) keys.push(`arxiv:${arxivName}`);
  if (doiName && !arxivByDoi) keys.push(`doi:${doiName}`);
  if (openreview) keys.push(`openreview:${openreview}`);
  keys.push(`title:${titleName(entry.title)}`);
  return keys as string[] as PaperKey[];
}

/** Nearly every id is in this form already. */
const PLAIN_ARXIV = /^\d{4}\.\d{4,5}$/;

function arxivNameOf(id: string): string {
  return PLAIN_ARXIV.test(id) ? id : (arxivIdIn(id)?.id ?? id.toLowerCase());
}

/** `arxiv`, `doi`, `openreview` or `title`. */
export function keyKind(key: PaperKey): string {
  return key.slice(0, key.indexOf(':'));
}

/** Whether a key is a title's, which never joins two works by itself. */
export function isTitleKey(key: PaperKey): boolean {
  return key.startsWith('title:');
}

/** Reads a key as a person types it: `arxiv:…`, `doi:…`, an address, or a bare id. Undefined for plain titles. */
export function parseKey(text: string): PaperKey | undefined {
  const trimmed = text.trim();
  if (/^(?:title|openreview):\S/.test(trimmed)) return trimmed as PaperKey;
  const [key] = keysOf({ title: '', ids: idsIn([trimmed]) });
  return key === undefined || isTitleKey(key) ? undefined : key;
}

/** A paper that one of a page's keys already leads to. */
export interface KnownPaper {
  readonly paperId: PaperId;
  /** Its arXiv, DOI and OpenReview keys, where they are needed to tell works apart. */
  readonly strongKeys: readonly PaperKey[];
  /** Some authors' abstract of it that is stored; needed only where the title alone decides. */
  readonly abstract?: string;
}

/** Why two names may or may not be one work. */
export type SamePaper = 'same' | 'different-ids' | 'different-abstract' | 'short-title';

interface Named {
  readonly keys: readonly PaperKey[];
}

/**
 * Whether an entry that shares only its title with a known paper is that paper. Two different ids of one
 * kind never merge by title; otherwise the abstracts must agree, or one be absent and the title be long enough.
 * A summary says nothing here: nobody's words for a work but its authors' are compared.
 */
export function sameByTitle(
  entry: Pick<Entry, 'title' | 'abstract'> & Named & { readonly textKind?: TextKind },
  known: Pick<KnownPaper, 'strongKeys' | 'abstract'>,
): SamePaper {
  if (entry.keys.some((key) => isOtherId(key, known.strongKeys))) return 'different-ids';
  const abstract = entry.textKind === 'summary' ? undefined : entry.abstract;
  if (abstract !== undefined && known.abstract !== undefined) {
    return agree(abstract, known.abstract) ? 'same' : 'different-abstract';
  }
  return titleKey(entry.title).length < SHORT_TITLE_KEY ? 'short-title' : 'same';
}

function agree(one: string, other: string): boolean {
  return (
    comparableAbstract(one) === comparableAbstract(other) ||
    wordOverlap(one, other) >= AGREEING_OVERLAP
  );
}

/**
 * Whether an entry that shares an id with a known paper is that paper. It is, unless the two have different ids of
 * a stronger kind: one arXiv id stands for one work, whatever DOI a list prints beside it.
 */
export function sameById(
  entry: Named,
  shared: PaperKey,
  known: Pick<KnownPaper, 'strongKeys'>,
): boolean {
  for (const key of entry.keys) {
    if (key === shared) return true;
    if (isOtherId(key, known.strongKeys)) return false;
  }
  return true;
}

/** Whether the names hold an id of this key's kind, and not this one. */
function isOtherId(key: PaperKey, names: readonly PaperKey[]): boolean {
  const kind = key.slice(0, key.indexOf(':') + 1);
  return names.some((name) => name.startsWith(kind)) && !names.includes(key);
}
