/** The relaxed canonical forms of a message, which is what a DKIM signature is about (RFC 6376 3.4). */

const NEWLINE = 10;
const RETURN = 13;

/** The message with CRLF for every line end; the same buffer where it has no other. */
export function toCrlf(message: Buffer): Buffer {
  const text = message.toString('latin1');
  if (!/\r(?!\n)|(?<!\r)\n/.test(text)) return message;
  return Buffer.from(text.replace(/\r\n?|\n/g, '\r\n'), 'latin1');
}

/** A header line without its CRLF, folded or not: its name in lower case, and all of it in relaxed form (RFC 6376 3.4.2). */
export function relaxedHeader(line: string): { readonly name: string; readonly text: string } {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase();
  const value = line.slice(colon + 1).trim();
  const plain = /[\t\r\n]| {2}/.test(value) ? value.replace(/[ \t\r\n]+/g, ' ') : value;
  return { name, text: `${name}:${plain}\r\n` };
}

/**
 * The body from `start` in relaxed form (RFC 6376 3.4.4): runs of blanks are one, none ends a line, and of the
 * empty lines at the end nothing is left. A view of the message where it is so already, as ours nearly always are.
 */
export function relaxedBody(message: Buffer, start: number): Buffer {
  const end = trimmedEnd(message, start);
  const text = message.toString('latin1', start, end);
  if (text.endsWith('\r\n') && !/\t| {2}| \r/.test(text)) return message.subarray(start, end);
  const relaxed = text.replace(/[ \t]+/g, ' ').replaceAll(' \r\n', '\r\n');
  const whole = relaxed.replace(/ $/, '').replace(/(?:\r\n)+$/, '');
  return Buffer.from(whole === '' ? '' : `${whole}\r\n`, 'latin1');
}

/** Where the body ends when one line end is left of those at its end. */
function trimmedEnd(message: Buffer, start: number): number {
  let end = message.length;
  const isBreak = (at: number) => message[at] === RETURN && message[at + 1] === NEWLINE;
  while (end - 4 >= start && isBreak(end - 2) && isBreak(end - 4)) end -= 2;
  return end - start === 2 && isBreak(start) ? start : end;
}
