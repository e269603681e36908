/** A piece of an XML text; `end` is the index after it, and `complete` is false where the text ends inside it. */
export interface XmlToken {
  readonly kind: 'start' | 'end' | 'self-closing' | 'text' | 'cdata' | 'comment' | 'doctype' | 'pi';
  readonly start: number;
  readonly end: number;
  readonly complete: boolean;
  /** Of a tag, as written; empty for everything else. */
  readonly name: string;
}

/**
 * Calls `visit` for every piece of an XML text in order until it returns true. A `<` that opens nothing
 * (`p < 0.05`, `<4B`, `a<b then</p>`) is text. Nothing is expanded, nothing recurses, and it takes linear time.
 */
export function scanXml(xml: string, visit: (token: XmlToken) => boolean): void {
  let at = 0;
  while (at < xml.length) {
    const token = xml.charAt(at) === '<' ? markupAt(xml, at) : textAt(xml, at, at);
    if (visit(token)) return;
    at = token.end;
  }
}

function textAt(xml: string, start: number, from: number): XmlToken {
  const next = xml.indexOf('<', from);
  return { kind: 'text', start, end: next < 0 ? xml.length : next, complete: true, name: '' };
}

function markupAt(xml: string, start: number): XmlToken {
  if (xml.startsWith('<!--', start)) return upTo(xml, start, 'comment', '-->', 4);
  if (xml.startsWith('<![CDATA[', start)) return upTo(xml, start, 'cdata', ']]>', 9);
  if (xml.startsWith('<?', start)) return upTo(xml, start, 'pi', '?>', 2);
  if (/^<!doctype/i.test(xml.slice(start, start + 9))) return doctypeAt(xml, start);
  return tagAt(xml, start) ?? textAt(xml, start, start + 1);
}

function upTo(
  xml: string,
  start: number,
  kind: XmlToken['kind'],
  mark: string,
  skip: number,
): XmlToken {
  const at = xml.indexOf(mark, start + skip);
  const complete = at >= 0;
  return { kind, start, end: complete ? at + mark.length : xml.length, complete, name: '' };
}

/** Up to its `>`, or to the `]>` of its inner part where it has one. */
function doctypeAt(xml: string, start: number): XmlToken {
  const inner = xml.slice(start, xml.indexOf('>', start) + 1 || xml.length).indexOf('[');
  if (inner < 0) return upTo(xml, start, 'doctype', '>', 9);
  const end = /\]\s*>/g;
  end.lastIndex = start + inner;
  const found = end.exec(xml);
  const complete = found !== null;
  const after = complete ? found.index + found[0].length : xml.length;
  return { kind: 'doctype', start, end: after, complete, name: '' };
}

const NAME = /[\p{L}_:][^\s<>/="']*/uy;
const STOP = /["'<>]/g;
/** A quote, or the beginning of further markup, which no attribute has in it (XML 1.0, 3.1). */
const QUOTE_END = { '"': /"|<[\p{L}_:/!?]/gu, "'": /'|<[\p{L}_:/!?]/gu } as const;

/** The tag that begins here; undefined where the `<` is only a sign in a text. Looks no further than the next `<`. */
function tagAt(xml: string, start: number): XmlToken | undefined {
  const isEnd = xml.charAt(start + 1) === '/';
  NAME.lastIndex = start + (isEnd ? 2 : 1);
  const name = NAME.exec(xml)?.[0];
  if (name === undefined)
    return start + (isEnd ? 2 : 1) < xml.length ? undefined : cutTag(xml, start);
  STOP.lastIndex = NAME.lastIndex;
  for (let stop = STOP.exec(xml); stop !== null; stop = STOP.exec(xml)) {
    const [sign] = stop;
    if (sign === '<') return undefined;
    if (sign === '>') {
      const isEmpty = !isEnd && xml.charAt(stop.index - 1) === '/';
      const kind = isEnd ? 'end' : isEmpty ? 'self-closing' : 'start';
      return { kind, start, end: stop.index + 1, complete: true, name };
    }
    const quoteEnd = QUOTE_END[sign === '"' ? '"' : "'"];
    quoteEnd.lastIndex = stop.index + 1;
    const close = quoteEnd.exec(xml);
    if (close === null) break;
    if (close[0] !== sign) return undefined;
    STOP.lastIndex = quoteEnd.lastIndex;
  }
  return cutTag(xml, start);
}

function cutTag(xml: string, start: number): XmlToken {
  return { kind: 'start', start, end: xml.length, complete: false, name: '' };
}
