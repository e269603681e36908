import { BODY_RULES } from './checklist-body.ts';
import { CONFIRMATION_RULES } from './checklist-confirmation.ts';
import { HEADER_RULES } from './checklist-headers.ts';
import { type MessageFacts, readToCheck } from './checklist-message.ts';
import type { Rule } from './checklist-rule.ts';
import { SIGNATURE_RULES } from './checklist-signature.ts';
import type { Finding } from './finding.ts';

/** A line of the checklist for one message. */
export type ChecklistRow = Omit<Rule, 'judge'> & Finding;

const RULES: readonly Rule[] = [
  ...SIGNATURE_RULES,
  ...HEADER_RULES,
  ...BODY_RULES,
  ...CONFIRMATION_RULES,
];

/**
 * Holds a message to everything that it can show of what large receivers ask of bulk senders; a confirmation to the rules
 * of its own, as it belongs to no list. `raw` are the bytes as they go over the wire, signed if they are signed at all.
 * Takes a few milliseconds; never rejects, whatever the bytes.
 */
export async function checkMessage(
  raw: Uint8Array,
  facts: MessageFacts = {},
): Promise<ChecklistRow[]> {
  const message = await readToCheck(raw, facts);
  return RULES.filter(({ only = message.purpose }) => only === message.purpose).map(
    ({ judge, ...rule }) => ({ ...rule, ...judge(message) }),
  );
}
