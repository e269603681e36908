import { decodeTexAccents, type Link } from '@paperboy/core';

/** An affiliation `(MIT, Cambridge)`, or a mark `(1)`, with up to one bracket inside it. */
const BRACKETS = /\((?:[^()]|\([^()]*\))*\)/g;
const BETWEEN_NAMES = /,|;| and /;
const SUFFIX = /^(?:Jr|Sr|II|III|IV)\.?$/;
/** Beyond this no name goes on; keeps the patterns below linear on hostile text. */
const MAX_NAME = 400;
const NO_NAME = /^(?:and|et al\.?|and others|author list is unavailable)$/i;

/** The names in a line such as `Ana Ruiz (MIT), Bo Li and Cy N. Hale, Jr.` */
export function namesIn(text: string): string[] {
  const names: string[] = [];
  for (const part of text.replace(/\s+/g, ' ').replace(BRACKETS, ' ').split(BETWEEN_NAMES)) {
    const name = cleanName(part);
    if (name === undefined) continue;
    if (SUFFIX.test(name) && names.length > 0) names.push(`${names.pop()}, ${name}`);
    else names.push(name);
  }
  return names;
}

/** A name with TeX accents as letters and without what joins it to the next; undefined where none is left. */
export function cleanName(text: string): string | undefined {
  const name = decodeTexAccents(text.slice(0, MAX_NAME))
    .replace(/[{}]/g, '')
    .replace(/[\s~]+/g, ' ')
    .replace(/^(?:\s|[,;:])+|(?:\s|[,;:])+$/g, '');
  return /\p{L}/u.test(name) && !NO_NAME.test(name) ? name : undefined;
}

/** The category codes in brackets at the ends of `Group Theory (math.GR); Probability (math.PR)`, in order. */
export function subjectCodes(text: string): string[] {
  return text.split(';').flatMap((subject) => /\(([^()\s]+)\)\s*$/.exec(subject)?.[1] ?? []);
}

/** Whether a word is a category of arXiv's form, such as `math.GR` or `gr-qc`. */
export function isCategory(word: string): boolean {
  return /^[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?$/.test(word) && word.length <= 40;
}

/** A paper's page and PDF on arXiv. */
export function arxivLinks(id: string): readonly Link[] {
  return [
    { rel: 'page', url: `https://arxiv.org/abs/${id}` },
    { rel: 'pdf', url: `https://arxiv.org/pdf/${id}` },
  ];
}
