import { asPaperboyError } from '@paperboy/core';
import type { Log } from './log.ts';

/** Something that runs until it is stopped. */
export interface Service {
  readonly name: string;
  /** Ends new work, waits for what is under way, and lets go of what it holds. */
  stop(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Longest wait for one service; what does not stop in this time is given up. */
const STOP_TIMEOUT_MS = 20_000;

/**
 * What a process has started, and the one way it ends. Make it before starting anything: a signal
 * during the start is kept, and `untilStopped` then stops what was started so far.
 */
export class Lifecycle {
  readonly #log: Log;
  readonly #stopTimeoutMs: number;
  readonly #started: Service[] = [];
  readonly #stopping = new AbortController();
  #exitCode = 0;

  constructor(log: Log, { stopTimeoutMs = STOP_TIMEOUT_MS } = {}) {
    this.#log = log;
    this.#stopTimeoutMs = stopTimeoutMs;
    // `on`, not `once`: Ctrl-C arrives up to three times (terminal, npm, run.mjs), and a signal
    // without a listener would end the process in mid-stop.
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    process.on('uncaughtException', this.#onFault);
  }

  /** Aborted as soon as the process is to end; long starts look at it between their steps. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Services are stopped in the reverse of the order in which they were added. */
  add<S extends Service>(service: S): S {
    this.#started.push(service);
    return service;
  }

  /** Waits for a signal or `requestStop`, stops everything, and gives the exit code. */
  async untilStopped(): Promise<number> {
    // A pending promise alone does not keep Node running.
    const alive = setInterval(() => {}, 2 ** 30);
    if (!this.stopping.aborted) {
      await new Promise((resolve) => this.stopping.addEventListener('abort', resolve));
    }
    clearInterval(alive);
    return this.stop();
  }

  /** Ends the wait of `untilStopped` from inside. */
  requestStop(): void {
    this.#stopping.abort();
  }

  /** Stops everything now. 0, or 1 if a service failed or took too long. */
  async stop(): Promise<number> {
    this.#stopping.abort();
    for (let service = this.#started.pop(); service !== undefined; service = this.#started.pop()) {
      await this.#stopOne(service);
    }
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    process.off('uncaughtException', this.#onFault);
    return this.#exitCode;
  }

  async #stopOne(service: Service): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error('did not stop in time')), this.#stopTimeoutMs);
    try {
      await Promise.race([service.stop(), late]);
    } catch (error) {
      this.#exitCode = 1;
      this.#log.error('service.stuck', { service: service.name, error });
    } finally {
      clearTimeout(timer);
    }
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.stopping.aborted) return;
    this.#log.debug('process.stopping', { signal });
    this.#stopping.abort();
  };

  readonly #onFault = (thrown: unknown): void => {
    this.#exitCode = 1;
    this.#log.error('process.fault', { error: asPaperboyError(thrown) });
    this.#stopping.abort();
  };
}

/** Keeps started services running until SIGINT, SIGTERM or SIGHUP; gives the exit code. */
export function runUntilSignal(services: readonly Service[], log: Log): Promise<number> {
  const lifecycle = new Lifecycle(log);
  for (const service of services) lifecycle.add(service);
  return lifecycle.untilStopped();
}
