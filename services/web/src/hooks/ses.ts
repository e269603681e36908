import type { Returned } from '@paperboy/store';
import { failure, type HookEvent } from './hook-event.ts';
import { listAt, textAt } from './json.ts';

/** What a notification or a published event of Amazon SES says, one for each recipient. */
export function sesEvents(message: unknown): HookEvent[] {
  const carriers = carriersIn(message);
  const returned = returnedBy(
    message,
    textAt(message, 'notificationType') || textAt(message, 'eventType'),
  );
  return returned.map((one) => ({ carriers, returned: one }));
}

function carriersIn(message: unknown): string[] {
  const headers = listAt(message, 'mail', 'headers')
    .filter((header) => textAt(header, 'name').toLowerCase() === 'message-id')
    .map((header) => textAt(header, 'value'));
  return [
    // The address in MAIL FROM, which SES leaves as it is; the Message-ID it replaces by its own.
    textAt(message, 'mail', 'source'),
    ...headers,
    textAt(message, 'mail', 'commonHeaders', 'messageId'),
  ];
}

function returnedBy(message: unknown, type: string): Returned[] {
  switch (type) {
    case 'Bounce': {
      const isHard = textAt(message, 'bounce', 'bounceType') === 'Permanent';
      return listAt(message, 'bounce', 'bouncedRecipients').map((recipient) =>
        failure(textAt(recipient, 'diagnosticCode'), {
          code: textAt(recipient, 'status'),
          // "General" is what SES says when it does not know either.
          isHard: isHard && textAt(message, 'bounce', 'bounceSubType') !== 'General',
        }),
      );
    }
    case 'Complaint': {
      const feedback = textAt(message, 'complaint', 'complaintFeedbackType');
      if (feedback === 'not-spam') return [];
      const reason = feedback === 'auth-failure' ? feedback : feedback || 'abuse';
      return [{ kind: 'complaint', reason }];
    }
    case 'Delivery':
      return [{ kind: 'arrived' }];
    case 'DeliveryDelay':
      return [{ kind: 'delayed' }];
    default:
      return [];
  }
}
