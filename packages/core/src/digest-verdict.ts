import { MOST_PER_TOPIC } from './compose-order.ts';
import { type RecurringPolicy, TRENDING } from './recurrence.ts';

/** What is known of a paper that one of a subscriber's topics found, when a digest was planned. */
export interface CandidateFacts {
  /** Where the plan put it. */
  readonly section: 'new' | 'recurring' | undefined;
  /** Whether the mail shows it, or the digest's own page alone. */
  readonly isInMail: boolean;
  /** Whether the mail shows another paper with its title. */
  readonly isNamesakeInMail?: boolean;
  /** Whether it is good enough for how strictly one of the topics is followed. */
  readonly isStrongEnough: boolean;
  /** Whether it was listed since the subscriber's last plan. */
  readonly isInWindow: boolean;
  /** Whether it was listed then for the first time anywhere. */
  readonly isUnseen: boolean;
  /** Whether it was away for long, or has climbed. */
  readonly isTrending: boolean;
  /** The hour of the last digest that showed it to this subscriber, or still may. */
  readonly lastShownAt: Date | null;
  /** Whether the subscriber said that it is not for them. */
  readonly isDismissed?: boolean;
}

export interface DigestRules {
  readonly mayBeMailed: boolean;
  readonly recurringPolicy: RecurringPolicy;
  readonly maxPapers: number;
  readonly at: Date;
}

/** In the mail, on the digest's page alone, or out of it; and why, as a sentence without its full stop. */
export interface DigestVerdict {
  readonly verdict: 'mail' | 'page' | 'out';
  readonly because: string;
}

const DAY_MS = 24 * 3600_000;

/** Why a paper is in a digest or out of it. The plan decides; this finds the words for what it decided. */
export function digestVerdict(paper: CandidateFacts, rules: DigestRules): DigestVerdict {
  if (paper.section !== undefined) {
    if (paper.isInMail) return { verdict: 'mail', because: whyIn(paper) };
    const room = paper.isNamesakeInMail
      ? 'the mail has another paper of the same title'
      : `a mail has at most ${rules.maxPapers} papers, ${MOST_PER_TOPIC} of a topic`;
    return { verdict: 'page', because: `${whyIn(paper)}; left to the page of the digest: ${room}` };
  }
  return { verdict: 'out', because: whyOut(paper, rules) };
}

function whyIn({ section, isUnseen, lastShownAt }: CandidateFacts): string {
  if (section === 'recurring') {
    return lastShownAt
      ? `seen before, shown last on ${day(lastShownAt)}, and worth telling again`
      : 'seen before, and worth telling again';
  }
  return isUnseen
    ? 'new: first listed since the last digest'
    : 'new to this subscriber: listed before, but in no digest that reached them';
}

function whyOut(paper: CandidateFacts, { mayBeMailed, recurringPolicy, at }: DigestRules): string {
  const { isStrongEnough, isInWindow, isTrending, isDismissed, lastShownAt } = paper;
  if (!isInWindow) return 'not listed since the last digest';
  if (!isStrongEnough) return 'too weak a match for how strictly the topic is followed';
  if (!mayBeMailed) return 'the subscriber may not be mailed';
  if (lastShownAt === null) return 'left out by the plan';
  const shown = `shown on ${day(lastShownAt)}`;
  if (recurringPolicy === 'off') return `${shown}, and recurring papers are off`;
  if (isDismissed) return `${shown}, and said to be not for this subscriber`;
  if (recurringPolicy === 'all') return `${shown}, and left out by the plan`;
  if (!isTrending) {
    return `${shown}, and neither away for ${TRENDING.absentDays} days since nor up ${TRENDING.climbedPlaces} places`;
  }
  if (at.getTime() - lastShownAt.getTime() < TRENDING.restDays * DAY_MS) {
    return `${shown}: the same paper again at most once in ${TRENDING.restDays} days`;
  }
  return `${shown}: a digest tells of at most ${TRENDING.most} papers again, the strongest of each topic first`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
