import { dayIn, idOf, PaperboyError, parseListedOn } from '@paperboy/core';
import {
  createDigestRenderer,
  parseMailbox,
  type SignedLinks,
  sampleDigest,
} from '@paperboy/email';
import type { MailSettings } from './mail-settings.ts';
import { type SignerSettings, signerOf } from './open-signer.ts';
import type { MessageToSend } from './relay.ts';

export type SampleMessage = MessageToSend & { readonly messageId: string };

export interface SampleParts {
  readonly links: SignedLinks;
  readonly settings: SignerSettings &
    Pick<MailSettings, 'publicUrl' | 'postalAddress' | 'mailTemplates' | 'bounceDomain'>;
}

/** Nobody's: what its links would do happens to nobody. */
const NOBODY = ((1n << 56n) - 1n).toString();

const NOTE =
  'This is a test of Paperboy, sent by hand: its papers are made up, and its links lead nowhere.';

/**
 * A digest of made-up papers, built, marked and signed as real ones are. Throws SETTING_INVALID, TEMPLATE_INVALID or
 * DKIM_INVALID where real ones could not be built either.
 */
export async function sampleMessage(
  { links, settings }: SampleParts,
  { to, now }: { readonly to: string; readonly now: Date },
): Promise<SampleMessage> {
  const { publicUrl, mailFrom, postalAddress, mailTemplates, bounceDomain } = settings;
  const from = parseMailbox(mailFrom);
  if ('problem' in from) throw new PaperboyError('SETTING_INVALID', `MAIL_FROM: ${from.problem}`);
  const renderer = await createDigestRenderer({
    publicUrl,
    from,
    templates: mailTemplates,
    ...(postalAddress && { postalAddress }),
  });
  const date = parseListedOn(dayIn('UTC', now));
  if (!date) throw new PaperboyError('INTERNAL', 'today is no day');
  const { edition, digest } = sampleDigest({ publicUrl, date, note: NOTE });
  // One per moment, so that no receiver takes a second test for a copy of the first.
  const reader = idOf('subscriber', NOBODY);
  const leaving = `unsubscribe+${links.leavingToken(reader)}@${bounceDomain}`;
  const messageId = `<test.${now.getTime().toString(36)}@${from.domain}>`;
  const built = renderer.assemble(renderer.prepare(edition), digest, {
    to,
    messageId,
    date: now,
    unsubscribeUrl: links.unsubscribe(reader),
    ...(bounceDomain && { unsubscribeMailto: new URL(`mailto:${leaving}`) }),
  });
  const marked = markSubject(built);
  const signer = signerOf(settings);
  const raw = signer ? await signer.sign(marked, now) : marked;
  const token = links.deliveryToken(idOf('delivery', NOBODY));
  const sender = bounceDomain ? `bounce+${token}@${bounceDomain}` : from.address;
  return { from: sender, to, messageId, raw };
}

/** A plain word before the subject's own, which may be encoded. */
function markSubject(message: Buffer): Buffer {
  const name = Buffer.from('\r\nSubject: ');
  const at = message.indexOf(name) + name.length;
  return Buffer.concat([message.subarray(0, at), Buffer.from('[Test] '), message.subarray(at)]);
}
