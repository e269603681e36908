import type { ComplaintReason, Finding } from './finding.ts';
import { type BounceReason, isHardReason } from './reasons.ts';

interface Told {
  readonly status?: string;
  readonly words?: string;
}

/** What a report means for the one delivery it is about. */
export type Outcome =
  | { readonly kind: 'complaint'; readonly reason: ComplaintReason }
  | (Told & { readonly kind: 'failed'; readonly reason: BounceReason; readonly isHard: boolean })
  | (Told & { readonly kind: 'delayed' })
  | { readonly kind: 'arrived' }
  | { readonly kind: 'nothing' };

/**
 * What the findings of one report come to. A message of ours has one recipient; several in a report are where it was
 * passed on to, and one of them that took it is enough.
 */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  for (const finding of findings) {
    if (finding.kind === 'complaint') return { kind: 'complaint', reason: finding.reason };
  }
  if (findings.some(isArrival)) return { kind: 'arrived' };
  const failures = findings.flatMap(failureOf);
  return (
    failures.find((failure) => failure.kind === 'failed' && failure.isHard) ??
    failures.find(({ kind }) => kind === 'failed') ??
    failures[0] ?? { kind: 'nothing' }
  );
}

function isArrival({ kind, reason }: Finding): boolean {
  // What a list made of it, and what went on to where nobody reports, has left the queue that was asked.
  return kind === 'not-a-bounce' && reason !== 'unrecognised' && reason !== 'not-spam';
}

function failureOf(finding: Finding): Extract<Outcome, Told & { kind: 'failed' | 'delayed' }>[] {
  if (finding.kind !== 'hard' && finding.kind !== 'soft') return [];
  const { status, words, reason } = finding;
  const told = { ...(status !== undefined && { status }), ...(words !== undefined && { words }) };
  if (reason === 'delayed') return [{ ...told, kind: 'delayed' }];
  return [{ ...told, kind: 'failed', reason, isHard: isHardReason(reason) }];
}
