import type { BounceReason } from './reasons.ts';

/** What came back with a message. */
export type FindingKind = 'hard' | 'soft' | 'complaint' | 'auto-reply' | 'not-a-bounce';

/** What people complain of, by Feedback-Type (RFC 5965 7.3), and what else a feedback report may be about. */
export const COMPLAINT_REASONS = [
  'abuse',
  'fraud',
  'opt-out',
  'virus',
  'other',
  'auth-failure',
] as const;
export type ComplaintReason = (typeof COMPLAINT_REASONS)[number];

/** Why a message is no bounce. The first three are evidence that the delivery arrived, or went on to where nobody reports. */
type PassedReason = 'delivered' | 'relayed' | 'expanded' | 'not-spam' | 'unrecognised';

interface Told {
  /** As the report names it. */
  readonly recipient?: string;
  /** RFC 3463, such as `5.1.1`, or a reply code where there is no better one. */
  readonly status?: string;
  /** The server's own words, shortened. */
  readonly words?: string;
}

/** What a message says of one recipient. `delayed` is never final. */
export type Finding = Told &
  (
    | { readonly kind: 'hard' | 'soft'; readonly reason: BounceReason | 'delayed' }
    | { readonly kind: 'complaint'; readonly reason: ComplaintReason }
    | { readonly kind: 'auto-reply'; readonly reason: 'auto-reply' | 'challenge' }
    | { readonly kind: 'not-a-bounce'; readonly reason: PassedReason }
  );

export const MOST_RECIPIENTS = 100;
const LONGEST_WORDS = 500;

/** A server's words on one line, short enough to be kept. */
export function keptWords(text: string): { readonly words?: string } {
  const words = text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_WORDS);
  return words === '' ? {} : { words };
}
