import type { Link } from '@paperboy/core';
import type { PaperCard } from './digest-content.ts';
import { safeUrl } from './html.ts';

export interface LabelledLink {
  readonly label: string;
  readonly url: string;
}

const LABELS = { page: 'Paper', pdf: 'PDF', code: 'Code', project: 'Project' } as const;

/** A paper's links as both parts of the mail show them: no unsafe address, none twice, our own page last. */
export function paperLinks({ links, url }: Pick<PaperCard, 'links' | 'url'>): LabelledLink[] {
  const shown = new Map<string, string>();
  for (const link of links) {
    const address = safeUrl(link.url);
    if (address !== undefined && !shown.has(address))
      shown.set(address, labelOf(link.rel, address));
  }
  const ours = safeUrl(url);
  if (ours !== undefined && !shown.has(ours)) shown.set(ours, 'History');
  return [...shown].map(([address, label]) => ({ label, url: address }));
}

/** Where the title leads: the paper's own page when it is known, else ours. */
export function titleUrl(links: readonly LabelledLink[]): string | undefined {
  return (links.find(({ label }) => label === LABELS.page) ?? links.at(-1))?.url;
}

function labelOf(rel: Link['rel'], address: string): string {
  return rel === 'other' ? new URL(address).hostname || 'Link' : LABELS[rel];
}
