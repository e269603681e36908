import { expect, test } from 'vitest';
import { spamScore } from './spam-score.ts';

const message = Buffer.from('Subject: one\r\n\r\nHello\r\n');
/** A program that is there on every machine, and answers as it is told. */
const node = (script: string) => [{ command: process.execPath, args: ['--eval', script] }];
const answers = (header: string) =>
  node(`process.stdin.resume().on('end', () => process.stdout.write(${JSON.stringify(header)}))`);

test('the score, what it is held against and the rules are read from the header that is added', async () => {
  const header =
    'X-Spam-Status: No, score=0.4 required=5.0 tests=HTML_MESSAGE,MIME_HTML_ONLY,\n\tNO_RELAYS autolearn=no version=4.0.1\n\nSubject: one';
  expect(await spamScore(message, answers(header))).toEqual({
    kind: 'scored',
    score: 0.4,
    threshold: 5,
    rules: ['HTML_MESSAGE', 'MIME_HTML_ONLY', 'NO_RELAYS'],
  });
  const clean = 'X-Spam-Status: No, score=-1.1 required=4.5 tests=none autolearn=no\n\n';
  expect(await spamScore(message, answers(clean))).toMatchObject({ score: -1.1, rules: [] });
});

test('the program is handed the message as it is, and nothing of our environment', async () => {
  process.env.PAPERBOY_TEST_SECRET = 'hidden';
  const script = `let got = ''; process.stdin.on('data', (chunk) => { got += chunk; }).on('end', () => {
    process.stdout.write('X-Spam-Status: No, score=' + got.length + '.' + Object.keys(process.env).filter((name) => name.startsWith('PAPERBOY')).length);
  })`;
  expect(await spamScore(message, node(script))).toMatchObject({ score: message.length });
  delete process.env.PAPERBOY_TEST_SECRET;
});

test('where it is not installed it is absent, and the next program is asked', async () => {
  const missing = { command: 'no-such-program-anywhere', args: [] };
  expect(await spamScore(message, [missing])).toEqual({ kind: 'absent' });
  const [next] = answers('X-Spam-Status: Yes, score=7 required=5');
  if (!next) throw new Error('no program');
  expect(await spamScore(message, [missing, next])).toMatchObject({ kind: 'scored', score: 7 });
});

test.each([
  ['that passes the message through', answers('Subject: one\n\nHello')],
  ['that fails', node('process.exit(74)')],
  ['that does not read what it is given', node('process.stdin.destroy()')],
  ['that never ends its answer', node(`for (;;) require('fs').writeSync(1, 'x'.repeat(65536))`)],
])('a program %s gives no score', async (_, programs) => {
  const large = Buffer.alloc(400_000, 'x');
  expect(await spamScore(large, programs)).toMatchObject({ kind: 'failed' });
});

test('a message that is too large is not handed on', async () => {
  const verdict = await spamScore(Buffer.alloc(600_000), answers('X-Spam-Status: No, score=0'));
  expect(verdict).toMatchObject({ kind: 'failed', reason: 'the message is too large' });
});
