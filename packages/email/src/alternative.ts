/**
 * Stands between the parts of a message. `=_` cannot stand in quoted-printable, so no line of a body is ever taken for
 * it.
 */
export function boundaryOf(messageId: string): string {
  return `=_${messageId.replace(/@.*|[^\w.]/g, '').slice(0, 60)}`;
}

/**
 * The body of a `multipart/alternative` message (RFC 2046, 5.1.4), behind its headers: text first, then HTML, both
 * encoded as quoted-printable.
 */
export function joinParts(
  headers: readonly Buffer[],
  boundary: string,
  { text, html }: { readonly text: Buffer; readonly html: Buffer },
): Buffer {
  const head = (type: string) =>
    Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
      'latin1',
    );
  const end = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
  return Buffer.concat([...headers, head('text/plain'), text, head('text/html'), html, end]);
}
