import { exactHeader } from './header-text.ts';

/** What a message says, encoded as quoted-printable; without HTML it is text alone. */
export interface Parts {
  readonly text: Buffer;
  readonly html?: Buffer;
}

/** Gives the memory that so many bytes are written to. */
export type Place = (bytes: number) => Buffer;

const newMemory: Place = (bytes) => Buffer.allocUnsafeSlow(bytes);

/**
 * A whole message: `headers` and those of its content, then `multipart/alternative` (RFC 2046, 5.1.4) with the text
 * first, or the text by itself. Strings are Latin 1. Where its parts are in the relaxed form of RFC 6376, so is its body.
 */
export function joinParts(
  headers: readonly (Buffer | string)[],
  { messageId, text, html }: Parts & { readonly messageId: string },
  place: Place = newMemory,
): Buffer {
  const pieces = [...headers, ...(html ? alternative(messageId, text, html) : alone(text))];
  const message = place(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    at += typeof piece === 'string' ? message.write(piece, at, 'latin1') : piece.copy(message, at);
  }
  return message;
}

function alternative(messageId: string, text: Buffer, html: Buffer): (Buffer | string)[] {
  const boundary = boundaryOf(messageId);
  const head = (type: string) => `\r\n--${boundary}\r\n${contentHeaders(type)}\r\n`;
  return [
    exactHeader('Content-Type', `multipart/alternative; boundary="${boundary}"`),
    ...[head('text/plain'), text, head('text/html'), html],
    `\r\n--${boundary}--\r\n`,
  ];
}

function alone(text: Buffer): (Buffer | string)[] {
  return [contentHeaders('text/plain'), '\r\n', text];
}

function contentHeaders(type: string): string {
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n`;
}

/**
 * Stands between the parts of a message. `=_` cannot stand in quoted-printable, so no line of a body is ever taken for
 * it.
 */
function boundaryOf(messageId: string): string {
  return `=_${messageId.replace(/@.*|[^\w.]/g, '').slice(0, 60)}`;
}
