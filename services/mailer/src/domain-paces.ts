import { setTimeout as sleep } from 'node:timers/promises';
import type { PaperboyError } from '@paperboy/core';
import type { Log } from '@paperboy/runtime';
import {
  changePace,
  changePaces,
  type Db,
  DOMAIN_PACE,
  type DomainPace,
  PROBE_MS,
} from '@paperboy/store';
import { keepTrying } from './keep-trying.ts';

/** How a domain met one message: `throttled` asks for less, every other answer says that the pace is right. */
export type Reception = 'taken' | 'throttled';

/** Rests of a domain that took nothing of a whole cohort, doubling from the first to the last. */
const REST_MS = { first: 5 * 60_000, last: 66 * 60_000 } as const;

/**
 * What a cohort of messages says of a domain's pace. Taken ones raise it by one conversation, refused ones halve it;
 * as many refusals in a row as there are conversations put it to rest.
 */
export function paceAfter(pace: DomainPace, { taken, throttled }: Met, now: Date): DomainPace {
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

/** How messages of a domain were met. */
interface Met {
  readonly taken: number;
  readonly throttled: number;
}

const NOTHING: Met = { taken: 0, throttled: 0 };
/** How long what domains say gathers before it is written. */
const GATHER_MS = 50;

interface Cohort {
  taken: number;
  throttled: number;
  /** What the last one said is being written. */
  isLearning?: boolean;
  /** Taken messages that make a cohort; at full pace nothing is learnt from more of them. */
  size: number;
  /** Conversations at a time, as last learnt: a claim made before that must not be faster. */
  most?: number;
  /** Held for trouble with our sender until then, by this process's clock: what was claimed before that is kept back. */
  heldUntil?: number;
}

/** Domains remembered between claims. Forgetting one only means that its next cohort counts from nothing. */
const MOST_COHORTS = 10_000;

function isWhole({ taken, throttled, size }: Cohort): boolean {
  return throttled > 0 || taken >= size;
}

/** Keeps the conversations with each domain within this worker's share, and learns from how they end. */
export class DomainPaces {
  readonly #db: Db;
  readonly #log: Log;
  readonly #domains = new Map<string, Domain>();
  readonly #cohorts = new Map<string, Cohort>();
  /** What whole cohorts have said and nobody has written down yet. */
  #unwritten = new Map<string, Met>();
  #writing: Promise<void> | undefined;

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
    if (isWhole(cohort) && !cohort.isLearning) this.#learn(domain, cohort);
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
    this.#dropUnwritten(domain);
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
    this.#unwritten.set(domain, { taken: cohort.taken, throttled: cohort.throttled });
    cohort.isLearning = true;
    cohort.taken = 0;
    cohort.throttled = 0;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Writes what many domains have said together: for each by itself it cost as much as a message. */
  async #write(): Promise<void> {
    while (this.#unwritten.size > 0) {
      await sleep(GATHER_MS);
      const met = this.#unwritten;
      this.#unwritten = new Map();
      try {
        const decide = (domain: string, pace: DomainPace, now: Date) =>
          paceAfter(pace, met.get(domain) ?? NOTHING, now);
        const changed = await changePaces(this.#db, [...met.keys()], decide);
        for (const [domain, pace] of changed) this.#learnt(domain, pace, met.get(domain));
      } catch (error) {
        this.#log.warn('domains.unnoted', { domains: [...met.keys()], error });
      }
      for (const domain of met.keys()) this.#goOn(domain);
    }
  }

  /** What a domain took before it refused us must not be written after that, and undo it. */
  #dropUnwritten(domain: string): void {
    if (!this.#unwritten.delete(domain)) return;
    const cohort = this.#cohorts.get(domain);
    if (cohort) cohort.isLearning = false;
  }

  #goOn(domain: string): void {
    const cohort = this.#cohorts.get(domain);
    if (!cohort) return;
    cohort.isLearning = false;
    // What asked for less meanwhile is not kept waiting for the next message.
    if (cohort.throttled > 0) this.#learn(domain, cohort);
  }

  #learnt(domain: string, pace: DomainPace, met = NOTHING): void {
    const cohort = this.#cohorts.get(domain);
    if (cohort) {
      cohort.size = pace.most < DOMAIN_PACE.most ? pace.most : Number.POSITIVE_INFINITY;
      cohort.most = pace.most;
    }
    if (met.throttled === 0) return;
    const { most, deadUntil } = pace;
    this.#log.warn(deadUntil ? 'domain.rests' : 'domain.slowed', { domain, most, deadUntil });
  }

  /** When all that was learnt is written. */
  async settle(): Promise<void> {
    await this.#writing;
  }
}
