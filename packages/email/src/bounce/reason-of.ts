import { CODE_ROWS, REASON_ROWS } from './reason-table.ts';
import { type BounceReason, isHardReason } from './reasons.ts';
import { isTransient } from './status-codes.ts';

/** A server's words beyond this say nothing more. */
const MOST_WORDS = 4_000;

/**
 * Why a delivery failed, by the server's words and its code: an enhanced one (RFC 3463) or a reply code. Words that name
 * the reason beat the code. What may pass by itself never speaks against an address. The same table serves replies
 * during a conversation and reports after it. Takes time in proportion to the text.
 */
export function reasonOf(code: string | undefined, text: string): BounceReason {
  const named = reasonByWords(code, plainWords(text)) ?? reasonByCode(code) ?? 'undefined';
  return code !== undefined && isTransient(code) && isHardReason(named) ? 'expired' : named;
}

function reasonByWords(code: string | undefined, words: string): BounceReason | undefined {
  return REASON_ROWS.find(
    (row) =>
      (row.codes === undefined || (code !== undefined && row.codes.includes(code))) &&
      row.words.test(words),
  )?.reason;
}

function reasonByCode(code: string | undefined): BounceReason | undefined {
  if (code === undefined) return undefined;
  const general = code.includes('.') ? code.replace(/^[45]/, 'x') : code;
  return CODE_ROWS.find(([prefix]) => general === prefix || general.startsWith(`${prefix}.`))?.[1];
}

/** `550-5.1.1`, which a reply of several lines repeats in the middle of its sentence. */
const REPLY_PREFIX = /^[245]\d\d-?(?:[245]\.\d{1,3}\.\d{1,3})?$|^[245]\.\d{1,3}\.\d{1,3}$/;
const ADDRESS = /[^\s<>()[\]:;,"'|=]{0,64}@[\p{L}\p{N}.-]{1,255}/gu;
const HOST = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,8}\.[a-z]{2,20}$/;

/**
 * The words of a text in lower case with one blank between them. Names that others chose must not be read as reasons
 * (`user@spam.example.com`): addresses become `@`, host names `~`, web addresses go.
 */
function plainWords(text: string): string {
  const words = text.slice(0, MOST_WORDS).toLowerCase().replaceAll('’', "'").split(/\s+/);
  return words
    .map((word) => {
      if (word.includes('@')) return word.replace(ADDRESS, '@');
      if (word.includes('://') || REPLY_PREFIX.test(word)) return '';
      const bare = word.replace(/^[^a-z0-9]{1,4}/, '').replace(/[^a-z0-9]{1,4}$/, '');
      return bare.length < 200 && HOST.test(bare) ? '~' : word;
    })
    .filter((word) => word !== '')
    .join(' ');
}
