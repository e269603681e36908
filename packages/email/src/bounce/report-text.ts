/** Lines from which on a report without parts repeats the message it is about. */
const SEPARATORS = [
  /^[-=_*| ]*(?:this is a copy of|below this line is a copy|enclosed is a copy|a copy of (?:the|your) (?:original )?message|start of (?:the )?(?:original|returned)|(?:the )?headers? of the original message)/,
  /^[-=_*| ]*(?:(?:the|possibly|truncated|your) ){0,3}(?:original|returned|unsent|undelivered|forwarded) message(?: (?:headers?|text|body|contents?))?(?: (?:follows|is following|below|attached)[-:.| ]*| ?[-:=*|]+ ?)?$/,
  /^[-=_*| ]*message (?:headers?|text|body|contents?|truncated)(?: follows[-:.| ]*| ?[-:=*|]+ ?)$/,
  /^[-=_*| ]*(?:returned content|received headers?|full headers)\b/,
  /^[-=_*| ]*(?:ursprüngliche nachricht|originalnachricht|der header der original|kopie der nachricht|message d'origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|исходное сообщение|копия сообщения|原始邮件|元のメッセージ)/,
  /^content-type:\s*(?:message\/(?:rfc822|global)|text\/rfc822-headers)/,
];
/** Headers that only a returned message starts with; no report says a reason in a line like these. */
const RETURNED_HEADER =
  /^(?:>\s?)?(?:received: (?:from|by|\()|return-path: ?<|dkim-signature: |arc-seal: |list-unsubscribe: |delivered-to: |message-id: ?<)/;
const LONGEST_SEPARATOR = 200;

/** What a report says itself, and what it returns of the message it is about. */
export interface CutText {
  readonly said: string;
  readonly returned: string;
}

/**
 * Cuts a report's text where the returned message starts. Its words must not be read as the server's: titles and
 * abstracts say "unknown" and "does not exist" too. Expects line ends of LF.
 */
export function cutReturned(text: string): CutText {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (
      end > start &&
      startsReturned(text.slice(start, Math.min(end, start + LONGEST_SEPARATOR)))
    ) {
      return { said: text.slice(0, start), returned: text.slice(start) };
    }
    start = end + 1;
  }
  return { said: text, returned: '' };
}

function startsReturned(line: string): boolean {
  const lower = line.trim().toLowerCase();
  return RETURNED_HEADER.test(lower) || SEPARATORS.some((separator) => separator.test(lower));
}

/**
 * Every line end as LF, and without NUL: mail arrives with CRLF, LF alone and, from some gateways, CR alone. Ends after
 * `MOST_LINES`: a mebibyte of empty lines would keep the parser busy for seconds, and no report is as long.
 */
export function withLineFeeds(raw: Uint8Array): Buffer {
  const clean = Buffer.alloc(raw.length);
  let length = 0;
  let lines = 0;
  for (let at = 0; at < raw.length && lines < MOST_LINES; at += 1) {
    const byte = raw[at] ?? 0;
    if (byte === 0 || (byte === CR && raw[at + 1] === LF)) continue;
    const isEnd = byte === CR || byte === LF;
    if (isEnd) lines += 1;
    clean[length] = isEnd ? LF : byte;
    length += 1;
  }
  return clean.subarray(0, length);
}

const CR = 0x0d;
const LF = 0x0a;
const MOST_LINES = 20_000;

const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};
const BREAKS = /^\/?(?:p|div|br|tr|li|h[1-6]|table|blockquote|hr)\b/i;
const CELLS = /^\/?t[dh]\b/i;
const UNSHOWN = /^(?:style|script|head|title)\b/i;

/** The words of an HTML page, blocks on lines of their own, cells a blank apart. Not for showing. One pass. */
export function textOfHtml(html: string): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    pieces.push(html.slice(at, open < 0 ? html.length : open));
    if (open < 0) break;
    const close = html.indexOf('>', open);
    if (close < 0) break;
    const tag = html.slice(open + 1, Math.min(close, open + 20));
    const unshown = UNSHOWN.exec(tag)?.[0].toLowerCase();
    const end = unshown === undefined ? -1 : html.indexOf(`</${unshown}`, close);
    if (BREAKS.test(tag)) pieces.push('\n');
    else if (CELLS.test(tag)) pieces.push(' ');
    at = end > close ? end : close + 1;
  }
  return pieces
    .join('')
    .replace(/&(nbsp|amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/&#(\d{1,6});/g, (_, code: string) =>
      String.fromCodePoint(Math.min(Number(code), 0xffff)),
    );
}
