import { fieldOf, readFields, withoutComments } from './fields.ts';
import { COMPLAINT_REASONS, type Finding } from './finding.ts';
import { recipientIn } from './recipient.ts';

/** What a feedback report says (RFC 5965): somebody complains, or takes it back. */
export function readFeedback(report: string): Finding {
  // Some write an empty line between the fields.
  const fields = readFields(report);
  const type = withoutComments(fieldOf(fields, 'feedback-type')).toLowerCase();
  const recipient =
    recipientIn(fieldOf(fields, 'original-rcpt-to')) ??
    recipientIn(fieldOf(fields, 'removal-recipient'));
  const told = recipient === undefined ? {} : { recipient };
  if (type === 'not-spam') return { ...told, kind: 'not-a-bounce', reason: 'not-spam' };
  const known = type.startsWith('opt-out') ? 'opt-out' : type;
  const reason = COMPLAINT_REASONS.find((name) => name === known) ?? 'other';
  return { ...told, kind: 'complaint', reason };
}
