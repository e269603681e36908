/** What a rule found in a message. `unknown`: the message alone does not tell. */
export interface Finding {
  readonly outcome: 'pass' | 'fail' | 'unknown';
  /** What was found, for a person. */
  readonly found: string;
}

export const pass = (found: string): Finding => ({ outcome: 'pass', found });
export const fail = (found: string): Finding => ({ outcome: 'fail', found });
export const unknown = (found: string): Finding => ({ outcome: 'unknown', found });

/** `otherwise` is told where the claim does not hold. */
export function claim(holds: boolean, found: string, otherwise: string = found): Finding {
  return holds ? pass(found) : fail(otherwise);
}
