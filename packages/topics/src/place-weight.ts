import { SCORING } from './constants.ts';
import type { PaperField, TokenizedPaper } from './paper-tokens.ts';

/**
 * How much a place says of what a paper is about, `start` being its offset in the field. A title and the opening of an
 * abstract name the subject; towards its end stand what it was tried on and what may come of it.
 */
export function placeWeight(field: PaperField, start: number, { text }: TokenizedPaper): number {
  const { title, opening, closing, fall } = SCORING.place;
  if (field === 'title') return title;
  const along = start / Math.max(1, text.abstract?.length ?? 0);
  return closing + (opening - closing) * Math.exp(-fall * along);
}
