import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosKind } from '@paperboy/core';
import { activeChaos, type ChaosSwitch, type Db, takeChaosTurn } from '@paperboy/store';
import type { BreakPoint, Interference } from './interference.ts';

/** When a fault strikes, and how. All of them name themselves, so that nobody looks for the cause elsewhere. */
const FAULTS: Readonly<Record<ChaosKind, { readonly step: BreakPoint; readonly does: Fault }>> = {
  throttle: { step: 'rcpt', does: refuse(421, '4.7.0 chaos: too much mail, come back later') },
  greylist: { step: 'rcpt', does: refuse(451, '4.7.1 chaos: greylisted, try again later') },
  reject: { step: 'rcpt', does: refuse(550, '5.1.1 chaos: no such user here') },
  'drop-before-data': { step: 'rcpt', does: { kind: 'break' } },
  'drop-in-data': { step: 'data', does: { kind: 'break' } },
  'drop-after-dot': { step: 'dot', does: { kind: 'break' } },
  'drop-before-answer': { step: 'commit', does: { kind: 'break' } },
  slow: { step: 'dot', does: { kind: 'wait', ms: 5_000 } },
};

type Fault = Interference | { readonly kind: 'wait'; readonly ms: number };

/** What the switches in the database make of one conversation; asked at each of its steps. */
export type Chaos = (step: BreakPoint, recipient: string) => Promise<Interference | undefined>;

/** The chaos of one conversation. It reads the switches once per mail, when the recipient is named. */
export function chaosOf(db: Db): Chaos {
  let on: readonly ChaosSwitch[] = [];
  return async (step, recipient) => {
    if (step === 'mail') return undefined;
    if (step === 'rcpt') on = await activeChaos(db);
    for (const { kind } of on.filter((found) => FAULTS[found.kind].step === step)) {
      if (!(await takeChaosTurn(db, kind, recipient))) continue;
      const { does } = FAULTS[kind];
      if (does.kind !== 'wait') return does;
      await sleep(does.ms);
    }
    return undefined;
  };
}

function refuse(code: number, text: string): Interference {
  return { kind: 'refuse', code, text };
}
