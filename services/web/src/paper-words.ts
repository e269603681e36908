import { readableTex, shorten } from '@paperboy/core';
import { MARK_END, MARK_START } from '@paperboy/store';
import { type Html, html } from './html.ts';
import { diffWords } from './word-diff.ts';

/** A title of a broken listing must not fill the page. */
const TITLE_LENGTH = 300;

/** A paper's title as a page shows it: TeX as it would be printed, cut where it does not end. */
export function shownTitle(title: string, most = TITLE_LENGTH): string {
  return shorten(readableTex(title), most);
}

/** What is said of a paper below its title, cut at `most` characters. A summary is somebody's wording, not the authors'. */
export function shownText(
  { text, textKind }: { readonly text: string; readonly textKind: string },
  most = Number.POSITIVE_INFINITY,
): Html {
  const label = textKind === 'summary' ? html`<span class="label">Summary</span> ` : '';
  return html`${label}${shorten(readableTex(text), most)}`;
}

/** Two wordings in one, with what went struck out and what came underlined; TeX as written where it is all that changed. */
export function shownChange(from: string, to: string): Html {
  const [before, after] = [readableTex(from), readableTex(to)];
  const pieces = before === after ? diffWords(from, to) : diffWords(before, after);
  return html`${pieces.map(({ kind, text }) => {
    if (kind === 'same') return html`${text} `;
    return kind === 'gone' ? html`<del>${text}</del> ` : html`<ins>${text}</ins> `;
  })}`;
}

const MARKED = new RegExp(`${MARK_START}([^${MARK_END}]*)${MARK_END}`, 'g');

/** Text of a search with what was found marked; each piece is escaped on its own. */
export function shownMarks(text: string, most = Number.POSITIVE_INFINITY): Html {
  const plain = text.replace(MARKED, '$1');
  if (plain.length > most) return html`${shownTitle(plain, most)}`;
  const readable = readableTex(plain);
  // In a formula marks stand between its signs: they are set anew in what it reads as.
  const marked = readable === plain ? text : withMarks(readable, text);
  const [start = '', ...rest] = marked.split(MARK_START);
  return html`${start}${rest.map((piece) => {
    const [inside = '', ...after] = piece.split(MARK_END);
    return html`<mark>${inside}</mark>${after.join('')}`;
  })}`;
}

/** Marks every word of `text` that `found` has marked somewhere. */
function withMarks(text: string, found: string): string {
  const words = new Set([...found.matchAll(MARKED)].map(([, word = '']) => word));
  return text.replace(/[\p{L}\p{N}]+/gu, (word) =>
    words.has(word) ? MARK_START + word + MARK_END : word,
  );
}
