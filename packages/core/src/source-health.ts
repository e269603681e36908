import type { SourceOutcome } from './next-ask.ts';

/** How a source stands, as the database keeps it. */
export interface SourceHealth {
  readonly outcome?: SourceOutcome;
  readonly judgedAt?: Date;
  /** Since when the outcome is what it is. */
  readonly since?: Date;
  readonly lastGoodAt?: Date;
  /** When the last batch was first seen, or the page last said that there is none. */
  readonly batchAt?: Date;
  /** The run of troubled attempts, if there is one. */
  readonly troubleSince?: Date;
  readonly troubleCount: number;
  readonly alert?: AlertState;
}

/** `due`: an operator is to be told; `told`: was; `over`: is to be told that it ended. */
export type AlertState = 'due' | 'told' | 'over';

/** What one attempt showed. */
export interface SourceSign {
  readonly outcome: SourceOutcome;
  readonly at: Date;
  /** A batch began with it, or the page says in words that there is none. */
  readonly isBatch: boolean;
  /** Batches that are late, as far as the source's publishing is known. */
  readonly late?: number;
}

/** Whether a source in this state gave no full list; `partial` fills up by itself. */
function isTrouble(outcome: SourceOutcome): boolean {
  return ['blocked', 'failed', 'broken', 'cut', 'stale'].includes(outcome);
}

/** Takes up what an attempt showed. What is older than the last attempt (a saved page) changes nothing. */
export function nextHealth(
  health: SourceHealth,
  sign: SourceSign,
  { alertAfter }: { readonly alertAfter: number },
): SourceHealth {
  const { outcome, at } = sign;
  if (health.judgedAt && health.judgedAt > at) return health;
  const kept = {
    outcome,
    judgedAt: at,
    since: health.outcome === outcome ? (health.since ?? at) : at,
  };
  const batchAt = sign.isBatch ? at : health.batchAt;
  if (!isTrouble(outcome)) {
    const alert = health.alert === 'told' || health.alert === 'over' ? 'over' : undefined;
    return {
      ...kept,
      lastGoodAt: at,
      troubleCount: 0,
      ...(batchAt && { batchAt }),
      ...(alert && { alert }),
    };
  }
  // A late list is counted in lists and not in looks, so that what comes after it is counted afresh.
  const isOther = (health.outcome === 'stale') !== (outcome === 'stale');
  const troubleCount = isOther ? 1 : health.troubleCount + 1;
  const alert = alertOf(health.alert, isGrave(sign, troubleCount, alertAfter));
  return {
    ...kept,
    ...(health.lastGoodAt && { lastGoodAt: health.lastGoodAt }),
    ...(batchAt && { batchAt }),
    troubleSince: health.troubleSince ?? at,
    troubleCount,
    ...(alert && { alert }),
  };
}

function isGrave({ outcome, late }: SourceSign, count: number, alertAfter: number): boolean {
  if (outcome === 'broken') return true;
  return outcome === 'stale' && late !== undefined ? late >= 2 : count >= alertAfter;
}

function alertOf(alert: AlertState | undefined, isGrave: boolean): AlertState | undefined {
  // An end that nobody was told of yet is none.
  if (alert === 'told' || alert === 'over') return 'told';
  return alert ?? (isGrave ? 'due' : undefined);
}
