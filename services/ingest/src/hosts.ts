import { PaperboyError } from '@paperboy/core';
import {
  type Db,
  endTurn,
  loadRobots,
  type RobotsText,
  saveRobots,
  type Turn,
  type TurnWish,
  takeTurn,
} from '@paperboy/store';

/** What politeness has to remember of hosts: whose turn it is, and what their robots.txt says. */
export interface Hosts {
  takeTurn(wish: TurnWish): Promise<Turn>;
  endTurn(turn: Pick<TurnWish, 'host' | 'holder' | 'pauseMs'>): Promise<void>;
  loadRobots(origin: string): Promise<RobotsText | undefined>;
  saveRobots(robots: RobotsText): Promise<void>;
}

/** In Postgres: one memory for all workers. */
export function sharedHosts(db: Db): Hosts {
  return {
    takeTurn: (wish) => takeTurn(db, wish),
    endTurn: (turn) => endTurn(db, turn),
    loadRobots: (origin) => loadRobots(db, origin),
    saveRobots: (robots) => saveRobots(db, robots),
  };
}

/** Of one process that asks one page after the other, without a database. */
export function ownHosts(): Hosts {
  const freeAt = new Map<string, number>();
  const robotsTexts = new Map<string, RobotsText>();
  return {
    async takeTurn({ host, patienceMs }) {
      const waitMs = (freeAt.get(host) ?? 0) - performance.now();
      if (waitMs <= 0) return { kind: 'granted' };
      return { kind: waitMs <= patienceMs ? 'booked' : 'refused', waitMs };
    },
    async endTurn({ host, pauseMs }) {
      freeAt.set(host, performance.now() + pauseMs);
    },
    loadRobots: async (origin) => robotsTexts.get(origin),
    async saveRobots(robots) {
      robotsTexts.set(robots.origin, robots);
    },
  };
}

/** What counts as one server. arXiv asks to be treated as one over all its hosts. */
export function hostOf({ hostname, host, port }: URL): string {
  const name = hostname.replace(/\.$/, '');
  if (ARXIV.test(name)) return 'arxiv.org';
  return port === '' || port === '80' || port === '443' ? name : host;
}

const ARXIV = /(?:^|\.)arxiv\.org$/;

/** arXiv's terms of use: one request in three seconds, over one connection. */
const ARXIV_PAUSE_MS = 3_000;

/** Least pause between two requests to a host, before its robots.txt is heard. */
export function pauseFor(host: string, usualMs: number): number {
  return host === 'arxiv.org' ? Math.max(usualMs, ARXIV_PAUSE_MS) : usualMs;
}

/** Others wait for the host, or it asked to be left alone, for longer than is waited for. */
export class HostBusy extends PaperboyError {
  readonly waitMs: number;

  constructor(host: string, waitMs: number) {
    super('HOST_BUSY', `${host}: its next turn is in ${Math.ceil(waitMs / 1_000)} s`);
    this.waitMs = waitMs;
  }
}
