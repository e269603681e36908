import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workApart } from './apart.ts';
import { compileMjml } from './compile-mjml.ts';
import { createSigner } from './dkim.ts';
import { makeDkimKey } from './dkim-key.ts';
import { verifySignature } from './verify-signature.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperboy-apart-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What comes of work in a process that runs this instead. */
async function workOf(code: string, over: { readonly timeoutMs?: number } = {}): Promise<unknown> {
  const file = join(folder, 'child.mjs');
  await writeFile(file, code);
  return workApart('compileMjml', '<mjml/>', { file, ...over });
}

const WAITS = "process.on('message', () => {});";

test.each([
  ['a template', '<mjml><mj-body><mj-text>é{{slot}}</mj-text></mj-body></mjml>'],
  ['a faulty template', '<mjml><mj-body>\n<mj-text colour="red">x</mj-text></mj-body></mjml>'],
  ['no template', 'hello'],
])('what mjml says of %s arrives unchanged', async (_, source) => {
  expect(await workApart('compileMjml', source)).toEqual(await compileMjml(source));
});

test('a signature is judged as it is here, by the one record that is given', async () => {
  const name = { domain: 'example.org', selector: 'paperboy' };
  const [signer, other] = [
    createSigner({ ...name, key: await makeDkimKey() }),
    createSigner({ ...name, key: await makeDkimKey() }),
  ];
  const raw = Buffer.from(
    'From: a@example.org\r\nSubject: =?utf-8?q?=C3=A9?=\r\n\r\n\xff\r\n',
    'latin1',
  );
  const message = await signer.sign(raw, new Date('2026-03-02T08:00:00Z'));
  for (const { record } of [signer, other]) {
    const here = await verifySignature(message, () => record.text);
    expect(await workApart('verifySignature', { message, record })).toEqual(here);
  }
});

test.each([
  ['throws', "throw new TypeError('no such thing');", 'TypeError: no such thing'],
  [
    'lacks its library',
    "import 'no-library-of-this-name';",
    /Error \[ERR_MODULE_NOT_FOUND\]: .*no-library/,
  ],
  ['is killed', `${WAITS} process.kill(process.pid, 'SIGKILL');`, 'ended by SIGKILL'],
  ['just ends', 'process.exit(0);', 'ended by exit 0'],
])('a process that %s is an error that says so', async (_, code, detail) => {
  await expect(workOf(code)).rejects.toMatchObject({
    code: 'PROCESS_FAILED',
    detail: typeof detail === 'string' ? `compileMjml: ${detail}` : expect.stringMatching(detail),
  });
});

test('a process without an answer is ended', async () => {
  await expect(workOf(WAITS, { timeoutMs: 20 })).rejects.toThrow(
    'PROCESS_FAILED: compileMjml: no answer in 0.02 s',
  );
});

test('nothing of our environment is told to it', async () => {
  process.env.PAPERBOY_TEST_SECRET = 'secret';
  const said = await workOf('process.send(Object.keys(process.env), () => process.exit());');
  delete process.env.PAPERBOY_TEST_SECRET;
  expect(said).not.toContain('PAPERBOY_TEST_SECRET');
});

test('where what it waits for fails, that is what is told, and the process ends', async () => {
  const lost = Promise.reject(new Error('no template'));
  await expect(workApart('compileMjml', lost)).rejects.toThrow(/^no template$/);
});
