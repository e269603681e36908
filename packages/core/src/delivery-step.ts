/** A step of a delivery as the ledger keeps it; `detail` is JSON of any shape, newer versions' too. */
export interface DeliveryStep {
  readonly kind: string;
  readonly detail: unknown;
}

/** What a state of the ledger means for the message. */
const STATES: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  ready: 'not arrived: it is sent again',
  deferred: 'put off: it is tried again',
  rejected: 'refused: it is not sent again',
  uncertain: 'in doubt: whether it arrived is not known',
  suppressed: 'held back: its reader left, or is not to be mailed',
  expired: 'too late: its papers come with the next digest',
};
/** What a report changed for the reader. */
const EFFECTS: Readonly<Record<string, string>> = {
  suppressed: 'the address is mailed no more',
  paused: 'the reader is paused',
  left: 'the reader has left',
  settled: 'the delivery is in doubt no more',
};

/**
 * A step in a sentence for whoever reads up what became of a delivery: who did it, what it made of it, and the server's
 * own words. Empty for a step that its kind tells all of.
 */
export function tellStep({ kind, detail }: DeliveryStep): string {
  const told = textsOf(detail);
  switch (kind) {
    case 'claim':
      return `taken up by mailer ${told.worker ?? 'unknown'}`;
    case 'stage':
      return 'on its way: from here on an answer is needed to know';
    case 'result':
      return joined(stateOf(told), answerOf(told));
    case 'lapse':
      return joined(`its mailer had ended; ${stateOf(told)}`, answerOf(told));
    case 'resolve':
      return joined(`${judgeOf(told)}: ${stateOf(told)}`, answerOf(told));
    case 'bounce':
      return joined(
        `came back by ${told.via ?? 'mail'}, ${told.reason ?? 'undefined'}${effectOf(told)}`,
        told.words,
      );
    case 'complaint':
      return `complaint by ${told.via ?? 'mail'}, ${told.reason ?? 'other'}${effectOf(told)}`;
    default:
      return Object.entries(told)
        .map(([name, text]) => `${name} ${text}`)
        .join(', ');
  }
}

type Texts = Readonly<Record<string, string | undefined>>;

function textsOf(detail: unknown): Texts {
  if (typeof detail !== 'object' || detail === null) return {};
  const texts = Object.entries(detail).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
}

function stateOf({ state = '' }: Texts): string {
  return STATES[state] ?? state;
}

/** Who or what settled a delivery in doubt. */
function judgeOf({ by, undo }: Texts): string {
  if (undo === 'true') return 'the operator took the word back';
  if (by === 'operator') return 'by the operator’s word';
  if (by === 'report') return 'by a report that came back';
  if (by === 'resend') return 'nothing was heard in time';
  return 'by the relay’s records';
}

function effectOf({ effect = '' }: Texts): string {
  return Object.hasOwn(EFFECTS, effect) ? `; ${EFFECTS[effect]}` : '';
}

function answerOf({ reply, code, smtpCode }: Texts): string | undefined {
  const words = reply ?? smtpCode;
  if (code === undefined) return words;
  return words === undefined ? code : `${words} (${code})`;
}

function joined(sentence: string, words: string | undefined): string {
  return words === undefined || words === '' ? sentence : `${sentence}: ${words}`;
}
