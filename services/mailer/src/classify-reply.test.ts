import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyReply } from './classify-reply.ts';

test.each([
  // before MAIL FROM
  ['CONN', 421, '421 4.3.2 shutting down', 'relay', 'RELAY_UNAVAILABLE'],
  ['CONN', 554, '554 no service here', 'relay', 'RELAY_UNAVAILABLE'],
  ['EHLO', 451, '451 try later', 'relay', 'RELAY_UNAVAILABLE'],
  ['AUTH PLAIN', 535, '535 5.7.8 bad credentials', 'config', 'RELAY_CONFIG'],
  ['AUTH LOGIN', 454, '454 4.7.0 temporary failure', 'relay', 'RELAY_UNAVAILABLE'],
  ['MAIL FROM', 530, '530 5.7.0 must authenticate', 'config', 'RELAY_CONFIG'],
  // the sender
  ['MAIL FROM', 550, '550 5.1.8 sender domain not found', 'sender', 'SENDER_REFUSED'],
  ['MAIL FROM', 452, '452 4.3.1 no space', 'sender', 'SENDER_DEFERRED'],
  ['MAIL FROM', 421, '421 4.3.2 shutting down', 'relay', 'RELAY_UNAVAILABLE'],
  ['DATA', 550, '550-5.7.25 no PTR\n550 5.7.25 see help', 'sender', 'SENDER_REFUSED'],
  ['DATA', 550, '550 5.7.27 SPF did not pass', 'sender', 'SENDER_REFUSED'],
  ['DATA', 550, '550 5.7.29 not over TLS', 'sender', 'SENDER_REFUSED'],
  ['RCPT TO', 554, '554 5.7.1 [203.0.113.7] is listed', 'sender', 'SENDER_REFUSED'],
  ['RCPT TO', 554, '554 5.7.1 <203.0.113.7.listed.example>: no', 'message', 'MESSAGE_REFUSED'],
  ['DATA', 550, '550-5.7.1 [2001:db8::25 12] no\n550 5.7.1 no', 'sender', 'SENDER_REFUSED'],
  ['DATA', 550, '550 5.7.1 not from example.org', 'message', 'MESSAGE_REFUSED'],
  ['DATA', 550, '550 5.7.1 not from goodnews.example.org', 'message', 'MESSAGE_REFUSED'],
  ['DATA', 550, '550-5.7.26 not authenticated\n550 5.7.26 see help', 'sender', 'SENDER_REFUSED'],
  ['RCPT TO', 550, '550 5.7.515 access denied', 'sender', 'SENDER_REFUSED'],
  ['DATA', 550, '550 5.7.1 mail from news.example.org is blocked', 'sender', 'SENDER_REFUSED'],
  // the recipient, for now
  ['RCPT TO', 451, '451 4.7.1 greylisted', 'soft', 'RECIPIENT_DEFERRED'],
  ['RCPT TO', 450, '450 mailbox busy', 'soft', 'RECIPIENT_DEFERRED'],
  ['RCPT TO', 421, '421 4.7.28 too much', 'soft', 'RECIPIENT_DEFERRED'],
  ['RCPT TO', 552, '552 5.2.2 over quota', 'soft', 'RECIPIENT_DEFERRED'],
  ['RCPT TO', 552, '552 no room left', 'soft', 'RECIPIENT_DEFERRED'],
  ['RCPT TO', 550, '550 5.1.1 mailbox full', 'soft', 'RECIPIENT_DEFERRED'],
  ['RCPT TO', 550, '550 5.2.1 disabled', 'soft', 'RECIPIENT_DEFERRED'],
  ['DATA', 451, '451 4.3.0 later', 'soft', 'RECIPIENT_DEFERRED'],
  ['DATA', 552, '552 5.2.2 mailbox full', 'soft', 'RECIPIENT_DEFERRED'],
  // the recipient, for good
  ['RCPT TO', 550, '550 5.1.1 <x@example.net> not here', 'hard', 'RECIPIENT_REFUSED'],
  ['RCPT TO', 550, '550-5.1.1 no\n550 5.1.1 really', 'hard', 'RECIPIENT_REFUSED'],
  ['RCPT TO', 556, '556 5.1.10 null MX', 'hard', 'RECIPIENT_REFUSED'],
  ['RCPT TO', 550, '550 no such user here', 'hard', 'RECIPIENT_REFUSED'],
  ['RCPT TO', 550, '550 5.7.1 recipient does not exist', 'hard', 'RECIPIENT_REFUSED'],
  // refused, which proves nothing about the address
  ['RCPT TO', 550, '550 no', 'refused', 'RECIPIENT_REFUSED'],
  [
    'RCPT TO',
    550,
    '550 5.1.1 your host is listed as a spam source',
    'refused',
    'RECIPIENT_REFUSED',
  ],
  // the message
  ['RCPT TO', 550, '550 5.7.1 rejected by policy', 'message', 'MESSAGE_REFUSED'],
  ['RCPT TO', 552, '552 5.3.4 message too big', 'message', 'MESSAGE_REFUSED'],
  ['DATA', 554, '554 5.6.0 bad content', 'message', 'MESSAGE_REFUSED'],
  ['DATA', 550, '550 does not exist', 'message', 'MESSAGE_REFUSED'],
  ['DATA', 552, '552 5.3.4 too big', 'message', 'MESSAGE_REFUSED'],
] as const)('%s answered %i, %s: %s', (command, code, text, named, errorCode) => {
  const ours = ['news.example.org'];
  expect(classifyReply({ command, code, text }, ours)).toMatchObject({ class: named, errorCode });
});

test('the enhanced code is read where RFC 2034 puts it, and nowhere else', () => {
  const enhancedCode = (text: string) =>
    classifyReply({ command: 'RCPT TO', code: 550, text }).enhancedCode;
  expect(enhancedCode('550 5.1.1 no such user')).toBe('5.1.1');
  expect(enhancedCode('550-5.1.10 no\r\n550 5.1.10 no')).toBe('5.1.10');
  expect(enhancedCode('550 host 5.1.1.9 is not here')).toBeUndefined();
  expect(enhancedCode('550 5.1.1.9 is not here')).toBeUndefined();
});

test('a refusal before RCPT never speaks against the reader, and a 4yz never ends a delivery', () => {
  const command = fc.constantFrom('CONN', 'EHLO', 'STARTTLS', 'AUTH LOGIN', 'MAIL FROM');
  const text = fc.string({ maxLength: 60 });
  fc.assert(
    fc.property(command, fc.integer({ min: 400, max: 599 }), text, (before, code, words) => {
      const { class: named } = classifyReply({ command: before, code, text: `${code} ${words}` });
      expect(['relay', 'config', 'sender']).toContain(named);
    }),
  );
  const after = fc.constantFrom('RCPT TO', 'DATA');
  fc.assert(
    fc.property(after, fc.integer({ min: 400, max: 499 }), text, (late, code, words) => {
      const { class: named } = classifyReply({ command: late, code, text: `${code} ${words}` });
      expect(['soft', 'sender']).toContain(named);
    }),
  );
});
