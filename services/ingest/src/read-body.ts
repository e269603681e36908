import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { PaperboyError } from '@paperboy/core';
import { breakIn } from './fetch-error.ts';

/** What `readBody` undoes, as an Accept-Encoding header says it. */
export const ACCEPTED_CODINGS = 'gzip, br';

const DECODERS = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
  // Not asked for, as servers differ in what they mean by it; this is what RFC 9110 means.
  ['deflate', createInflate],
]);

export interface Body {
  readonly bytes: Uint8Array;
  /** Why they end before the page does. */
  readonly cutBecause?: string;
}

interface BodyLimits {
  readonly coding: string;
  readonly maxBytes: number;
  /** Take what fits instead of refusing a body that is larger. */
  readonly isCutThere: boolean;
}

/**
 * Reads an answer's body to its end and undoes its compression. Bytes are counted as they come and again as
 * they unpack, so neither an endless body nor a bomb takes more memory than `maxBytes`. A body that breaks off
 * gives what came of it; one that breaks off before anything came throws why. Throws PAGE_TOO_LARGE, and
 * PAGE_UNREADABLE for a compression that nobody asked for.
 */
export async function readBody(body: Readable, limits: BodyLimits): Promise<Body> {
  const name = limits.coding.trim().toLowerCase();
  const decoder = DECODERS.get(name);
  if (name !== 'identity' && !decoder) {
    discard(body);
    throw new PaperboyError('PAGE_UNREADABLE', `compressed as "${name.slice(0, 40)}"`);
  }
  const intake = new Intake(limits);
  const received = new Intake(limits);
  try {
    // The body itself is no part of the pipeline: its end would tear the decoder down with all that it holds.
    if (decoder) await pipeline(received.pass(body), decoder(), (chunks) => intake.keep(chunks));
    else await intake.keep(body);
  } catch (error) {
    if (!intake.isFull && !received.isFull && breakIn(error) === undefined) throw error;
    intake.broken ??= error;
  }
  return intake.result(received);
}

/** Closes the connection of a body that nobody reads, however long it would go on. */
export function discard(body: Readable): void {
  body.on('error', () => {}).destroy();
}

/** Counts what comes, and stands between a connection that breaks off and what came before. */
class Intake {
  readonly #limits: BodyLimits;
  readonly #kept: Uint8Array[] = [];
  #size = 0;
  isFull = false;
  broken: unknown;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  async *pass(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        const { maxBytes, isCutThere } = this.#limits;
        this.#size += chunk.byteLength;
        const isOver = this.#size > maxBytes;
        if (isOver && !isCutThere)
          throw new PaperboyError('PAGE_TOO_LARGE', `over ${maxBytes} bytes`);
        this.isFull = isOver;
        yield this.isFull ? chunk.subarray(0, maxBytes - this.#size) : chunk;
        if (this.isFull) return;
      }
    } catch (error) {
      // The decoder is then still given its end, and gives what it holds.
      if (breakIn(error) === undefined) throw error;
      this.broken = error;
    }
  }

  async keep(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of this.pass(chunks)) this.#kept.push(chunk);
  }

  /** What was kept; `before` is where it had to pass. */
  result(before: Intake): Body {
    const bytes = Buffer.concat(this.#kept);
    const broken = before.broken ?? this.broken;
    if (this.isFull || before.isFull || broken === undefined) return { bytes };
    if (bytes.byteLength === 0) throw broken;
    return { bytes, cutBecause: `ends after ${bytes.byteLength} bytes: ${breakIn(broken)}` };
  }
}
