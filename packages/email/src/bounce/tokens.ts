import { envelopeIdIn } from './delivery-status.ts';
import type { ReportParts } from './read-parts.ts';

const TO_US = [
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'x-delivered-to',
  'to',
];
const VERP = /\bbounce\+([a-z2-7]{24})@/gi;
const LEAVING = /\bunsubscribe\+([a-z2-7]{24})@/gi;
const MESSAGE_ID = /<d\.([a-z2-7]{24})@/gi;
const BARE_MESSAGE_ID = /(?<![\w.+-])d\.([a-z2-7]{24})@/gi;
const ENVELOPE_ID = /^([a-z2-7]{24})$/i;

/**
 * Delivery tokens that a report carries, the strongest evidence first: the address it came to, the Message-ID it
 * returns, the envelope id, then whatever it says that it answers. Whether one is genuine is for its reader to say.
 */
export function deliveryTokensIn(parts: ReportParts, envelopeTo: readonly string[]): string[] {
  const { headers, returned, feedback = '', statuses } = parts;
  const envelopeId = envelopeIdIn(statuses).trim();
  const answered = ['in-reply-to', 'references'].flatMap((name) => headers.get(name) ?? []);
  return unique([
    ...tokensIn(recipientText(parts, envelopeTo), VERP),
    ...tokensIn(`${feedback}\n${returned}`, VERP),
    ...tokensIn(`${returned}\n${feedback}`, MESSAGE_ID),
    ...(ENVELOPE_ID.test(envelopeId) ? [envelopeId] : []),
    ...tokensIn(answered.join('\n'), MESSAGE_ID),
  ]);
}

/** The same in whatever a mail provider says of a message: its Message-ID with or without brackets, its sender. */
export function deliveryTokensInText(text: string): string[] {
  return unique([...tokensIn(text, VERP), ...tokensIn(text, BARE_MESSAGE_ID)]);
}

/** Tokens of the addresses by which readers leave by mail. */
export function leavingTokensIn(parts: ReportParts, envelopeTo: readonly string[]): string[] {
  return unique(tokensIn(recipientText(parts, envelopeTo), LEAVING));
}

/** Where the message came to: by the conversation if that is known, by its headers in a stored one. */
function recipientText({ headers }: ReportParts, envelopeTo: readonly string[]): string {
  if (envelopeTo.length > 0) return envelopeTo.join('\n');
  return TO_US.flatMap((name) => headers.get(name) ?? []).join('\n');
}

function tokensIn(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].map(([, token = '']) => token.toLowerCase());
}

function unique(tokens: readonly string[]): string[] {
  return [...new Set(tokens)].slice(0, MOST_TOKENS);
}

const MOST_TOKENS = 20;
