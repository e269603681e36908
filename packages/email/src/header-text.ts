import { stripControls } from '@paperboy/core';

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
  const whole = encodedWord(text);
  if (whole.length <= 76 - used) return [whole];
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

/** In Q where that is shorter or as long, as a person can read it in the source. */
function encodedWord(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const base64 = bytes.toString('base64');
  const quoted = bytes
    .toString('latin1')
    .replace(/[^A-Za-z0-9!*+/ -]/g, (sign) => `=${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll(' ', '_');
  return base64.length < quoted.length ? `=?UTF-8?B?${base64}?=` : `=?UTF-8?Q?${quoted}?=`;
}
