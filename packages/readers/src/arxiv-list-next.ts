import { printedNumber } from './arxiv-list-entry.ts';
import type { ListParts } from './arxiv-list-walk.ts';

const ARXIV = 'https://arxiv.org/';
const RANGE = /^\s*(\d{1,7})\s*-\s*\d{1,7}\s*$/;

/**
 * The address of the list's next part: of the links that the pager names by their numbers ("51-100") the first
 * beyond this page. Later ones it leaves out where there are many, so the parts are followed one by one.
 */
export function nextListPage(parts: ListParts, address: string | undefined): string | undefined {
  const base = URL.parse(address ?? '') ?? new URL(ARXIV);
  const last = Math.max(0, ...lastNumbers(parts));
  let next: { readonly start: number; readonly url: URL } | undefined;
  for (const { href, text } of parts.links) {
    const start = Number(RANGE.exec(text)?.[1] ?? 0);
    if (start <= last || (next && next.start <= start)) continue;
    const url = URL.parse(href.trim(), base.href);
    // A part of this list lies beside it; anything else is no part.
    if (url?.origin !== base.origin || !url.pathname.startsWith('/list/')) continue;
    next = { start, url };
  }
  return next?.url.href;
}

function lastNumbers({ slots }: ListParts): number[] {
  const last = slots.findLast((slot) => printedNumber(slot) !== undefined);
  return [slots.length, last && printedNumber(last)].filter((number) => number !== undefined);
}
