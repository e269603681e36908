import {
  batchHistory,
  median,
  owedAt,
  parseCron,
  publishingOf,
  type SourceOutcome,
} from '@paperboy/core';
import type { Manners } from '@paperboy/ingest';
import { acceptedPages, type Db, type Source, type SourceHealthView } from '@paperboy/store';
import { cronInWords } from './cron-words.ts';
import { moment, momentIn } from './moments.ts';

/** What a source's past says of its rhythm. */
export interface SourceRhythm {
  /** When new lists come out, in words; null: not known. */
  readonly publishes: string | null;
  readonly isLearnt: boolean;
  /** Since when a new list is awaited, and whether it is late. */
  readonly awaited: { readonly since: Date; readonly late: number } | null;
  /** Papers that a list usually has. */
  readonly usualPapers: number | null;
}

/** Reads the rhythm of a source off its pages and what its operator declared. */
export async function rhythmOf(
  db: Db,
  { id, zone, publishes }: Source,
  { health, now }: { health: SourceHealthView | undefined; now: Date },
): Promise<SourceRhythm> {
  const { openings, batchSizes } = batchHistory(await acceptedPages(db, id), undefined);
  const batchAt = health?.batchAt ?? openings[0];
  const times = { zone, publishes, openings, ...(batchAt && { batchAt }) };
  const known = publishingOf(times, now);
  const { awaited } = owedAt(times, now);
  return {
    publishes:
      publishes ?? (known && (cronInWords(known.cron)?.replace('at 0:00 ', '') ?? null)) ?? null,
    isLearnt: publishes === null && known !== undefined,
    awaited: awaited ?? null,
    usualPapers: batchSizes.length > 0 ? median(batchSizes) : null,
  };
}

/** `0 8,16 * * mon-fri UTC, at 8:00 and 16:00 on mon-fri` */
export function scheduleText(cron: string | null, zone: string): string | null {
  if (cron === null) return null;
  const words = wordsOf(cron);
  return `${cron} ${zone}${words ? `, ${words}` : ''}`;
}

function wordsOf(cron: string): string | undefined {
  try {
    return cronInWords(parseCron(cron));
  } catch {
    return 'which cannot be read';
  }
}

/** When its lists come, declared or learnt. */
export function rhythmText({ publishes, isLearnt }: SourceRhythm, zone: string): string {
  if (publishes === null) return 'not known yet, so nothing is called late';
  return isLearnt ? `${publishes}, learnt from its pages` : (scheduleText(publishes, zone) ?? '');
}

/** Which list is waited for, and whether it is late; null when none is. */
export function awaitedText({ awaited }: SourceRhythm): string | null {
  if (!awaited) return null;
  const state = ['', ', which is late', ', and the one before was missed'][awaited.late] ?? '';
  return `a new list since ${moment(awaited.since)}${state}`;
}

/** When it is asked next, on both clocks. */
export function nextText(
  { state, cron, zone }: Source,
  health: SourceHealthView | undefined,
): string | null {
  if (state !== 'active') return null;
  if (!health?.nextAskAt) return cron === null ? 'only when asked for' : 'when a service runs';
  const at = health.nextAskAt;
  const local = zone === 'UTC' ? '' : `, ${momentIn(zone, at)}`;
  return `${moment(at)}${local}: ${health.nextAskWhy ?? ''}`;
}

/** `stale since 2026-11-24 08:03 UTC, 3 in a row: …` */
export function standsText(health: SourceHealthView | undefined): string | null {
  if (!health?.outcome || !health.since) return null;
  const streak = health.times > 1 ? `, ${health.times} in a row` : '';
  return `${health.outcome} since ${moment(health.since)}${streak}${health.note ? `: ${health.note}` : ''}`;
}

/** `50 of 73 entries`: what the last list had, and what it claimed to have; null before the first. */
export function foundText(health: SourceHealthView | undefined): string | null {
  if (!health || health.entries === null) return null;
  return health.claimed === null
    ? `${health.entries} entries`
    : `${health.entries} of ${health.claimed} entries`;
}

/** `arxiv.org, one request in 15 s as its robots.txt asks` */
export function paceText(manners: Manners | undefined): string | null {
  if (!manners) return null;
  const { host, pauseMs, robots } = manners;
  const why = robots?.crawlDelayMs === pauseMs ? ' as its robots.txt asks' : '';
  return `${host}, one request in ${pauseMs / 1_000} s${why}`;
}

/** What its robots.txt says of the source's address. */
export function robotsText(manners: Manners | undefined): string | null {
  if (!manners) return null;
  const { robots } = manners;
  if (!robots) return 'not asked for yet';
  const when = moment(robots.checkedAt);
  if (robots.problem !== null) return `could not be had on ${when}: ${robots.problem}`;
  if (robots.disallowedBy !== null)
    return `disallows the address by "${robots.disallowedBy.slice(0, 100)}", read ${when}`;
  return `allows the address, read ${when}`;
}

/** With what the source is asked whether its page has changed. */
export function changeText(manners: Manners | undefined): string | null {
  const validators = manners?.validators;
  if (!validators) return null;
  const { etag, lastModified, fullAt } = validators;
  const told = [etag && `ETag ${etag}`, lastModified && `Last-Modified ${lastModified}`];
  const since = `of the page of ${moment(fullAt)}`;
  return `told by ${told.filter(Boolean).join(' and ') || 'its bytes alone'}, ${since}`;
}

/** One word for a list of sources. */
export function healthWord(state: string, outcome: SourceOutcome | null, isAlert: boolean): string {
  if (state !== 'active') return state;
  return `${outcome ?? 'never asked'}${isAlert ? ' !' : ''}`;
}
