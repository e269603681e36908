import { type Html, html, safeUrl } from './html.ts';
import { counted } from './wording.ts';

interface Placed {
  readonly position: number;
  readonly previousPosition: number | null;
}

/** How a paper moved on its list since the page before; nothing where it was not there. */
export function moveMark({ position, previousPosition }: Placed): Html | undefined {
  if (previousPosition === null) return undefined;
  const climbed = previousPosition - position;
  if (climbed === 0) return html`<span class="move">same place</span>`;
  const [way, arrow] = climbed > 0 ? ['up', '▲'] : ['down', '▼'];
  const places = counted(Math.abs(climbed), 'place');
  return html`<span class="move ${way}"><span aria-hidden="true">${arrow} ${Math.abs(climbed)}</span><span class="aside">${way} ${places}</span></span>`;
}

/** Votes as the source counted them. */
export function upvoteMark(upvotes: number | null): Html | undefined {
  return upvotes === null ? undefined : html`${counted(upvotes, 'upvote')}`;
}

const LABELS = { page: 'Paper', pdf: 'PDF', code: 'Code', project: 'Project' } as const;

/** A paper's links from outside, those with a safe address only and none twice; `title` tells them apart when read aloud. */
export function linkMarks(stored: unknown, title: string): Html[] {
  const shown = new Map<string, string>();
  for (const { rel, url } of readLinks(stored)) {
    const address = safeUrl(url);
    if (address !== undefined && !shown.has(address)) shown.set(address, labelOf(rel, address));
  }
  return [...shown].map(
    ([address, label]) =>
      html`<a href="${address}" rel="noreferrer">${label}<span class="aside"> of ${title}</span></a>`,
  );
}

function labelOf(rel: string, address: string): string {
  for (const [known, label] of Object.entries(LABELS)) if (known === rel) return label;
  return new URL(address).hostname;
}

/** Links as they stand in the database, which any reader of any version wrote. */
export function readLinks(stored: unknown): { readonly rel: string; readonly url: string }[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((link: unknown) => {
    if (typeof link !== 'object' || link === null || !('url' in link) || !('rel' in link))
      return [];
    return typeof link.url === 'string' && typeof link.rel === 'string'
      ? [{ rel: link.rel, url: link.url }]
      : [];
  });
}
