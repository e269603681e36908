import {
  type Cadence,
  composeOrder,
  dayIn,
  type ListedOn,
  listingsOf,
  type PaperId,
  parseListedOn,
  type SubscriberId,
} from '@paperboy/core';
import { LEFT_TOPICS } from '@paperboy/email';
import {
  type Db,
  type DigestMatch,
  type DigestToRender,
  type EditionCard,
  type Feedback,
  feedbackOf,
  loadDigests,
  loadEdition,
  NO_FEEDBACK,
} from '@paperboy/store';
import type { WebDeps } from './deps.ts';
import { badLink } from './reader-link.ts';

/** A paper of somebody's digest, with why it is there and what they said of it. */
export interface DigestPaper {
  readonly card: EditionCard;
  /** Strongest first. */
  readonly matches: readonly DigestMatch[];
  readonly feedback: Feedback;
}

/** One digest as its reader sees it online: all of it in the mail's order, also what a mail had no room for. */
export interface ReaderDigest {
  readonly subscriberId: SubscriberId;
  /** The day it was for, in the reader's zone. */
  readonly day: ListedOn | undefined;
  readonly cadence: Cadence;
  readonly notes: readonly string[];
  /** As in the mail, topic by topic. */
  readonly newByTopic: readonly DigestTopic[];
  readonly recurringPapers: readonly DigestPaper[];
}

/** Every paper of a digest, in its order. */
export function papersIn({ newByTopic, recurringPapers }: ReaderDigest): DigestPaper[] {
  return [...newByTopic.flatMap(({ papers }) => papers), ...recurringPapers];
}

/** New papers and the topic they stand under, as its reader calls it. */
interface DigestTopic {
  readonly topic: string;
  readonly papers: readonly DigestPaper[];
}

/** The digest behind a link of a mail. Throws LINK_INVALID, which says the same of a forged and an erased one. */
export async function loadReaderDigest(
  { db, links }: Pick<WebDeps, 'db' | 'links'>,
  token: string,
): Promise<ReaderDigest> {
  const read = links.readToken('digest', token);
  const [digest] = read ? await loadDigests(db, [read.id]) : [];
  if (!digest) throw badLink();
  const edition = await loadEdition(db, digest.editionId);
  const papers = await papersOf(db, digest, edition.cards);
  const listings = listingsOf(edition.cards, digest.windowEnd);
  const order = composeOrder({ ...digest, listings });
  const shown = (ids: readonly PaperId[]) => ids.flatMap((id) => papers.get(id) ?? []);
  const names = new Map(digest.matches.map(({ topicId, topicName }) => [topicId, topicName]));
  return {
    subscriberId: digest.subscriberId,
    day: parseListedOn(dayIn(digest.zone, digest.windowEnd)),
    cadence: edition.cadence,
    notes: edition.notes,
    newByTopic: order.newByTopic.map(({ topicId, papers: ids }) => ({
      topic: (topicId && names.get(topicId)) ?? LEFT_TOPICS,
      papers: shown(ids),
    })),
    recurringPapers: shown(order.recurringPapers),
  };
}

/** The papers of a digest by id. One that the edition has no card for any more is left out. */
async function papersOf(
  db: Db,
  digest: DigestToRender,
  cards: readonly EditionCard[],
): Promise<Map<PaperId, DigestPaper>> {
  const ids = [...digest.newPapers, ...digest.recurringPapers];
  const wanted = new Set(ids);
  const said = await feedbackOf(db, digest.subscriberId, ids);
  const matches = Map.groupBy(digest.matches, ({ paperId }) => paperId);
  return new Map(
    cards
      .filter(({ paperId }) => wanted.has(paperId))
      .map((card) => [
        card.paperId,
        {
          card,
          matches: matches.get(card.paperId) ?? [],
          feedback: said.get(card.paperId) ?? NO_FEEDBACK,
        },
      ]),
  );
}
