import { expect, test } from 'vitest';
import { message, paper } from './digest.fixture.ts';
import { createSigner } from './dkim.ts';
import { findDkim } from './dkim-finding.ts';
import { makeDkimKey } from './dkim-key.ts';

const signer = createSigner({
  domain: 'news.example.org',
  selector: 'one',
  key: await makeDkimKey(),
});
const raw = message([paper(1)]);
const signed = await signer.sign(raw, new Date('2026-03-11T07:30:00Z'));
const record = (name: string) => (name === signer.record.name ? signer.record.text : undefined);

test('a signature that verifies passes with the size of its key', async () => {
  expect(await findDkim(signed, record)).toEqual({ result: 'pass', keyBits: 2048 });
});

test('an unsigned message has no finding', async () => {
  expect(await findDkim(raw, record)).toBeUndefined();
});

test('a changed body, and a key that is nowhere, fail with their reason', async () => {
  const changed = Buffer.from(signed.toString('latin1').replace('PAPERBOY', 'PAPERBOX'), 'latin1');
  expect(await findDkim(changed, record)).toMatchObject({
    result: 'fail',
    reason: expect.stringMatching(/^one\._domainkey\.news\.example\.org: body hash/),
  });
  expect(await findDkim(signed, () => undefined)).toMatchObject({ result: 'fail' });
});

test('where DNS cannot be asked nothing is known', async () => {
  const away = () => Promise.reject(new Error('no answer'));
  expect(await findDkim(signed, away)).toMatchObject({ result: 'unknown' });
});
