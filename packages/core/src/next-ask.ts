import { type Cron, nextCronAt } from './cron.ts';
import { type Awaited, mayBring, nextBatchAt, type Publishing } from './publishing.ts';
import type { PageOutcome } from './verdict.ts';

/** How one attempt on a source ended: with a verdict, or without a page. */
export type SourceOutcome = PageOutcome | 'failed';

/** When a source is asked by its own schedule. */
export interface AskSchedule {
  readonly cron: Cron;
  readonly zone: string;
  /** Spreads start times, so that nobody's server is asked by all of us on the full hour. */
  readonly jitterMs: number;
}

/** What the next question depends on. */
export interface AskFacts {
  /** Where the source stands after this attempt. */
  readonly outcome: SourceOutcome;
  /** When the attempt was made. */
  readonly at: Date;
  /** The next time of the source's own schedule; absent: it is fetched only when somebody asks for it. */
  readonly slot?: Date;
  /** What the source owes, as far as its publishing is known. */
  readonly awaited?: Awaited;
  /** How often in a row it was asked outside its schedule before this attempt. */
  readonly repeats: number;
  /** As the answer demanded. */
  readonly retryAfterMs?: number;
  /** Whether another try can help; absent means yes. */
  readonly retry?: boolean;
  /** Days of the week on which it asks to be left alone, 0 for Sunday, in UTC. */
  readonly skipDays?: readonly number[];
}

export interface NextAsk {
  /** Absent: not by itself. */
  readonly at?: Date;
  /** For operators, in words. */
  readonly why: string;
  readonly repeats: number;
}

/** Bounds that nobody measured (see docs/decisions). */
export const ASK_LIMITS = {
  /** A page that is not whole yet is asked for again after this; never oftener, out of politeness. */
  againMs: 3600_000,
  /** And at most so often in a row. */
  most: 6,
  /** A list that is late is looked for longer, as it comes at no known hour. */
  mostLate: 24,
  /** After a refusal or no answer: doubled from the first to the longest. */
  firstBackoffMs: 15 * 60_000,
  longestBackoffMs: 6 * 3600_000,
  /** A longer Retry-After is taken for a mistake. */
  longestRetryAfterMs: 7 * 24 * 3600_000,
} as const;

/**
 * Decides when a source is asked again. Never within an hour, except after trouble or by its own schedule; a time on a
 * day that its feed skips is put off by whole days.
 */
export function nextAsk(facts: AskFacts): NextAsk {
  const next = byOutcome(facts);
  const isBySlot = next.at?.getTime() === facts.slot?.getTime();
  if (!next.at || isBySlot || !isSkipped(next.at, facts.skipDays)) return next;
  let at = next.at;
  while (isSkipped(at, facts.skipDays)) at = new Date(at.getTime() + DAY_MS);
  return { ...next, at, why: `${next.why}, and its feed skips the days between` };
}

function byOutcome(facts: AskFacts): NextAsk {
  const { outcome, awaited, repeats } = facts;
  switch (outcome) {
    case 'blocked':
      return backoff(facts, 'the site refused');
    case 'failed':
      return facts.retry === false ? bySchedule(facts) : backoff(facts, 'the site did not answer');
    case 'broken':
      // What is broken stays so until a person looks; asking oftener only annoys the site.
      return bySchedule(facts);
    case 'cut':
      return repeats < ASK_LIMITS.most ? again(facts, 'the list was cut short') : bySchedule(facts);
    case 'partial':
      return repeats < ASK_LIMITS.most
        ? again(facts, 'the list is still filling')
        : bySchedule(facts);
    case 'stale':
      return isWorthAsking(facts) ? again(facts, 'a new list is due') : bySchedule(facts);
    case 'unchanged':
    case 'grew':
    case 'new-batch':
      return awaited ? again(facts, 'a new list is awaited') : bySchedule(facts);
  }
}

/** Once a batch is missed for good an operator is told, and the schedule is enough. */
function isWorthAsking({ awaited, repeats }: AskFacts): boolean {
  if (!awaited) return repeats < ASK_LIMITS.most;
  return awaited.late < 2 && repeats < ASK_LIMITS.mostLate;
}

function bySchedule({ slot }: AskFacts): NextAsk {
  return slot
    ? { at: slot, why: 'by its schedule', repeats: 0 }
    : { why: 'only when asked for', repeats: 0 };
}

/** In an hour, or by the schedule if that comes first. */
function again(facts: AskFacts, why: string): NextAsk {
  if (!facts.slot) return bySchedule(facts);
  const at = new Date(facts.at.getTime() + ASK_LIMITS.againMs);
  return facts.slot <= at
    ? { at: facts.slot, why: 'by its schedule', repeats: facts.repeats + 1 }
    : { at, why, repeats: facts.repeats + 1 };
}

/** Later each time, whatever the schedule says. */
function backoff(facts: AskFacts, why: string): NextAsk {
  if (!facts.slot) return bySchedule(facts);
  const { firstBackoffMs, longestBackoffMs, longestRetryAfterMs } = ASK_LIMITS;
  const own = Math.min(firstBackoffMs * 2 ** Math.min(facts.repeats, 20), longestBackoffMs);
  const demanded = Math.min(facts.retryAfterMs ?? 0, longestRetryAfterMs);
  const waitMs = facts.retryAfterMs === undefined ? own : Math.max(demanded, ASK_FLOOR_MS);
  return { at: new Date(facts.at.getTime() + waitMs), why, repeats: facts.repeats + 1 };
}

/** A Retry-After of nothing at all is no leave to hammer. */
const ASK_FLOOR_MS = 60_000;

/**
 * The next time of a source's own schedule after `after`. Times at which a source that declares its publishing
 * cannot bring anything (a weekend) are passed over, and so are the days that its feed skips.
 */
export function nextSlot(
  schedule: AskSchedule,
  after: Date,
  declared?: { readonly publishing: Publishing; readonly batchAt: Date },
  skipDays?: readonly number[],
): Date {
  let slot = slotAfter(schedule, after, declared);
  // A schedule that meets nothing but skipped days is the operator's own wish.
  for (let skipped = 0; isSkipped(slot, skipDays); skipped++) {
    if (skipped === DAYS) return slotAfter(schedule, after, declared);
    slot = slotAfter(schedule, new Date(nextDay(slot).getTime() - 1), declared);
  }
  return slot;
}

const DAYS = 7;
const DAY_MS = 24 * 3600_000;
const nextDay = (time: Date) => new Date((Math.floor(time.getTime() / DAY_MS) + 1) * DAY_MS);

/** A feed that skips every day says nothing. */
function isSkipped(time: Date, skipDays: readonly number[] = []): boolean {
  return new Set(skipDays).size < DAYS && skipDays.includes(time.getUTCDay());
}

function slotAfter(
  { cron, zone, jitterMs }: AskSchedule,
  after: Date,
  declared: { readonly publishing: Publishing; readonly batchAt: Date } | undefined,
): Date {
  const delayed = (time: Date) => new Date(time.getTime() + jitterMs);
  const slot = delayed(nextCronAt(cron, zone, new Date(after.getTime() - jitterMs)));
  if (!declared || mayBring(declared.publishing, declared.batchAt, slot)) return slot;
  const batchAt = nextBatchAt(declared.publishing, slot);
  return delayed(nextCronAt(cron, zone, new Date(batchAt.getTime() - jitterMs - 1)));
}

/** Start times are spread over so much. */
const JITTER_MS = 10 * 60_000;

/** A delay that depends on the name alone: many sources on one schedule start apart, each always alike (FNV-1a). */
export function jitterOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash % JITTER_MS;
}
