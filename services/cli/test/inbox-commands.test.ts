import { openStore, type Store, saveInboxMessage } from '@paperboy/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, installation } from './support.ts';

let paperboy: Installation;
let store: Store;
let mail: string;
beforeAll(async () => {
  paperboy = await installation();
  await paperboy.facts('inbox', 'list');
  store = openStore({ url: paperboy.env.DATABASE_URL ?? '' });
  const raw = Buffer.from('From: a@example.org\r\nSubject: Bare\r\n\r\nHello\n');
  const sent = { mailFrom: 'a@example.org', recipients: ['ada@example.com'], messageId: null, raw };
  mail = await saveInboxMessage(store.db, sent);
});
afterAll(async () => {
  await store.close();
  await paperboy.close();
});

test('inbox list has a line per mail, newest first', async () => {
  expect(await paperboy.facts('inbox', 'list', '--to', 'ada@example.com')).toMatchObject([
    { id: mail, recipients: ['ada@example.com'], subject: 'Bare' },
  ]);
  expect(await paperboy.facts('inbox', 'list', '--to', 'bo@example.com')).toEqual([]);
});

test('inbox check tells what fails with what to do, and exits 1', async () => {
  const { code, stdout } = await paperboy.run('inbox', 'check', mail);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /FAIL message {2}Every line ends in CRLF\n {14}found: 1 bare CR or LF\n {14}fix: Turn/,
  );
  expect(stdout).not.toContain('ok   message');
  expect(stdout).toMatch(/\d+ ok, \d+ required rules fail, \d+ to improve, \d+ unknown\n$/);
  const json = await paperboy.run('inbox', 'check', mail, '--json');
  const rows: unknown[] = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toContainEqual({
    area: 'message',
    id: 'crlf',
    rule: 'Every line ends in CRLF',
    level: 'required',
    outcome: 'fail',
    found: '1 bare CR or LF',
    fix: expect.stringContaining('CRLF'),
  });
  expect((await paperboy.run('inbox', 'check', mail, '--all')).stdout).toContain('ok   message');
  expect((await paperboy.run('inbox', 'check', '999')).stderr).toContain('NOT_FOUND');
});

test('inbox chaos switches faults on, shows and ends them', async () => {
  expect((await paperboy.run('inbox', 'chaos')).stdout).toContain('No chaos');
  await paperboy.facts('inbox', 'chaos', '--kind', 'slow', '--for', '1h');
  const on = await paperboy.facts(
    'inbox',
    'chaos',
    '--kind',
    'greylist',
    '--count',
    '2',
    '--to',
    'ada@example.com',
  );
  expect(on).toMatchObject([
    { kind: 'greylist', remaining: 2, recipient: 'ada@example.com' },
    { kind: 'slow', remaining: null, recipient: null },
  ]);
  expect(await paperboy.facts('inbox', 'chaos')).toEqual(on);
  expect(await paperboy.facts('inbox', 'chaos', '--off', '--kind', 'slow')).toHaveLength(1);
  expect(await paperboy.facts('inbox', 'chaos', '--off')).toEqual([]);
});

test.each([
  [['--kind', 'storm'], 'Allowed choices'],
  [['--kind', 'slow', '--for', '3h'], '--for is at most 2h'],
  [['--kind', 'slow', '--for', 'soon'], 'Expected a time such as'],
  [['--count', '3'], 'name what is to happen'],
])('inbox chaos %j is wrong usage', async (args, sentence) => {
  const { code, stderr } = await paperboy.run('inbox', 'chaos', ...args);
  expect([code, stderr.includes(sentence)]).toEqual([2, true]);
});

test('where a relay sends the mail nothing is switched on, and what is on can be ended', async () => {
  const real = { ...paperboy.env, SMTP_URL: 'smtp://127.0.0.1:1' };
  const { runWith } = await import('./support.ts');
  const refused = await runWith(real, ['inbox', 'chaos', '--kind', 'slow']);
  expect(refused.stderr).toContain('there is no inbox');
  expect((await runWith(real, ['inbox', 'chaos', '--off'])).code).toBe(0);
});
