import { writeLabels, writeReasons } from './card.ts';
import type { DigestItem } from './digest-content.ts';
import type { Layout } from './layout.ts';
import { personalText } from './plain-text.ts';
import { encodePiece, QuotedPrintableWriter } from './quoted-printable.ts';

/** What stands around a paper for one reader, encoded: the other topics it is for, and why. */
export interface PersonalPieces {
  readonly labels: Buffer;
  readonly reasons: Buffer;
  /** Both, in the text part. */
  readonly text: Buffer;
}

/** Pieces kept at a time, each of some 500 bytes. */
const MOST_KEPT = 10_000;

/**
 * Encodes topics and reasons, each distinct pair once: readers of one topic are told the same of a paper. Pure but for
 * what it remembers.
 */
export function createPersonalPieces(
  layout: Layout,
): (item: DigestItem, isUnderTopic: boolean) => PersonalPieces {
  const known = new Map<string, PersonalPieces>();
  const writer = new QuotedPrintableWriter();
  const written = (write: () => void) => {
    writer.truncate(0);
    write();
    return Buffer.from(writer.view());
  };
  return (item, isUnderTopic) => {
    const key = [isUnderTopic ? 'also' : 'topics', ...item.labels, '', ...item.why].join('\u0000');
    const found = known.get(key);
    if (found) return found;
    // Below a heading that names its first topic, a second line of topics would stand between that and the title.
    const above = isUnderTopic ? [] : item.labels;
    const isAlso = isUnderTopic && item.labels.length > 0;
    const why = isAlso ? [...item.why, `Also: ${item.labels.join(', ')}`] : item.why;
    const pieces = {
      labels: written(() => writeLabels(writer, layout, above)),
      reasons: written(() => writeReasons(writer, layout, why)),
      text: encodePiece(personalText(item, isUnderTopic)),
    };
    if (known.size >= MOST_KEPT) known.clear();
    known.set(key, pieces);
    return pieces;
  };
}
