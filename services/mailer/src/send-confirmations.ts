import { PaperboyError } from '@paperboy/core';
import {
  confirmationMessage,
  type Mailbox,
  type MessageSigner,
  makeConfirmationId,
  makeConfirmToken,
  parseMailbox,
} from '@paperboy/email';
import type { Log } from '@paperboy/runtime';
import {
  addConfirmToken,
  type ConfirmationResult,
  claimConfirmations,
  type Db,
  type DueConfirmation,
  settleConfirmation,
} from '@paperboy/store';
import { classifyReply } from './classify-reply.ts';
import type { MailSettings } from './mail-settings.ts';
import type { Relay, SendOutcome } from './relay.ts';
import type { RelayBreaker } from './relay-breaker.ts';

export interface ConfirmationParts {
  readonly db: Db;
  readonly log: Log;
  readonly relay: Pick<Relay, 'use'>;
  readonly breaker: Pick<RelayBreaker, 'pass' | 'endProbe'>;
  readonly signer: MessageSigner | undefined;
  readonly settings: Pick<MailSettings, 'publicUrl' | 'mailFrom' | 'postalAddress'>;
}

const CLAIM = { limit: 20, leaseMs: 120_000 } as const;
const MINUTE = 60_000;

/**
 * Sends the mails that ask for a confirmation, until none is due; how many were accepted. Does nothing while the relay
 * is in trouble: they stay due. Lost after the final dot counts as sent, as a second one would only confuse.
 */
export async function sendConfirmations(
  parts: ConfirmationParts,
  signal?: AbortSignal,
): Promise<number> {
  const { db, log } = parts;
  const from = parseMailbox(parts.settings.mailFrom);
  if ('problem' in from) throw new PaperboyError('SETTING_INVALID', `MAIL_FROM: ${from.problem}`);
  let sent = 0;
  while (!signal?.aborted && (await mayTry(parts))) {
    const due = await claimConfirmations(db, CLAIM);
    if (due.length === 0) break;
    for (const one of due) {
      const result = resultOf(await send(parts, from, one, signal), from.domain);
      await settleConfirmation(db, one.id, result);
      if (result === 'sent') sent += 1;
      else log.warn('confirmation.unsent', { signUpId: one.id, result });
    }
  }
  if (sent > 0) log.info('confirmations.sent', { sent });
  return sent;
}

/** A relay that is only being tried is left to the digests. */
async function mayTry({ breaker }: ConfirmationParts): Promise<boolean> {
  const gate = await breaker.pass().catch(() => undefined);
  if (gate === 'probe') await breaker.endProbe();
  return gate === 'free';
}

async function send(
  { db, relay, signer, settings }: ConfirmationParts,
  from: Mailbox,
  { id, address }: DueConfirmation,
  signal: AbortSignal | undefined,
): Promise<SendOutcome> {
  const { token, hash } = makeConfirmToken();
  // Before the mail goes out, as its link has to work when it arrives.
  await addConfirmToken(db, id, hash);
  const date = new Date();
  const message = confirmationMessage({
    from,
    to: address,
    date,
    messageId: makeConfirmationId(from),
    confirmUrl: new URL(`${settings.publicUrl}/confirm/${token}`),
    publicUrl: settings.publicUrl,
    ...(settings.postalAddress && { postalAddress: settings.postalAddress }),
  });
  const raw = signer ? await signer.sign(message, date) : message;
  return relay.use((hand) => hand({ from: from.address, to: address, raw }, signal));
}

function resultOf(outcome: SendOutcome, ourDomain: string): ConfirmationResult {
  switch (outcome.kind) {
    case 'accepted':
      return 'sent';
    case 'lost':
      return outcome.afterDot ? 'sent' : { retryInMs: MINUTE };
    case 'misconfigured':
      return { retryInMs: 15 * MINUTE };
    case 'refused': {
      const found = classifyReply(outcome.reply, [ourDomain]);
      const isForGood = ['hard', 'refused', 'message'].includes(found.class);
      return isForGood ? 'failed' : { retryInMs: 10 * MINUTE };
    }
  }
}
