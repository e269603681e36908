/** The shipped mailer, with nothing of the benches beside it: a process that sends is measured by what it holds. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinks } from '@paperboy/email';
import { type Mailer, openJournals, openMailer } from '@paperboy/mailer';
import { silentLog } from '@paperboy/runtime';
import type { Store } from '@paperboy/store';

/** Connections to the relay, on both sides of every pair. */
export const SESSIONS = 20;
export const MAIL_FROM = 'Paperboy <paperboy@news.example.org>';
export const DKIM_NAME = { domain: 'news.example.org', selector: 'bench' };
const publicUrl = 'https://news.example.org';

/** The shipped mailer on a relay at this address. */
export function openBenchMailer({ db }: Store, smtpUrl: string, dkimKey: string): Promise<Mailer> {
  return openMailer({
    db,
    log: silentLog,
    journals: openJournals(mkdtempSync(join(tmpdir(), 'paperboy-journals-')), { log: silentLog }),
    links: createLinks({ secret: 'a secret of the benches, long enough', publicUrl }),
    settings: {
      publicUrl,
      mailFrom: MAIL_FROM,
      mailPrecedence: 'none',
      postalAddress: '',
      smtpUrl,
      smtpTimeoutMs: 15_000,
      smtpConnections: SESSIONS,
      dkim: 'sign',
      dkimDomain: DKIM_NAME.domain,
      dkimSelector: DKIM_NAME.selector,
      dkimKey,
      uncertainPolicy: 'hold',
      whenSourceFails: 'annotate',
      digestGraceMs: 0,
      sending: true,
      mailPerSecond: 0,
      mailPerHour: 0,
      mailPerDay: 0,
      bounceDomain: '',
      bounceListen: '',
      bounceTlsCert: '',
      bounceTlsKey: '',
      hookPostmarkPassword: '',
      mailTemplates: '',
    },
  });
}
