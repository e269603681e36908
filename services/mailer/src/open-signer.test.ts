import { makeDkimKey } from '@paperboy/email';
import { silentLog } from '@paperboy/runtime';
import { expect, test } from 'vitest';
import { openSigner, type SignerSettings } from './open-signer.ts';

const dkimKey = await makeDkimKey();
const settings: SignerSettings = {
  smtpUrl: 'smtps://relay.example.org',
  mailFrom: 'Paperboy <paperboy@news.example.org>',
  dkim: 'sign',
  dkimDomain: '',
  dkimSelector: 'paperboy',
  dkimKey: '',
};

function warned(over: Partial<SignerSettings>) {
  const events: string[] = [];
  const log = { ...silentLog, warn: (event: string) => void events.push(event) };
  return { signer: openSigner({ ...settings, ...over }, log), events };
}

test('mail that leaves this machine without a signature is refused, with what to do', () => {
  expect(() => openSigner(settings, silentLog)).toThrow(/^DKIM_INVALID: mail leaves this machine/);
  expect(() => openSigner({ ...settings, dkimKey: 'none' }, silentLog)).toThrow(/^DKIM_INVALID/);
});

test('a relay that signs is taken at its word, with a warning', () => {
  expect(warned({ dkim: 'relay' })).toEqual({ signer: undefined, events: ['dkim.left-to-relay'] });
  expect(warned({ dkim: 'relay', dkimKey })).toMatchObject({ signer: undefined });
});

test.each(['inbox', 'smtp://127.0.0.1:2525', 'smtp://localhost:25', 'smtp://[::1]:25'])(
  'mail to %s needs no key, and says nothing',
  (smtpUrl) => {
    expect(warned({ smtpUrl })).toEqual({ signer: undefined, events: [] });
    expect(warned({ smtpUrl, dkim: 'relay' })).toEqual({ signer: undefined, events: [] });
  },
);

test('the domain of MAIL_FROM signs where no other is named', () => {
  expect(warned({ dkimKey }).signer?.record.name).toBe('paperboy._domainkey.news.example.org');
  const named = warned({ dkimKey, dkimDomain: 'example.org', dkimSelector: 'autumn' });
  expect(named.signer?.record.name).toBe('autumn._domainkey.example.org');
});
