import type { SourceId } from '@paperboy/core';
import { type Db, latestValidators, loadRobots, type PageValidators } from '@paperboy/store';
import { addressFor } from './addresses.ts';
import { hostOf, pauseFor } from './hosts.ts';
import { PAUSE_MS } from './polite-http.ts';
import { disallowedBy, parseRobots } from './robots.ts';

/** How a source is asked: at what pace, under which rules, and with what to tell whether its page has changed. */
export interface Manners {
  readonly host: string;
  /** Least pause between two requests to the host, by whomever of us. */
  readonly pauseMs: number;
  /** What is known of its robots.txt; null: nobody has asked for it yet. */
  readonly robots: {
    readonly checkedAt: Date;
    /** The pause that it asks for; null: none. */
    readonly crawlDelayMs: number | null;
    /** The rule that keeps us from the source's address; null: none. */
    readonly disallowedBy: string | null;
    /** Why it could not be had; null: it could. */
    readonly problem: string | null;
  } | null;
  /** What came with the last page that was sent in full; null: nothing to ask with. */
  readonly validators: Pick<PageValidators, 'address' | 'etag' | 'lastModified' | 'fullAt'> | null;
}

/** The manners of a source as its past requests have left them; asks nobody. Undefined for one without an address. */
export async function mannersOf(
  db: Db,
  source: { readonly id: SourceId; readonly url: string | null; readonly zone: string },
  at: Date,
): Promise<Manners | undefined> {
  if (source.url === null) return undefined;
  const url = new URL(addressFor({ ...source, url: source.url }, at).url);
  const host = hostOf(url);
  const [robots, validators] = await Promise.all([
    loadRobots(db, url.origin),
    latestValidators(db, source.id),
  ]);
  const rules = parseRobots(robots?.body ?? '');
  const { crawlDelayMs = null } = rules;
  return {
    host,
    pauseMs: Math.max(pauseFor(host, PAUSE_MS), crawlDelayMs ?? 0),
    robots: robots
      ? {
          checkedAt: robots.checkedAt,
          crawlDelayMs,
          disallowedBy: disallowedBy(rules, url) ?? null,
          problem: robots.problem ?? null,
        }
      : null,
    validators: validators ?? null,
  };
}
