import {
  composeOrder,
  type DigestVerdict,
  digestVerdict,
  listingsOf,
  nextDueAt,
  type PaperId,
  papersOfOneTitle,
  type SubscriberId,
} from '@paperboy/core';
import {
  type Db,
  type DigestCandidate,
  digestCandidates,
  findSubscriber,
  listDeliveries,
  loadDigests,
  loadEdition,
  plannedThrough,
  previewTransaction,
  type Subscriber,
} from '@paperboy/store';
import { describeStored } from '@paperboy/topics';
import { planEdition } from './plan-editions.ts';
import { freeHour } from './preview-digest.ts';
import { readVotes } from './weigh-votes.ts';

/** A paper that a topic found in the window of a digest, and what becomes of it. */
export interface ExplainedPaper extends DigestVerdict {
  readonly paperId: PaperId;
  readonly title: string;
  readonly section: 'new' | 'recurring' | undefined;
  /** The topics that found it, strongest first. */
  readonly topics: readonly {
    readonly name: string;
    readonly strictness: string;
    readonly strength: number;
    readonly isVoted: boolean;
    readonly isStrongEnough: boolean;
    readonly reasons: readonly string[];
  }[];
}

export interface DigestExplanation {
  readonly subscriber: Subscriber;
  readonly at: Date;
  /** Why nothing would be mailed, whatever is found; undefined when mail may go out. */
  readonly heldBackBy: string | undefined;
  /** When the next digest is due by the subscriber's schedule. */
  readonly nextDueAt: Date;
  /** The window: papers listed after this plan. */
  readonly since: Date;
  readonly counts: Readonly<Record<DigestVerdict['verdict'], number>>;
  /** In the mail first, then on the page, then what is out. */
  readonly papers: readonly ExplainedPaper[];
}

/**
 * Why each paper that a subscriber's topics found is in the digest that would be planned at `at`, or out of it. It is
 * planned by the code that plans, in a transaction that is undone.
 */
export async function explainDigest(
  { db }: { readonly db: Db },
  { subscriberId, at }: { readonly subscriberId: SubscriberId; readonly at: Date },
): Promise<DigestExplanation> {
  return previewTransaction(db, async (tx) => {
    const subscriber = await findSubscriber(tx, subscriberId);
    const throughNo = await plannedThrough(tx, subscriberId);
    const hour = await freeHour(tx, { cadence: subscriber.schedule.cadence, windowEnd: at });
    const audience = { kind: 'one', subscriberId } as const;
    const votes = await readVotes(tx, hour, audience);
    const edition = await planEdition(tx, hour, audience, { votes });
    const candidates = edition
      ? await digestCandidates(tx, { editionId: edition.id, subscriberId, throughNo })
      : [];
    const [delivery] = edition
      ? await listDeliveries(tx, { editionId: edition.id, subscriberId })
      : [];
    const [digest] = delivery ? await loadDigests(tx, [delivery.id]) : [];
    // A candidate for each of its topics.
    const byId = new Map(candidates.map((candidate) => [candidate.paperId, candidate]));
    const sameTitle = papersOfOneTitle(byId.values());
    const { cards } = edition ? await loadEdition(tx, edition.id) : { cards: [] };
    const listings = listingsOf(cards, at);
    const order = digest && composeOrder({ ...digest, sameTitle, listings });
    const titlesInMail = new Set([...(order?.inMail ?? [])].map((id) => sameTitle.get(id)));
    const heldBackBy = reasonToHoldBack(subscriber);
    const rules = {
      mayBeMailed: heldBackBy === undefined,
      recurringPolicy: subscriber.recurringPolicy,
      maxPapers: subscriber.maxPapers,
      at,
    };
    const sectionOf = (paperId: PaperId): ExplainedPaper['section'] => {
      if (order?.newPapers.includes(paperId)) return 'new';
      return order?.recurringPapers.includes(paperId) ? 'recurring' : undefined;
    };
    const papers = [...Map.groupBy(candidates, ({ paperId }) => paperId)].flatMap(
      ([paperId, found]) => {
        const [best] = found;
        if (!best) return [];
        const section = sectionOf(paperId);
        const isStrongEnough = found.some((candidate) => candidate.isStrongEnough);
        const isInMail = order?.inMail.has(paperId) === true;
        const title = sameTitle.get(paperId);
        const isNamesakeInMail = !isInMail && title !== undefined && titlesInMail.has(title);
        const facts = { ...best, section, isInMail, isNamesakeInMail, isStrongEnough };
        const verdict = digestVerdict(facts, rules);
        return [{ paperId, title: best.title, section, topics: found.map(topicOf), ...verdict }];
      },
    );
    return {
      subscriber,
      at,
      heldBackBy,
      nextDueAt: nextDueAt(subscriber.schedule, at),
      since: subscriber.plannedUntil,
      counts: countVerdicts(papers),
      papers: papers.sort((one, other) => PLACES[one.verdict] - PLACES[other.verdict]),
    };
  });
}

const PLACES = { mail: 0, page: 1, out: 2 } as const;

function countVerdicts(papers: readonly ExplainedPaper[]): DigestExplanation['counts'] {
  const counts = { mail: 0, page: 0, out: 0 };
  for (const { verdict } of papers) counts[verdict] += 1;
  return counts;
}

function reasonToHoldBack({ state, suppressedFor }: Subscriber): string | undefined {
  if (suppressedFor !== null) return `the address is suppressed: ${suppressedFor}`;
  return state === 'active' ? undefined : `the subscriber is ${state}`;
}

function topicOf(candidate: DigestCandidate): ExplainedPaper['topics'][number] {
  const { topicName, strictness, strength, isVoted, isStrongEnough, reasons } = candidate;
  return {
    name: topicName,
    strictness,
    strength: Math.round(100 * strength) / 100,
    isVoted,
    isStrongEnough,
    reasons: describeStored(reasons),
  };
}
