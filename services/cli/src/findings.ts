import type { ChecklistRow } from '@paperboy/email';
import type { Output } from './output.ts';

/** Something that was looked at: what has to hold, whether it does, what was found and what to do. */
export interface Finding extends ChecklistRow {
  /** What it belongs to, such as `dns` or `relay`. */
  readonly area: string;
}

const MARKS = { pass: 'ok', fail: 'FAIL', unknown: '?' } as const;

/**
 * Prints findings with what was found, those that do not hold with what to do; of those that hold the ones that
 * `shows` picks. Tells whether a required one fails.
 */
export function printFindings(
  output: Output,
  findings: readonly Finding[],
  { shows }: { readonly shows: (finding: Finding) => boolean },
): boolean {
  for (const finding of findings) {
    const { area, outcome, level, rule, found, fix } = finding;
    if (output.json) {
      output.fact(finding, '');
      continue;
    }
    if (outcome === 'pass' && !shows(finding)) continue;
    const mark = outcome === 'fail' && level === 'should' ? 'fail' : MARKS[outcome];
    output.say(`${mark.padEnd(5)}${area.padEnd(9)}${rule}`);
    output.say(`${' '.repeat(14)}found: ${found}`);
    if (outcome !== 'pass') output.say(`${' '.repeat(14)}fix: ${fix}`);
  }
  const counted = (outcome: Finding['outcome'], level?: Finding['level']) =>
    findings.filter((found) => found.outcome === outcome && (!level || found.level === level))
      .length;
  const required = counted('fail', 'required');
  output.say(
    `${counted('pass')} ok, ${required} required ${required === 1 ? 'rule fails' : 'rules fail'}, ${counted('fail', 'should')} to improve, ${counted('unknown')} unknown`,
  );
  return required > 0;
}
