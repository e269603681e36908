import { comparableAbstract, isSameTitle, withoutAddresses } from './comparable-text.ts';
import type { Entry, TextKind } from './entry.ts';
import type { Fingerprint } from './identity.ts';
import type { PaperTextId } from './ids.ts';

/** The wording that one source last gave of a paper. */
export interface KnownText {
  readonly textId: PaperTextId;
  readonly textKind: TextKind;
  readonly fingerprint: Fingerprint;
  readonly words: Pick<Entry, 'title' | 'abstract'>;
}

/** How an entry's text stands to what its source said of the paper before. */
export type TextChange =
  | { readonly kind: 'first' }
  | { readonly kind: 'same'; readonly textId: PaperTextId }
  /** The source had the title only and now has the abstract too. */
  | { readonly kind: 'completed'; readonly textId: PaperTextId }
  /** Same words, other addresses: kept, never mailed. */
  | { readonly kind: 'links'; readonly textId: PaperTextId }
  | {
      readonly kind: 'revised';
      readonly textId: PaperTextId;
      readonly changed: readonly ('title' | 'abstract')[];
    };

/** Compares an entry with the wording its own source gave last; texts of another kind or source are not compared. */
export function textChange(
  entry: Pick<Entry, 'title' | 'abstract' | 'textKind'> & { readonly fingerprint: Fingerprint },
  before: KnownText | undefined,
): TextChange {
  if (before?.textKind !== entry.textKind) return { kind: 'first' };
  const { textId } = before;
  if (before.fingerprint === entry.fingerprint) return { kind: 'same', textId };
  const changed: ('title' | 'abstract')[] = [];
  if (!isSameTitle(before.words.title, entry.title)) changed.push('title');
  const abstract = abstractChange(before.words.abstract, entry.abstract);
  if (abstract === 'revised') changed.push('abstract');
  if (changed.length > 0) return { kind: 'revised', textId, changed };
  return { kind: abstract === 'revised' ? 'same' : abstract, textId };
}

/** Spelling, wrapping and link hosts are no change; an abstract that a list leaves out is not taken back. */
function abstractChange(
  before: string | undefined,
  now: string | undefined,
): 'same' | 'completed' | 'links' | 'revised' {
  if (now === undefined || now === before) return 'same';
  if (before === undefined) return 'completed';
  if (withoutAddresses(before) !== withoutAddresses(now)) return 'revised';
  return comparableAbstract(before) === comparableAbstract(now) ? 'same' : 'links';
}
