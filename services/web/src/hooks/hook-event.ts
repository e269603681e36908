import { codeIn, isHardReason, reasonOf, strongerCode } from '@paperboy/email';
import type { Returned } from '@paperboy/store';

/** One thing that a provider tells of one message. */
export interface HookEvent {
  /** Whatever it says of the message that carries our token: its Message-ID, or its envelope sender. */
  readonly carriers: readonly string[];
  readonly returned: Returned;
}

/**
 * A failure by the server's words, read by the table that reports are read by. What the provider makes of it counts
 * where the words name no reason: `isHard` for an address that it holds for gone, false for one it will try again.
 */
export function failure(
  words: string,
  { code = '', isHard }: { readonly code?: string; readonly isHard: boolean },
): Returned {
  const status = strongerCode(codeIn(code), codeIn(words));
  const named = reasonOf(status, words);
  const isSoftened = isHardReason(named) && !isHard;
  const reason =
    named === 'undefined' && isHard ? 'unknown-user' : isSoftened ? 'undefined' : named;
  const kept = words.replace(/\s+/g, ' ').trim().slice(0, 500);
  return {
    kind: 'failed',
    reason,
    isHard: isHardReason(reason),
    ...(status !== undefined && { status }),
    ...(kept !== '' && { words: kept }),
  };
}
