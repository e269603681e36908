/** Longest encoded line without its soft break; with the `=` it is the 76 of RFC 2045 6.7. */
const LINE = 75;
const DIGITS = Buffer.from('0123456789ABCDEF', 'latin1');
/** ASCII that stands for itself wherever it stands: no `=`, no line end, no blank or tab. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 32 && byte < 127 && byte !== 61 ? 1 : 0,
);
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const DOT = 46;
const EQUALS = 61;
const LETTER_F = 70;

/**
 * Collects quoted-printable pieces of one body part. Each piece ends on a whole line (a soft break where
 * its text does not end its own), so that pieces encoded apart decode to the joined text. Every line end
 * becomes CRLF. The last piece of a part should end with a line end of its own. No blank stands beside another or at
 * the end of a line, and no tab anywhere, so that what is written is in the relaxed form that signatures are about (RFC
 * 6376 3.4.4). One writer serves many messages, as growing a buffer for each cost a third of the time to build one.
 */
export class QuotedPrintableWriter {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #source = Buffer.allocUnsafeSlow(4 * 1024);
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds what was encoded before. */
  add(encoded: Uint8Array): void {
    this.#reserve(encoded.length);
    this.#bytes.set(encoded, this.#length);
    this.#length += encoded.length;
  }

  /** Encodes a text as one piece. */
  encode(text: string): void {
    const unified = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    if (unified.length * 3 > this.#source.length) {
      this.#source = Buffer.allocUnsafeSlow(unified.length * 6);
    }
    const end = this.#source.write(unified, 0, 'utf8');
    // Three bytes for each, and three more for each soft break, of which none is closer than 25 bytes to the next.
    this.#reserve(end * 3 + Math.ceil(end / 24) * 3 + 3);
    this.#length = encodeInto(this.#bytes, this.#length, this.#source, end);
  }

  /** Forgets all that was written after `length`. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** What is written, valid until the writer is used again. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow((this.#length + more) * 2);
    larger.set(this.view());
    this.#bytes = larger;
  }
}

const pieceWriter = new QuotedPrintableWriter();

/** One piece in a buffer of its own. */
export function encodePiece(text: string): Buffer {
  pieceWriter.truncate(0);
  pieceWriter.encode(text);
  return Buffer.from(pieceWriter.view());
}

function encodeInto(target: Buffer, start: number, source: Buffer, end: number): number {
  let at = start;
  let column = 0;
  let afterBlank = false;
  for (let index = 0; index < end; index++) {
    const byte = source[index] ?? 0;
    if (byte === NEWLINE) {
      target[at++] = RETURN;
      target[at++] = NEWLINE;
      column = 0;
      afterBlank = false;
      continue;
    }
    let plain = PLAIN[byte] === 1;
    if (byte === BLANK) {
      // A piece that ends in a blank has a soft break behind it.
      plain = !afterBlank && (index + 1 === end || source[index + 1] !== NEWLINE);
    }
    if (column + (plain ? 1 : 3) > LINE) {
      at = softBreak(target, at);
      column = 0;
    }
    // A dot that opens a line is doubled on the wire, and "From " is quoted by old mailboxes: neither is left to others.
    if (column === 0 && (byte === DOT || byte === LETTER_F)) plain = false;
    afterBlank = plain && byte === BLANK;
    if (plain) {
      target[at++] = byte;
      column += 1;
    } else {
      target[at++] = EQUALS;
      target[at++] = DIGITS[byte >> 4] ?? 0;
      target[at++] = DIGITS[byte & 15] ?? 0;
      column += 3;
    }
  }
  return column > 0 ? softBreak(target, at) : at;
}

function softBreak(target: Buffer, at: number): number {
  target[at] = EQUALS;
  target[at + 1] = RETURN;
  target[at + 2] = NEWLINE;
  return at + 3;
}
