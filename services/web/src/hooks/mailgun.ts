import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Returned } from '@paperboy/store';
import { failure, type HookEvent } from './hook-event.ts';
import { textAt } from './json.ts';

/** Whether Mailgun signed a message: HMAC-SHA256 over its timestamp and token. */
export function isSignedByMailgun(key: string, message: unknown): boolean {
  const signed = textAt(message, 'signature', 'timestamp') + textAt(message, 'signature', 'token');
  const given = Buffer.from(textAt(message, 'signature', 'signature'), 'hex');
  const made = createHmac('sha256', key).update(signed).digest();
  return signed !== '' && given.length === made.length && timingSafeEqual(given, made);
}

/** What an event of Mailgun says. */
export function mailgunEvents(message: unknown): HookEvent[] {
  const returned = returnedBy(message);
  const carriers = [
    textAt(message, 'event-data', 'message', 'headers', 'message-id'),
    textAt(message, 'event-data', 'envelope', 'sender'),
  ];
  return returned ? [{ carriers, returned }] : [];
}

function returnedBy(message: unknown): Returned | undefined {
  const at = (...path: string[]) => textAt(message, 'event-data', ...path);
  switch (at('event')) {
    case 'failed': {
      if (at('severity') === 'temporary') return { kind: 'delayed' };
      const words = [at('delivery-status', 'message'), at('delivery-status', 'description')];
      return failure(words.join(' '), {
        code: at('delivery-status', 'enhanced-code') || at('delivery-status', 'code'),
        isHard: at('reason') === 'bounce' || at('reason') === 'hardfail',
      });
    }
    case 'complained':
      return { kind: 'complaint', reason: 'abuse' };
    case 'unsubscribed':
      return { kind: 'complaint', reason: 'opt-out' };
    case 'delivered':
      return { kind: 'arrived' };
    default:
      return undefined;
  }
}
