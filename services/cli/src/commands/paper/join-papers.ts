import { contradictingKinds, olderFirst, PaperboyError, wordOverlap } from '@paperboy/core';
import {
  keptApart,
  loadSides,
  lockPapers,
  type MovedRows,
  mergePapers,
  type PairSide,
  type Tx,
} from '@paperboy/store';
import { paperNamed } from './paper-named.ts';

export interface Joined {
  readonly survivor: Pick<PairSide, 'id' | 'title'>;
  readonly absorbed: Pick<PairSide, 'id' | 'title'>;
  readonly moved: MovedRows;
}

/**
 * Merges the papers of two names. Throws USAGE where both name one paper, and MERGE_DOUBTFUL where ids or an earlier
 * decision speak against it and `force` is not given.
 */
export async function joinPapers(
  tx: Tx,
  order: {
    readonly names: readonly [string, string];
    readonly by: string;
    readonly reason?: string | undefined;
    readonly force?: boolean | undefined;
  },
): Promise<Joined> {
  await lockPapers(tx);
  const ids = [await paperNamed(tx, order.names[0]), await paperNamed(tx, order.names[1])] as const;
  if (ids[0] === ids[1]) throw new PaperboyError('USAGE', `both are paper ${ids[0]}`);
  const sides = await loadSides(tx, ids);
  const [one, other] = [sides.get(ids[0]), sides.get(ids[1])];
  if (!one || !other) throw new PaperboyError('NOT_FOUND', `paper ${one ? ids[1] : ids[0]}`);
  if (!order.force) await refuseDoubtful(tx, one, other);
  const [survivor, absorbed] = olderFirst(one, other);
  const moved = await mergePapers(tx, {
    survivorId: survivor.id,
    otherId: absorbed.id,
    by: order.by,
    reason: order.reason,
    evidence: evidenceOf(survivor, absorbed),
  });
  return { survivor: named(survivor), absorbed: named(absorbed), moved };
}

async function refuseDoubtful(tx: Tx, one: PairSide, other: PairSide): Promise<void> {
  const kinds = contradictingKinds(one, other);
  if (kinds.length > 0) {
    const ids = [one, other].flatMap(({ keys }) =>
      keys.filter((key) => kinds.some((kind) => key.startsWith(`${kind}:`))),
    );
    throw new PaperboyError('MERGE_DOUBTFUL', `they have ids of their own: ${ids.join(', ')}`);
  }
  const kept = await keptApart(tx, one.id, other.id);
  if (kept) {
    const day = kept.at.toISOString().slice(0, 10);
    const why = kept.reason === null ? '' : `: ${kept.reason}`;
    throw new PaperboyError('MERGE_DOUBTFUL', `${kept.by} kept them apart on ${day}${why}`);
  }
}

/** How far the abstracts of two papers agree, in per cent; undefined where one has none. */
export function agreement({ abstract: one }: PairSide, { abstract: other }: PairSide) {
  return one === null || other === null ? undefined : Math.round(100 * wordOverlap(one, other));
}

function evidenceOf(survivor: PairSide, absorbed: PairSide) {
  const facts = ({ id, title, keys, firstSeenOn, timesSeen }: PairSide) => {
    return { id, title, keys, firstSeenOn, timesSeen };
  };
  return {
    papers: [facts(survivor), facts(absorbed)],
    abstractsAgreePercent: agreement(survivor, absorbed),
  };
}

const named = ({ id, title }: PairSide) => ({ id, title });
