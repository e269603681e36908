import { readableTex } from '@paperboy/core';
import type { PreviewedPaper, TopicPreview } from './preview-topic.ts';

/** A paper that a query finds, with a line for each reason below it. */
export function foundLine({ paperId, title, reasons }: PreviewedPaper): string {
  const why = reasons.map((reason) => `\n       ${reason}`).join('');
  return `${paperId.padStart(5)}  ${readableTex(title)}${why}`;
}

/** How much a previewed query finds, and what to try instead where that is too much or too little. */
export function previewLines({
  since,
  papers,
  days,
  found,
  isTooWide,
  narrower,
  wider,
}: TopicPreview): string[] {
  const day = since.toISOString().slice(0, 10);
  const lines = [
    `${found.length} of ${papers} papers listed since ${day}, ${perDay(found.length, days)}`,
  ];
  if (isTooWide) {
    const share = Math.round((100 * found.length) / papers);
    const instead = narrower
      ? `narrower, such as ${narrower.query} (${perDay(narrower.found, days)})`
      : 'say more closely what is meant, in a phrase or with +';
    lines.push(`too wide: ${perDay(found.length, days)}, ${share} % of all papers; ${instead}`);
  }
  return wider === undefined
    ? lines
    : [...lines, ...widerHints(wider).map((hint) => `few: ${hint}`)];
}

/** What to try where a query finds few. */
function widerHints({
  papers,
  queries,
  acronyms,
  related,
}: NonNullable<TopicPreview['wider']>): string[] {
  const hints: string[] = [];
  if (papers === 0) hints.push('no paper of the past weeks has its words; is the spelling right?');
  if (queries.length > 0) {
    const told = queries.map(({ query, found }) => `${query} (${found})`);
    hints.push(`more is found by ${told.join(', ')}`);
  }
  if (acronyms.length > 0) {
    const told = acronyms.map(({ acronym, longForm }) => `${acronym} (${longForm})`);
    hints.push(`acronyms near it: ${told.join(', ')}`);
  }
  if (related.length > 0) {
    const told = related.map((term) => `"${term}"`);
    hints.push(`papers with its words also say ${told.join(', ')}`);
  }
  return hints.length > 0
    ? hints
    : ['nothing near it is known yet; papers that say it will be sent'];
}

/** `2.5 a day`; whole papers from ten on. */
function perDay(papers: number, days: number): string {
  const mean = papers / Math.max(1, days);
  return `${mean >= 10 ? Math.round(mean) : Math.round(10 * mean) / 10} a day`;
}
