import type { EditionId } from '@paperboy/core';
import { claimDeliveries } from '@paperboy/store';
import { Batch, type BatchOptions, type BatchReport, type DeliveryParts } from './batch.ts';
import { startLease } from './lease.ts';
import { SENDING } from './mail-settings.ts';

/**
 * Delivers the next batch of one edition. Throws RELAY_UNAVAILABLE, RELAY_CONFIG or SENDER_REFUSED when the fault is
 * on our side: what is left of the batch is then due again after a pause, and no attempt is spent.
 */
export async function deliverBatch(
  parts: DeliveryParts,
  editionId: EditionId,
  { limit = SENDING.batch, ...stops }: BatchOptions = {},
): Promise<BatchReport> {
  const gate = await parts.breaker.pass();
  const lease = startLease(parts.db, { owner: parts.nextClaim(), ms: SENDING.leaseMs });
  try {
    const claim = await claimDeliveries(parts.db, {
      editionId,
      lease,
      limit: gate === 'probe' ? 1 : limit,
      places: parts.places,
    });
    lease.keep();
    return await new Batch(parts, lease, stops).deliver(claim);
  } finally {
    await lease.end();
    if (gate === 'probe') await parts.breaker.endProbe();
  }
}
