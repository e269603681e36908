import { isIP } from 'node:net';
import type { ErrorCode } from '@paperboy/core';
import { type BounceReason, isHardReason, reasonOf } from '@paperboy/email';

/** What a server answered to one command of a conversation. */
export interface SmtpReply {
  /** As nodemailer names it: `MAIL FROM`, `RCPT TO`, `DATA`; `CONN`, `EHLO`, `STARTTLS`, `AUTH …` before those. */
  readonly command: string;
  readonly code: number;
  /** The whole reply, its code included. */
  readonly text: string;
}

/**
 * Whose trouble a refusal is (RFC 5321 4.2, RFC 3463). `relay`, `config` and `sender` are ours: the run stops, or for a
 * sender whom a receiving domain refuses that domain, and no attempt is spent. `soft` is tried again; `hard` says that the
 * address is gone for good; `refused` and `message` end this delivery alone and say nothing against its reader.
 */
type ReplyClass = 'relay' | 'config' | 'sender' | 'soft' | 'hard' | 'refused' | 'message';

export interface ClassifiedReply {
  readonly class: ReplyClass;
  readonly errorCode: ErrorCode;
  /** RFC 3463, such as `5.1.1`, where the reply has one. */
  readonly enhancedCode?: string;
  /** What the words and the code say of the recipient, by the table that reports are read by too; of no weight in other classes than soft and hard. */
  readonly reason: BounceReason;
}

const ERROR_CODES = {
  relay: 'RELAY_UNAVAILABLE',
  config: 'RELAY_CONFIG',
  sender: 'SENDER_REFUSED',
  soft: 'RECIPIENT_DEFERRED',
  hard: 'RECIPIENT_REFUSED',
  refused: 'RECIPIENT_REFUSED',
  message: 'MESSAGE_REFUSED',
} as const satisfies Record<ReplyClass, ErrorCode>;

/** No PTR record, nothing that authenticates, SPF, no TLS; 515 is Microsoft's for mail in bulk without any of them. */
const SENDER_CODES = new Set(['5.7.25', '5.7.26', '5.7.27', '5.7.29', '5.7.515']);
/** Sorts a 4yz or 5yz reply. `ourNames` are the names that a refusal of our own sending would mention. */
export function classifyReply(reply: SmtpReply, ourNames: readonly string[] = []): ClassifiedReply {
  const enhancedCode = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(reply.text)?.[1];
  const reason = reasonOf(enhancedCode ?? String(reply.code), reply.text);
  const named = classOf(reply, { enhancedCode, reason }, ourNames);
  return {
    class: named,
    errorCode: named === 'sender' && reply.code < 500 ? 'SENDER_DEFERRED' : ERROR_CODES[named],
    reason,
    ...(enhancedCode !== undefined && { enhancedCode }),
  };
}

interface Read {
  readonly enhancedCode: string | undefined;
  readonly reason: BounceReason;
}

function classOf(reply: SmtpReply, read: Read, ourNames: readonly string[]): ReplyClass {
  const { command, code, text } = reply;
  const { enhancedCode: enhanced, reason } = read;
  const isForGood = code >= 500;
  if (code === 530 || code === 534 || code === 535 || code === 538) return 'config';
  if (command.startsWith('AUTH')) return isForGood ? 'config' : 'relay';
  if (enhanced !== undefined && SENDER_CODES.has(enhanced)) return 'sender';
  // A server that is about to close says so at any command (RFC 5321 3.8).
  if (command === 'MAIL FROM') return code === 421 ? 'relay' : 'sender';
  if (enhanced === '5.7.1' && namesUs(text, ourNames)) return 'sender';
  if (command === 'RCPT TO') return isForGood ? refusedRecipient(read) : 'soft';
  // What is refused after DATA is the message: its words may be the filter's, and say nothing of who is there.
  if (command === 'DATA') return !isForGood || comesBack(reason) ? 'soft' : 'message';
  return 'relay';
}

function refusedRecipient({ enhancedCode = '', reason }: Read): ReplyClass {
  if (isHardReason(reason)) return 'hard';
  if (comesBack(reason)) return 'soft';
  return reason === 'too-big' || /^5\.[67]\.\d+$/.test(enhancedCode) ? 'message' : 'refused';
}

/** Full and disabled mailboxes come back, whatever the code in front says. */
export function comesBack(reason: BounceReason): boolean {
  return reason === 'mailbox-full' || reason === 'disabled';
}

/** Whether a refusal speaks of our domain, or of a host by its IP address, as it does of the one that mail came from. */
function namesUs(text: string, ourNames: readonly string[]): boolean {
  const words = text.toLowerCase().match(/[\w:.-]*[\w:]/g) ?? [];
  const ours = ourNames.filter((name) => name !== '').map((name) => name.toLowerCase());
  return words.some(
    (word) =>
      ours.some((name) => word === name || word.endsWith(`.${name}`)) ||
      (word !== '::' && isIP(word.replace(/^ipv6:/, '')) !== 0),
  );
}
