import { type Fields, fieldOf, withoutComments } from './fields.ts';
import type { Finding } from './finding.ts';

const SUBJECT =
  /^(?:re:\s*)?\W{0,4}(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer|generated)|auto:|autoreply|autoresponse|out of (?:the )?office|ooo\b|vacation|away from|on (?:vacation|leave|holiday)|i am (?:away|out)|automatische (?:antwort|rückantwort)|abwesenheit|abwesend|ich bin (?:nicht|im urlaub)|réponse automatique|absence|message d'absence|respuesta automática|fuera de (?:la )?oficina|ausente|risposta automatica|assente|fuori ufficio|resposta automática|fora do escritório|ausência|automatisch antwoord|afwezig|autosvar|frånvaro|fravær|automaattinen|poissa|automatyczna odpowiedź|nieobecność|automatická odpověď|automatikus válasz|otomatik yanıt|автоответ|автоматический ответ|αυτόματη απάντηση|自動応答|自動返信|自动回复|自動回覆|자동 회신|不在|休假|外出|부재)/;
const CHALLENGE =
  /(?:confirm|verify|prove).{0,60}(?:you are (?:a )?(?:human|person)|your (?:message|e-?mail|address))|challenge.{0,12}response|boxbe|spamarrest|click .{0,60}(?:deliver|release) your (?:message|mail)|to complete .{0,20}verification/;
const PRECEDENCE = new Set(['auto_reply', 'auto-reply']);
const VACATION_HEADERS = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-reply',
  'x-vacation',
  'x-mail-autoreply',
];

/**
 * Whether a message that is no report was written by a machine for an absent person (RFC 3834), or by one that wants
 * proof of a person. `isFromServer`: a mail server wrote it, whose notices may be marked as automatic replies too.
 */
export function readAutoReply(
  headers: Fields,
  text: string,
  { isFromServer }: { readonly isFromServer: boolean },
): Finding | undefined {
  const subject = fieldOf(headers, 'subject').toLowerCase();
  const submitted = withoutComments(fieldOf(headers, 'auto-submitted')).toLowerCase();
  const isMarked =
    VACATION_HEADERS.some((name) => headers.has(name)) ||
    PRECEDENCE.has(fieldOf(headers, 'precedence').toLowerCase()) ||
    (submitted !== '' && submitted !== 'no');
  const asksForProof = CHALLENGE.test(`${subject} ${text.slice(0, 2_000).toLowerCase()}`);
  if (isFromServer) return SUBJECT.test(subject) ? AUTO_REPLY : undefined;
  if (asksForProof) return { kind: 'auto-reply', reason: 'challenge' };
  return isMarked || SUBJECT.test(subject) ? AUTO_REPLY : undefined;
}

const AUTO_REPLY: Finding = { kind: 'auto-reply', reason: 'auto-reply' };
