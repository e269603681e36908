import { arxivIdIn, type EntryIds, idsIn } from '@paperboy/core';
import type { FeedItem } from './feed-mapping.ts';

/** Bare numbers of this form are other things too (`2024.10001`), so an arXiv id has to be named as one. */
const NAMES_ARXIV = /arxiv|huggingface\.co\/papers\//i;
/** bioRxiv and medRxiv put a version behind their DOIs, which is no part of them. */
const PREPRINT_VERSION = /^(10\.(?:1101|64898)\/[\d.]+)v\d+.*$/;

/**
 * What an item is, by the places that speak of itself: its addresses, its own id, its identifiers, and an
 * `arXiv:` at the very beginning of its text. The prose of an abstract names other works and is not looked at.
 */
export function idsOfItem(item: FeedItem, text: string): EntryIds {
  const own = item.links.filter(({ rel = 'alternate' }) => /^(?:alternate|enclosure)$/.test(rel));
  const addresses = own.map(({ href }) => href);
  const names = [...addresses, item.id ?? '', ...item.identifiers].filter(
    (name) => name.length < 2_000,
  );
  const leading = /^\s*arXiv:\S{1,40}/.exec(text)?.[0];
  const places = leading === undefined ? names : [...names, leading.trim()];
  const ids = idsIn(places.flatMap((place) => [...withoutBare(place), ...doiInPath(place)]));
  return ids.doi === undefined ? ids : { ...ids, doi: ids.doi.replace(PREPRINT_VERSION, '$1') };
}

function withoutBare(place: string): string[] {
  return arxivIdIn(place) === undefined || NAMES_ARXIV.test(place) ? [place] : [];
}

/** Publishers' addresses hold the DOI in their path: `/doi/abs/10.1/x`, `/content/10.1101/…v1.full`. */
function doiInPath(place: string): string[] {
  const path = /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(place)?.[1];
  const doi = path === undefined ? undefined : /\/(10\.\d{4,9}\/.+)$/.exec(path)?.[1];
  if (doi === undefined) return [];
  const bare = doi
    .replace(/(?:\/(?:full|abstract|pdf|epdf|html|meta))?\/?$/, '')
    .replace(/\.(?:full|abstract|pdf)$/, '');
  return idsIn([decodePath(bare)]).doi === undefined ? [] : [decodePath(bare)];
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
