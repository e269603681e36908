import { load } from 'cheerio/slim';
import { decodeEntities } from './decode-entities.ts';
import { scanTags } from './scan-tags.ts';

/** In UTF-16 units; what is longer is no abstract, and its beginning is enough. */
const MAX_LENGTH = 200_000;

/** Elements that end a line of text. */
const BLOCKS =
  /^(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul|jats:(?:p|sec|title|list|list-item))$/;
const INLINES =
  /^(?:a|abbr|acronym|audio|b|bdi|bdo|big|body|button|center|cite|code|data|del|dfn|em|embed|font|form|head|html|i|iframe|img|input|ins|kbd|label|link|mark|meta|noscript|object|picture|q|s|samp|small|source|span|strike|strong|sub|sup|svg|path|time|title|tt|u|var|video|wbr|math|mi|mo|mn|ms|mtext|mrow|msub|msup|msubsup|munder|mover|munderover|mfrac|msqrt|mroot|mstyle|mspace|mtable|mtr|mtd|semantics|annotation|(?:jats|mml):[a-z-]+)$/;
/** Elements whose content nobody reads. */
const UNREAD = /^(?:script|style|template)$/;

/**
 * The paragraphs of an HTML fragment: elements of HTML, MathML and JATS removed, entities decoded once. What
 * only looks like a tag (`<CLS>`, `p<0.05`) stays as written. Linear.
 */
export function paragraphsOf(html: string): string[] {
  const text = html.slice(0, MAX_LENGTH);
  if (!text.includes('<')) return text.includes('&') ? [decoded(text)] : [text];
  const paragraphs: string[] = [];
  let line = '';
  let from = 0;
  let unread: string | undefined;
  scanTags(text, ({ name, kind, start, end }) => {
    const isUnread = UNREAD.test(name);
    const isBlock = BLOCKS.test(name);
    if (!isUnread && !isBlock && !INLINES.test(name)) return false;
    if (unread === undefined) line += text.slice(from, start);
    from = end;
    if (isUnread && kind === 'start') unread ??= name;
    else if (name === unread) unread = undefined;
    if (isBlock) {
      paragraphs.push(line);
      line = '';
    }
    return false;
  });
  if (unread === undefined) line += text.slice(from);
  return [...paragraphs, line].map((one) => decoded(withoutComments(one))).filter(isShown);
}

/** The same as one line. */
export function textOfHtml(html: string): string {
  return paragraphsOf(html).join(' ');
}

const isShown = (text: string) => /\S/.test(text);

function withoutComments(text: string): string {
  return text.includes('<!--') ? text.replace(/<!--[\s\S]*?(?:-->|$)/g, '') : text;
}

const REFERENCE = /&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][\da-fA-F]{1,6});/g;

function decoded(text: string): string {
  return text.includes('&') ? text.replace(REFERENCE, (one) => REFERENCES.get(one)) : text;
}

/** What references stand for. HTML has two thousand names for signs; those that were met are kept. */
class References {
  readonly #known = new Map<string, string>();

  get(reference: string): string {
    const known = this.#known.get(reference);
    if (known !== undefined) return known;
    const sign = decodeEntities(reference) ?? byParser(reference);
    if (this.#known.size < MAX_KNOWN) this.#known.set(reference, sign);
    return sign;
  }
}

const MAX_KNOWN = 2_500;
const REFERENCES = new References();

function byParser(reference: string): string {
  return load(reference, { xml: { xmlMode: false, decodeEntities: true } })
    .root()
    .text();
}
