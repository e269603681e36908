import { createHash } from 'node:crypto';
import { type DeliveryId, isComplaintAlarm, type SubscriberId } from '@paperboy/core';
import {
  type FindingKind,
  outcomeOf,
  type Report,
  type ReportEnvelope,
  readReport,
  type SignedLinks,
} from '@paperboy/email';
import type { Log } from '@paperboy/runtime';
import {
  complaintShare,
  type Db,
  isSpamComplaint,
  keepStray,
  leave,
  type ReturnEffect,
  recordReturn,
} from '@paperboy/store';

export interface ReceiveParts {
  readonly db: Db;
  readonly log: Log;
  readonly links: Pick<SignedLinks, 'readDeliveryToken' | 'readLeavingToken'>;
}

/** A message as it came in. */
export interface ReceivedMail {
  readonly raw: Uint8Array;
  /** The way it came, such as `smtp` or `file`. */
  readonly via: string;
  readonly envelope?: ReportEnvelope;
}

/** What a received message was, and what it changed. `unproven`: a bounce or complaint that proves no delivery of ours. */
export interface Received {
  readonly kind: FindingKind | 'leaving';
  readonly reason: string;
  readonly deliveryId?: DeliveryId;
  readonly effect: ReturnEffect | 'unproven' | 'none';
}

/**
 * Takes in a message at the address of bounces: whoever leaves by it has left, a report of a delivery of ours counts, and
 * what changes nothing is kept for a person. Nothing is ever answered. The same message twice changes nothing more.
 */
export async function receiveReport(parts: ReceiveParts, mail: ReceivedMail): Promise<Received> {
  const report = await readReport(mail.raw, mail.envelope);
  const leaving = subscriberIn(report, parts.links);
  const received =
    leaving === undefined ? await take(parts, report, mail) : await takeLeave(parts, leaving);
  const isStray = received.effect === 'unproven' || received.effect === 'absent';
  if (isStray || (received.kind === 'not-a-bounce' && received.effect === 'none')) {
    await keep(parts.db, mail, received);
  }
  return received;
}

/** Leaving needs no more than the token: whoever holds the mail may leave, whatever stands in From. */
async function takeLeave({ db, log }: ReceiveParts, id: SubscriberId): Promise<Received> {
  const hasLeft = await leave(db, id, { by: 'mail' });
  if (hasLeft) log.info('subscriber.left', { subscriberId: id, by: 'mail' });
  return { kind: 'leaving', reason: 'unsubscribe', effect: hasLeft ? 'left' : 'known' };
}

async function take(
  { db, log, links }: ReceiveParts,
  report: Report,
  { via }: ReceivedMail,
): Promise<Received> {
  const { findings } = report;
  const first = findings[0];
  const { kind, reason } = first ?? { kind: 'not-a-bounce', reason: 'unrecognised' };
  const outcome = outcomeOf(findings);
  if (outcome.kind === 'nothing') return { kind, reason, effect: 'none' };
  const deliveryId = deliveryIn(report, links);
  if (deliveryId === undefined) return { kind, reason, effect: 'unproven' };
  const effect = await recordReturn(db, deliveryId, outcome, via);
  if (effect !== 'known') log.info('bounce.received', { deliveryId, kind, reason, effect, via });
  if (isSpamComplaint(outcome) && effect !== 'known') await watchComplaints(db, log);
  return { kind, reason, deliveryId, effect };
}

/** Tells a person before receivers do. */
async function watchComplaints(db: Db, log: Log): Promise<void> {
  const share = await complaintShare(db);
  if (isComplaintAlarm(share)) log.error('complaints.alarm', { ...share });
}

function deliveryIn({ deliveryTokens }: Report, links: ReceiveParts['links']) {
  for (const token of deliveryTokens) {
    const read = links.readDeliveryToken(token);
    if (read) return read.id;
  }
  return undefined;
}

function subscriberIn({ leavingTokens }: Report, links: ReceiveParts['links']) {
  for (const token of leavingTokens) {
    const read = links.readLeavingToken(token);
    if (read) return read.id;
  }
  return undefined;
}

async function keep(db: Db, { raw, via }: ReceivedMail, { kind, reason }: Received): Promise<void> {
  const contentHash = createHash('sha256').update(raw).digest();
  await keepStray(db, { via, kind, reason, raw, contentHash });
}
