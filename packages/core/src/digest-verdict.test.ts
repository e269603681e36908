import { expect, test } from 'vitest';
import { type CandidateFacts, type DigestRules, digestVerdict } from './digest-verdict.ts';

const listed: CandidateFacts = {
  section: undefined,
  isInMail: false,
  isStrongEnough: true,
  isInWindow: true,
  isUnseen: false,
  isTrending: false,
  lastShownAt: null,
};
const rules: DigestRules = {
  mayBeMailed: true,
  recurringPolicy: 'trending',
  maxPapers: 20,
  at: new Date('2026-03-11T07:00:00Z'),
};
const shown = { lastShownAt: new Date('2026-03-01T07:00:00Z') };
const long = { lastShownAt: new Date('2026-01-01T07:00:00Z') };

test.each<[Partial<CandidateFacts>, Partial<DigestRules>, string, string]>([
  [{ section: 'new', isInMail: true, isUnseen: true }, {}, 'mail', 'new: first listed'],
  [{ section: 'new', isInMail: true }, {}, 'mail', 'new to this subscriber'],
  [{ section: 'new', isUnseen: true }, { maxPapers: 5 }, 'page', 'at most 5 papers, 10 of a topic'],
  [{ section: 'new', isNamesakeInMail: true }, {}, 'page', 'another paper of the same title'],
  [{ section: 'recurring', isInMail: true, ...long }, {}, 'mail', 'shown last on 2026-01-01'],
  [{ isInWindow: false, isStrongEnough: false }, {}, 'out', 'not listed since'],
  [{ isStrongEnough: false }, {}, 'out', 'too weak'],
  [{}, { mayBeMailed: false }, 'out', 'may not be mailed'],
  [shown, { recurringPolicy: 'off' }, 'out', 'recurring papers are off'],
  [
    { ...long, isTrending: true, isDismissed: true },
    { recurringPolicy: 'all' },
    'out',
    'not for this subscriber',
  ],
  [shown, {}, 'out', 'neither away for 7 days since nor up 20 places'],
  [{ ...shown, isTrending: true }, {}, 'out', 'at most once in 30 days'],
  [{ ...long, isTrending: true }, {}, 'out', 'at most 3 papers again'],
  [{}, {}, 'out', 'left out by the plan'],
])('%j under %j is %s', (paper, own, verdict, words) => {
  const found = digestVerdict({ ...listed, ...paper }, { ...rules, ...own });
  expect(found.verdict).toBe(verdict);
  expect(found.because).toContain(words);
});
