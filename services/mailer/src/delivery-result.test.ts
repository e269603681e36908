import { idOf, PaperboyError } from '@paperboy/core';
import { expect, test } from 'vitest';
import { consequenceOf, faultResult } from './delivery-result.ts';

const id = idOf('delivery', '7');
const refused = (command: string, code: number, text = `${code} no`) =>
  ({ kind: 'refused', reply: { command, code, text } }) as const;
const after = (outcome: Parameters<typeof consequenceOf>[1], attempt = 0) =>
  consequenceOf({ id, attempt }, outcome, ['example.org']);

test('an accepted message keeps the relay’s own id', () => {
  const outcome = {
    kind: 'accepted',
    code: 250,
    reply: '250 queued as X1',
    relayId: 'X1',
  } as const;
  expect(after(outcome)).toEqual({
    result: {
      id,
      state: 'accepted',
      spent: true,
      smtpCode: 250,
      reply: '250 queued as X1',
      relayId: 'X1',
    },
  });
});

test('a lost connection is uncertain after the dot, and nobody’s attempt before it', () => {
  const lost = after({ kind: 'lost', afterDot: false, detail: 'reset' });
  expect(lost.result).toMatchObject({
    state: 'ready',
    spent: false,
    errorCode: 'RELAY_UNAVAILABLE',
  });
  expect(lost.trouble?.code).toBe('RELAY_UNAVAILABLE');
  const doubtful = after({ kind: 'lost', afterDot: true, detail: 'reset' });
  expect(doubtful.result).toMatchObject({ state: 'uncertain', waitMs: 30 * 60_000 });
  expect(doubtful.trouble?.code).toBe('RELAY_UNAVAILABLE');
});

test('soft refusals wait 5, 15, 45 minutes, 2 and 6 hours, and then the digest is too late', () => {
  const results = [0, 1, 2, 3, 4, 5].map(
    (attempt) => after(refused('RCPT TO', 451), attempt).result,
  );
  expect(results.map(({ waitMs }) => (waitMs ?? 0) / 60_000)).toEqual([5, 15, 45, 120, 360, 0]);
  expect(results.map(({ state }) => state)).toEqual([...Array(5).fill('deferred'), 'expired']);
});

test.each([
  [421, '421 4.3.2 closing'],
  [450, '450 4.7.28 unusual rate of mail'],
])('a refusal of our pace (%i) spends no attempt, however often it comes', (code, text) => {
  for (const attempt of [0, 5]) {
    expect(after(refused('RCPT TO', code, text), attempt)).toMatchObject({
      isThrottled: true,
      result: { state: 'deferred', spent: false, waitMs: 5 * 60_000 },
    });
  }
});

test('only a refusal that says the address is gone is hard', () => {
  const gone = after(refused('RCPT TO', 550, '550 5.1.1 no such user'));
  expect(gone).toMatchObject({
    refusal: { isHard: true, reason: 'unknown-user' },
    result: { state: 'rejected', enhancedCode: '5.1.1' },
  });
  expect(after(refused('RCPT TO', 550)).refusal).toBeUndefined();
  expect(after(refused('DATA', 554)).result).toMatchObject({
    state: 'rejected',
    errorCode: 'MESSAGE_REFUSED',
  });
});

test('trouble on our side spends no attempt and stops the run', () => {
  for (const [outcome, code] of [
    [refused('MAIL FROM', 550), 'SENDER_REFUSED'],
    [refused('AUTH LOGIN', 535), 'RELAY_CONFIG'],
    [refused('CONN', 421), 'RELAY_UNAVAILABLE'],
    [{ kind: 'misconfigured', detail: 'no login offered' } as const, 'RELAY_CONFIG'],
  ] as const) {
    const { result, trouble } = after(outcome);
    expect(result).toMatchObject({ state: 'ready', spent: false, errorCode: code });
    expect(trouble?.code).toBe(code);
  }
});

test('a sender refused by the receiving domain is trouble there, and nobody’s attempt', () => {
  for (const [command, text] of [
    ['RCPT TO', '550 5.7.515 access denied'],
    ['DATA', '550 5.7.1 mail from example.org is blocked'],
  ] as const) {
    const { result, trouble, troubleThere, refusal } = after(refused(command, 550, text));
    expect(result).toMatchObject({ state: 'ready', spent: false, errorCode: 'SENDER_REFUSED' });
    expect([trouble, troubleThere?.code, refusal]).toEqual([
      undefined,
      'SENDER_REFUSED',
      undefined,
    ]);
  }
});

test('a message that cannot be built is rejected alone', () => {
  const fault = { id, error: new PaperboyError('INTERNAL', 'no paper') };
  expect(faultResult(fault)).toMatchObject({ id, state: 'rejected', errorCode: 'INTERNAL' });
});
