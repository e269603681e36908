import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { PaperboyError } from '@paperboy/core';
import { HostBusy, type Hosts, hostOf, pauseFor } from './hosts.ts';
import type { Http, HttpAnswer, Request } from './http.ts';
import { disallowedBy } from './robots.ts';
import { robotsAt } from './robots-at.ts';

interface PoliteRequest extends Pick<Request, 'signal' | 'known'> {
  /** Longest wait for a turn at the host. */
  readonly patienceMs?: number;
}

/** Fetches pages as a guest does: in turn, with pauses, and not where robots.txt asks us not to. */
export interface PoliteHttp {
  /**
   * As `Http.get`; besides, throws PAGE_REFUSED where robots.txt disallows or cannot be had, and HOST_BUSY (as
   * `HostBusy`) when the turn is further away than the patience.
   */
  get(address: string, request?: PoliteRequest): Promise<HttpAnswer>;
}

export interface PoliteParts {
  readonly http: Http;
  readonly hosts: Hosts;
  /** Pause between two requests to one host; a second when left out. */
  readonly pauseMs?: number;
  readonly now: () => Date;
}

/** Pause between two requests to one host that asks for none. */
export const PAUSE_MS = 1_000;
const PATIENCE_MS = 15_000;
/** How often a host that is busy for nobody knows how long is looked at again. */
const LEAST_STEP_MS = 100;
/** What a fetch may take beyond its two requests: the longest pause between them, and some time to spare. */
const LEASE_BESIDE_MS = 120_000;

/** Adds turns and robots.txt to a client. A redirect to another host waits for its turn there. */
export function createPoliteHttp(parts: PoliteParts): PoliteHttp {
  const { http, hosts, pauseMs: usualMs = PAUSE_MS } = parts;
  // After that the holder counts as lost: robots.txt, a pause, the page.
  const leaseMs = 2 * http.timeoutMs + LEASE_BESIDE_MS;

  return {
    async get(address, { signal, known, patienceMs = PATIENCE_MS } = {}) {
      let turn: HeldTurn | undefined;
      const before = async (url: URL) => {
        const host = hostOf(url);
        if (turn?.host !== host) {
          await turn?.end();
          turn = undefined;
          turn = await waitForTurn(hosts, { host, usualMs, patienceMs, leaseMs, signal });
        }
        await obeyRobots(parts, turn, url, signal);
      };
      let awayMs = 0;
      try {
        const answer = await http.get(address, {
          before,
          ...(signal && { signal }),
          ...(known && { known }),
        });
        awayMs = answer.retryAfterMs ?? 0;
        return answer;
      } finally {
        await turn?.end(awayMs);
      }
    },
  };
}

class HeldTurn {
  readonly host: string;
  /** Between requests; a robots.txt may ask for more. */
  pauseMs: number;
  readonly #hosts: Hosts;
  readonly #holder: string;

  constructor(
    hosts: Hosts,
    { host, holder, pauseMs }: { host: string; holder: string; pauseMs: number },
  ) {
    this.#hosts = hosts;
    this.#holder = holder;
    this.host = host;
    this.pauseMs = pauseMs;
  }

  /** Nobody asks the host for `awayMs`, if it asked for that. */
  end(awayMs = 0): Promise<void> {
    const pauseMs = Math.max(this.pauseMs, awayMs);
    return this.#hosts.endTurn({ host: this.host, holder: this.#holder, pauseMs });
  }
}

async function waitForTurn(
  hosts: Hosts,
  {
    host,
    usualMs,
    patienceMs,
    leaseMs,
    signal,
  }: {
    host: string;
    usualMs: number;
    patienceMs: number;
    leaseMs: number;
    signal: AbortSignal | undefined;
  },
): Promise<HeldTurn> {
  const holder = randomUUID();
  const pauseMs = pauseFor(host, usualMs);
  const until = performance.now() + patienceMs;
  for (let isBooked = false; ; isBooked = true) {
    signal?.throwIfAborted();
    const turn = await hosts.takeTurn({
      host,
      holder,
      isBooked,
      pauseMs: Math.max(pauseMs, LEAST_STEP_MS),
      leaseMs,
      patienceMs: Math.max(0, until - performance.now()),
    });
    if (turn.kind === 'granted') return new HeldTurn(hosts, { host, holder, pauseMs });
    if (turn.kind === 'refused') throw new HostBusy(host, turn.waitMs);
    await sleep(turn.waitMs, signal);
  }
}

/** Throws PAGE_REFUSED for an address that is not ours to ask for. */
async function obeyRobots(
  parts: PoliteParts,
  turn: HeldTurn,
  url: URL,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { rules, wasAsked } = await robotsAt(parts, url, signal);
  turn.pauseMs = Math.max(turn.pauseMs, rules.crawlDelayMs ?? 0);
  const pattern = disallowedBy(rules, url);
  if (pattern !== undefined) {
    const path = `${url.pathname}${url.search}`.slice(0, 200);
    throw new PaperboyError(
      'PAGE_REFUSED',
      `robots.txt disallows ${path} ("${pattern.slice(0, 100)}")`,
    );
  }
  if (wasAsked) await sleep(turn.pauseMs, signal);
}

/** Throws the signal's own reason. */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(Math.ceil(ms), undefined, { ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
