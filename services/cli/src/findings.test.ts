import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type Finding, printFindings } from './findings.ts';
import { Output } from './output.ts';

const finding = (own: Partial<Finding>): Finding => ({
  area: 'message',
  id: 'rule',
  rule: 'A rule',
  level: 'required',
  outcome: 'pass',
  found: 'it holds',
  fix: 'Mend it.',
  ...own,
});

function printed(findings: readonly Finding[]) {
  const stream = new PassThrough();
  const failed = printFindings(new Output(stream, false), findings, { shows: () => false });
  return { failed, lines: String(stream.read()).trimEnd().split('\n') };
}

test('what is required and fails stands out from what is only to improve', () => {
  const { failed, lines } = printed([
    finding({ outcome: 'fail', found: 'no' }),
    finding({ outcome: 'fail', level: 'should', found: 'no' }),
    finding({}),
  ]);
  expect(failed).toBe(true);
  expect(lines.filter((line) => line.includes('A rule'))).toEqual([
    'FAIL message  A rule',
    'warn message  A rule',
  ]);
  expect(lines.at(-1)).toBe('1 ok, 1 required rule fails, 1 to improve, 0 unknown');
});

test('rules that wait for one thing have its name once, and no remedies of their own', () => {
  const waiting = { outcome: 'unknown', found: 'there is no signature' } as const;
  const { failed, lines } = printed([
    finding({ ...waiting, rule: 'One' }),
    finding({ ...waiting, rule: 'Two' }),
    finding({ outcome: 'unknown', rule: 'Three', found: 'nobody answers' }),
  ]);
  expect(failed).toBe(false);
  expect(lines.slice(0, -1)).toEqual([
    '?    message  One',
    '?    message  Two',
    '              found: there is no signature',
    '?    message  Three',
    '              found: nobody answers',
    '              fix: Mend it.',
  ]);
});
