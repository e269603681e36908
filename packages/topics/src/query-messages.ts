import { QUERY_MAX_TERMS } from './query.ts';

/** What is said of each mistake among the terms of a query: the message, and what to type instead. */

export const DANGLING_OR_BEFORE = [
  'OR has nothing before it.',
  'OR stands between two alternatives: vision OR language.',
] as const;
export const DANGLING_OR_AFTER = [
  'OR has nothing after it.',
  'OR stands between two alternatives: vision OR language.',
] as const;
export const OR_WITH_SIGN = [
  'OR joins plain alternatives only.',
  'Terms with + or - hold for the whole query: write them at the end, without OR.',
] as const;
export const OR_OF_CONDITION = [
  'OR cannot join a word with a category or source.',
  'Conditions hold for the whole query: write them at the end, without OR.',
] as const;
export const EMPTY_CONDITION = [
  'This condition is empty.',
  'Name a category or a source: cat:cs.CL.',
] as const;
export const RELATED_WANTED = [
  'Related words are found by themselves.',
  'To leave one out type -related:word; to ask for it type the word.',
] as const;
export const EMPTY_PHRASE = [
  'There is nothing to search for in this phrase.',
  'Put words between the quotes, or remove it.',
] as const;
export const SIDE_BY_SIDE = [
  'Two terms stand side by side.',
  'Put OR between them if one is enough, or + before what must also occur.',
] as const;
export const TOO_MANY_TERMS = [
  `The query has more than ${QUERY_MAX_TERMS} terms.`,
  'Make several topics of it.',
] as const;
