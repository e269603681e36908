import type { TopicPreview } from './preview-topic.ts';

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
  if (wider === undefined) return lines;
  const { acronyms, related } = wider;
  if (wider.papers === 0)
    lines.push('few: no paper of the past weeks has its words; is the spelling right?');
  if (related.length > 0)
    lines.push(
      `few: papers with its words also say ${related.map((term) => `"${term}"`).join(', ')}`,
    );
  if (acronyms.length > 0) {
    const told = acronyms.map(({ acronym, longForm }) => `${acronym} (${longForm})`);
    lines.push(`few: acronyms near it: ${told.join(', ')}`);
  }
  return lines;
}

/** `2.5 a day`; whole papers from ten on. */
function perDay(papers: number, days: number): string {
  const mean = papers / Math.max(1, days);
  return `${mean >= 10 ? Math.round(mean) : Math.round(10 * mean) / 10} a day`;
}
