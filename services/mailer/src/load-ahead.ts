import type { DeliveryId } from '@paperboy/core';
import { type Db, type DigestToRender, loadDigests, type MatchReasons } from '@paperboy/store';
import type { LoadDigests } from './compose-digests.ts';

/** Digests loaded together, so that few statements are waited for. They wait as objects, not as bytes. */
const TOGETHER = 200;

/** Loads the digests of a claim, more of them at a time than are asked for; they are asked for in the order given. */
export function loadAhead(
  { db, reasons }: { readonly db: Db; readonly reasons: MatchReasons },
  ids: readonly DeliveryId[],
): LoadDigests {
  const known = new Map<DeliveryId, DigestToRender>();
  let loaded = 0;
  return async (wanted) => {
    while (loaded < ids.length && wanted.some((id) => !known.has(id))) {
      const next = ids.slice(loaded, loaded + TOGETHER);
      for (const digest of await loadDigests(db, next, reasons))
        known.set(digest.deliveryId, digest);
      loaded += next.length;
    }
    return wanted.flatMap((id) => {
      const digest = known.get(id);
      known.delete(id);
      return digest ?? [];
    });
  };
}
