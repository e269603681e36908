import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reasonOf } from './reason-of.ts';
import { isHardReason } from './reasons.ts';
import { codeIn } from './status-codes.ts';

test.each([
  // words beat the code
  ['5.1.1', 'mailbox full', 'mailbox-full'],
  ['5.1.1', 'your host is listed as a spam source', 'blocked'],
  ['5.7.1', 'no such user', 'unknown-user'],
  ['5.7.1', 'recipient does not exist', 'unknown-user'],
  ['5.5.0', 'user unknown', 'unknown-user'],
  ['5.2.1', 'this account has been deleted', 'unknown-user'],
  ['5.2.1', 'account disabled or discontinued', 'disabled'],
  ['5.1.1', 'that recipient has been disabled', 'disabled'],
  ['5.1.1', 'sender address rejected: domain does not exist', 'sender'],
  ['552', 'message size exceeds the limit', 'too-big'],
  ['5.1.1', 'we do not accept mail from your network', 'blocked'],
  // words and code together
  ['5.4.1', 'Recipient address rejected: Access denied', 'unknown-user'],
  ['5.7.1', 'Recipient address rejected: Access denied', 'blocked'],
  ['5.5.0', 'mailbox unavailable', 'unknown-user'],
  ['550', 'mailbox unavailable', 'undefined'],
  // hosts
  ['5.1.2', 'something else', 'unknown-host'],
  [undefined, 'Host or domain name not found. Name service error: Host not found', 'unknown-host'],
  [undefined, 'Host or domain name not found. Host not found, try again', 'network'],
  [undefined, 'DNS lookup timed out', 'network'],
  ['556', 'no', 'no-mail'],
  [undefined, 'Domain example.net does not accept mail', 'no-mail'],
  // a host beside an unknown user
  [undefined, 'host mx.example.net [192.0.2.9]: 550 unknown user', 'unknown-user'],
  [undefined, 'host mx.example.net said: user not found', 'unknown-user'],
  // codes alone
  ['5.1.1', 'no', 'unknown-user'],
  ['5.1.3', 'no', 'unknown-user'],
  ['5.1.6', 'no', 'moved'],
  ['5.1.10', 'no', 'unknown-user'],
  ['5.1.8', 'no', 'sender'],
  ['5.2.2', 'no', 'mailbox-full'],
  ['4.2.2', 'no', 'mailbox-full'],
  ['552', 'no', 'mailbox-full'],
  ['5.2.3', 'no', 'too-big'],
  ['5.6.1', 'no', 'content'],
  ['5.7.26', 'no', 'sender'],
  ['5.7.28', 'no', 'blocked'],
  ['5.0.0', 'no', 'undefined'],
  ['550', 'no', 'undefined'],
  [undefined, '', 'undefined'],
  // what is ours, in words that sound like a reader's
  ['5.4.5', 'Daily sending quota exceeded', 'blocked'],
  ['550', 'Too many invalid recipients', 'blocked'],
  ['554', 'The domain of your sender address has no mail exchanger', 'sender'],
  ['5.7.1', 'Client host rejected: Host not found', 'sender'],
  ['554', 'Client host rejected: cannot find your hostname', 'sender'],
  ['4.7.0', 'deferred due to unexpected volume or user complaints', 'blocked'],
  ['5.7.60', 'Client does not have permissions to send as this sender', 'sender'],
  [
    '5.2.1',
    'The user is receiving mail at a rate that prevents more from being delivered',
    'blocked',
  ],
  ['5.2.1', 'Ip frequency limited', 'blocked'],
  // limits of a mailbox, and of a message
  ['552', 'Mailbox size limit exceeded', 'mailbox-full'],
  ['552', 'Message size limit exceeded', 'too-big'],
  ['452', 'Insufficient system storage', 'system'],
  ['550', 'the user has exhausted the allowed storage', 'mailbox-full'],
  // asleep, or gone
  ['550', 'Recipient mailbox is dormant', 'disabled'],
  ['550', 'Archived recipient', 'disabled'],
  ['550', 'This address no longer accepts mail.', 'unknown-user'],
  ['550', 'This address no longer accepts mail from your domain', 'undefined'],
  ['550', 'no user record found', 'unknown-user'],
  // gateways and other languages
  ['5.1.0', '550 #5.1.0 Address rejected.', 'unknown-user'],
  ['5.1.0', 'Recipient address rejected', 'undefined'],
  ['5.1.1', "can't find a valid MX for rcpt domain", 'unknown-host'],
  ['5.4.4', 'SMTPSEND.DNS.NonExistentDomain; nonexistent domain', 'unknown-host'],
  [undefined, 'an MX or SRV record indicated no SMTP service', 'no-mail'],
  ['550', 'Recipient <ada@example.net> is not valid', 'unknown-user'],
  ['550', 'Ada is no longer with this company', 'unknown-user'],
  ['550', 'Der Empfaenger ist hier nicht bekannt', 'unknown-user'],
  ['550', '수신자를 찾을 수 없습니다', 'unknown-user'],
  ['550', 'A címzett nem létezik', 'unknown-user'],
  ['550', 'Ο παραλήπτης δεν υπάρχει', 'unknown-user'],
  ['550', 'Vastaanottajaa ei löydy', 'unknown-user'],
  ['550', 'Користувача не знайдено', 'unknown-user'],
  ['550', 'המשתמש לא קיים', 'unknown-user'],
  ['550', 'Utilizatorul nu există', 'unknown-user'],
  ['550', 'المستخدم غير موجود', 'unknown-user'],
  ['550', 'A postafiók megtelt', 'mailbox-full'],
  // what may pass by itself
  ['4.1.1', 'user unknown', 'expired'],
  ['450', 'no such user', 'expired'],
  // names of others are no reasons
  ['5.1.1', '<spam@blocked.example>: not here, see https://spam.example/full', 'unknown-user'],
  ['550', 'quota@full.example', 'undefined'],
] as const)('%s, %s: %s', (code, text, reason) => {
  expect(reasonOf(code, text)).toBe(reason);
});

test('no 4yz speaks against an address, whatever is said', () => {
  const words = fc.constantFrom('user unknown', 'no such host', 'has moved', 'null MX', 'x');
  const code = fc.constantFrom('4.1.1', '4.1.2', '4.5.0', '450', '421', '4.7.1');
  fc.assert(fc.property(code, words, (given, text) => !isHardReason(reasonOf(given, text))));
});

test.each([
  ['550 5.1.1 no', '5.1.1'],
  ['550-5.1.10 no\r\n550 5.1.10 no', '5.1.10'],
  ['smtp; 554 5.0.0 (#5.2.2)', '5.2.2'],
  ['550 5.0.0 no', '5.0.0'],
  ['(#5.1.1)', '5.1.1'],
  ['ends with 5.1.1.', '5.1.1'],
  ['smtp;550 no', '550'],
  ['550 host 5.1.1.9 is not here', '550'],
  ['Exim 4.94.2', undefined],
  ['room 5501', undefined],
  ['', undefined],
])('the code in %j is %s', (text, code) => {
  expect(codeIn(text)).toBe(code);
});
