import type { ChecklistRow } from '@paperboy/email';
import type { Output } from './output.ts';

/** Something that was looked at: what has to hold, whether it does, what was found and what to do. */
export interface Finding extends ChecklistRow {
  /** What it belongs to, such as `dns` or `relay`. */
  readonly area: string;
}

const MARKS = { pass: 'ok', fail: 'FAIL', unknown: '?' } as const;
/** A rule that fails and is not required. */
const TO_IMPROVE = 'warn';

/**
 * Prints findings with what was found, those that do not hold with what to do; of those that hold the ones that
 * `shows` picks. Rules in a row that cannot be judged for one reason have it once. Tells whether a required one fails.
 */
export function printFindings(
  output: Output,
  findings: readonly Finding[],
  { shows }: { readonly shows: (finding: Finding) => boolean },
): boolean {
  for (const [at, finding] of findings.entries()) {
    const { area, outcome, level, rule, found, fix } = finding;
    if (output.json) {
      output.fact(finding, '');
      continue;
    }
    if (outcome === 'pass' && !shows(finding)) continue;
    const mark = outcome === 'fail' && level === 'should' ? TO_IMPROVE : MARKS[outcome];
    output.say(`${mark.padEnd(5)}${area.padEnd(9)}${rule}`);
    if (isForOneReason(finding, findings[at + 1])) continue;
    output.say(`${' '.repeat(14)}found: ${found}`);
    if (outcome !== 'pass' && !isForOneReason(finding, findings[at - 1]))
      output.say(`${' '.repeat(14)}fix: ${fix}`);
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

function isForOneReason(one: Finding, other: Finding | undefined): boolean {
  const isUnknown = one.outcome === 'unknown' && other?.outcome === 'unknown';
  return isUnknown && one.area === other.area && one.found === other.found;
}
