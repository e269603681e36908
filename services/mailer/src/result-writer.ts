import type { Log } from '@paperboy/runtime';
import { type Db, type DeliveryResult, recordResults } from '@paperboy/store';
import type { Consequence } from './delivery-result.ts';
import { keepTrying } from './keep-trying.ts';
import { SENDING } from './mail-settings.ts';
import { noteRefusals } from './note-refusals.ts';

/** How long results gather before they are written, unless they are so many before: a statement is planned each time. */
const GATHER = { ms: 100, results: 100 } as const;

/** Writes the results of one claim in groups, one statement at a time, while more of them come in. */
export class ResultWriter {
  readonly #parts: { readonly db: Db; readonly log: Log };
  readonly #owner: string;
  readonly #written: (result: DeliveryResult) => void;
  #pending: Consequence[] = [];
  #writing: Promise<void> | undefined;
  #isDraining = false;
  /** Ends the gathering, while there is one. */
  #enough: (() => void) | undefined;
  /** Messages that servers minded, rather than who sends or reads them. */
  readonly #minded = new Tally();
  /** Those that are tried again later, by the reply: a domain that greylists answers all of a batch alike. */
  readonly #deferred = new Tally();
  #failure: { readonly thrown: unknown } | undefined;

  constructor(
    parts: { readonly db: Db; readonly log: Log },
    owner: string,
    written: (result: DeliveryResult) => void,
  ) {
    this.#parts = parts;
    this.#owner = owner;
    this.#written = written;
  }

  add(consequence: Consequence): void {
    this.#pending.push(consequence);
    if (this.#pending.length >= GATHER.results) this.#enough?.();
    this.#writing ??= this.#write();
  }

  /** When everything is written. Throws what kept it from being written. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#enough?.();
    await this.#writing;
    const { log } = this.#parts;
    for (const [{ errorCode: code, id: deliveryId, reply }, deliveries] of this.#minded) {
      log.error('messages.refused', { code, deliveries, deliveryId, reply });
    }
    for (const [first, deliveries] of this.#deferred) {
      const { id: deliveryId, errorCode: code, smtpCode, enhancedCode, reply, waitMs } = first;
      const told = { code, smtpCode, enhancedCode, reply, nextTryAt: nextTry(waitMs) };
      log.warn('deliveries.deferred', { deliveries, deliveryId, ...told });
    }
    if (this.#failure) throw this.#failure.thrown;
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) {
      if (!this.#isDraining && this.#pending.length < GATHER.results) await this.#gather();
      const group = this.#pending.splice(0, SENDING.batch);
      try {
        await this.#writeGroup(group);
      } catch (thrown) {
        // The journal has them; what comes next is tried all the same.
        this.#failure ??= { thrown };
      }
    }
    this.#writing = undefined;
  }

  async #gather(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GATHER.ms);
    this.#enough = resolve;
    await promise;
    this.#enough = undefined;
    clearTimeout(timer);
  }

  async #writeGroup(group: readonly Consequence[]): Promise<void> {
    const { db, log } = this.#parts;
    const results = group.map(({ result }) => result);
    const written = await keepTrying(() => recordResults(db, this.#owner, results), log);
    const known = group.filter(({ result }) => written.has(result.id));
    await keepTrying(() => noteRefusals(db, known), log);
    for (const { result } of known) {
      this.#written(result);
      const { errorCode, state, smtpCode, enhancedCode } = result;
      if (errorCode === 'MESSAGE_REFUSED') this.#minded.add('', result);
      if (state === 'deferred') this.#deferred.add(`${smtpCode} ${enhancedCode}`, result);
      tell(result, log);
    }
  }
}

/** What many of a batch have in common and is told once: the first of each kind, and how many there were. */
class Tally {
  readonly #kinds = new Map<string, [first: DeliveryResult, count: number]>();

  add(kind: string, result: DeliveryResult): void {
    const [first, count] = this.#kinds.get(kind) ?? [result, 0];
    this.#kinds.set(kind, [first, count + 1]);
  }

  [Symbol.iterator]() {
    return this.#kinds.values();
  }
}

function tell(result: DeliveryResult, log: Log): void {
  const { id: deliveryId, state, errorCode: code, smtpCode, enhancedCode, reply, waitMs } = result;
  if (state === 'accepted') log.debug('delivery.accepted', { deliveryId, smtpCode });
  else if (state === 'deferred') {
    const told = { deliveryId, code, smtpCode, enhancedCode, nextTryAt: nextTry(waitMs) };
    log.debug('delivery.deferred', told);
  } else if (state !== 'ready') {
    log.warn(`delivery.${state}`, { deliveryId, code, smtpCode, enhancedCode, reply });
  }
}

const nextTry = (waitMs = 0) => new Date(Date.now() + waitMs);
