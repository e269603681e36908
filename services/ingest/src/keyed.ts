import { hash } from 'node:crypto';
import { type Entry, type Fingerprint, type KeyedEntry, keysOf } from '@paperboy/core';

/** Names an entry and digests its words. */
export function keyed(entry: Entry): KeyedEntry {
  return { ...entry, keys: keysOf(entry), fingerprint: fingerprintOf(entry) };
}

/** The words of one entry as bytes; grows with the longest. Its content lasts for one digest. */
let words = Buffer.allocUnsafe(16_384);
const BYTES_PER_UNIT = 3;

/**
 * Digest of the words as listed; where they differ at all, `textChange` compares the texts themselves. Half of a
 * SHA-256: 128 bits tell words apart, and Postgres keeps them as a uuid. The words are joined as bytes and digested
 * at once: joined as a string they would be copied twice, and a digest of each costs a call more.
 */
function fingerprintOf({ textKind, title, abstract = '' }: Entry): Fingerprint {
  const longest = (textKind.length + title.length + abstract.length) * BYTES_PER_UNIT + 2;
  if (longest > words.length) words = Buffer.allocUnsafe(longest);
  let end = words.write(`${textKind}\n`, 0);
  end += words.write(title, end);
  end += words.write('\n', end);
  end += words.write(abstract, end);
  return hash('sha256', words.subarray(0, end), 'hex').slice(0, 32) as Fingerprint;
}
