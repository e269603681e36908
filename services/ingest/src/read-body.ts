import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { PaperboyError } from '@paperboy/core';

/** What `readBody` undoes, as an Accept-Encoding header says it. */
export const ACCEPTED_CODINGS = 'gzip, br';

const DECODERS = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
  // Not asked for, as servers differ in what they mean by it; this is what RFC 9110 means.
  ['deflate', createInflate],
]);

/**
 * Reads an answer's body to its end and undoes its compression. Bytes are counted as they come and again as
 * they unpack, so neither an endless body nor a bomb takes more memory than `maxBytes`. Throws PAGE_TOO_LARGE,
 * PAGE_UNREADABLE for a compression that nobody asked for, and what cuts the body short.
 */
export async function readBody(
  body: Readable,
  coding: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = coding.trim().toLowerCase();
  if (name === 'identity') return pipeline(body, (chunks) => collect(chunks, maxBytes));
  const decoder = DECODERS.get(name);
  if (!decoder) {
    discard(body);
    throw new PaperboyError('PAGE_UNREADABLE', `compressed as "${name.slice(0, 40)}"`);
  }
  return pipeline(
    body,
    (chunks: AsyncIterable<Uint8Array>) => counted(chunks, maxBytes),
    decoder(),
    (chunks: AsyncIterable<Uint8Array>) => collect(chunks, maxBytes),
  );
}

/** Closes the connection of a body that nobody reads, however long it would go on. */
export function discard(body: Readable): void {
  body.on('error', () => {}).destroy();
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  for await (const chunk of counted(chunks, maxBytes)) kept.push(chunk);
  return Buffer.concat(kept);
}

async function* counted(chunks: AsyncIterable<Uint8Array>, maxBytes: number) {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new PaperboyError('PAGE_TOO_LARGE', `over ${maxBytes} bytes`);
    yield chunk;
  }
}
