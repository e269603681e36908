/** The address takes no mail and will not: nobody is there, they moved, or the host has no mail at all. */
const HARD_REASONS = ['unknown-user', 'moved', 'unknown-host', 'no-mail'] as const;

/** The address may well be good. `undefined` is a refusal that names no reason. */
const SOFT_REASONS = [
  'mailbox-full',
  'disabled',
  'blocked',
  'sender',
  'too-big',
  'content',
  'network',
  'system',
  'loop',
  'expired',
  'undefined',
] as const;

/** Why a delivery failed, whoever says so: a server during the conversation, or a report after it. */
export type BounceReason = (typeof HARD_REASONS)[number] | (typeof SOFT_REASONS)[number];

const HARD: ReadonlySet<string> = new Set(HARD_REASONS);

/** Whether the reason speaks against the address itself. */
export function isHardReason(reason: BounceReason): boolean {
  return HARD.has(reason);
}
