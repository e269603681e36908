import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinks, type SignedLinks } from '@paperboy/email';
import { silentLog } from '@paperboy/runtime';
import type { Db } from '@paperboy/store';
import { type Journals, type MailerParts, openJournals, openMailer } from '../src/index.ts';

export const links: SignedLinks = createLinks({
  secret: 'a secret of the tests, long enough',
  publicUrl: 'http://localhost:3080',
});

export const mailSettings: MailerParts['settings'] = {
  publicUrl: 'http://localhost:3080',
  mailFrom: 'Paperboy <paperboy@example.org>',
  bounceDomain: '',
  bounceListen: '',
  bounceTlsCert: '',
  bounceTlsKey: '',
  hookPostmarkPassword: '',
  mailPrecedence: 'none',
  postalAddress: '',
  smtpUrl: 'inbox',
  smtpTimeoutMs: 5_000,
  smtpConnections: 4,
  mailTemplates: '',
  dkim: 'sign',
  dkimDomain: '',
  dkimSelector: 'paperboy',
  dkimKey: '',
  uncertainPolicy: 'resend',
  whenSourceFails: 'annotate',
  digestGraceMs: 7_200_000,
  sending: true,
  mailPerSecond: 0,
  mailPerHour: 0,
  mailPerDay: 0,
};

/** Journals of a machine of their own. */
export function journalsOfTests(): Journals {
  return openJournals(mkdtempSync(join(tmpdir(), 'paperboy-journals-')), { log: silentLog });
}

/** A mailer that sends to the development inbox, or to another server. */
export function mailerOn(
  { db }: { readonly db: Db },
  over: Partial<MailerParts> &
    Partial<Pick<MailerParts['settings'], 'smtpUrl' | 'uncertainPolicy'>> = {},
) {
  const { smtpUrl = 'inbox', uncertainPolicy = 'resend', ...parts } = over;
  return openMailer({
    db,
    log: silentLog,
    links,
    settings: { ...mailSettings, smtpUrl, uncertainPolicy },
    journals: over.journals ?? journalsOfTests(),
    ...parts,
  });
}
