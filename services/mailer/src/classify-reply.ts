import type { ErrorCode } from '@paperboy/core';

/** What a server answered to one command of a conversation. */
export interface SmtpReply {
  /** As nodemailer names it: `MAIL FROM`, `RCPT TO`, `DATA`; `CONN`, `EHLO`, `STARTTLS`, `AUTH …` before those. */
  readonly command: string;
  readonly code: number;
  /** The whole reply, its code included. */
  readonly text: string;
}

/**
 * Whose trouble a refusal is (RFC 5321 4.2, RFC 3463). `relay`, `config` and `sender` are ours: the run stops and no attempt
 * is spent. `soft` is tried again; `hard` says that the address is gone for good; `refused` and `message` end
 * this delivery alone and say nothing against its reader.
 */
export type ReplyClass = 'relay' | 'config' | 'sender' | 'soft' | 'hard' | 'refused' | 'message';

export interface ClassifiedReply {
  readonly class: ReplyClass;
  readonly errorCode: ErrorCode;
  /** RFC 3463, such as `5.1.1`, where the reply has one. */
  readonly enhancedCode?: string;
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

const SENDER_CODES = new Set(['5.7.25', '5.7.26', '5.7.27', '5.7.29', '5.7.515']);
const UNKNOWN_ADDRESS = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10']);
const UNKNOWN_WORDS =
  /no such (user|mailbox|recipient)|(user|mailbox|recipient) (unknown|not found)|unknown user|does not exist/i;
/** These words beat a code that says "unknown": some servers refuse spam and full mailboxes that way. */
const OTHER_TROUBLE =
  /\b(spam|blocked|block ?list|blacklist|listed|reputation|policy|quota|full|rate)\b/i;
const MAILBOX_FULL = /\b(quota|mailbox (is )?full|over its limit)\b/i;

/** Sorts a 4yz or 5yz reply. `ourNames` are the names that a refusal of our own sending would mention. */
export function classifyReply(reply: SmtpReply, ourNames: readonly string[] = []): ClassifiedReply {
  const enhancedCode = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(reply.text)?.[1];
  const named = classOf(reply, enhancedCode, ourNames);
  return {
    class: named,
    errorCode: ERROR_CODES[named],
    ...(enhancedCode !== undefined && { enhancedCode }),
  };
}

function classOf(
  reply: SmtpReply,
  enhanced: string | undefined,
  ourNames: readonly string[],
): ReplyClass {
  const { command, code, text } = reply;
  const isForGood = code >= 500;
  if (code === 530 || code === 534 || code === 535 || code === 538) return 'config';
  if (command.startsWith('AUTH')) return isForGood ? 'config' : 'relay';
  if (enhanced !== undefined && SENDER_CODES.has(enhanced)) return 'sender';
  if (command === 'MAIL FROM') return isForGood ? 'sender' : 'relay';
  if (enhanced === '5.7.1' && ourNames.some((name) => mentions(text, name))) return 'sender';
  if (command === 'RCPT TO') return isForGood ? refusedRecipient(code, enhanced, text) : 'soft';
  if (command === 'DATA') return isForGood ? refusedData(code, enhanced, text) : 'soft';
  return 'relay';
}

function refusedRecipient(code: number, enhanced: string | undefined, text: string): ReplyClass {
  if (isMailboxTrouble(code, enhanced, text)) return 'soft';
  if (enhanced !== undefined && /^5\.(3\.4|6\.\d+|7\.\d+)$/.test(enhanced)) {
    // 5.7.1 is also how some say that nobody is there.
    return UNKNOWN_WORDS.test(text) && !OTHER_TROUBLE.test(text) ? 'hard' : 'message';
  }
  const isUnknown =
    enhanced === undefined || enhanced.endsWith('.0.0') || enhanced === '5.5.0'
      ? UNKNOWN_WORDS.test(text)
      : UNKNOWN_ADDRESS.has(enhanced);
  return isUnknown && !OTHER_TROUBLE.test(text) ? 'hard' : 'refused';
}

function refusedData(code: number, enhanced: string | undefined, text: string): ReplyClass {
  const isFull = enhanced === '5.2.2' || (code === 552 && MAILBOX_FULL.test(text));
  return isFull || enhanced === '5.2.1' ? 'soft' : 'message';
}

/** Full and disabled mailboxes come back, whatever the code in front says. */
function isMailboxTrouble(code: number, enhanced: string | undefined, text: string): boolean {
  if (enhanced === '5.2.2' || enhanced === '5.2.1' || MAILBOX_FULL.test(text)) return true;
  // RFC 5321 gives 552 to a full mailbox; with 5.3.4 or 5.2.3 it speaks of the message.
  return code === 552 && enhanced === undefined;
}

function mentions(text: string, name: string): boolean {
  return name !== '' && text.toLowerCase().includes(name.toLowerCase());
}
