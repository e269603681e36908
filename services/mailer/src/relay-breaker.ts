import { PaperboyError } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import { breakRelay, type Db, giveBackProbe, mendRelay, passRelayGate } from '@paperboy/store';
import { SENDING } from './mail-settings.ts';

/**
 * Keeps all mailers away from a relay that is in trouble. What stops them stands in the database; here are only the
 * failures in a row that this process has met, and what it stopped for.
 */
export class RelayBreaker {
  readonly #db: Db;
  readonly #log: Log;
  /** A probe that gets no answer at all is over after this. */
  readonly #probeMs: number;
  #failures = 0;
  /** Domains that refused our sender since the last message was taken. */
  readonly #refusing = new Set<string>();
  /** A probe that this process makes, and has no answer to yet. */
  #isProbing = false;
  /** Held while the gate is asked, and while a probe is under way. */
  #probe: Ending | undefined;
  #mending: Promise<void> = Promise.resolve();
  #trouble: PaperboyError | undefined;
  #breaking: Promise<number> | undefined;

  constructor({ db, log, probeMs }: { db: Db; log: Log; probeMs: number }) {
    this.#db = db;
    this.#log = log;
    this.#probeMs = probeMs;
  }

  /** What this process stopped for; undefined while it may send. */
  get trouble(): PaperboyError | undefined {
    return this.#trouble;
  }

  /**
   * Asked before each claim. `probe`: one message only, to see; `endProbe` has to follow. While this process tries the
   * relay, others of it wait for that. Throws what is wrong while nothing may be sent.
   */
  async pass(): Promise<'free' | 'probe'> {
    while (this.#probe) await this.#probe.ended;
    const probe = ending();
    this.#probe = probe;
    let isProbing = false;
    try {
      const gate = await passRelayGate(this.#db, { probeMs: this.#probeMs });
      if (gate.kind === 'open' || gate.kind === 'held') {
        throw new PaperboyError(gate.code, gate.detail);
      }
      this.#trouble = undefined;
      isProbing = gate.kind === 'probe';
      return isProbing ? 'probe' : 'free';
    } finally {
      this.#isProbing = isProbing;
      if (!isProbing) this.#end(probe);
    }
  }

  /** The batch of the probe is over. If nothing of it was tried, somebody else may try at once. */
  async endProbe(): Promise<void> {
    const isUntried = this.#isProbing;
    this.#isProbing = false;
    await this.#mending;
    if (isUntried) await giveBackProbe(this.#db);
    if (this.#probe) this.#end(this.#probe);
  }

  /** Notes trouble; milliseconds for which its delivery is left alone. */
  async failed(trouble: PaperboyError): Promise<number> {
    this.#failures += 1;
    const isHeld = !trouble.retry;
    // A relay that minds our sender minds it in every message.
    const isOfAll = isHeld || trouble.code === 'SENDER_DEFERRED';
    if (!isOfAll && !this.#isProbing && this.#failures < SENDING.relayFailures) return 0;
    // Conversations that were under way together fail together; they are one failure.
    this.#breaking ??= this.#break(trouble, isHeld).finally(() => {
      this.#breaking = undefined;
    });
    return this.#breaking;
  }

  /**
   * A receiving domain refuses our sender. So many of them, with nothing taken in between, are no longer trouble of theirs:
   * then true, and all mailers have stopped.
   */
  async refusedAt(domain: string, trouble: PaperboyError): Promise<boolean> {
    this.#refusing.add(domain);
    if (this.#refusing.size < SENDING.refusingDomains) {
      this.answered({ isTaken: false });
      return false;
    }
    await this.failed(trouble);
    return true;
  }

  /** Any answer shows that the relay works, also one that refuses a recipient. `isTaken`: it took the message. */
  answered({ isTaken }: { readonly isTaken: boolean }): void {
    this.#failures = 0;
    if (isTaken) this.#refusing.clear();
    if (!this.#isProbing) return;
    this.#isProbing = false;
    // Should it fail, the next probe says it again.
    this.#mending = mendRelay(this.#db).then(
      () => this.#log.info('relay.recovered'),
      (error: unknown) => this.#log.warn('relay.unmended', { error }),
    );
  }

  #end(probe: Ending): void {
    this.#probe = undefined;
    probe.end();
  }

  async #break(trouble: PaperboyError, isHeld: boolean): Promise<number> {
    const isProbe = this.#isProbing;
    const isFirst = this.#trouble === undefined && !isProbe;
    this.#trouble = trouble;
    this.#failures = 0;
    this.#isProbing = false;
    const pauseMs = SENDING.relayPauseMs;
    const { code, detail } = trouble;
    try {
      const waitMs = await breakRelay(this.#db, { code, detail, isHeld, isProbe, pauseMs });
      const told = { code, detail, help: trouble.help };
      if (isHeld && isFirst) this.#log.error('relay.held', told);
      else if (!isHeld) this.#log.warn('relay.paused', { ...told, waitMs: Math.round(waitMs) });
      return waitMs;
    } catch (error) {
      this.#log.warn('relay.unnoted', { error });
      return pauseMs.first;
    }
  }
}

interface Ending {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

function ending(): Ending {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { ended: promise, end: resolve };
}
