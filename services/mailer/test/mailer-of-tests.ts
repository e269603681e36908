import { createLinks, type SignedLinks } from '@paperboy/email';
import { silentLog } from '@paperboy/runtime';
import type { Db } from '@paperboy/store';
import { type MailerParts, openMailer } from '../src/index.ts';

export const links: SignedLinks = createLinks({
  secret: 'a secret of the tests, long enough',
  publicUrl: 'http://localhost:3080',
});

export const mailSettings: MailerParts['settings'] = {
  publicUrl: 'http://localhost:3080',
  mailFrom: 'Paperboy <paperboy@example.org>',
  postalAddress: '',
  smtpUrl: 'inbox',
  smtpTimeoutMs: 5_000,
  smtpConnections: 4,
  dkim: 'sign',
  dkimDomain: '',
  dkimSelector: 'paperboy',
  dkimKey: '',
  uncertainPolicy: 'resend',
  whenSourceFails: 'annotate',
  digestGraceMs: 7_200_000,
  sending: true,
};

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
    ...parts,
  });
}
