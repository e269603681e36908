import { readableTex } from '@paperboy/core';
import type { DigestExplanation, ExplainedPaper } from '@paperboy/mailer';
import { moment, momentIn } from './moments.ts';
import type { Output } from './output.ts';
import { printSchedule } from './print-schedule.ts';

/** A line or object on the digest, then one for each paper: in the mail, on its page, out. */
export function printExplanation(
  output: Output,
  { subscriber, papers, ...explained }: DigestExplanation,
  limit: number,
): void {
  const { at, heldBackBy, nextDueAt, since, counts } = explained;
  const { address, schedule, recurringPolicy, maxPapers, topics } = subscriber;
  const fact = { subscriber: subscriber.id, address, ...explained, recurringPolicy, maxPapers };
  output.card(fact, [
    ['subscriber', address],
    ['held back', heldBackBy],
    ['digest', printSchedule(schedule)],
    ['next', heldBackBy ? null : momentIn(schedule.zone, nextDueAt)],
    ['as of', moment(at)],
    ['window', `papers listed since the plan of ${moment(since)}`],
    ['limits', `${maxPapers} papers, recurring ${recurringPolicy}`],
    ['topics', topics.map(({ name, strictness }) => `${name} (${strictness})`).join(', ')],
    ['found', `${counts.mail} in the mail, ${counts.page} on its page alone, ${counts.out} out`],
  ]);
  for (const paper of papers.slice(0, limit)) printPaper(output, paper);
  if (papers.length > limit) output.say(`… and ${papers.length - limit} more: --limit`);
  if (papers.length === 0) {
    output.say('No topic found anything in the window.');
    output.next('topic preview <query>');
  } else if (counts.mail > 0) output.next(`digest preview --subscriber ${address}`);
}

const MARKS = { mail: 'in', page: 'page', out: 'out' } as const;

function printPaper(output: Output, paper: ExplainedPaper): void {
  if (output.json) {
    output.fact(paper, '');
    return;
  }
  output.say(`${MARKS[paper.verdict].padEnd(6)}${paper.paperId} ${readableTex(paper.title)}`);
  output.say(`      ${paper.because}`);
  for (const { name, strictness, strength, isVoted, isStrongEnough, reasons } of paper.topics) {
    const weak = isStrongEnough ? '' : `, too weak for ${strictness}`;
    const voted = isVoted ? ' as voted' : '';
    output.say(`      ${name} ${strength}${voted}${weak}: ${reasons.join('; ')}`);
  }
}
