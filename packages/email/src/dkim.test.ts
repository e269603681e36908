import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { digest, edition, envelope, message, paper, renderer } from './digest.fixture.ts';
import { createSigner } from './dkim.ts';
import { makeDkimKey } from './dkim-key.ts';
import { verifySignature } from './verify-signature.ts';

const name = { domain: 'news.example.org', selector: 'paperboy' };
const key = await makeDkimKey();
const signer = createSigner({ ...name, key });
const at = new Date('2026-03-11T07:30:00Z');
const raw = message([paper(1), paper(2), paper(3)], 1);
const signed = await signer.sign(raw, at);

async function verdict(bytes: Buffer) {
  const { record } = signer;
  return verifySignature(bytes, (asked) => (asked === record.name ? record.text : undefined));
}

const edited = (change: (text: string) => string) => {
  const before = signed.toString('latin1');
  const after = change(before);
  expect(after).not.toBe(before);
  return Buffer.from(after, 'latin1');
};

function pemOf(type: 'rsa' | 'ed25519' | 'ec', bits = 2048): string {
  const { privateKey } =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : type === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

test('a verifier that is not ours finds a whole, aligned signature of 2048 bits', async () => {
  expect(await verdict(signed)).toEqual([
    {
      result: 'pass',
      domain: 'news.example.org',
      selector: 'paperboy',
      headers: [
        ...['from', 'from', 'to', 'subject', 'date', 'message-id', 'mime-version'],
        ...['content-type', 'reply-to', 'list-id', 'list-unsubscribe', 'list-unsubscribe-post'],
        ...['list-help', 'list-subscribe', 'list-archive', 'feedback-id', 'auto-submitted'],
      ],
      keyBits: 2048,
      isAligned: true,
      isPartial: false,
    },
  ]);
});

test('a message of text alone is signed as well', async () => {
  const papers = [paper(1), paper(2)];
  const alone = renderer.assemble(
    renderer.prepare(edition(papers)),
    digest(papers, 1, { format: 'text' }),
    envelope(),
  );
  expect(await verdict(await signer.sign(alone, at))).toMatchObject([{ result: 'pass' }]);
});

test('the signature stands on top, in short lines, without length or end', () => {
  const [head = ''] = signed.toString('latin1').split('\r\nFrom: ');
  expect(head).toMatch(
    /^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=news\.example\.org;/,
  );
  for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(90);
  expect(head).not.toMatch(/\b[lx]=\d/);
  expect(signed.subarray(signed.length - raw.length).equals(raw)).toBe(true);
});

test('signed in place a digest has the same bytes', async () => {
  const bytes = Buffer.concat([Buffer.alloc(signer.room), raw]);
  await signer.signInPlace(bytes, at);
  expect(bytes.equals(signed)).toBe(true);
});

test('the same message at the same time has the same signature', async () => {
  expect((await signer.sign(raw, at)).equals(signed)).toBe(true);
});

test.each<[string, (text: string) => string]>([
  ['a changed List-Unsubscribe-Post', (text) => text.replace('=One-Click', '=Two-Click')],
  [
    'a List-Unsubscribe-Post taken away',
    (text) => text.replace(/List-Unsubscribe-Post: .*\r\n/, ''),
  ],
  ['another List-Unsubscribe', (text) => text.replace('/unsubscribe/A', '/unsubscribe/B')],
  ['a second From', (text) => text.replace('To: ada', 'From: eve@example.net\r\nTo: ada')],
  ['a second From on top', (text) => `From: eve@news.example.org\r\n${text}`],
  [
    'a Reply-To that was not there',
    (text) => text.replace('To: ada', 'Reply-To: eve@example.net\r\nTo: ada'),
  ],
  ['another Subject', (text) => text.replace('Subject: ', 'Subject: Re: ')],
  ['a flipped byte of the body', (text) => text.replace('PAPERBOY', 'PAPERBOX')],
  ['text after the end', (text) => `${text}and more\r\n`],
])('%s breaks the signature', async (_, change) => {
  const [report] = await verdict(edited(change));
  expect(report?.result).not.toBe('pass');
});

test.each<[string, (text: string) => string]>([
  [
    'refolded and respaced headers',
    (text) => text.replace('Auto-Submitted: auto', 'auto-submitted:  \r\n auto'),
  ],
  [
    'headers added by relays',
    (text) => `Received: from a by b\r\nReturn-Path: <x@y.org>\r\n${text}`,
  ],
  ['empty lines at the end', (text) => `${text}\r\n\r\n`],
])('%s do not', async (_, change) => {
  expect(await verdict(edited(change))).toMatchObject([{ result: 'pass' }]);
});

test.each([
  'From: a@news.example.org\nSubject:  bare \t line\n  ends\n\nhello  there \t\n\tyou  \n\n\n',
  'From: a@news.example.org\r\n\r\n',
  'From: a@news.example.org',
  'From: a@news.example.org\r\nSubject: caf\u00e9\r\n\r\nno line end \u00ff',
])('other messages are signed as they are received: %j', async (text) => {
  const bytes = await signer.sign(Buffer.from(text, 'latin1'), at);
  expect(bytes.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(await verdict(bytes)).toMatchObject([{ result: 'pass' }]);
});

test.each([
  'Subject: x\r\n\r\n',
  'From: a@b.org\r\nFrom: c@d.org\r\n\r\n',
  'From: a@b.org\r\nSubject: x\r\nSubject: y\r\n\r\n',
])('what cannot be vouched for is not signed: %j', async (text) => {
  await expect(signer.sign(Buffer.from(text), at)).rejects.toThrow(TypeError);
});

test.each([
  ['of 1024 bits', pemOf('rsa', 1024), /1024 bits/],
  ['of Ed25519', pemOf('ed25519'), /ed25519, not RSA/],
  ['of an elliptic curve', pemOf('ec'), /ec, not RSA/],
  ['that is none', 'not a key', /cannot be read/],
  ['that is cut short', key.slice(0, 800), /cannot be read/],
  ['that is public', key.replaceAll('PRIVATE', 'PUBLIC'), /cannot be read/],
])('a key %s is refused', (_, pem, problem) => {
  expect(() => createSigner({ ...name, key: pem })).toThrow(/^DKIM_INVALID/);
  expect(() => createSigner({ ...name, key: pem })).toThrow(problem);
});

test.each(['news.example.org; l=0', 'a b.org', '', 'x\r\ny.org'])(
  'a signing domain %j is refused',
  (domain) => {
    expect(() => createSigner({ ...name, domain, key })).toThrow(/^DKIM_INVALID/);
  },
);

test.each(['a;b', '', 'a b', '-a'])('a selector %j is refused', (selector) => {
  expect(() => createSigner({ ...name, selector, key })).toThrow(/^DKIM_INVALID/);
});

test('another domain than that of From does not align, and an unsigned message has no report', async () => {
  const other = createSigner({ ...name, domain: 'example.net', key });
  const [report] = await verifySignature(await other.sign(raw, at), () => other.record.text);
  expect(report).toMatchObject({ result: 'pass', isAligned: false });
  expect(await verdict(raw)).toEqual([]);
});

test('without the record in DNS nothing passes', async () => {
  const [report] = await verifySignature(signed, () => undefined);
  expect(report?.result).not.toBe('pass');
});
