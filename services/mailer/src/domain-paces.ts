import type { PaperboyError } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import { changePace, type Db, DOMAIN_PACE, type DomainPace, PROBE_MS } from '@paperboy/store';
import { keepTrying } from './keep-trying.ts';

/** How a domain met one message: `throttled` asks for less, every other answer says that the pace is right. */
export type Reception = 'taken' | 'throttled';

/** Rests of a domain that took nothing of a whole cohort, doubling from the first to the last. */
const REST_MS = { first: 5 * 60_000, last: 66 * 60_000 } as const;

/**
 * What a cohort of messages says of a domain's pace. Taken ones raise it by one conversation, refused ones halve it;
 * as many refusals in a row as there are conversations put it to rest.
 */
export function paceAfter(
  pace: DomainPace,
  { taken, throttled }: { readonly taken: number; readonly throttled: number },
  now: Date,
): DomainPace {
  if (throttled === 0) {
    const most = Math.min(DOMAIN_PACE.most, pace.most + 1);
    return { most, failures: 0, deadUntil: null, restMs: REST_MS.first, trouble: null };
  }
  const most = Math.max(1, Math.floor(pace.most / 2));
  const failures = (taken > 0 ? 0 : pace.failures) + throttled;
  // A domain that was at rest had its one message.
  if (failures < pace.most && pace.deadUntil === null) return { ...pace, most, failures };
  return { most, ...atRest(pace, now), trouble: null };
}

/**
 * A domain that refuses our sender, whoever the message is for, is put to rest by its first word, and its pace kept: that
 * was not what it minded. Words of conversations that ended together are one.
 */
export function paceWithTrouble(
  pace: DomainPace,
  trouble: NonNullable<DomainPace['trouble']>,
  now: Date,
): DomainPace {
  const isHeld = pace.deadUntil !== null && pace.deadUntil.getTime() - now.getTime() > PROBE_MS;
  return { ...pace, ...(!isHeld && atRest(pace, now)), trouble };
}

function atRest({ restMs }: DomainPace, now: Date) {
  const deadUntil = new Date(now.getTime() + restMs);
  return { failures: 0, deadUntil, restMs: Math.min(REST_MS.last, restMs * 2) };
}

interface Domain {
  /** This worker's share of the conversations at a time. */
  share: number;
  running: number;
  readonly waiting: (() => void)[];
}

interface Cohort {
  taken: number;
  throttled: number;
  /** Taken messages that make a cohort; at full pace nothing is learnt from more of them. */
  size: number;
  /** Conversations at a time, as last learnt: a claim made before that must not be faster. */
  most?: number;
  /** Held for trouble with our sender until then, by this process's clock: what was claimed before that is kept back. */
  heldUntil?: number;
}

/** Domains remembered between claims. Forgetting one only means that its next cohort counts from nothing. */
const MOST_COHORTS = 10_000;

/** Keeps the conversations with each domain within this worker's share, and learns from how they end. */
export class DomainPaces {
  readonly #db: Db;
  readonly #log: Log;
  readonly #domains = new Map<string, Domain>();
  readonly #cohorts = new Map<string, Cohort>();
  readonly #learning = new Map<string, Promise<void>>();

  constructor({ db, log }: { readonly db: Db; readonly log: Log }) {
    this.#db = db;
    this.#log = log;
  }

  /** Waits until one more conversation with the domain is within `share`; gives what ends it. */
  async enter(domain: string, share: number): Promise<() => void> {
    const at = this.#domains.get(domain) ?? { share, running: 0, waiting: [] };
    this.#domains.set(domain, at);
    at.share = Math.min(share, this.#cohorts.get(domain)?.most ?? share);
    if (at.running < at.share) at.running += 1;
    else await new Promise<void>((go) => at.waiting.push(go));
    return () => this.#leave(domain, at);
  }

  #leave(domain: string, at: Domain): void {
    at.running -= 1;
    for (const go of at.waiting.splice(0, Math.max(0, at.share - at.running))) {
      at.running += 1;
      go();
    }
    if (at.running === 0) this.#domains.delete(domain);
  }

  /** Notes how a message was met. What a whole cohort says is written down in the background. */
  observe(domain: string, reception: Reception): void {
    const cohort = this.#cohorts.get(domain) ?? this.#remember(domain);
    cohort[reception] += 1;
    const isWhole = cohort.throttled > 0 || cohort.taken >= cohort.size;
    if (isWhole && !this.#learning.has(domain)) this.#learn(domain, cohort);
  }

  /** The first message that a domain at rest takes counts as a cohort. */
  expectProbe(domain: string): void {
    const cohort = this.#cohorts.get(domain) ?? this.#remember(domain);
    cohort.taken = 0;
    cohort.size = 1;
  }

  /** A claim has deliveries of the domain: it is not held any more, whoever found that out. */
  claimed(domain: string): void {
    const cohort = this.#cohorts.get(domain);
    if (cohort) delete cohort.heldUntil;
  }

  /** Leaves a domain alone that refuses our sender; milliseconds for which it is. */
  async hold(domain: string, trouble: PaperboyError): Promise<number> {
    const { code, detail, help } = trouble;
    const isKnown = this.heldMs(domain) > 0;
    const change = () =>
      changePace(this.#db, domain, (pace, now) => paceWithTrouble(pace, { code, detail }, now));
    const { deadUntil } = await keepTrying(change, this.#log);
    const cohort = this.#cohorts.get(domain) ?? this.#remember(domain);
    cohort.heldUntil = deadUntil?.getTime() ?? 0;
    if (!isKnown) this.#log.error('domain.held', { domain, code, detail, deadUntil, help });
    return this.heldMs(domain);
  }

  /** For how long a domain is still held, as far as this process knows; 0 when it is not. */
  heldMs(domain: string): number {
    return Math.max(0, (this.#cohorts.get(domain)?.heldUntil ?? 0) - Date.now());
  }

  #remember(domain: string): Cohort {
    if (this.#cohorts.size >= MOST_COHORTS) this.#cohorts.clear();
    const cohort: Cohort = { taken: 0, throttled: 0, size: DOMAIN_PACE.first };
    this.#cohorts.set(domain, cohort);
    return cohort;
  }

  #learn(domain: string, cohort: Cohort): void {
    const met = { taken: cohort.taken, throttled: cohort.throttled };
    cohort.taken = 0;
    cohort.throttled = 0;
    const learning = changePace(this.#db, domain, (pace, now) => paceAfter(pace, met, now))
      .then(
        (pace) => this.#learnt(domain, cohort, pace, met.throttled > 0),
        (error: unknown) => this.#log.warn('domain.unnoted', { domain, error }),
      )
      .finally(() => {
        this.#learning.delete(domain);
        if (cohort.throttled > 0) this.#learn(domain, cohort);
      });
    this.#learning.set(domain, learning);
  }

  #learnt(domain: string, cohort: Cohort, pace: DomainPace, isSlower: boolean): void {
    cohort.size = pace.most < DOMAIN_PACE.most ? pace.most : Number.POSITIVE_INFINITY;
    cohort.most = pace.most;
    if (!isSlower) return;
    const { most, deadUntil } = pace;
    this.#log.warn(deadUntil ? 'domain.rests' : 'domain.slowed', { domain, most, deadUntil });
  }

  /** When all that was learnt is written. */
  async settle(): Promise<void> {
    while (this.#learning.size > 0) await Promise.all(this.#learning.values());
  }
}
