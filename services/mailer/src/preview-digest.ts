import type { SubscriberId } from '@paperboy/core';
import { readMessage } from '@paperboy/email';
import {
  type Db,
  type EditionHour,
  findSubscriber,
  hasEdition,
  listDeliveries,
  previewTransaction,
} from '@paperboy/store';
import { type ComposerParts, createComposer } from './compose-digests.ts';
import { type SignerSettings, signerOf } from './open-signer.ts';
import { planEdition } from './plan-editions.ts';
import { readVotes } from './weigh-votes.ts';

export interface DigestPreview {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** The message as it would be sent. */
  readonly raw: Buffer;
  readonly newPapers: number;
  readonly recurringPapers: number;
}

export interface PreviewParts {
  readonly db: Db;
  readonly links: ComposerParts['links'];
  readonly settings: ComposerParts['settings'] & SignerSettings;
}

/**
 * The digest that would be planned for a subscriber at `at`, whatever their hour. Nothing is kept: it is planned by
 * the same code in a transaction that is undone. Undefined when it would hold no paper, or nothing may be mailed.
 */
export async function previewDigest(
  { db, links, settings }: PreviewParts,
  { subscriberId, at = new Date() }: { readonly subscriberId: SubscriberId; readonly at?: Date },
): Promise<DigestPreview | undefined> {
  const composer = await createComposer({ links, settings, signer: signerOf(settings) });
  return previewTransaction(db, async (tx) => {
    const { schedule } = await findSubscriber(tx, subscriberId);
    const hour = await freeHour(tx, { cadence: schedule.cadence, windowEnd: at });
    const audience = { kind: 'one', subscriberId } as const;
    const votes = await readVotes(tx, hour, audience);
    const edition = await planEdition(tx, hour, audience, { votes });
    if (!edition) return undefined;
    const [delivery] = await listDeliveries(tx, { editionId: edition.id, subscriberId });
    if (!delivery) return undefined;
    const { id, attempt, newPapers, recurringPapers } = delivery;
    const claim = { id, attempt, domain: '', messageId: null, mailDate: null };
    const { messages, faults } = await composer.compose(tx, [claim], at);
    const [message] = messages;
    if (!message) throw faults[0]?.error ?? new Error('the preview has no message');
    const { subject, html = '', text = '' } = await readMessage(message.raw);
    return { subject, html, text, raw: message.raw, newPapers, recurringPapers };
  });
}

/** An edition that stands has its papers fixed; a preview is of one a moment later. */
export async function freeHour(db: Db, { cadence, windowEnd }: EditionHour): Promise<EditionHour> {
  let free = windowEnd;
  while (await hasEdition(db, { cadence, windowEnd: free })) free = new Date(free.getTime() + 1);
  return { cadence, windowEnd: free };
}
