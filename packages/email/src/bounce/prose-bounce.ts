import { type Fields, fieldOf, readFields } from './fields.ts';
import { type Finding, keptWords, MOST_RECIPIENTS } from './finding.ts';
import type { ReportParts } from './read-parts.ts';
import { reasonOf } from './reason-of.ts';
import { isHardReason } from './reasons.ts';
import { addressesIn } from './recipient.ts';
import { codeIn } from './status-codes.ts';

const FAILURE =
  /(?:un|not |n't |non-)deliver(?:able|ed|y)|(?:could|can|was|were|been|did)(?: ?n[o']t| not|'t) (?:be )?(?:deliver|sent|send|reach|process)|(?:not|n't) able to deliver|unable to (?:deliver|send|complete)|deliver(?:y|ies).{0,40}(?:fail|abort|problem|error|unsuccessful|impossible|not possible)|fail(?:ed|ure).{0,40}(?:deliver|notice|message|address|recipient)|returned mail|returning (?:your )?(?:message|mail)|return to sender|mail (?:system|server) (?:error|reported)|permanent (?:fatal )?error|has been rejected|was rejected|message (?:was )?(?:blocked|rejected|refused|bounced)|undelivered/;
const FAILURE_ELSEWHERE =
  /nicht (?:zugestellt|übermittelt|ausgeliefert)|unzustellbar|zustellung.{0,40}fehlgeschlagen|n'a (?:pas )?pu être (?:remis|délivré|livré|distribué)|n'a pas été (?:remis|délivré|distribué)|non remis|échec de (?:la )?(?:remise|distribution)|no se (?:ha )?(?:pudo|podido) entregar|no (?:ha sido|fue) entregad|error de entrega|non (?:è stato possibile (?:recapitare|consegnare)|recapitat|consegnat)|mancato recapito|não (?:pôde|foi possível|foi) (?:ser )?entreg|falha na entrega|niet (?:worden |kunnen )?(?:afgeleverd|bezorgd)|nie (?:mogła|może|została) .{0,20}dostarcz|nie dostarczono|не (?:может быть |удалось |было )?доставлен|не удалось доставить|недоставлен|kunde inte levereras|kunne ikke leveres|teslim edilemedi|退信|无法投递|投递失败|未送达|配信できません|配信不能|送信できません|届けられません|배달(?:할 수 없|하지 못|되지 (?:못|않))|전송(?:하지 못|되지 (?:못|않)|할 수 없|에 실패)|반송된? ?메일|nem (?:sikerült )?kézbesít|kézbesíthetetlen|δεν (?:ήταν δυνατή|παραδόθηκε|μπόρεσε)|ei voitu toimittaa|toimitus epäonnistui|не вдалося доставити|недоставлен|לא (?:נמסרה|ניתן למסור)|nu a putut fi (?:livrat|trimis)|تعذر تسليم|لم يتم تسليم/;
const ONLY_DELAYED =
  /warning.{0,80}(?:delay|could not (?:be )?sen[dt]|not (?:yet )?(?:been )?deliver)|(?:has|have) been delayed|(?:still|keep|continue).{0,10} (?:being )?(?:tr(?:y|ied|ying)|retr)|delivery (?:is |status notification )?\(?delay|will be (?:retried|tried|attempted)|do not need to resend|not yet been delivered|wird weiter(?:hin)? versucht|verzögert/;
const GAVE_UP =
  /given up|giving up|permanent|will not be retried|no further|not going to try again/;
const SERVER =
  /(?:mailer|mail)[-_. ]?daemon|mdaemon|post ?master|mail delivery (?:sub)?system|mail ?delivery|mail(?:ing)? administrator|microsoftexchange|system administrator|mail ?server|mail gateway|administrador|delivery (?:service|notification)|auto-?mail|groupwise/;

/** Whether a mail server wrote a message, or somebody who wants no answer to it. */
function isFromServer(headers: Fields, envelopeFrom: string | undefined): boolean {
  const sender = `${fieldOf(headers, 'from')} ${fieldOf(headers, 'sender')}`.toLowerCase();
  const path = (envelopeFrom ?? fieldOf(headers, 'return-path')).trim();
  const hasNoPath = path === '<>' || envelopeFrom === '';
  return SERVER.test(sender) || headers.has('x-failed-recipients') || hasNoPath;
}

/** Whether a server's own name stands on a message, rather than just no way back. */
export function namesServer(headers: Fields): boolean {
  const sender = fieldOf(headers, 'from').toLowerCase();
  return SERVER.test(sender) || headers.has('x-failed-recipients');
}

/**
 * What a bounce without a report says (qmail, older Exim and sendmail, Exchange, Notes, GroupWise …), a finding for each
 * recipient. Undefined unless a server wrote it, it speaks of a failure, and it names a recipient or returns a message.
 */
export function readProseBounce(
  { headers, text, returned }: ReportParts,
  envelopeFrom: string | undefined,
): Finding[] | undefined {
  if (!isFromServer(headers, envelopeFrom)) return undefined;
  const opening = `${fieldOf(headers, 'subject')}\n${text.slice(0, 4_000)}`.toLowerCase();
  const isFailure =
    headers.has('x-failed-recipients') ||
    FAILURE.test(opening) ||
    FAILURE_ELSEWHERE.test(opening) ||
    ONLY_DELAYED.test(opening);
  if (!isFailure) return undefined;
  const mentions = mentionsIn(headers, text);
  if (mentions.length === 0 && !returnsMessage(returned)) return undefined;
  if (ONLY_DELAYED.test(opening) && !GAVE_UP.test(opening)) {
    return told(mentions, returned).map(({ recipient }) => ({
      ...(recipient !== undefined && { recipient }),
      kind: 'soft',
      reason: 'delayed',
    }));
  }
  return told(mentions, returned).map(({ recipient, words }) => {
    const own = findingOf(recipient, words);
    // The reason may stand before the list of recipients, or after all of it.
    return own.reason === 'undefined' ? findingOf(recipient, text) : own;
  });
}

function findingOf(recipient: string | undefined, text: string): Finding {
  const status = codeIn(text);
  const reason = reasonOf(status, text);
  return {
    ...(recipient !== undefined && { recipient }),
    ...(status !== undefined && { status }),
    ...keptWords(text),
    kind: isHardReason(reason) ? 'hard' : 'soft',
    reason,
  };
}

interface Mention {
  readonly recipient?: string;
  /** What stands from there on up to the next recipient. */
  readonly words: string;
}

/** Without a named recipient it is whom the returned message was for. */
function told(mentions: readonly Mention[], returned: string): readonly Mention[] {
  if (mentions.length > 0) return mentions;
  const recipient = addressesIn(fieldOf(readFields(returned), 'to'))[0];
  return [{ words: '', ...(recipient !== undefined && { recipient }) }];
}

function returnsMessage(returned: string): boolean {
  return /^(?:>\s?)?(?:message-id|received|from|subject)[ \t]*:/im.test(returned);
}

/** A line that is about one recipient: the address with at most a bullet, brackets or a word before it. */
const RECIPIENT_LINE =
  /^[\s>*•-]{0,12}(?:(?:to|recipient|an|à|para|a|кому)\s?:\s{0,4})?["'<(]{0,2}([^\s<>()[\]:;,"'@|=]{1,64}@[\p{L}\p{N}.-]{1,255})[>)"']{0,2}(?=$|[\s:,;(]|\.{3}|\.$)/iu;

function mentionsIn(headers: Fields, text: string): Mention[] {
  const failed = addressesIn((headers.get('x-failed-recipients') ?? []).join(','));
  const ours = new Set(
    ['from', 'to', 'reply-to', 'sender', 'delivered-to', 'return-path']
      .flatMap((name) => headers.get(name) ?? [])
      .flatMap(addressesIn)
      .map((address) => address.toLowerCase()),
  );
  const isTheirs = (address: string) =>
    !ours.has(address.toLowerCase()) && !/^(?:mailer-daemon|postmaster)@/i.test(address);
  const starts = failed.length > 0 ? startsOf(failed, text) : recipientLines(text, isTheirs);
  if (starts.length === 0) {
    const named = addressesIn(text.slice(0, 8_000)).find(isTheirs);
    return named === undefined ? [] : [{ recipient: named, words: text }];
  }
  return starts.slice(0, MOST_RECIPIENTS).map(({ recipient, at }, index) => ({
    recipient,
    words: text.slice(at, Math.min(starts[index + 1]?.at ?? text.length, at + 4_000)),
  }));
}

interface Start {
  readonly recipient: string;
  readonly at: number;
}

function startsOf(recipients: readonly string[], text: string): Start[] {
  const lower = text.toLowerCase();
  return recipients
    .slice(0, MOST_RECIPIENTS)
    .map((recipient) => ({ recipient, at: Math.max(0, lower.indexOf(recipient.toLowerCase())) }))
    .sort((one, other) => one.at - other.at);
}

function recipientLines(text: string, isTheirs: (address: string) => boolean): Start[] {
  const seen = new Set<string>();
  const starts: Start[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const recipient = RECIPIENT_LINE.exec(line.slice(0, 400))?.[1]?.replace(/[.-]+$/, '');
    if (recipient !== undefined && isTheirs(recipient) && !seen.has(recipient.toLowerCase())) {
      seen.add(recipient.toLowerCase());
      starts.push({ recipient, at });
    }
    at += line.length + 1;
  }
  return starts;
}
