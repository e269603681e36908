import type { SpamVerdict } from '@paperboy/email';
import type { Finding } from './findings.ts';

/** What a filter's score counts for: half a point is a good aim, its own threshold the end. */
export function spamFinding(verdict: SpamVerdict): Finding {
  const row = {
    area: 'message',
    id: 'spam-score',
    rule: 'SpamAssassin scores the message 0.5 or less',
    level: 'should',
    fix: 'Look at the rules that hit; without a program: apt install spamassassin spamc.',
  } as const;
  switch (verdict.kind) {
    case 'absent':
      return { ...row, outcome: 'unknown', found: 'it is not installed here' };
    case 'failed':
      return { ...row, outcome: 'unknown', found: verdict.reason };
    case 'scored': {
      const { score, threshold, rules } = verdict;
      const found = `${score} of ${threshold}: ${rules.join(', ') || 'no rule'}`;
      return { ...row, outcome: score <= 0.5 ? 'pass' : 'fail', found };
    }
  }
}
