/**
 * The text rules that hold for every page, feed and form: what is stored is one line of visible
 * characters, with TeX and Markdown left as written (they are escaped where they are shown).
 */

/** NUL and other controls but tab and line ends, and the bidi controls that make text read otherwise than it is. */
const CONTROLS = /[^\P{Cc}\t\n\r]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;
/** Every run of white space but a single blank, which most are and need not be replaced by itself. */
const WHITE_SPACE = /[^\S ]\s*| \s+/g;

/** Controls, bidi marks and half characters removed; everything else, line ends too, as it was. */
export function stripControls(text: string): string {
  return text.replace(CONTROLS, '').toWellFormed();
}

/** One line of visible text: controls removed, every run of white space (also no-break) one blank, trimmed. */
export function cleanText(text: string): string {
  return stripControls(text).replace(WHITE_SPACE, ' ').trim();
}

/** Cleaned text, or undefined where not one letter is in it (a row of hyphens is no abstract). */
export function textOrAbsent(text: string | undefined | null): string | undefined {
  if (text === undefined || text === null) return undefined;
  const clean = cleanText(text);
  return /\p{L}/u.test(clean) ? clean : undefined;
}

const URL_IN_TEXT = /https?:\/\/[^\s<>"'{}|\\^`]+/gi;

/** The http(s) addresses in a text, in order, without the punctuation that closes a sentence or a bracket. */
export function urlsIn(text: string): string[] {
  return [...text.matchAll(URL_IN_TEXT)].map((found) => trimUrl(found[0]));
}

/** A bracket at the end belongs to the address only where it closes one that stands in it. */
function trimUrl(url: string): string {
  let end = url.length;
  let open = url.split('(').length - url.split(')').length;
  while (end > 0 && '.,;:!?)]*'.includes(url.charAt(end - 1))) {
    if (url.charAt(end - 1) === ')' && open++ >= 0) break;
    end--;
  }
  return url.slice(0, end);
}

/** At most `max` characters, cut at a word where one is near, with an ellipsis. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const blank = cut.lastIndexOf(' ');
  const kept = blank > max * 0.6 ? withoutJoints(cut.slice(0, blank)) : cut;
  return `${kept.replace(/[\s,;:.\ud800-\udbff]+$/, '')}…`;
}

/** Words that announce another one: a cut behind them reads as if something was lost. */
const JOINTS = new Set(['and', 'or', 'with', 'without', 'not', 'in', 'from', 'of', 'the']);

function withoutJoints(text: string): string {
  const blank = text.lastIndexOf(' ');
  const ends = blank > 0 && JOINTS.has(text.slice(blank + 1));
  return ends ? withoutJoints(text.slice(0, blank)) : text;
}
