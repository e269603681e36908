import { expect, test } from 'vitest';
import { tellStep } from './delivery-step.ts';

test.each([
  ['claim', { worker: 'w.1' }, 'taken up by mailer w.1'],
  ['stage', {}, 'on its way: from here on an answer is needed to know'],
  ['result', { state: 'accepted', reply: '250 kept', smtpCode: 250 }, 'accepted: 250 kept'],
  ['result', { state: 'accepted', smtpCode: 250 }, 'accepted: 250'],
  [
    'result',
    { state: 'uncertain', code: 'RELAY_UNAVAILABLE', reply: 'gone' },
    'in doubt: whether it arrived is not known: gone (RELAY_UNAVAILABLE)',
  ],
  ['lapse', { state: 'ready' }, 'its mailer had ended; not arrived: it is sent again'],
  ['resolve', { state: 'accepted' }, 'by the relay’s records: accepted'],
  [
    'resolve',
    { state: 'ready', by: 'resend' },
    'nothing was heard in time: not arrived: it is sent again',
  ],
  [
    'resolve',
    { state: 'rejected', by: 'operator', before: { nextAt: 1 } },
    'by the operator’s word: refused: it is not sent again',
  ],
  [
    'resolve',
    { state: 'uncertain', by: 'operator', undo: true },
    'the operator took the word back: in doubt: whether it arrived is not known',
  ],
  ['resolve', { state: 'accepted', by: 'report' }, 'by a report that came back: accepted'],
  [
    'bounce',
    { via: 'smtp', reason: 'mailbox-full', words: '552 full', isHard: false, effect: 'paused' },
    'came back by smtp, mailbox-full; the reader is paused: 552 full',
  ],
  [
    'complaint',
    { via: 'ses', reason: 'abuse', effect: 'left' },
    'complaint by ses, abuse; the reader has left',
  ],
  ['of tomorrow', { some: 'thing', more: { deep: 1 } }, 'some thing'],
  ['result', null, ''],
])('%s, %j', (kind, detail, told) => {
  expect(tellStep({ kind, detail })).toBe(told);
});
