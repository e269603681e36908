/**
 * Stands between the parts of a message. `=_` cannot stand in quoted-printable, so no line of a body is ever taken for
 * it.
 */
export function boundaryOf(messageId: string): string {
  return `=_${messageId.replace(/@.*|[^\w.]/g, '').slice(0, 60)}`;
}

/** Gives the memory that so many bytes are written to. */
export type Place = (bytes: number) => Buffer;

const newMemory: Place = (bytes) => Buffer.allocUnsafeSlow(bytes);

/**
 * The body of a `multipart/alternative` message (RFC 2046, 5.1.4), behind its headers: text first, then HTML, both
 * encoded as quoted-printable. Strings are Latin 1. Where both parts are in the relaxed form of RFC 6376, so is all of
 * the body.
 */
export function joinParts(
  headers: readonly (Buffer | string)[],
  boundary: string,
  { text, html }: { readonly text: Buffer; readonly html: Buffer },
  place: Place = newMemory,
): Buffer {
  const head = (type: string) =>
    `\r\n--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
  const end = `\r\n--${boundary}--\r\n`;
  const pieces = [...headers, head('text/plain'), text, head('text/html'), html, end];
  const message = place(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    at += typeof piece === 'string' ? message.write(piece, at, 'latin1') : piece.copy(message, at);
  }
  return message;
}
