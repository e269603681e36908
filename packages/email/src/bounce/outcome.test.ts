import { expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { outcomeOf } from './outcome.ts';

const hard: Finding = { kind: 'hard', reason: 'unknown-user', status: '5.1.1' };
const full: Finding = { kind: 'soft', reason: 'mailbox-full' };
const delayed: Finding = { kind: 'soft', reason: 'delayed' };
const delivered: Finding = { kind: 'not-a-bounce', reason: 'delivered' };
const complaint: Finding = { kind: 'complaint', reason: 'abuse' };
const noise: Finding = { kind: 'not-a-bounce', reason: 'unrecognised' };
const away: Finding = { kind: 'auto-reply', reason: 'auto-reply' };

test.each([
  ['a complaint counts before anything else', [delivered, complaint], 'complaint'],
  ['one place that took it is enough', [hard, delivered], 'arrived'],
  ['a hard failure counts before a soft one', [full, hard, delayed], 'failed'],
  ['a failure counts before a delay', [delayed, full], 'failed'],
  ['a delay alone', [delayed], 'delayed'],
  ['an automatic reply is nothing', [away], 'nothing'],
  ['noise is nothing', [noise], 'nothing'],
  ['a complaint taken back is nothing', [{ kind: 'not-a-bounce', reason: 'not-spam' }], 'nothing'],
  ['no finding is nothing', [], 'nothing'],
] as [string, Finding[], string][])('%s', (_, findings, kind) => {
  expect(outcomeOf(findings).kind).toBe(kind);
});

test('a failure keeps its reason, its status and whether it is hard', () => {
  expect(outcomeOf([full, hard])).toEqual({
    kind: 'failed',
    reason: 'unknown-user',
    isHard: true,
    status: '5.1.1',
  });
});
