import { type Db, recordReturn, suppressBounced } from '@paperboy/store';
import type { Consequence, Refusal } from './delivery-result.ts';

/**
 * Draws the consequences for readers whose servers had the last word during a conversation, as a report would: who is
 * gone is suppressed, and what only tells after several digests is counted.
 */
export async function noteRefusals(db: Db, ended: readonly Consequence[]): Promise<void> {
  const refusals = ended.flatMap(({ result, refusal }) =>
    refusal ? [{ id: result.id, refusal, result }] : [],
  );
  const gone = refusals.filter(({ refusal }) => isCertain(refusal));
  await suppressBounced(
    db,
    gone.map(({ id, refusal }) => ({
      id,
      reason: refusal.reason,
    })),
  );
  for (const { id, refusal, result } of refusals) {
    if (isCertain(refusal)) continue;
    const { enhancedCode: status, reply: words } = result;
    const told = { ...(status !== undefined && { status }), ...(words !== undefined && { words }) };
    await recordReturn(db, id, { kind: 'failed', ...refusal, ...told }, 'reply');
  }
}

/** A host that is unknown today may have lost its name for an hour. */
function isCertain({ isHard, reason }: Refusal): boolean {
  return isHard && reason !== 'unknown-host';
}
