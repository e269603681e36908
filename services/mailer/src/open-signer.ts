import { PaperboyError } from '@paperboy/core';
import { createSigner, type MessageSigner, parseMailbox } from '@paperboy/email';
import type { Log } from '@paperboy/runtime';
import type { MailSettings } from './mail-settings.ts';
import { staysOnLoopback } from './relay-target.ts';

export type SignerSettings = Pick<
  MailSettings,
  'smtpUrl' | 'mailFrom' | 'dkim' | 'dkimDomain' | 'dkimSelector' | 'dkimKey'
>;

/**
 * The signer that the settings name. Undefined, and said in the log, where the relay signs; undefined without a key
 * while mail stays on this machine. Throws DKIM_INVALID on a key that receivers would not take, and where mail
 * would leave unsigned: large receivers refuse it, and one-click leaving needs a signature.
 */
export function openSigner(settings: SignerSettings, log: Log): MessageSigner | undefined {
  const isLocal = settings.smtpUrl === 'inbox' || staysOnLoopback(settings.smtpUrl);
  if (settings.dkim === 'relay') {
    if (!isLocal) {
      log.warn('dkim.left-to-relay', {
        next: 'see that the relay signs with the domain of MAIL_FROM, List-Unsubscribe-Post included',
      });
    }
    return undefined;
  }
  const signer = signerOf(settings);
  if (signer || isLocal) return signer;
  throw new PaperboyError('DKIM_INVALID', 'mail leaves this machine and DKIM_KEY is not set');
}

/** The signer of a key that is set, for showing what would be sent. Throws DKIM_INVALID. */
export function signerOf(settings: SignerSettings): MessageSigner | undefined {
  const { dkim, dkimDomain, dkimSelector, dkimKey, mailFrom } = settings;
  if (dkim === 'relay' || dkimKey === '') return undefined;
  const from = parseMailbox(mailFrom);
  const domain = dkimDomain || ('domain' in from ? from.domain : '');
  return createSigner({ domain, selector: dkimSelector, key: dkimKey });
}
