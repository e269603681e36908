import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { readSettings } from './read-settings.ts';

const derOf = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });
const pemOf = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' }).toString();
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const der = derOf(pair.publicKey);
const key = der.toString('base64');
const pem = pemOf(pair.publicKey);

test('the key of SendGrid is read in base64 and in PEM, on lines or on one, and kept as the base64', () => {
  const forms = [key, pem, pem.replaceAll('\n', '\\n'), pem.replaceAll('\n', ' '), `${key}\n`];
  for (const form of forms) {
    expect(readSettings({ HOOK_SENDGRID_KEY: form }).hookSendgridKey).toBe(key);
  }
});

const arn = 'arn:aws:sns:eu-west-1:123456789012:bounces';
test.each([
  ['HOOK_SES_TOPIC', arn],
  ['HOOK_SES_TOPIC', 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:Bounces_of-digests'],
  ['HOOK_SES_TOPIC', 'arn:aws-cn:sns:cn-north-1:123456789012:b'],
  ['HOOK_POSTMARK_PASSWORD', "aZ09-._~!$&'()*+,;="],
  ['HOOK_MAILGUN_KEY', '0123456789abcdef0123456789abcdef'],
  ['HOOK_MAILGUN_KEY', 'key-3az6xnjp29jd6fds4gc373sgvjxteol0'],
  ['HOOK_MAILGUN_KEY', '0123456789abcdef0123456789abcdef-01234567-89abcdef'],
])('%s may be %s', (variable, value) => {
  expect(Object.values(readSettings({ [variable]: value }))).toContain(value);
});

const ofAnother = (curve: string) =>
  derOf(generateKeyPairSync('ec', { namedCurve: curve }).publicKey).toString('base64');
const secret = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const TOPIC = ['HOOK_SES_TOPIC', 'is not the ARN of an SNS topic such as arn:aws:sns:'] as const;
const KEY = [
  'HOOK_SENDGRID_KEY',
  'is not a public key of ECDSA on P-256, in PEM or in base64',
] as const;
test.each([
  ['a name instead of an ARN', TOPIC, 'bounces'],
  ['the ARN of a subscription', TOPIC, `${arn}:6b0e71bd-7e97-4d97-80ce-4a0994e55286`],
  ['a topic in order', TOPIC, `${arn}.fifo`],
  ['the ARN of a queue', TOPIC, arn.replace('sns', 'sqs')],
  ['an account of eleven digits', TOPIC, arn.replace('2:', ':')],
  ['a key without its end', KEY, key.slice(0, -4)],
  ['a key without its start', KEY, key.slice(1)],
  ['a key in quotes', KEY, `"${key}"`],
  ['a PEM whose first line lost a sign', KEY, pem.replace('KEY-----', 'KEY----')],
  ['a PEM of its first line alone', KEY, '-----BEGIN PUBLIC KEY-----'],
  ['a private key', KEY, secret],
  ['a key on P-384', KEY, ofAnother('P-384')],
  ['a key on another curve of 256 bits', KEY, ofAnother('secp256k1')],
  ['a key of EdDSA', KEY, derOf(generateKeyPairSync('ed25519').publicKey).toString('base64')],
])('%s is refused with what is expected', (_, [variable, expected], value) => {
  expect(() => readSettings({ [variable]: value })).toThrow(
    expect.objectContaining({
      code: 'SETTING_INVALID',
      detail: expect.stringMatching(new RegExp(`^${variable}: ".+" ${expected}.*$`)),
    }),
  );
});

test.each([
  ['HOOK_POSTMARK_PASSWORD', 'p@ss/word'],
  ['HOOK_POSTMARK_PASSWORD', 'p%40ss'],
  ['HOOK_POSTMARK_PASSWORD', 'postmark:password'],
  ['HOOK_POSTMARK_PASSWORD', 'two words'],
  ['HOOK_MAILGUN_KEY', '0123456789abcdef0123456789abcde'],
  ['HOOK_MAILGUN_KEY', `'0123456789abcdef0123456789abcdef'`],
])('%s is refused, and its text not repeated: %s', (variable, value) => {
  expect(() => readSettings({ [variable]: value })).toThrow(
    expect.objectContaining({
      code: 'SETTING_INVALID',
      detail: expect.stringMatching(new RegExp(`^${variable}: the given text is not a .+$`)),
    }),
  );
});
