import type { DeliveryId } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import {
  claimsInUse,
  type Db,
  type DeliveryResult,
  type DoubtfulDelivery,
  finishEditions,
  lapsedDeliveries,
  releaseUnstaged,
  removeLapsedClaims,
  resendUncertain,
  settleLapsed,
  settleUncertain,
  uncertainDeliveries,
} from '@paperboy/store';
import { type Consequence, consequenceOf } from './delivery-result.ts';
import type { JournalEntry, Journals } from './journal.ts';
import { SENDING, type UncertainPolicy } from './mail-settings.ts';
import { noteRefusals } from './note-refusals.ts';
import type { RelayAnswer, RelayLog } from './relay-log.ts';

export interface ReconcileParts {
  readonly db: Db;
  readonly log: Log;
  readonly relayLog: RelayLog;
  readonly journals: Journals;
  readonly uncertainPolicy: UncertainPolicy;
  /** Names by which a refusal would speak of us. */
  readonly ourNames: readonly string[];
}

/** What crashes and lost answers had left, and what became of it. */
export interface Reconciled {
  /** Given back, as nothing of them can have left. */
  readonly released: number;
  /** Taken, by a journalled answer or the relay's records. */
  readonly accepted: number;
  /** Refused, by a journalled answer. */
  readonly refused: number;
  /** In doubt now. */
  readonly uncertain: number;
  /** Given back after their wait, for a last time. */
  readonly resent: number;
}

/** Rows settled together. */
const BATCH = 500;

/**
 * Settles what a dead worker left behind, by evidence: its journal, if that is here, then the relay's records. May
 * run anywhere at any time, also twice at once; a delivery that somebody works on is never touched.
 */
export async function reconcileDeliveries(parts: ReconcileParts): Promise<Reconciled> {
  const { db, log, journals, uncertainPolicy } = parts;
  const found = { released: 0, accepted: 0, refused: 0, uncertain: 0, resent: 0 };
  // Those that are there now: one that is opened meanwhile is of a living claim.
  const claims = journals.claims();
  const read = journalReader(journals);
  found.released = await releaseUnstaged(db);
  await settleAllUncertain(parts, read, found);
  for (;;) {
    const lapsed = await lapsedDeliveries(db, { limit: BATCH });
    const findings = await findingsFor(parts, read, lapsed);
    const settled = await settleLapsed(
      db,
      findings.map(({ result }) => result),
    );
    await note(parts, findings, settled, found);
    if (settled.size === 0) break;
  }
  await removeLapsedClaims(db);
  await removeSettled(db, journals, claims);
  if (uncertainPolicy === 'resend') found.resent = await resendUncertain(db);
  await finishEditions(db);
  if (Object.values(found).some((count) => count > 0)) {
    log.warn('deliveries.reconciled', { ...found });
  }
  return found;
}

type ReadJournal = (delivery: DoubtfulDelivery) => JournalEntry | undefined;
type Counts = Record<keyof Reconciled, number>;

/** Reads each journal once. */
function journalReader(journals: Journals): ReadJournal {
  const known = new Map<string, ReturnType<Journals['read']>>();
  return ({ id, stagedBy }) => {
    if (!known.has(stagedBy)) known.set(stagedBy, stagedBy ? journals.read(stagedBy) : undefined);
    return known.get(stagedBy)?.(id);
  };
}

const FINDINGS = {
  yes: 'accepted',
  no: 'ready',
  unknown: 'uncertain',
} as const satisfies Record<RelayAnswer, DeliveryResult['state']>;

/** What is to be believed of deliveries in doubt. */
async function findingsFor(
  { relayLog, ourNames }: ReconcileParts,
  read: ReadJournal,
  doubtful: readonly DoubtfulDelivery[],
): Promise<Consequence[]> {
  const findings: Consequence[] = [];
  const unknown: DoubtfulDelivery[] = [];
  for (const delivery of doubtful) {
    const entry = read(delivery);
    if (entry?.kind === 'untouched') findings.push({ result: untried(delivery.id) });
    else if (entry?.kind === 'ended' && !isLost(entry)) {
      findings.push(consequenceOf(delivery, entry.outcome, ourNames));
    } else unknown.push(delivery);
  }
  const answers = await relayLog.wasAccepted(unknown.map(({ messageId }) => messageId));
  for (const { id, messageId } of unknown) {
    const state = FINDINGS[answers.get(messageId) ?? 'unknown'];
    const waitMs = state === 'uncertain' ? SENDING.uncertainMs : 0;
    findings.push({ result: { id, state, spent: false, waitMs } });
  }
  return findings;
}

function untried(id: DeliveryId): DeliveryResult {
  return { id, state: 'ready', spent: false };
}

/** A journal that only knows of a lost answer leaves the doubt as it is. */
function isLost(entry: JournalEntry): boolean {
  return entry.kind === 'ended' && entry.outcome.kind === 'lost' && entry.outcome.afterDot;
}

/** An answer that was lost on the way may still stand in a journal that is back, or in the relay's records. */
async function settleAllUncertain(
  parts: ReconcileParts,
  read: ReadJournal,
  found: Counts,
): Promise<void> {
  let after = '0';
  for (;;) {
    const doubtful = await uncertainDeliveries(parts.db, { after, limit: BATCH });
    const last = doubtful.at(-1);
    if (!last) return;
    after = last.id;
    const findings = (await findingsFor(parts, read, doubtful)).filter(isEvidence);
    const settled = await settleUncertain(
      parts.db,
      findings.map(({ result }) => result),
    );
    await note(parts, findings, settled, found);
  }
}

function isEvidence({ result }: Consequence): boolean {
  return result.state !== 'uncertain';
}

async function note(
  { db }: ReconcileParts,
  findings: readonly Consequence[],
  settled: ReadonlySet<DeliveryId>,
  found: Counts,
): Promise<void> {
  const known = findings.filter(({ result }) => settled.has(result.id));
  await noteRefusals(db, known);
  for (const { result } of known) {
    if (result.state === 'ready') found.released += 1;
    else if (result.state === 'accepted') found.accepted += 1;
    else if (result.state === 'uncertain') found.uncertain += 1;
    else found.refused += 1;
  }
}

/** Removes journals under which nothing is held any more: what they knew is written down. */
async function removeSettled(db: Db, journals: Journals, claims: readonly string[]): Promise<void> {
  if (claims.length === 0) return;
  const inUse = await claimsInUse(db, claims);
  for (const claim of claims) if (!inUse.has(claim)) journals.remove(claim);
}
