import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
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

/** Points and rules in local mode, in which nothing is asked of the network. */
function scoreOf(message: Buffer): Score {
  const { stdout, stderr } = spawnSync(PROGRAM, ['--local', '--test-mode'], {
    input: message,
    encoding: 'utf8',
  });
  const points = /^Content analysis details:\s+\((-?[\d.]+) points/m.exec(stdout)?.[1];
  if (points === undefined) throw new Error(`no score: ${stderr || stdout.slice(0, 500)}`);
  const rules = [...stdout.matchAll(/^\s*-?\d+\.\d\s+([A-Z][A-Z0-9_]+)\b/gm)];
  return { points: Number(points), rules: rules.map(([, rule = '']) => rule) };
}

test.skipIf(!canScore).each(MESSAGES)(
  '%s is no spam to SpamAssassin (needs spamassassin)',
  (_, message) => {
    const { points, rules } = scoreOf(message);
    expect(points, rules.join(', ')).toBeLessThanOrEqual(MOST_POINTS);
    expect(rules.filter((rule) => /^MISSING_|_ONLY$|LOW_CONTRAST/.test(rule))).toEqual([]);
  },
);

test.skipIf(!canScore)('what a message lacks would be scored (needs spamassassin)', () => {
  const [, message = Buffer.alloc(0)] = MESSAGES[0] ?? [];
  const bare = message.toString('latin1').replace(/^(?:Date|Subject|Message-ID): .*\r\n/gm, '');
  const { points, rules } = scoreOf(Buffer.from(bare, 'latin1'));
  expect(points).toBeGreaterThan(MOST_POINTS);
  expect(rules).toContain('MISSING_SUBJECT');
});
