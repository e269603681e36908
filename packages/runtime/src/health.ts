import { asPaperboyError } from '@paperboy/core';
import { maskText } from './mask.ts';

/** Fails by throwing; what it throws is shown to the operator. */
export type HealthCheck = () => Promise<unknown>;

export interface HealthReport {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, CheckReport>>;
}

interface CheckReport {
  readonly ok: boolean;
  readonly ms: number;
  /** Why it is not. */
  readonly detail?: string;
}

/** The checks behind `/readyz` and `paperboy status`. */
export class Health {
  readonly #checks = new Map<string, { check: HealthCheck; timeoutMs: number }>();

  /** A check that does not answer in time has failed. */
  add(name: string, check: HealthCheck, timeoutMs = 2_000): this {
    this.#checks.set(name, { check, timeoutMs });
    return this;
  }

  /** Runs all checks at once. */
  async report(): Promise<HealthReport> {
    const named = [...this.#checks].map(
      async ([name, { check, timeoutMs }]) => [name, await run(check, timeoutMs)] as const,
    );
    const reports = await Promise.all(named);
    return { ok: reports.every(([, { ok }]) => ok), checks: Object.fromEntries(reports) };
  }
}

async function run(check: HealthCheck, timeoutMs: number): Promise<CheckReport> {
  const start = performance.now();
  const took = () => Math.round(performance.now() - start);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  try {
    await Promise.race([check(), late]);
    return { ok: true, ms: took() };
  } catch (thrown) {
    return { ok: false, ms: took(), detail: maskText(asPaperboyError(thrown).detail) };
  } finally {
    clearTimeout(timer);
  }
}
