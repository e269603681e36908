import { PaperboyError } from '@paperboy/core';
import { parseAddress } from '@paperboy/email';
import { openRelay, type SendOutcome, sampleMessage, startInbox } from '@paperboy/mailer';
import { isSuppressed, noteTestMail } from '@paperboy/store';
import { mailFindings } from './doctor/run-doctor.ts';
import type { Shared } from './shared.ts';

export interface TestMailWish {
  readonly address: string;
  readonly now: Date;
  readonly dns: string | undefined;
  /** Also where a required rule fails. */
  readonly force: boolean;
}

/** How the conversation about a test mail ended. */
export interface SentTestMail {
  readonly outcome: SendOutcome['kind'];
  readonly to: string;
  readonly messageId: string;
  /** Host and port. */
  readonly relay: string;
  /** What it said last. */
  readonly answer: string;
  readonly relayId: string | undefined;
  readonly means: string;
  readonly isInbox: boolean;
}

/**
 * Sends one test mail. Never to an address that must not be mailed, and only so many in a while. Throws
 * ADDRESS_INVALID, and USAGE where it was not sent: a required rule fails, the address is suppressed, or there were
 * enough.
 */
export async function sendTestMail(
  shared: Shared,
  { address, now, dns, force }: TestMailWish,
): Promise<SentTestMail> {
  const { db, settings } = shared;
  const mailbox = parseAddress(address);
  if ('problem' in mailbox) throw new PaperboyError('ADDRESS_INVALID', mailbox.problem);
  const links = await shared.links();
  const addressHash = links.addressHash(mailbox.address);
  if (await isSuppressed(db, addressHash)) {
    throw new PaperboyError('USAGE', 'this address is suppressed: it must not be mailed');
  }
  if (!settings.sending) throw new PaperboyError('USAGE', 'PAPERBOY_SENDING is off');
  if (!force) await refuseFailing(settings, now, dns);
  const message = await sampleMessage({ links, settings }, { to: mailbox.address, now });
  const noted = await noteTestMail(db, addressHash);
  if (noted !== 'noted') throw new PaperboyError('USAGE', ENOUGH[noted]);
  const isInbox = settings.smtpUrl === 'inbox';
  const inbox = isInbox ? await startInbox({ db }) : undefined;
  const url = inbox?.url ?? settings.smtpUrl;
  const relay = openRelay({ url, connections: 1, connectTimeoutMs: settings.smtpTimeoutMs });
  try {
    const outcome = await relay.use((send) => send(message));
    const { to, messageId } = message;
    return { to, messageId, relay: new URL(url).host, isInbox, ...told(outcome) };
  } finally {
    relay.close();
    await inbox?.stop();
  }
}

const ENOUGH = {
  'too-many-to-it': 'two test mails to one address in ten minutes are enough; wait a little',
  'too-many': 'twenty test mails in an hour are enough; wait a little',
} as const;

async function refuseFailing(
  settings: Shared['settings'],
  now: Date,
  dns: string | undefined,
): Promise<void> {
  const findings = await mailFindings(settings, now, { dns, withSpam: false });
  const failing = findings.filter(
    ({ outcome, level }) => outcome === 'fail' && level === 'required',
  );
  if (failing.length === 0) return;
  const named = failing.slice(0, 3).map(({ rule, found }) => `${rule}: ${found}`);
  throw new PaperboyError(
    'USAGE',
    `not sent, as ${counted(failing.length)}, see paperboy doctor: ${named.join('; ')}; --force sends it all the same`,
  );
}

function counted(failing: number): string {
  return failing === 1 ? 'a required rule fails' : `${failing} required rules fail`;
}

function told(
  outcome: SendOutcome,
): Pick<SentTestMail, 'outcome' | 'answer' | 'relayId' | 'means'> {
  switch (outcome.kind) {
    case 'accepted':
      return {
        outcome: 'accepted',
        answer: outcome.reply,
        relayId: outcome.relayId,
        means: 'the relay took it: look whether it arrives, in which folder, and at its headers',
      };
    case 'refused': {
      const { command, code, text } = outcome.reply;
      const means = command.startsWith('AUTH')
        ? 'the relay does not let us in: check user and password in SMTP_URL'
        : code >= 500
          ? 'refused for good: the answer says why'
          : 'put off: the same mail may pass later';
      return { outcome: 'refused', answer: `to ${command}: ${text}`, relayId: undefined, means };
    }
    case 'lost': {
      const means = outcome.afterDot
        ? 'the whole message was written and the answer lost: it may have arrived'
        : 'the relay was not reached, or broke off before the message was whole: it did not arrive';
      return { outcome: 'lost', answer: outcome.detail, relayId: undefined, means };
    }
    case 'misconfigured':
      return {
        outcome: 'misconfigured',
        answer: outcome.detail,
        relayId: undefined,
        means: 'SMTP_URL does not fit the server; nothing was sent',
      };
  }
}
