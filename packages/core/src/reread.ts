import type { PaperTextId } from './ids.ts';
import type { TextChange } from './text-change.ts';

/**
 * What an old page that is read again may do to a wording. It betters the one it showed itself, and begins or
 * completes one; a wording that a later page brought is the newer word and stays in force.
 */
export function changeOnReread(
  change: TextChange,
  shownHere: PaperTextId | undefined,
): TextChange & { readonly isKept?: true } {
  const replaces = change.kind === 'revised' || change.kind === 'links';
  if (!replaces || change.textId === shownHere) return change;
  return { kind: 'same', textId: change.textId, isKept: true };
}
