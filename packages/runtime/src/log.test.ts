import { PaperboyError } from '@paperboy/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLog, type LogOptions } from './log.ts';

function capture(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  return { lines, log: createLog({ level: 'info', format: 'json', stream, ...options }) };
}

function written(fields: Record<string, unknown>): string {
  const { lines, log } = capture();
  log.info('test.event', fields);
  return lines.join('');
}

test('a line is an event and its fields', () => {
  const { lines, log } = capture();
  log.child({ service: 'mailer' }).warn('delivery.deferred', { deliveryId: 7, smtpCode: 451 });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    event: 'delivery.deferred',
    service: 'mailer',
    deliveryId: 7,
    smtpCode: 451,
  });
});

test('lines below the level are not written', () => {
  const { lines, log } = capture({ level: 'warn' });
  log.info('page.recorded');
  log.error('page.lost');
  expect(lines).toHaveLength(1);
});

test('pretty lines name the event and hold no JSON envelope', () => {
  const { lines, log } = capture({ format: 'pretty' });
  log.info('page.recorded', { entries: 73 });
  expect(lines[0]).toMatch(/INFO.*page\.recorded.*"entries":73/);
  expect(lines[0]).not.toContain('"level"');
});

test.each([
  ['an address', 'ada@example.com'],
  ['an address with a tag', 'Ada <ada.lovelace+papers@mail.example.co.uk>'],
  ['a VERP sender', 'bounce+mzxw6ytboi2dq@bounces.example.org'],
  ['a login in a URL', 'postgres://ada:hunter2@db.internal:5432/papers'],
  ['a link that unsubscribes', 'https://papers.example.org/unsubscribe/mzxw6ytboi'],
  ['a token in a query', '/digests?token=abc123&x=1'],
  ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.Zm9vYmFyQmF6MTIz'],
])('%s is masked wherever it stands', (_, secret) => {
  const line = written({
    plain: secret,
    inText: `refused: ${secret} (550)`,
    nested: { list: [secret] },
    error: new Error(`cannot reach ${secret}`, { cause: new Error(secret) }),
  });
  for (const part of ['ada', 'mzxw6ytboi', 'hunter2', 'abc123', 'eyJhbGci', 'Zm9vYmFy']) {
    expect(line).not.toContain(part);
  }
});

test('no generated address gets through', () => {
  const holds = fc.property(fc.emailAddress(), (address) => {
    expect(written({ to: `mail to ${address} failed` })).not.toContain(address);
  });
  fc.assert(holds);
});

test('ids, hashes, paths and times stay readable', () => {
  const facts = {
    hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    id: '0190d5a0-7b1e-7c3e-8c3a-2f1e5d6c7b8a',
    key: 'arxiv:2410.13859',
    url: 'https://huggingface.co/papers/date/2025-06-05',
    file: '/srv/paperboy/node_modules/pino@10.4.0/node_modules/@scope/linux-x64/native/bin/postgres',
    at: new Date('2025-06-05T07:00:00Z'),
  };
  expect(JSON.parse(written(facts))).toMatchObject({ ...facts, at: facts.at.toISOString() });
});

test('a coded error is its code and message; a fault keeps its stack', () => {
  const coded = JSON.parse(written({ error: new PaperboyError('DISK_FULL', '3 MiB are free') }));
  expect(coded.error).toEqual({ code: 'DISK_FULL', message: 'DISK_FULL: 3 MiB are free' });
  expect(JSON.parse(written({ error: new Error('boom') })).error.stack).toContain('log.test.ts');
});

test('a value that holds itself ends at the depth limit', () => {
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  expect(written({ loop })).toContain('[object]');
});
