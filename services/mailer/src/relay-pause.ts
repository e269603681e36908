import type { PaperboyError } from '@paperboy/core';
import { SENDING } from './mail-settings.ts';

/**
 * Keeps this process away from a relay that is in trouble, so that a queue full of jobs does not knock once per job.
 * A first success ends it.
 */
export class RelayPause {
  #until = 0;
  #reason: PaperboyError | undefined;
  #failures = 0;

  /** Throws what went wrong last, while the pause lasts. */
  check(now: number = Date.now()): void {
    if (this.#reason && now < this.#until) throw this.#reason;
  }

  /** Notes trouble; how long the relay is now left alone. */
  begin(reason: PaperboyError, now: number = Date.now()): number {
    const { first, last } = SENDING.relayPauseMs;
    const pause = reason.retry
      ? Math.min(last, first * 2 ** this.#failures)
      : SENDING.operatorPauseMs;
    // Conversations that were under way together fail together; they are one failure.
    if (now < this.#until) return this.#until - now;
    this.#failures += 1;
    this.#reason = reason;
    this.#until = now + pause;
    return pause;
  }

  end(): void {
    this.#failures = 0;
    this.#until = 0;
    this.#reason = undefined;
  }
}
