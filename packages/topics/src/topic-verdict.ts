import type { Strictness } from '@paperboy/core';
import type { Band } from './constants.ts';
import { allReasons, findTerm } from './explain-score.ts';
import { type HeldBack, heldBackBy } from './held-back.ts';
import { PAIR } from './paper-terms.ts';
import { describeReason } from './reasons.ts';
import type { ScorablePaper } from './statistics.ts';
import { bandOf, isCertain, isSent } from './strictness.ts';
import type { ScoredPaper, TopicScorer } from './topic-scorer.ts';

/** Why a topic sends a paper or does not, in words; a score is never told as a number. */
export interface TopicVerdict {
  /** For which subscriptions it is sent. */
  readonly sentTo: readonly Strictness[];
  /** One line. */
  readonly because: string;
  /** How well it fits; missing when it is held back, or too weak for any subscription. */
  readonly band?: Band;
  readonly heldBackBy: readonly HeldBack[];
  /** What of the topic is in the paper and where, and what is related, a line each. */
  readonly found: readonly string[];
  /** Words of the topic, and acronyms for them, that are not in it. */
  readonly notFound: readonly string[];
  /** What would make it different, a line each. */
  readonly advice: readonly string[];
}

export function verdictOn(scorer: TopicScorer, paper: ScorablePaper): TopicVerdict {
  const { query, units } = scorer.text;
  const heldBack = heldBackBy(query, paper.tokenized);
  const scored = scorer.score(paper);
  if (scored === undefined) return heldBackVerdict(heldBack);
  const sentTo = STRICTNESSES.filter((strictness) =>
    isSent(scored, scored.score, {
      isLearning: scorer.profile.isLearning,
      strictness,
      hasLikes: false,
    }),
  );
  const there = new Set(scored.found.map(({ unit }) => unit));
  return {
    sentTo,
    because: becauseOf(scored, scorer, sentTo),
    ...(sentTo.length > 0 && { band: bandOf(scored.score) }),
    heldBackBy: heldBack,
    found: allReasons(scorer, paper, scored).map(describeReason),
    notFound: units.filter((unit) => !there.has(unit)).map(({ text }) => text),
    advice: adviceFor(scored, scorer, paper, sentTo),
  };
}

const STRICTNESSES: readonly Strictness[] = ['wide', 'normal', 'strict'];

function heldBackVerdict(heldBack: readonly HeldBack[]): TopicVerdict {
  const gates = heldBack.map(({ gate }) => gate);
  return {
    sentTo: [],
    because: `held back by ${gates.join(', ')}, whatever else it holds`,
    heldBackBy: heldBack,
    found: [],
    notFound: [],
    advice: [`Without ${gates.join(' and ')} it would be judged by its words.`],
  };
}

function becauseOf(
  scored: ScoredPaper,
  { profile }: TopicScorer,
  sentTo: readonly Strictness[],
): string {
  if (isCertain(scored, profile))
    return profile.isLearning
      ? 'it holds words of the topic, and a topic that is still learning is sent all such papers'
      : 'words of the topic stand in its title, so it is always sent';
  if (profile.isLearning)
    return 'the past weeks hold fewer than three papers with the words of the topic, and until then only papers with these words are sent';
  if (sentTo.length === STRICTNESSES.length) return 'it fits well enough for every subscription';
  if (sentTo.length > 0)
    return `it fits well enough for a ${sentTo.join(' or ')} subscription, not for a stricter one`;
  if (scored.score > 0)
    return 'no words of the topic stand in its title, and what it holds is too weak';
  return 'it holds nothing of the topic';
}

function adviceFor(
  scored: ScoredPaper,
  scorer: TopicScorer,
  paper: ScorablePaper,
  sentTo: readonly Strictness[],
): string[] {
  const own = ownWord(scorer, paper);
  const isAlways = isCertain(scored, scorer.profile);
  if (sentTo.includes('normal'))
    return [
      ...(isAlways || sentTo.includes('strict') ? [] : ['A strict subscription would not get it.']),
      ...(own === undefined ? [] : [`-"${own}" would keep it out, with all others that say so.`]),
    ];
  return [
    ...(sentTo.includes('wide') ? ['A wide subscription gets it.'] : []),
    ...(own === undefined ? [] : [`OR "${own}" would bring it in, as its title says so.`]),
  ];
}

/** The words of a title that tell it best from other papers, as written, and that the topic does not ask for. */
function ownWord({ text, statistics }: TopicScorer, paper: ScorablePaper): string | undefined {
  const asked = new Set(text.units.flatMap(({ unit }) => unit.spellings.flat()));
  const { terms, weights } = paper.vector;
  const strongest = [...terms.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  for (const at of strongest) {
    const stems = statistics.termOf(terms[at] ?? -1)?.split(PAIR) ?? [];
    if (stems.some((stem) => asked.has(stem) || stem.length < 3)) continue;
    const quote = findTerm(stems, paper.tokenized);
    // The first place is in the title where any is.
    if (quote?.field === 'title') return quote.text.replace(/\s+/g, ' ');
  }
  return undefined;
}
