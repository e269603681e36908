import type { DeliveryId, EditionId, PaperboyError } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import {
  type ClaimedDelivery,
  claimDeliveries,
  type Db,
  type DeliveryResult,
  recordResults,
  stageDeliveries,
  suppressBounced,
} from '@paperboy/store';
import type { ComposedMessage, DigestComposer } from './compose-digests.ts';
import { type Consequence, consequenceOf, faultResult } from './delivery-result.ts';
import { keepTrying } from './keep-trying.ts';
import { type KeptLease, keepLease } from './lease.ts';
import { SENDING } from './mail-settings.ts';
import type { Relay } from './relay.ts';
import type { RelayPause } from './relay-pause.ts';

type EndState = DeliveryResult['state'] | 'suppressed';

/** What delivering needs; opened once per process. */
export interface DeliveryParts {
  readonly db: Db;
  readonly log: Log;
  readonly relay: Relay;
  readonly pause: RelayPause;
  readonly composer: DigestComposer;
  /** Told of every state that deliveries enter. */
  readonly count: (state: EndState, deliveries: number) => void;
}

/** How many of a batch ended in each state; `ready` were given back untried. */
export type BatchReport = Readonly<Record<EndState | 'claimed', number>>;

export interface BatchOptions {
  /** Aborted when the process is to end: conversations break off, and what was not handed over is given back. */
  readonly signal?: AbortSignal;
  /** Deliveries claimed at most. */
  readonly limit?: number;
}

/**
 * Delivers the next batch of one edition. Throws RELAY_UNAVAILABLE, RELAY_CONFIG or SENDER_REFUSED when the fault is
 * on our side: what is left of the batch is then due again after a pause, and no attempt is spent.
 */
export async function deliverBatch(
  parts: DeliveryParts,
  editionId: EditionId,
  { signal, limit = SENDING.batch }: BatchOptions = {},
): Promise<BatchReport> {
  parts.pause.check();
  const lease = keepLease(parts.db, SENDING.leaseMs);
  try {
    const { claimed, suppressed } = await claimDeliveries(parts.db, { editionId, lease, limit });
    const batch = new Batch(parts, lease, signal);
    batch.tally('suppressed', suppressed);
    await batch.deliver(claimed);
    return { ...batch.counts, claimed: claimed.length };
  } finally {
    lease.stop();
  }
}

/** One claim on its way; guards its counts and what stopped it. */
class Batch {
  readonly counts = noneYet();
  readonly #parts: DeliveryParts;
  readonly #lease: KeptLease;
  readonly #signal: AbortSignal | undefined;
  #trouble: PaperboyError | undefined;
  #pauseMs = 0;

  constructor(parts: DeliveryParts, lease: KeptLease, signal: AbortSignal | undefined) {
    this.#parts = parts;
    this.#lease = lease;
    this.#signal = signal;
  }

  /** Throws the trouble that stopped it, after everything is written down. */
  async deliver(claimed: readonly ClaimedDelivery[]): Promise<void> {
    let next = 0;
    while (next < claimed.length && !this.#isStopped()) {
      await this.#deliverGroup(claimed.slice(next, next + SENDING.group));
      next += SENDING.group;
    }
    await this.#record(claimed.slice(next).map((delivery) => this.#untried(delivery)));
    if (this.#trouble) throw this.#trouble;
  }

  tally(state: EndState, deliveries: number): void {
    if (deliveries === 0) return;
    this.counts[state] += deliveries;
    this.#parts.count(state, deliveries);
  }

  async #deliverGroup(group: readonly ClaimedDelivery[]): Promise<void> {
    const { db, composer, relay, log } = this.#parts;
    const { messages, faults } = await composer.compose(db, group);
    for (const { id, error } of faults) log.error('message.unbuilt', { deliveryId: id, error });
    await this.#record(faults.map((fault) => ({ result: faultResult(fault) })));
    if (messages.length === 0) return;
    const staged = await stageDeliveries(db, this.#lease.owner, messages);
    const queue = messages.filter(({ id }) => staged.has(id));
    this.tally('suppressed', messages.length - queue.length);
    const ended: Consequence[] = [];
    const work = async () => {
      for (let message = queue.shift(); message; message = queue.shift()) {
        ended.push(this.#isStopped() ? this.#untried(message) : await this.#handOver(message));
      }
    };
    await Promise.all(Array.from({ length: relay.connections }, work));
    await this.#record(ended);
  }

  /** A lapsed lease stops too: the rows may be somebody else's by now. */
  #isStopped(): boolean {
    return this.#trouble !== undefined || this.#signal?.aborted === true || !this.#lease.isHeld();
  }

  #untried({ id }: { readonly id: DeliveryId }): Consequence {
    return { result: { id, state: 'ready', spent: false, waitMs: this.#pauseMs } };
  }

  async #handOver(message: ComposedMessage): Promise<Consequence> {
    const { relay, pause, composer } = this.#parts;
    const outcome = await relay.send(message, this.#signal);
    if (outcome.kind === 'accepted') pause.end();
    const consequence = consequenceOf(message, outcome, composer.ourNames);
    // A conversation that we broke off ourselves says nothing about the relay.
    if (!consequence.trouble || this.#signal?.aborted) return consequence;
    this.#pauseMs = pause.begin(consequence.trouble);
    this.#trouble ??= consequence.trouble;
    return { ...consequence, result: { ...consequence.result, waitMs: this.#pauseMs } };
  }

  async #record(ended: readonly Consequence[]): Promise<void> {
    const { db, log } = this.#parts;
    const results = ended.map(({ result }) => result);
    const written = await keepTrying(() => recordResults(db, this.#lease.owner, results), log);
    const known = ended.filter(({ result }) => written.has(result.id));
    const gone = known.filter(({ isHard }) => isHard).map(({ result }) => result.id);
    await keepTrying(() => suppressBounced(db, gone), log);
    for (const { result } of known) {
      this.tally(result.state, 1);
      tell(result, log);
    }
  }
}

function noneYet(): Record<EndState, number> {
  return {
    accepted: 0,
    ready: 0,
    deferred: 0,
    rejected: 0,
    expired: 0,
    uncertain: 0,
    suppressed: 0,
  };
}

function tell(result: DeliveryResult, log: Log): void {
  const { id: deliveryId, state, errorCode: code, smtpCode, enhancedCode, reply, waitMs } = result;
  if (state === 'accepted') log.debug('delivery.accepted', { deliveryId, smtpCode });
  else if (state === 'deferred') {
    const nextTryAt = new Date(Date.now() + (waitMs ?? 0));
    log.warn('delivery.deferred', { deliveryId, code, smtpCode, enhancedCode, nextTryAt });
  } else if (state !== 'ready') {
    log.warn(`delivery.${state}`, { deliveryId, code, smtpCode, enhancedCode, reply });
  }
}
