import { utf16ByZeros } from './decode-page.ts';

/** How files that are no text begin. */
const MAGIC: readonly (readonly [kind: string, bytes: readonly number[]])[] = [
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38]],
  ['a gzip file', [0x1f, 0x8b]],
  ['a zip file', [0x50, 0x4b, 0x03, 0x04]],
  ['a bzip2 file', [0x42, 0x5a, 0x68]],
  ['an xz file', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a zstd file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66]],
];

const SAMPLE_BYTES = 8192;
/** More zero bytes than this share is no text with a few stray ones. */
const ZERO_SHARE = 0.1;

/** What kind of file these bytes are when they are no text, in words; undefined for text of any encoding. */
export function binaryKind(bytes: Uint8Array): string | undefined {
  const known = MAGIC.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
  if (known) return known[0];
  if (utf16ByZeros(bytes) !== undefined) return undefined;
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isUtf16) return undefined;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let zeros = 0;
  for (const byte of sample) if (byte === 0) zeros++;
  return zeros > sample.length * ZERO_SHARE ? 'a binary file' : undefined;
}
