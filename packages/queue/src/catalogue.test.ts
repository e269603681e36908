import { ERROR_CATALOGUE, idOf, PaperboyError, QUEUE_NAMES } from '@paperboy/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJobOf, JOB_NAMES, JOBS, QUEUES, readPayload } from './catalogue.ts';
import { codeOf, jobFailure, jobOptions } from './retry-policy.ts';

test('the lists of names hold every queue and every job', () => {
  expect([...JOB_NAMES].sort()).toEqual(Object.keys(JOBS).sort());
  expect([...QUEUE_NAMES].sort()).toEqual(Object.keys(QUEUES).sort());
  expect(isJobOf('ingest', 'fetch-page')).toBe(true);
  expect(isJobOf('mailer', 'fetch-page')).toBe(false);
  expect(isJobOf('ingest', 'toString')).toBe(false);
});

test('a payload of the catalogue is read back as it is', () => {
  expect(readPayload('fetch-page', { sourceId: '12' })).toEqual({ sourceId: idOf('source', '12') });
  expect(readPayload('plan-editions', {})).toEqual({});
  const at = '2026-06-05T07:00:00.000Z';
  expect(readPayload('plan-editions', { at })).toEqual({ at });
});

test.each([
  ['fetch-page', { sourceId: '12', address: 'ada@example.com' }, 'unexpected field address'],
  ['fetch-page', { sourceId: 12 }, 'not a string'],
  ['fetch-page', { sourceId: '012' }, 'not a row id'],
  ['record-page', {}, 'missing'],
  ['deliver-batch', ['5'], 'not an object'],
  ['deliver-batch', undefined, 'not an object'],
  ['plan-editions', { at: 'tomorrow' }, 'not an instant'],
  ['plan-editions', { at: '2026-13-05T07:00:00Z' }, 'not an instant'],
] as const)('%s refuses %j', (job, payload, problem) => {
  expect(() => readPayload(job, payload)).toThrow(
    expect.objectContaining({ code: 'JOB_INVALID', message: expect.stringContaining(problem) }),
  );
});

test('whatever a queue hands over is a payload or JOB_INVALID, and only known fields come through', () => {
  const anyJob = fc.constantFrom(...JOB_NAMES);
  fc.assert(
    fc.property(anyJob, fc.anything(), (job, payload) => {
      try {
        expect(Object.keys(readPayload(job, payload)).length).toBeLessThanOrEqual(1);
      } catch (error) {
        expect(error).toMatchObject({ name: 'PaperboyError', code: 'JOB_INVALID' });
      }
    }),
  );
});

test('an error that no retry can help ends the job, any other is tried again', () => {
  expect(jobFailure(new PaperboyError('PAGE_FORBIDDEN', 'loopback')).name).toBe(
    'UnrecoverableError',
  );
  expect(jobFailure(new PaperboyError('PAGE_UNREACHABLE', 'timeout')).name).toBe('Error');
  expect(jobFailure(new TypeError('x is not a function')).name).toBe('Error');
  expect(jobFailure('thrown text').message).toBe('INTERNAL: thrown text');
});

test('a failed reason opens with its code, on one short line', () => {
  const failure = jobFailure(
    new PaperboyError('RELAY_UNAVAILABLE', `no\n\nanswer ${'x'.repeat(2_000)}`),
  );
  expect(failure.message).toMatch(/^RELAY_UNAVAILABLE: no answer x+$/);
  expect(failure.message.length).toBeLessThanOrEqual(500);
  for (const code of Object.keys(ERROR_CATALOGUE)) expect(codeOf(`${code}: detail`)).toBe(code);
  expect(codeOf('job stalled more than allowable limit')).toBeUndefined();
  expect(codeOf('toString: no')).toBeUndefined();
  expect(codeOf(undefined)).toBeUndefined();
});

test('finished jobs are kept by age, never by a count, which deadlocks on Postgres', () => {
  for (const job of JOB_NAMES) {
    const { removeOnComplete, removeOnFail } = jobOptions(job);
    for (const keep of [removeOnComplete, removeOnFail]) expect(keep).not.toHaveProperty('count');
  }
});

test('the last try of every job comes within an hour of the first', () => {
  for (const job of JOB_NAMES) {
    const { attempts, backoff } = jobOptions(job);
    expect(attempts).toBeGreaterThanOrEqual(3);
    expect(backoff.delay * (2 ** (attempts - 1) - 1)).toBeLessThan(3_600_000);
  }
});
