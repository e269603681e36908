import { setTimeout as sleep } from 'node:timers/promises';
import { asPaperboyError, type DeliveryId, type PaperboyError } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import {
  type Claim,
  type ClaimedDelivery,
  type ClaimPlaces,
  type Db,
  type DeliveryResult,
  type MailQuota,
  type MatchReasons,
  PROBE_MS,
  stageDeliveries,
  takeQuota,
} from '@paperboy/store';
import type { ComposedMessage, DigestComposer, LoadDigests } from './compose-digests.ts';
import { type Consequence, consequenceOf, faultResult } from './delivery-result.ts';
import type { DomainPaces } from './domain-paces.ts';
import type { Journal, Journals } from './journal.ts';
import type { KeptLease } from './lease.ts';
import { loadAhead } from './load-ahead.ts';
import { SENDING } from './mail-settings.ts';
import type { Relay, Send } from './relay.ts';
import type { RelayBreaker } from './relay-breaker.ts';
import { ResultWriter } from './result-writer.ts';

export type EndState = DeliveryResult['state'] | 'suppressed';

/** What delivering needs; opened once per process. */
export interface DeliveryParts {
  readonly db: Db;
  readonly log: Log;
  readonly relay: Relay;
  readonly breaker: RelayBreaker;
  readonly paces: DomainPaces;
  readonly journals: Journals;
  readonly composer: DigestComposer;
  /** Those read for earlier batches. */
  readonly reasons: MatchReasons;
  /** Where earlier batches ended. */
  readonly places: ClaimPlaces;
  readonly quota: MailQuota;
  /** A name for the next claim, `<worker>.<number>`. */
  readonly nextClaim: () => string;
  /** Told of every state that deliveries enter. */
  readonly count: (state: EndState, deliveries: number) => void;
}

/** How many of a batch ended in each state; `ready` were given back untried, `passed` had to be left for later. */
export type BatchReport = Readonly<Record<EndState | 'claimed' | 'passed', number>>;

export interface BatchOptions {
  /** Aborted when time is up: conversations break off, and what was not handed over is given back. */
  readonly signal?: AbortSignal;
  /** Aborted when the process is to end: conversations come to their end, and the rest is given back. */
  readonly draining?: AbortSignal;
  /** Deliveries claimed at most. */
  readonly limit?: number;
}

/**
 * One claim on its way: while a group is handed over, the next one is composed and staged, and results are written
 * as they come. Guards its counts, its journal and what stopped it.
 */
export class Batch {
  readonly #parts: DeliveryParts;
  readonly #lease: KeptLease;
  readonly #stops: Pick<BatchOptions, 'signal' | 'draining'>;
  readonly #counts = noneYet();
  readonly #writer: ResultWriter;
  #shares: Claim['shares'] = new Map();
  #journal: Journal | undefined;
  /** Messages staged and not at their end. */
  readonly #underWay = new Set<Promise<void>>();
  #oneEnded: (() => void) | undefined;
  #trouble: PaperboyError | undefined;
  #pauseMs = 0;
  /** The quota gives nothing more now; what it gave before goes out. */
  #isSpent = false;

  constructor(
    parts: DeliveryParts,
    lease: KeptLease,
    stops: Pick<BatchOptions, 'signal' | 'draining'>,
  ) {
    this.#parts = parts;
    this.#lease = lease;
    this.#stops = stops;
    this.#writer = new ResultWriter(parts, lease.owner, (result) => this.#tally(result.state, 1));
  }

  /** Throws the trouble that stopped it, after everything is written down. */
  async deliver(claim: Claim): Promise<BatchReport> {
    const { claimed, suppressed, expired, passed, shares, probed } = claim;
    this.#tally('suppressed', suppressed);
    this.#tally('expired', expired);
    if (claimed.length > 0) {
      this.#shares = shares;
      for (const domain of shares.keys()) this.#parts.paces.claimed(domain);
      for (const domain of probed) this.#parts.paces.expectProbe(domain);
      this.#journal = this.#parts.journals.open(this.#lease.owner);
      try {
        await this.#deliverAll(claimed);
        this.#journal.end();
      } finally {
        // After an error in between, rows may be staged whose end is not written.
        this.#journal.keep();
      }
    }
    if (this.#trouble) throw this.#trouble;
    return { ...this.#counts, claimed: claimed.length, passed };
  }

  async #deliverAll(claimed: readonly ClaimedDelivery[]): Promise<void> {
    const left = [...claimed];
    const load = loadAhead(
      this.#parts,
      claimed.map(({ id }) => id),
    );
    try {
      let ahead = this.#composeNext(left, load);
      for (;;) {
        const composed = await ahead;
        if (!composed) break;
        ahead = this.#composeNext(left, load);
        // It is awaited in the next round; should this one fail before, nobody else hears of it.
        ahead.catch(() => {});
        await this.#roomFor(SENDING.group);
        for (const message of await this.#stage(composed)) await this.#start(message);
      }
      for (const delivery of left) this.#writer.add(this.#untried(delivery));
    } finally {
      await Promise.all(this.#underWay);
      await this.#writer.drain();
    }
  }

  /** Takes the next group off the list and composes it; undefined when nothing is left, or when it is time to stop. */
  async #composeNext(
    left: ClaimedDelivery[],
    load: LoadDigests,
  ): Promise<ComposedMessage[] | undefined> {
    if (left.length === 0 || this.#isSpent || this.#isStopped()) return undefined;
    const { db, composer, quota, log } = this.#parts;
    const isLimited = quota.perSecond + quota.perHour + quota.perDay > 0;
    const group = quota.perSecond > 0 ? Math.min(SENDING.group, quota.perSecond) : SENDING.group;
    let wanted = Math.min(group, left.length);
    if (isLimited) wanted = await this.#takeQuota(wanted);
    if (wanted === 0) return undefined;
    const { messages, faults } = await composer.compose(
      db,
      left.splice(0, wanted),
      undefined,
      load,
    );
    for (const { id, error } of faults) log.error('message.unbuilt', { deliveryId: id, error });
    for (const fault of faults) this.#writer.add({ result: faultResult(fault) });
    return messages;
  }

  /** The last look at whether each may be mailed. */
  async #stage(messages: readonly ComposedMessage[]): Promise<ComposedMessage[]> {
    if (messages.length === 0) return [];
    if (this.#isStopped()) {
      for (const message of messages) this.#writer.add(this.#untried(message));
      return [];
    }
    const staged = await stageDeliveries(this.#parts.db, this.#lease.owner, messages);
    this.#tally('suppressed', messages.length - staged.size);
    for (const message of messages) {
      if (!staged.has(message.id)) this.#parts.composer.release(message);
    }
    return messages.filter(({ id }) => staged.has(id));
  }

  /** How many may go out; waits for their turn. */
  async #takeQuota(wanted: number): Promise<number> {
    const { db, quota, log } = this.#parts;
    const { granted, waitMs } = await takeQuota(db, quota, wanted);
    if (granted === 0) {
      log.warn('quota.spent', { ...quota, waitMs: Math.ceil(waitMs) });
      this.#isSpent = true;
      this.#pauseMs = Math.max(this.#pauseMs, waitMs);
      return 0;
    }
    await this.#pause(waitMs);
    return granted;
  }

  async #pause(ms: number): Promise<void> {
    const { signal, draining } = this.#stops;
    const stops = [signal, draining].filter((stop) => stop !== undefined);
    await sleep(ms, undefined, { signal: AbortSignal.any(stops) }).catch(() => {});
  }

  /** Sets a message on its way; where a rate is set, evenly within each second. */
  async #start(message: ComposedMessage): Promise<void> {
    const underWay: Promise<void> = this.#handOver(message).finally(() => {
      this.#underWay.delete(underWay);
      this.#oneEnded?.();
    });
    this.#underWay.add(underWay);
    const { perSecond } = this.#parts.quota;
    if (perSecond > 0) await this.#pause(1_000 / perSecond);
  }

  async #roomFor(messages: number): Promise<void> {
    while (this.#underWay.size + messages > SENDING.mostStaged) {
      await new Promise<void>((ended) => {
        this.#oneEnded = ended;
      });
    }
  }

  /** A lapsed lease stops too: the rows may be somebody else's by now. */
  #isStopped(): boolean {
    const { signal, draining } = this.#stops;
    const isAborted = signal?.aborted === true || draining?.aborted === true;
    return (
      isAborted ||
      this.#trouble !== undefined ||
      this.#parts.breaker.trouble !== undefined ||
      !this.#lease.isHeld()
    );
  }

  #untried({ id }: { readonly id: DeliveryId }, heldMs = 0): Consequence {
    const waitMs = Math.max(this.#pauseMs, heldMs);
    return { result: { id, state: 'ready', spent: false, waitMs } };
  }

  async #handOver(message: ComposedMessage): Promise<void> {
    const { relay, paces } = this.#parts;
    const leave = await paces.enter(message.domain, this.#shares.get(message.domain) ?? 1);
    try {
      await relay.use(async (send) => {
        const heldMs = paces.heldMs(message.domain);
        if (heldMs > 0 || this.#isStopped())
          return this.#writer.add(this.#untried(message, heldMs));
        this.#writer.add(await this.#converse(message, send));
      });
    } finally {
      leave();
    }
  }

  async #converse(message: ComposedMessage, send: Send): Promise<Consequence> {
    const { breaker, composer, paces } = this.#parts;
    const { signal } = this.#stops;
    try {
      this.#journal?.begin(message.id);
    } catch (error) {
      // Nothing may go out that leaves no trace.
      this.#trouble ??= asPaperboyError(error);
      return this.#untried(message);
    }
    const outcome = await send(message, signal);
    this.#journal?.reply(message.id, outcome);
    // A server that refuses may not have read all: what is still to be written must stay as it is.
    if (outcome.kind === 'accepted') composer.release(message);
    const consequence = consequenceOf(message, outcome, composer.ourNames);
    // A conversation that we broke off ourselves says nothing about anybody.
    if (signal?.aborted) return consequence;
    const { result, trouble, troubleThere } = consequence;
    if (troubleThere) return this.#refusedThere(message, consequence, troubleThere);
    if (!trouble) {
      breaker.answered({ isTaken: result.state === 'accepted' });
      paces.observe(message.domain, consequence.isThrottled ? 'throttled' : 'taken');
      return consequence;
    }
    const waitMs = await breaker.failed(trouble);
    this.#stopWith(waitMs);
    return result.state === 'ready'
      ? { ...consequence, result: { ...result, waitMs } }
      : consequence;
  }

  /** The domain rests. The message that met it comes after the one that tries again: it may be what is minded. */
  async #refusedThere(
    { domain }: ComposedMessage,
    consequence: Consequence,
    trouble: PaperboyError,
  ): Promise<Consequence> {
    const heldMs = await this.#parts.paces.hold(domain, trouble);
    if (await this.#parts.breaker.refusedAt(domain, trouble)) this.#stopWith(0);
    return { ...consequence, result: { ...consequence.result, waitMs: heldMs + PROBE_MS } };
  }

  /** Ends the batch where all mailers have stopped; what is left of it waits. */
  #stopWith(waitMs: number): void {
    if (!this.#parts.breaker.trouble) return;
    this.#pauseMs = Math.max(this.#pauseMs, waitMs);
    this.#trouble ??= this.#parts.breaker.trouble;
  }

  #tally(state: EndState, deliveries: number): void {
    if (deliveries === 0) return;
    this.#counts[state] += deliveries;
    this.#parts.count(state, deliveries);
  }
}

/** A report of nothing. */
export function noneYet(): Record<keyof BatchReport, number> {
  return {
    claimed: 0,
    passed: 0,
    accepted: 0,
    ready: 0,
    deferred: 0,
    rejected: 0,
    expired: 0,
    uncertain: 0,
    suppressed: 0,
  };
}
