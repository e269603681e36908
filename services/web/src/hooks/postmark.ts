import type { Returned } from '@paperboy/store';
import { failure, type HookEvent } from './hook-event.ts';
import { textAt } from './json.ts';

/** Bounces that are none: somebody is away, signed up, or has asked Postmark itself to be left alone. */
const NO_BOUNCE = new Set([
  'AutoResponder',
  'AddressChange',
  'Subscribe',
  'OpenRelayTest',
  'Unknown',
]);
const GONE = new Set(['HardBounce', 'BadEmailAddress']);

/** What a webhook of Postmark says. Our token comes back in the metadata that the message carried. */
export function postmarkEvents(message: unknown): HookEvent[] {
  const token = textAt(message, 'Metadata', 'delivery');
  const returned = returnedBy(message);
  return returned ? [{ carriers: [`<d.${token}@>`], returned }] : [];
}

function returnedBy(message: unknown): Returned | undefined {
  const type = textAt(message, 'Type');
  switch (textAt(message, 'RecordType')) {
    case 'Bounce': {
      if (NO_BOUNCE.has(type)) return undefined;
      if (type === 'SpamComplaint') return { kind: 'complaint', reason: 'abuse' };
      if (type === 'Unsubscribe') return { kind: 'complaint', reason: 'opt-out' };
      if (type === 'Transient') return { kind: 'delayed' };
      return failure(textAt(message, 'Details') || textAt(message, 'Description'), {
        isHard: GONE.has(type),
      });
    }
    case 'SpamComplaint':
      return { kind: 'complaint', reason: 'abuse' };
    case 'SubscriptionChange':
      return isLeaving(message) ? { kind: 'complaint', reason: 'opt-out' } : undefined;
    case 'Delivery':
      return { kind: 'arrived' };
    default:
      return undefined;
  }
}

/**
 * Whether the reader asked Postmark to be left alone, by its own link or header. What else it sends nothing to any more,
 * it has told of as a bounce or a complaint; who is taken off by hand, or back on, is the operator's affair.
 */
function isLeaving(message: unknown): boolean {
  const [reason, origin] = [textAt(message, 'SuppressionReason'), textAt(message, 'Origin')];
  return reason === 'ManualSuppression' && origin === 'Recipient';
}
