import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createSigner, verifySignature } from '@paperboy/email';
import { afterAll, expect, test } from 'vitest';
import { runPaperboy } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'dkim-'));
afterAll(() => rmSync(dir, { recursive: true }));

const env = { INIT_CWD: dir, MAIL_FROM: 'Papers <papers@news.example.org>' };

async function run(args: readonly string[], over: Record<string, string> = {}) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const context = { env: { ...env, ...over }, stdout, stderr, now: () => new Date(0) };
  const code = await runPaperboy(args, context);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test('a key is made once, for its owner alone, and its record proves what it signs', async () => {
  const made = await run(['dkim', 'key', 'new.pem', '--json'], { DKIM_SELECTOR: 'autumn' });
  const file = join(dir, 'new.pem');
  const { name, text } = JSON.parse(made.stdout);
  expect(name).toBe('autumn._domainkey.news.example.org');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const key = readFileSync(file, 'utf8');
  const signer = createSigner({ domain: 'news.example.org', selector: 'autumn', key });
  const signed = await signer.sign(
    Buffer.from('From: papers@news.example.org\r\n\r\n'),
    new Date(),
  );
  expect(await verifySignature(signed, () => text)).toMatchObject([
    { result: 'pass', keyBits: 2048 },
  ]);

  const shown = await run(['dkim', 'record'], { DKIM_SELECTOR: 'autumn', DKIM_KEY_FILE: file });
  expect(shown.stdout).toContain(`publish as TXT of ${name}:\n  ${text}\n`);
  const strings = [...shown.stdout.matchAll(/"([^"]+)"/g)].map(([, part = '']) => part);
  expect(strings.join('')).toBe(text);
  for (const part of strings) expect(part.length).toBeLessThanOrEqual(255);

  const again = await run(['dkim', 'key', 'new.pem']);
  expect(again).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('ALREADY_EXISTS'),
  });
  expect(readFileSync(file, 'utf8')).toBe(key);
});

test('without a key there is no record, and in no folder no key', async () => {
  const none = await run(['dkim', 'record']);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('paperboy dkim key') });
  expect(await run(['dkim', 'key', 'missing/new.pem'])).toMatchObject({ code: 2, stdout: '' });
});
