import { utf8Pieces } from './utf8-pieces.ts';

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[Xx]([\da-fA-F]{1,6}));/g;
const OTHER_REFERENCE =
  /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[Xx][\da-fA-F]{1,6});)(?:[a-zA-Z]|#[\dXx])/;

/** UTF-16 units that are decoded at a time. */
const PIECE = 16_384;
/** Of the longest reference that is decoded, `&#1234567;`. */
const LONGEST = 10;

/**
 * Decodes the references that server-rendered attributes use: the five of XML, and numbers. Undefined when
 * there is any other (`&eacute;`, `&quot` without its semicolon): then a full HTML parser has to answer. Piece by
 * piece, because a string of a megabyte for each step costs more than the steps.
 * @param raw a text, or its bytes in UTF-8
 */
export function decodeEntities(raw: string | Uint8Array): string | undefined {
  const decoded: string[] = [];
  let held = '';
  for (const piece of typeof raw === 'string' ? slices(raw) : utf8Pieces(raw)) {
    const text = held + piece;
    // No reference is cut in two: one that may go on waits for the next piece.
    const start = text.lastIndexOf('&');
    const end = start >= 0 && start > text.length - LONGEST ? start : text.length;
    const part = decodePiece(text.slice(0, end));
    if (part === undefined) return undefined;
    decoded.push(part);
    held = text.slice(end);
  }
  const last = decodePiece(held);
  if (last === undefined) return undefined;
  decoded.push(last);
  return decoded.join('');
}

function* slices(raw: string): Generator<string, void> {
  for (let at = 0; at < raw.length; at += PIECE) yield raw.slice(at, at + PIECE);
}

function decodePiece(raw: string): string | undefined {
  // All but a few of the 50,000 references of a page are this one, and a plain replacement is
  // three times faster. It cannot decode twice: `&amp;quot;` does not contain `&quot;`.
  const text = raw.replace(/&quot;/g, '"');
  if (!text.includes('&')) return text;
  if (OTHER_REFERENCE.test(text)) return undefined;
  let isPlain = true;
  const decoded = text.replace(REFERENCE, (all, name, decimal, hex) => {
    const letter = name === undefined ? numbered(decimal, hex) : NAMED[name];
    isPlain &&= letter !== undefined;
    return letter ?? all;
  });
  return isPlain ? decoded : undefined;
}

function numbered(decimal: string | undefined, hex: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  // NUL, C1, surrogates and beyond Unicode have rules of their own (HTML standard, 13.2.5.80).
  const isPlain = code > 0 && (code < 0x80 || code > 0x9f) && code <= 0x10ffff;
  return isPlain && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined;
}
