export {
  compileQuery,
  queryKey,
} from './compile.ts';
export { HISTORY_PAPERS, PROFILE_RULES } from './constants.ts';
export { type Embedding, unitEmbedding } from './embedding.ts';
export { embeddingScorer, paperToEmbed, topicToEmbed } from './embeddings.ts';
export { explainScore } from './explain-score.ts';
export { mayTouch } from './gates.ts';
export { History } from './history.ts';
export { buildTopicIndex, TopicIndex, type WatchedTopic } from './index-topics.ts';
export { type LikesProfile, profileLikes, scoreAsVoted, scoreWithLikes } from './likes.ts';
export { narrowerQueries } from './narrower-queries.ts';
export { packProfile, unpackProfile } from './packed-profile.ts';
export { PaperIndex } from './paper-index.ts';
export {
  paperText,
  type TokenizedPaper,
  tokenizePaper,
} from './paper-tokens.ts';
export { printQuery } from './print-query.ts';
export {
  type Condition,
  QUERY_MAX_CHARACTERS,
  type Query,
  type Term,
} from './query.ts';
export { parseQuery, requireQuery } from './query-parser.ts';
export { formatProblems, markProblem } from './query-problems.ts';
export { isTitleOf, titleOfQuery } from './query-title.ts';
export { WatchFinder } from './reach.ts';
export { describeReason, type MatchReason } from './reasons.ts';
export { changeDropped, droppedWords, wordKey, wordsToDrop } from './related-words.ts';
export type { ScorablePaper } from './statistics.ts';
export { describeStored } from './stored-reasons.ts';
export { StoredTopics } from './stored-topics.ts';
export { bandOf, isCertain, isKept, isSent } from './strictness.ts';
export { profileTopic, type TopicProfile } from './topic-profile.ts';
export { type ScoredPaper, TopicScorer } from './topic-scorer.ts';
export { type TopicVerdict, verdictOn } from './topic-verdict.ts';
export { widerQueries } from './wider-queries.ts';
export { type WiderTerms, widerTerms } from './wider-terms.ts';
