import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { MESSAGES } from './rendered.fixture.ts';

/** Of 5, from which on mail is taken for spam. */
const MOST_POINTS = 0.5;
const PROGRAM = 'spamassassin';
const found = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8' });
/** In CI it has to be there: what needs it then runs, and fails. */
const canScore = found.status === 0 || Boolean(process.env.CI);

interface Score {
  readonly points: number;
  readonly rules: readonly string[];
}

/** Tells which message an answer is about; no rule knows it. */
const NUMBER = 'X-Number-Of-Tests';

/**
 * Points and rules in local mode, in which nothing is asked of the network, for each message in turn. All at once: to start
 * takes the program longer than to score them. It answers in an order of its own.
 */
function scoresOf(messages: readonly Buffer[]): Score[] {
  const mailbox = messages.map((message, number) => {
    const text = message.toString('latin1').replace(/^(>*From )/gm, '>$1');
    return `From nobody Thu Jan  1 00:00:00 2026\n${NUMBER}: ${number}\r\n${text}\n`;
  });
  const { stdout, stderr } = spawnSync(PROGRAM, ['--local', '--test-mode', '--mbox'], {
    input: Buffer.from(mailbox.join(''), 'latin1'),
    encoding: 'latin1',
    maxBuffer: 64 * 2 ** 20,
  });
  const answers = stdout.split(new RegExp(`^${NUMBER}: `, 'm')).slice(1);
  const scores: Score[] = [];
  for (const answer of answers) scores[Number.parseInt(answer, 10)] = scoreIn(answer);
  if (scores.length !== messages.length) throw new Error(stderr || stdout.slice(0, 500));
  return scores;
}

function scoreIn(answer: string): Score {
  const points = /^Content analysis details:\s+\((-?[\d.]+) points/m.exec(answer)?.[1];
  if (points === undefined) throw new Error(`no score: ${answer.slice(0, 500)}`);
  const rules = [...answer.matchAll(/^\s*-?\d+\.\d\s+([A-Z][A-Z0-9_]+)\b/gm)];
  return { points: Number(points), rules: rules.map(([, rule = '']) => rule) };
}

describe.skipIf(!canScore)('to SpamAssassin (needs spamassassin)', () => {
  let scores: Score[];
  let bare: Score | undefined;
  beforeAll(() => {
    const [first = Buffer.alloc(0)] = MESSAGES.map(([, message]) => message);
    const lacking = first.toString('latin1').replace(/^(?:Date|Subject|Message-ID): .*\r\n/gm, '');
    scores = scoresOf([...MESSAGES.map(([, message]) => message), Buffer.from(lacking, 'latin1')]);
    bare = scores.pop();
  }, 60_000);

  test.each(MESSAGES.map(([name], number) => [name, number] as const))(
    '%s is no spam',
    (_, number) => {
      const { points = Number.POSITIVE_INFINITY, rules = [] } = scores[number] ?? {};
      expect(points, rules.join(', ')).toBeLessThanOrEqual(MOST_POINTS);
      expect(rules.filter((rule) => /^MISSING_|_ONLY$|LOW_CONTRAST/.test(rule))).toEqual([]);
    },
  );

  test('what a message lacks would be scored', () => {
    expect(bare?.points).toBeGreaterThan(MOST_POINTS);
    expect(bare?.rules).toContain('MISSING_SUBJECT');
  });
});
