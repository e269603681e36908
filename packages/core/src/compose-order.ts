import type { PaperId, TopicId } from './ids.ts';
import { titleKey } from './title-key.ts';
import { trendFactor } from './trend.ts';

/** Papers of one topic in a mail at most, so that none fills it; the rest stands on the digest's own page. */
export const MOST_PER_TOPIC = 10;

/** A paper found for one of a reader's topics. */
export interface TopicMatch {
  readonly paperId: PaperId;
  readonly topicId: TopicId;
  readonly strength: number;
}

/** A digest's papers as planned, and what its reader allows. */
export interface DigestToOrder {
  readonly newPapers: readonly PaperId[];
  readonly recurringPapers: readonly PaperId[];
  readonly matches: readonly TopicMatch[];
  readonly maxPapers: number;
  /** Papers that have their title in common with others, by that title; none of them where nothing is known. */
  readonly sameTitle?: ReadonlyMap<PaperId, string>;
  /** Days of late on which papers were listed: of papers that fit nearly as well, the one on more lists comes first. */
  readonly listings?: ReadonlyMap<PaperId, number>;
}

/** New papers that stand under one topic, best first. */
interface TopicPapers {
  /** None for papers whose reader has left every topic that they were for. */
  readonly topicId: TopicId | undefined;
  readonly papers: readonly PaperId[];
}

/** Both sections in the order that mail and page have in common; the mail leaves some out. */
export interface DigestOrder {
  /** In the order in which they take the mail's places. */
  readonly newPapers: readonly PaperId[];
  /** The same papers as they are shown, the topic with the best paper first. */
  readonly newByTopic: readonly TopicPapers[];
  readonly recurringPapers: readonly PaperId[];
  /** What the mail shows. */
  readonly inMail: ReadonlySet<PaperId>;
  /** How many it leaves out. */
  readonly more: number;
}

/**
 * Orders a digest: each paper once, under its best topic. The topics of a section take turns at the mail's places, the
 * one with the best paper first, and new papers before recurring ones. Of papers with one title, which nobody has merged,
 * the first has a place. Equals stay as they were given.
 */
export function composeOrder(digest: DigestToOrder): DigestOrder {
  const matches = Map.groupBy(digest.matches, ({ paperId }) => paperId);
  const placed = new Set<PaperId>();
  const place = (papers: readonly PaperId[]) =>
    takeTurns(
      papers.map((paperId) => ({
        paperId,
        matches: matches.get(paperId) ?? [],
        trend: trendFactor(digest.listings?.get(paperId) ?? 0),
      })),
      placed,
    );
  const newPapers = place(digest.newPapers);
  const recurringPapers = place(digest.recurringPapers);
  const inMail = new Set<PaperId>();
  const perTopic = new Map<TopicId | undefined, number>();
  const titles = new Set<string>();
  for (const { paperId, topicId } of [...newPapers, ...recurringPapers]) {
    const taken = perTopic.get(topicId) ?? 0;
    const title = digest.sameTitle?.get(paperId);
    if (inMail.size >= digest.maxPapers || taken >= MOST_PER_TOPIC) continue;
    if (title !== undefined && titles.has(title)) continue;
    perTopic.set(topicId, taken + 1);
    inMail.add(paperId);
    if (title !== undefined) titles.add(title);
  }
  return {
    newPapers: newPapers.map(({ paperId }) => paperId),
    newByTopic: [...Map.groupBy(newPapers, ({ topicId }) => topicId)].map(([topicId, papers]) => ({
      topicId,
      papers: papers.map(({ paperId }) => paperId),
    })),
    recurringPapers: recurringPapers.map(({ paperId }) => paperId),
    inMail,
    more: placed.size - inMail.size,
  };
}

/** What `sameTitle` is of some papers: empty, mostly. */
export function papersOfOneTitle(
  papers: Iterable<{ readonly paperId: PaperId; readonly title: string }>,
): Map<PaperId, string> {
  const byTitle = Map.groupBy(papers, ({ title }) => titleKey(title));
  byTitle.delete('');
  return new Map(
    [...byTitle].flatMap(([title, all]) =>
      all.length < 2 ? [] : all.map(({ paperId }): [PaperId, string] => [paperId, title]),
    ),
  );
}

interface PaperToPlace {
  readonly paperId: PaperId;
  readonly matches: readonly TopicMatch[];
  readonly trend: number;
}

interface PlacedPaper {
  readonly paperId: PaperId;
  /** None when the reader has left every topic that it was for. */
  readonly topicId: TopicId | undefined;
  /** Of its best match, with its trend. */
  readonly weight: number;
}

/** Every paper that is not placed yet, a round after the other; each round holds the next of every topic. */
function takeTurns(papers: readonly PaperToPlace[], placed: Set<PaperId>): PlacedPaper[] {
  const byTopic = new Map<TopicId | undefined, PlacedPaper[]>();
  for (const paper of papers.map(placedPaper).sort(byWeight)) {
    if (placed.has(paper.paperId)) continue;
    placed.add(paper.paperId);
    const others = byTopic.get(paper.topicId);
    if (others === undefined) byTopic.set(paper.topicId, [paper]);
    else others.push(paper);
  }
  // Topics stand in the order of their best papers, equals as they were given.
  const queues = [...byTopic.values()];
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, round) =>
    queues.flatMap((queue) => queue[round] ?? []),
  ).flat();
}

function placedPaper({ paperId, matches, trend }: PaperToPlace): PlacedPaper {
  const best = bestOf(matches);
  return { paperId, topicId: best?.topicId, weight: trend * (best?.strength ?? 0) };
}

/** Of equals the older topic, so that the order of matches does not matter. */
function bestOf(matches: readonly TopicMatch[]): TopicMatch | undefined {
  return matches.reduce<TopicMatch | undefined>((best, one) => {
    if (best === undefined || one.strength > best.strength) return one;
    return one.strength === best.strength && BigInt(one.topicId) < BigInt(best.topicId)
      ? one
      : best;
  }, undefined);
}

function byWeight(a: PlacedPaper, b: PlacedPaper): number {
  return b.weight - a.weight;
}
