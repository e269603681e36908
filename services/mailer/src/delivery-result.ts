import { type DeliveryId, PaperboyError } from '@paperboy/core';
import type { BounceReason } from '@paperboy/email';
import type { DeliveryResult } from '@paperboy/store';
import {
  type ClassifiedReply,
  classifyReply,
  comesBack,
  type SmtpReply,
} from './classify-reply.ts';
import type { ComposeFault } from './compose-digests.ts';
import { SENDING } from './mail-settings.ts';
import type { SendOutcome } from './relay.ts';

/** What an outcome means for its delivery, and for the run. */
export interface Consequence {
  readonly result: DeliveryResult;
  /** Trouble on our side: the run stops, and no reader is made to pay for it. */
  readonly trouble?: PaperboyError;
  /** The same, told by the receiving domain: it may be so there alone, and the others go on. */
  readonly troubleThere?: PaperboyError;
  /** What the server's last word says of the reader; nothing is said of most refusals. */
  readonly refusal?: Refusal;
  /** The receiving domain asks for less at a time. */
  readonly isThrottled?: boolean;
}

/** Why a server takes nothing for an address: it is gone, or it has taken nothing for as long as was tried. */
export interface Refusal {
  readonly reason: BounceReason;
  readonly isHard: boolean;
}

interface Attempted {
  readonly id: DeliveryId;
  /** Attempts spent before this one. */
  readonly attempt: number;
}

/** Decides by the reply and by what had gone out. A lost answer is uncertain only if the whole message had gone out. */
export function consequenceOf(
  delivery: Attempted,
  outcome: SendOutcome,
  ourNames: readonly string[],
): Consequence {
  const { id } = delivery;
  switch (outcome.kind) {
    case 'accepted': {
      const { code, reply, relayId } = outcome;
      const known = { smtpCode: code, reply, ...(relayId !== undefined && { relayId }) };
      return { result: { id, state: 'accepted', spent: true, ...known } };
    }
    case 'refused':
      return consequenceOfReply(delivery, outcome.reply, classifyReply(outcome.reply, ourNames));
    case 'misconfigured':
      return oursToMend(id, new PaperboyError('RELAY_CONFIG', outcome.detail));
    case 'lost': {
      const trouble = new PaperboyError('RELAY_UNAVAILABLE', outcome.detail);
      if (!outcome.afterDot) return oursToMend(id, trouble);
      const waitMs = SENDING.uncertainMs;
      const told = { errorCode: trouble.code, reply: outcome.detail };
      return { result: { id, state: 'uncertain', spent: true, waitMs, ...told }, trouble };
    }
  }
}

function oursToMend(id: DeliveryId, trouble: PaperboyError, told: Told = {}) {
  const { code: errorCode, detail: reply } = trouble;
  const result: DeliveryResult = { id, state: 'ready', spent: false, errorCode, reply, ...told };
  return { result, trouble };
}

type Told = Pick<DeliveryResult, 'smtpCode' | 'enhancedCode'>;

function consequenceOfReply(
  { id, attempt }: Attempted,
  reply: SmtpReply,
  found: ClassifiedReply,
): Consequence {
  const { errorCode, enhancedCode } = found;
  const told: Told = { smtpCode: reply.code, ...(enhancedCode !== undefined && { enhancedCode }) };
  const ended = { id, spent: true, errorCode, reply: reply.text, ...told };
  switch (found.class) {
    case 'relay':
    case 'config':
      return oursToMend(id, new PaperboyError(errorCode, reply.text), told);
    case 'sender': {
      const { trouble, result } = oursToMend(id, new PaperboyError(errorCode, reply.text), told);
      return reply.command === 'MAIL FROM'
        ? { result, trouble }
        : { result, troubleThere: trouble };
    }
    case 'soft': {
      // It is our pace that was refused: nobody's attempt is spent, and the domain is met more slowly.
      if (isThrottle(reply, enhancedCode)) {
        const waitMs = SENDING.throttledMs;
        return { result: { ...ended, state: 'deferred', spent: false, waitMs }, isThrottled: true };
      }
      const waitMs = SENDING.deferMs[attempt];
      if (waitMs === undefined) {
        const { reason } = found;
        const result = { ...ended, state: 'expired' } as const;
        return comesBack(reason) ? { result, refusal: { reason, isHard: false } } : { result };
      }
      return { result: { ...ended, state: 'deferred', waitMs } };
    }
    case 'hard':
      return {
        result: { ...ended, state: 'rejected' },
        refusal: { reason: found.reason, isHard: true },
      };
    case 'refused':
    case 'message':
      return { result: { ...ended, state: 'rejected' } };
  }
}

/** 421 to a recipient or a message (RFC 5321 3.8), or Gmail's 4.7.28: too much at a time for this domain. */
function isThrottle({ code }: SmtpReply, enhancedCode: string | undefined): boolean {
  return code === 421 || enhancedCode === '4.7.28';
}

/** A message that cannot be built is rejected alone. */
export function faultResult({ id, error }: ComposeFault): DeliveryResult {
  return { id, state: 'rejected', spent: false, errorCode: error.code, reply: error.detail };
}
