export {
  type CompiledQuery,
  type CompiledTerm,
  compileQuery,
  queryKey,
  type Unit,
} from './compile.ts';
export { newWorkMeter, type Quote, type WorkMeter } from './find-unit.ts';
export { type HighlightPart, highlightSpans, highlightText, type Span } from './highlight.ts';
export { buildTopicIndex, TopicIndex, type TopicMatch } from './index-topics.ts';
export {
  matchCompiled,
  matchQuery,
  phraseFrequency,
  type QueryMatch,
  type Rank,
} from './match.ts';
export {
  type PaperField,
  type PaperText,
  type TokenizedPaper,
  tokenizePaper,
} from './paper-tokens.ts';
export { printQuery } from './print-query.ts';
export {
  type Condition,
  type ParsedQuery,
  QUERY_MAX_CHARACTERS,
  QUERY_MAX_TERMS,
  type Query,
  type QueryProblem,
  type Term,
} from './query.ts';
export { parseQuery, requireQuery } from './query-parser.ts';
export { formatProblems } from './query-problems.ts';
export { describeReason, type MatchReason } from './reasons.ts';
export { type Token, tokenize } from './tokens.ts';
