import { createPublicKey, verify } from 'node:crypto';
import type { Returned } from '@paperboy/store';
import { failure, type HookEvent } from './hook-event.ts';
import { listAt, textAt } from './json.ts';

/** Whether SendGrid signed a body: ECDSA on P-256 over the timestamp and the bytes as they came. `key` is a sound one. */
export function isSignedBySendgrid(
  key: string,
  { signature, timestamp, body }: { signature: string; timestamp: string; body: Buffer },
): boolean {
  const bytes = Buffer.from(key, 'base64');
  const publicKey = createPublicKey({ key: bytes, format: 'der', type: 'spki' });
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  return verify('sha256', signed, publicKey, Buffer.from(signature, 'base64'));
}

/** What a batch of SendGrid's events says. */
export function sendgridEvents(message: unknown): HookEvent[] {
  return listAt({ events: message }, 'events').flatMap((event) => {
    const returned = returnedBy(event);
    return returned ? [{ carriers: [textAt(event, 'smtp-id')], returned }] : [];
  });
}

function returnedBy(event: unknown): Returned | undefined {
  const reason = textAt(event, 'reason');
  const code = textAt(event, 'status');
  switch (textAt(event, 'event')) {
    case 'bounce':
      return failure(reason, { code, isHard: textAt(event, 'type') !== 'blocked' });
    case 'dropped':
      // It was never sent: an earlier bounce or complaint that SendGrid remembers.
      return failure(reason, { code, isHard: false });
    case 'deferred':
      return { kind: 'delayed' };
    case 'delivered':
      return { kind: 'arrived' };
    case 'spamreport':
      return { kind: 'complaint', reason: 'abuse' };
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { kind: 'complaint', reason: 'opt-out' };
    default:
      return undefined;
  }
}
