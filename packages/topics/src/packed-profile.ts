import type { TopicProfile } from './topic-profile.ts';

/** Numbers before the related words: whether it is learning, and five scales. */
const HEAD = 6;
const HEAD_BYTES = HEAD * Float64Array.BYTES_PER_ELEMENT;
const TERM_BYTES = Int32Array.BYTES_PER_ELEMENT + Float32Array.BYTES_PER_ELEMENT;

/** A profile as bytes, to be kept: those of a million topics are read in a second. Further parts are not among them. */
export function packProfile({ isLearning, scales, related }: TopicProfile): Uint8Array {
  const terms = related.terms.length;
  const bytes = new Uint8Array(HEAD_BYTES + terms * TERM_BYTES);
  const { units, words, text, related: likeness, total } = scales;
  new Float64Array(bytes.buffer, 0, HEAD).set([
    Number(isLearning),
    units,
    words,
    text,
    likeness,
    total,
  ]);
  new Int32Array(bytes.buffer, HEAD_BYTES, terms).set(related.terms);
  new Float32Array(bytes.buffer, HEAD_BYTES + 4 * terms, terms).set(related.weights);
  return bytes;
}

/** What `packProfile` packed, by the statistics that it was learnt with. Throws a RangeError for other bytes. */
export function unpackProfile(packed: Uint8Array): TopicProfile {
  const terms = (packed.length - HEAD_BYTES) / TERM_BYTES;
  // Copied, as what a driver gives begins at any byte of a larger piece.
  const { buffer } = new Uint8Array(packed);
  const [isLearning = 0, units = 1, words = 1, text = 1, related = 1, total = 1] = new Float64Array(
    buffer,
    0,
    HEAD,
  );
  return {
    isLearning: isLearning === 1,
    scales: { units, words, text, related, total },
    related: {
      terms: new Int32Array(buffer, HEAD_BYTES, terms),
      weights: new Float32Array(buffer, HEAD_BYTES + 4 * terms, terms),
    },
  };
}
