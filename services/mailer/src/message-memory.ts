/** Enough for a digest: its HTML has up to 90 kB. Of a larger piece the system hands out what is touched alone. */
const SLAB = 128 * 1024;
/** Slabs kept; as many as messages can be on their way at a time. */
const MOST_FREE = 400;

/**
 * Memory that messages are built in and used again once they are at their end. New memory for each was most of what the
 * mailer held: it lies outside of V8's heap, which collects it late and by looking through all of that.
 */
export class MessageMemory {
  readonly #free: ArrayBufferLike[] = [];

  /** Memory for a message; whatever stood in it before is still there. */
  take(bytes: number): Buffer {
    if (bytes > SLAB) return Buffer.allocUnsafeSlow(bytes);
    return Buffer.from(this.#free.pop() ?? Buffer.allocUnsafeSlow(SLAB).buffer, 0, bytes);
  }

  /** Takes a message's memory back, once, when nobody reads it any more. */
  giveBack({ buffer }: Buffer): void {
    if (buffer.byteLength === SLAB && this.#free.length < MOST_FREE) this.#free.push(buffer);
  }
}
