import { expect, test } from 'vitest';
import { type MailStanding, mailTroublesOf } from './mail-troubles.ts';

const until = new Date('2026-03-11T07:05:00Z');
const QUIET: MailStanding = {
  isSending: true,
  gate: { kind: 'closed' },
  domains: [],
  quota: undefined,
};
const slow = {
  domain: 'slow.example',
  most: 1,
  failures: 0,
  deadUntil: until,
  restMs: 1,
  trouble: null,
};
const refused = { code: 'SENDER_REFUSED', detail: '550 5.7.26 who are you' } as const;

test('where mail goes out nothing is said', () => {
  expect(mailTroublesOf(QUIET)).toEqual({ attention: [], isStopped: false });
});

test.each<[string, Partial<MailStanding>, boolean]>([
  ['sending is off', { isSending: false }, true],
  ['5.7.26 who are you', { gate: { kind: 'held', ...refused } }, true],
  ['until 2026-03-11 07:05', { gate: { kind: 'open', until, ...refused } }, false],
  [
    'MAIL_PER_HOUR=40 is used up: mail goes on at 2026-03-11 07:05',
    { quota: { setting: 'MAIL_PER_HOUR', most: 40, until } },
    false,
  ],
  ['slow.example takes no mail until', { domains: [slow] }, false],
  ['takes 1 mails at a time', { domains: [{ ...slow, deadUntil: null }] }, false],
  ['5.7.26 who are you', { domains: [{ ...slow, trouble: refused }] }, true],
])('“%s” is told, and waits for a person or heals by itself', (said, standing, isStopped) => {
  expect(mailTroublesOf({ ...QUIET, ...standing })).toEqual({
    attention: [expect.stringContaining(said)],
    isStopped,
  });
});
