import type { EntryIds } from './entry.ts';

const ARXIV_NEW = String.raw`\d{4}\.\d{4,5}`;
/** The archives that gave out ids before April 2007; the subject class behind the dot is no part of the name. */
const ARXIV_OLD = String.raw`(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|stat|supr-con)(?:\.[a-z-]{2,})?/\d{7}`;
const ARXIV_FORM = new RegExp(
  String.raw`(?:(?<![\w-])arxiv\.org/(?:abs|pdf|html|format|e-print|src)/|(?<![\w-])arxiv(?:(?:\.org)?:\s*|\.)|(?<![\w-])(?:huggingface\.co|hf\.co)/papers/|^)(?<id>${ARXIV_NEW}|${ARXIV_OLD})(?:v(?<version>\d{1,3}))?(?![\d.]\d|\d)`,
  'i',
);

/** The arXiv id and version in any of the forms that pages use (address, `arXiv:`, `oai:`, DOI, bare), or undefined. */
export function arxivIdIn(text: string): { id: string; version?: number } | undefined {
  const groups = ARXIV_FORM.exec(text.trim())?.groups;
  if (!groups?.id) return undefined;
  const id = groups.id.toLowerCase().replace(/\.[a-z-]+\//, '/');
  return groups.version ? { id, version: Number(groups.version) } : { id };
}

const DOI_FORM =
  /(?:(?<address>doi\.org\/|(?:bio|med)rxiv\.org\/content\/)|doi:\s*|^)(?<doi>10\.\d{4,9}(?:\/|%2f)[^\s"<>]+)/i;

/**
 * The DOI in a bare, `doi:`, doi.org or bioRxiv form, lower-cased (DOI handbook 2.4), without the punctuation of
 * the sentence around it and without bioRxiv's version, or undefined.
 */
export function doiIn(text: string): string | undefined {
  const { address, doi } = DOI_FORM.exec(text.trim())?.groups ?? {};
  if (doi === undefined) return undefined;
  const whole = address === undefined ? doi : decoded(doi.replace(/[?#].*/, ''));
  return withoutPreprintVersion(withoutEndMarks(whole).toLowerCase());
}

/** An address may spell the signs of a DOI in percent codes; one that is spelled wrongly stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A bracket at the end belongs to the name only where it closes one that stands in it. */
function withoutEndMarks(doi: string): string {
  let end = doi.length;
  while (end > 0) {
    const last = doi.charAt(end - 1);
    const opens = BRACKETS[last];
    const isMark =
      opens === undefined ? END_MARKS.includes(last) : !isClosing(doi.slice(0, end), opens, last);
    if (!isMark) break;
    end--;
  }
  return doi.slice(0, end);
}

const END_MARKS = `.,;:!?'"*`;
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function isClosing(text: string, opens: string, closes: string): boolean {
  return text.split(opens).length >= text.split(closes).length;
}

/** bioRxiv and medRxiv print `10.1101/2025.01.01.123456v1`, with or without `.full`; the DOI is of all versions. */
function withoutPreprintVersion(doi: string): string {
  return doi.replace(
    /^(10\.\d{4,9}\/\d{4}\.\d\d\.\d\d\.\d{5,10}|10\.1101\/\d{5,8})v\d{1,2}(?:\.\D.*)?$/,
    '$1',
  );
}

/** The OpenReview forum id in a forum or pdf address, or undefined. Case matters. */
export function openreviewIdIn(text: string): string | undefined {
  return /(?<![\w-])openreview\.net\/(?:forum|pdf)\?(?:[^#\s]*&)?id=([\w-]{5,})/.exec(text)?.[1];
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
