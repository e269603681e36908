import { expect, test } from 'vitest';
import { attentionTo, type Standing } from './attention.ts';

const QUIET: Standing = {
  sending: true,
  relay: { kind: 'closed' },
  domains: [],
  quota: undefined,
  troubles: [],
  uncertain: 0,
  heldEditions: 0,
  queues: (['ingest', 'mailer'] as const).map((queue) => ({
    ...{ queue, paused: false, workers: 1 },
    ...{ waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 },
  })),
};

test('where all is well nothing is said', () => {
  expect(attentionTo(QUIET)).toEqual([]);
});

test('what stops mail stands before what does not', () => {
  const at = new Date('2026-03-11T07:05:00Z');
  const trouble = { code: 'SENDER_REFUSED', detail: '550 5.7.26 no' } as const;
  const rest = { most: 5, failures: 1, deadUntil: at, restMs: 1, trouble };
  const found = attentionTo({
    ...QUIET,
    sending: false,
    relay: { kind: 'open', until: at, code: 'RELAY_UNAVAILABLE', detail: 'refused' },
    domains: [
      { ...rest, domain: 'slow.example', most: 2, deadUntil: null },
      { ...rest, domain: 'dead.example', trouble: null },
      { ...rest, domain: 'no.example' },
    ],
    quota: { setting: 'MAIL_PER_DAY', most: 500, until: at },
    uncertain: 1,
    heldEditions: 2,
    queues: undefined,
  });
  expect(found.map(({ stopsMail, text }) => [stopsMail, text])).toEqual([
    [true, 'Sending is off: PAPERBOY_SENDING=on delivers what waits.'],
    [true, 'Mail waits for the relay until 2026-03-11 07:05 UTC: RELAY_UNAVAILABLE: refused'],
    [true, 'MAIL_PER_DAY=500 is used up: mail goes on at 2026-03-11 07:05 UTC.'],
    [true, 'The queue does not answer.'],
    [true, '2 editions held back.'],
    [true, 'dead.example takes no mail until 2026-03-11 07:05 UTC.'],
    [true, 'no.example takes no mail until 2026-03-11 07:05 UTC: SENDER_REFUSED: 550 5.7.26 no'],
    [false, 'slow.example takes 2 mails at a time.'],
    [false, "1 uncertain delivery: the relay's answer was lost."],
  ]);
});

test('a queue without workers stops mail only where mail waits in it', () => {
  const queues = QUIET.queues?.map((counts) => ({ ...counts, workers: 0, failed: 1 }));
  expect(attentionTo({ ...QUIET, queues })).toMatchObject([
    { stopsMail: true, text: 'Nobody works on queue mailer.' },
    { stopsMail: false, text: 'Nobody works on queue ingest.' },
    { stopsMail: false, text: '1 job of ingest failed.' },
    { stopsMail: false, text: '1 job of mailer failed.' },
  ]);
});
