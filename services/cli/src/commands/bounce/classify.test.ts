import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPaperboy } from '../../program.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'classify-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function classify(...args: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const context = { env: { INIT_CWD: folder }, stdout, stderr, now: () => new Date(0) };
  const code = await runPaperboy(['bounce', 'classify', ...args], context);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

const QMAIL = `Return-Path: <>
From: MAILER-DAEMON@mx.example.net
Subject: failure notice

I'm afraid I wasn't able to deliver your message to the following addresses.

<ada@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

<bob@example.net>:
user is over quota
`;

test('each recipient of each message is a line, without a database', async () => {
  await writeFile(join(folder, 'qmail.eml'), QMAIL);
  await writeFile(join(folder, 'letter.eml'), 'From: ada@example.net\nSubject: Hello\n\nHi.\n');
  const { code, stdout, stderr } = await classify('--json', 'qmail.eml', 'letter.eml');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const told = (file: string, kind: string, recipient: string | null, rest: object) => ({
    file,
    kind,
    recipient,
    ...rest,
  });
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    told('qmail.eml', 'hard', 'ada@example.net', { status: '5.1.1', reason: 'unknown-user' }),
    told('qmail.eml', 'soft', 'bob@example.net', { status: null, reason: 'mailbox-full' }),
    told('letter.eml', 'not-a-bounce', null, { status: null, reason: 'unrecognised' }),
  ]);
  expect((await classify('qmail.eml')).stdout).toBe(
    'qmail.eml   hard           unknown-user   5.1.1   ada@example.net\n' +
      'qmail.eml   soft           mailbox-full   bob@example.net\n',
  );
});

test('a file that is not there is told, and the others are read', async () => {
  await writeFile(join(folder, 'qmail.eml'), QMAIL);
  const { code, stdout, stderr } = await classify('missing.eml', 'qmail.eml');
  expect(code).toBe(1);
  expect(stderr).toContain('NOT_FOUND: no file or folder missing.eml');
  expect(stdout.split('\n')).toHaveLength(3);
});
