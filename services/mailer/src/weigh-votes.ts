import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EditionId, PaperId, SubscriberId, TopicId } from '@paperboy/core';
import {
  type Audience,
  type Db,
  type EditionHour,
  historyTexts,
  saveVotedMatches,
  scoredMatches,
  type TopicVote,
  type Tx,
  textsOfPapers,
  type VotedMatch,
  votesDue,
} from '@paperboy/store';
import {
  History,
  type LikesProfile,
  paperText,
  parseQuery,
  profileLikes,
  profileTopic,
  type ScorablePaper,
  scoreAsVoted,
  type TokenizedPaper,
  tokenizePaper,
} from '@paperboy/topics';

/** Papers that votes are measured by. About a thousand are enough, and they are kept no longer than it takes to plan. */
const MEASURED_BY = 1_024;
/** Papers or profiles worked on before others get their turn: a few milliseconds. */
const PER_TURN = 20;

/** What one subscriber's votes say of one topic. */
interface Voter {
  readonly subscriberId: SubscriberId;
  /** As they stand in `likes.papers`. */
  readonly liked: readonly PaperId[];
  readonly likes: LikesProfile;
}

/** The votes of those who are due, ready to be weighed. */
export interface VotesToWeigh {
  readonly history: History;
  readonly voters: ReadonlyMap<TopicId, readonly Voter[]>;
}

/**
 * Reads what those who are due for an hour said of papers, and learns from it. Undefined, after one query, when they
 * said nothing. It takes a moment, so it is done before an edition is locked.
 */
export async function readVotes(
  db: Db,
  hour: EditionHour,
  audience: Audience,
): Promise<VotesToWeigh | undefined> {
  const votes = await votesDue(db, hour, audience);
  if (votes.length === 0) return undefined;
  const history = new History([
    ...(await tokenize(await historyTexts(db, MEASURED_BY, 'newest'))).values(),
  ]);
  const papers = await scorablePapers(
    db,
    history,
    votes.map(({ paperId }) => paperId),
  );
  const voters = new Map<TopicId, Voter[]>();
  for (const [topicId, ofTopic] of Map.groupBy(votes, (vote) => vote.topicId)) {
    const parsed = parseQuery(ofTopic[0]?.query ?? '');
    // What does not parse matches nothing, and is told of elsewhere.
    if (!parsed.ok) continue;
    const { values } = profileTopic(parsed.query, history);
    const found: Voter[] = [];
    for (const [subscriberId, own] of Map.groupBy(ofTopic, (vote) => vote.subscriberId)) {
      const liked = papersOf(own, 'like', papers);
      const disliked = papersOf(own, 'dislike', papers);
      const said = { liked: [...liked.values()], disliked: [...disliked.values()] };
      const likes = profileLikes(said, values, history);
      found.push({ subscriberId, liked: [...liked.keys()], likes });
      if (found.length % PER_TURN === 0) await nextTurn();
    }
    voters.set(topicId, found);
  }
  return { history, voters };
}

/** Weighs the papers of an edition anew for those who voted, and keeps what came of it. */
export async function weighVotes(
  tx: Tx,
  editionId: EditionId,
  { history, voters }: VotesToWeigh,
): Promise<void> {
  const matches = await scoredMatches(tx, editionId, [...voters.keys()]);
  const ids = matches.map(({ paperId }) => paperId);
  const papers = await scorablePapers(tx, history, ids);
  const weighed: VotedMatch[] = [];
  for (const { topicId, paperId, strength, textScore, relatedScore } of matches) {
    const paper = papers.get(paperId);
    if (paper === undefined) continue;
    const parts = { score: strength, text: textScore, related: relatedScore };
    for (const { subscriberId, liked, likes } of voters.get(topicId) ?? []) {
      const { score, raisedBy } = scoreAsVoted(parts, paper, likes);
      const likedPaperId = raisedBy && liked[likes.papers.indexOf(raisedBy)];
      weighed.push({
        ...{ subscriberId, topicId, paperId, strength: score },
        ...(likedPaperId !== undefined && { likedPaperId }),
      });
    }
  }
  await saveVotedMatches(tx, editionId, weighed);
}

function papersOf(
  votes: readonly TopicVote[],
  wanted: TopicVote['vote'],
  papers: ReadonlyMap<PaperId, ScorablePaper>,
): Map<PaperId, ScorablePaper> {
  const found = new Map<PaperId, ScorablePaper>();
  for (const { paperId, vote } of votes) {
    const paper = papers.get(paperId);
    if (vote === wanted && paper !== undefined) found.set(paperId, paper);
  }
  return found;
}

async function scorablePapers(
  db: Db,
  { statistics }: History,
  papers: readonly PaperId[],
): Promise<Map<PaperId, ScorablePaper>> {
  const texts = await tokenize(await textsOfPapers(db, [...new Set(papers)]));
  return new Map([...texts].map(([id, tokenized]) => [id, statistics.scorable(tokenized)]));
}

async function tokenize(
  papers: Awaited<ReturnType<typeof textsOfPapers>>,
): Promise<Map<PaperId, TokenizedPaper>> {
  const tokenized = new Map<PaperId, TokenizedPaper>();
  for (const paper of papers) {
    tokenized.set(paper.paperId, tokenizePaper(paperText(paper)));
    if (tokenized.size % PER_TURN === 0) await nextTurn();
  }
  return tokenized;
}
