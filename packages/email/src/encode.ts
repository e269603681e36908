import { stripControls } from '@paperboy/core';

/** Longest encoded line without its soft break; with the `=` it is the 76 of RFC 2045 6.7. */
const LINE = 75;
const HEX = Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(`=${byte.toString(16).toUpperCase().padStart(2, '0')}`, 'latin1'),
);
/** ASCII that stands for itself wherever it stands: no `=`, no line end, no blank (which may not end a line). */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 32 && byte < 127 && byte !== 61 ? 1 : 0,
);
const NEWLINE = 10;
const DOT = 46;
const LETTER_F = 70;

/**
 * Quoted-printable bytes of a text, ending on a whole line (a soft break where the text does not end
 * its own), so that pieces encoded apart can be joined in any order and decode to the joined text.
 * Every line end becomes CRLF. The last piece of a part should end with a line end of its own.
 */
export function encodePiece(text: string): Buffer {
  const source = Buffer.from(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text, 'utf8');
  // Three bytes for each, and three more for each soft break.
  const target = Buffer.allocUnsafe(source.length * 3 + Math.ceil(source.length / 25) * 3 + 3);
  let length = 0;
  let column = 0;
  const breakLine = (soft: boolean) => {
    if (soft) target[length++] = 61;
    target[length++] = 13;
    target[length++] = 10;
    column = 0;
  };
  for (let index = 0; index < source.length; index++) {
    const byte = source[index] ?? 0;
    if (byte === NEWLINE) {
      breakLine(false);
      continue;
    }
    let plain = PLAIN[byte] === 1 || ((byte === 32 || byte === 9) && source[index + 1] !== NEWLINE);
    if (column + (plain ? 1 : 3) > LINE) breakLine(true);
    // A dot that opens a line is doubled on the wire, and "From " is quoted by old mailboxes: neither is left to others.
    if (column === 0 && (byte === DOT || (byte === LETTER_F && opensFromLine(source, index)))) {
      plain = false;
    }
    if (plain) {
      target[length++] = byte;
      column += 1;
    } else {
      length += HEX[byte]?.copy(target, length) ?? 0;
      column += 3;
    }
  }
  if (column > 0) breakLine(true);
  return target.subarray(0, length);
}

function opensFromLine(source: Buffer, index: number): boolean {
  return source.toString('latin1', index, index + 5) === 'From ';
}

/** A header of free text on lines of up to 76: blanks and controls become one blank, what is not ASCII encoded words (RFC 2047). */
export function textHeader(name: string, text: string): string {
  const value = oneLine(text);
  const isPlain = /^[\x20-\x7e]*$/.test(value) && !value.includes('=?');
  const words = isPlain ? value.split(' ') : encodedWords(value, name.length + 2);
  return `${name}: ${fold(words, name.length + 2)}\r\n`;
}

/**
 * A header whose value has a syntax of its own (addresses, ids, URIs), on one line: folding inside a
 * URI breaks signatures. Throws where the value could end the line or is longer than RFC 5322 allows.
 */
export function exactHeader(name: string, value: string): string {
  if (!/^[\x20-\x7e]+$/.test(value))
    throw new TypeError(`${name} has a character that no header may have`);
  const line = `${name}: ${value}\r\n`;
  if (line.length > 1000) throw new RangeError(`${name} is longer than a line may be`);
  return line;
}

/** `Name <address>`, the name quoted or in encoded words as it needs. */
export function mailboxText({
  name,
  address,
}: {
  readonly name?: string;
  readonly address: string;
}): string {
  const shown = oneLine(name ?? '');
  if (shown === '') return address;
  if (!/^[\x20-\x7e]*$/.test(shown) || shown.includes('=?')) {
    return `${encodedWords(shown, 0).join(' ')} <${address}>`;
  }
  const isPhrase = /^[\w!#$%&'*+/=?^`{|}~ -]+$/.test(shown);
  return `${isPhrase ? shown : `"${shown.replace(/["\\]/g, '\\$&')}"`} <${address}>`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Wed, 11 Mar 2026 07:30:00 +0000` (RFC 5322 3.3). */
export function mailDate(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

function oneLine(text: string): string {
  return stripControls(text.replace(/\p{Cc}/gu, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

/** Lines of up to 76 where the words allow it. */
function fold(words: readonly string[], used: number): string {
  let text = '';
  let column = used;
  for (const word of words) {
    const separator = text === '' ? '' : column + 1 + word.length > 76 ? '\r\n ' : ' ';
    text += separator + word;
    column = separator === '\r\n ' ? 1 + word.length : column + separator.length + word.length;
  }
  return text;
}

/** Encoded words of at most 75 characters, none of which cuts a character; the first leaves room for what stands before it. */
function encodedWords(text: string, used: number): string[] {
  const words: string[] = [];
  let held = '';
  for (const character of text) {
    const room = words.length === 0 ? 76 - used : 75;
    if (held !== '' && encodedWord(held + character).length > room) {
      words.push(encodedWord(held));
      held = '';
    }
    held += character;
  }
  return held === '' ? words : [...words, encodedWord(held)];
}

function encodedWord(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  let quoted = '';
  for (const byte of bytes) {
    const sign = String.fromCharCode(byte);
    if (sign === ' ') quoted += '_';
    else quoted += /[A-Za-z0-9!*+/-]/.test(sign) ? sign : (HEX[byte]?.toString('latin1') ?? '');
  }
  const base64 = bytes.toString('base64');
  return base64.length < quoted.length ? `=?UTF-8?B?${base64}?=` : `=?UTF-8?Q?${quoted}?=`;
}
