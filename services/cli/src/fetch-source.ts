import {
  isRecorded,
  type ListedOn,
  type ListingPageId,
  PaperboyError,
  type SourceOutcome,
} from '@paperboy/core';
import {
  announceAlerts,
  askSource,
  createHttp,
  createPoliteHttp,
  type FetchOutcome,
  recordPage,
  sharedHosts,
  TopicMatcher,
} from '@paperboy/ingest';
import { findSource, moveAsk, pageResult, sourceHealth } from '@paperboy/store';
import { httpOptions } from './http-options.ts';
import type { Shared } from './shared.ts';

/** How asking a source went, as `source fetch` prints it. */
export interface FetchedSource {
  readonly source: string;
  readonly outcome: FetchOutcome['kind'];
  readonly verdict: SourceOutcome;
  readonly note: string | null;
  readonly format: string | null;
  readonly listedOn: ListedOn | null;
  readonly entries: number;
  readonly new: number;
  readonly recurring: number;
  readonly repeated: number;
  readonly revised: number;
  readonly ms: number;
  readonly nextAskAt: Date | null;
  readonly nextAskWhy: string | null;
}

/** Longer than a fetch takes: running services leave the source to this one meanwhile. */
const LEASE_MS = 10 * 60_000;

/** Asks a source, records what it lists and matches it, in this process. Throws NOT_FOUND and USAGE. */
export async function fetchSource(
  shared: Shared,
  name: string,
  now: () => Date,
): Promise<FetchedSource> {
  const { db, log, settings, stopping } = shared;
  const startedAt = performance.now();
  const source = await findSource(db, name);
  if (source.url === null) {
    throw new PaperboyError('USAGE', `source ${name} has no address: paperboy ingest feeds it`);
  }
  if (source.state === 'archived') throw new PaperboyError('USAGE', `source ${name} was removed`);
  const http = createHttp(httpOptions(settings));
  try {
    await moveAsk(db, source.id, new Date(now().getTime() + LEASE_MS));
    const { alertAfter, fetchMaxBytes: maxBytes } = settings;
    const polite = createPoliteHttp({ http, hosts: sharedHosts(db), now });
    const asking = { db, http: polite, maxBytes, now, alertAfter };
    const outcome = await askSource(asking, source.id, { signal: stopping });
    if (outcome.kind === 'postponed') throw new PaperboyError('HOST_BUSY', outcome.detail);
    const page =
      outcome.kind === 'stored' ? await record(shared, outcome.listingPageId) : undefined;
    await announceAlerts(db, log);
    const health = await sourceHealth(db, source.id);
    return {
      source: name,
      outcome: outcome.kind,
      verdict: page?.verdict ?? health?.outcome ?? 'failed',
      note: page?.note ?? health?.note ?? null,
      format: page?.format ?? null,
      listedOn: page?.listedOn ?? null,
      entries: page?.entries ?? 0,
      new: page?.new ?? 0,
      recurring: page?.recurring ?? 0,
      repeated: page?.repeated ?? 0,
      revised: page?.revised ?? 0,
      ms: Math.round(performance.now() - startedAt),
      nextAskAt: health?.nextAskAt ?? null,
      nextAskWhy: health?.nextAskWhy ?? null,
    };
  } finally {
    await http.close();
  }
}

async function record({ db, log, settings }: Shared, listingPageId: ListingPageId) {
  const { fetchMaxBytes: maxBytes, alertAfter } = settings;
  const page = await recordPage(db, listingPageId, { maxBytes, alertAfter });
  if (page.verdict && isRecorded(page.verdict) && page.readyNo === null) {
    await new TopicMatcher(db, log).matchPage(listingPageId);
  }
  return (await pageResult(db, listingPageId)) ?? page;
}
