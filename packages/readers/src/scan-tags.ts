/** A start or end tag. Attribute values are raw: entities are not decoded. */
export interface Tag {
  /** Lower case, without the slash of an end tag. */
  readonly name: string;
  readonly kind: 'start' | 'end' | 'self-closing';
  /** By lower-case name, the first of a name counts. An attribute without a value has ''. */
  readonly attributes: ReadonlyMap<string, string>;
  /** False when the text ends inside the tag; the last attribute may then be cut. */
  readonly complete: boolean;
  /** Where it begins, and the index after it. */
  readonly start: number;
  readonly end: number;
}

/** Elements whose content is no markup (HTML standard, 13.2.5.1). */
const RAW_TEXT = /^(?:script|style|title|textarea|noembed|noframes|xmp|iframe)$/;
const LETTER = /[a-z]/i;

/**
 * Calls `visit` for every tag of an HTML text in order until it returns true. Follows the HTML tokeniser for
 * tags, attributes, comments and raw text, so a `<` inside a quoted value or a script is no tag. Linear.
 */
export function scanTags(html: string, visit: (tag: Tag) => boolean): void {
  let at = html.indexOf('<');
  while (at >= 0) {
    const next = html.charAt(at + 1);
    let end: number;
    if (LETTER.test(next) || (next === '/' && LETTER.test(html.charAt(at + 2)))) {
      const tag = readTag(html, at);
      if (visit(tag)) return;
      end = tag.end;
      if (tag.kind === 'start' && RAW_TEXT.test(tag.name)) end = startOfEndTag(html, tag.name, end);
    } else if (html.startsWith('<!--', at)) {
      end = after(html, '-->', at + 4);
    } else if (next === '!' || next === '?' || next === '/') {
      end = after(html, '>', at + 2);
    } else {
      end = at + 1;
    }
    at = html.indexOf('<', end);
  }
}

function after(html: string, mark: string, from: number): number {
  const at = html.indexOf(mark, from);
  return at < 0 ? html.length : at + mark.length;
}

function startOfEndTag(html: string, name: string, from: number): number {
  const endTag = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  endTag.lastIndex = from;
  return endTag.exec(html)?.index ?? html.length;
}

const NAME_END = /[\s/>]/g;
const ATTRIBUTE_START = /[^\s/]/g;
const ATTRIBUTE_NAME_END = /[\s/>=]/g;
const NOT_SPACE = /\S/g;
const UNQUOTED_END = /[\s>]/g;

function find(pattern: RegExp, html: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(html)?.index ?? html.length;
}

function readTag(html: string, start: number): Tag {
  const isEnd = html.charAt(start + 1) === '/';
  const nameStart = start + (isEnd ? 2 : 1);
  let at = find(NAME_END, html, nameStart);
  const name = html.slice(nameStart, at).toLowerCase();
  const attributes = new Map<string, string>();
  for (;;) {
    at = find(ATTRIBUTE_START, html, at);
    if (at >= html.length || html.charAt(at) === '>') break;
    // A leading `=` belongs to the name (13.2.5.32), which also keeps this loop moving.
    const nameEnd = find(ATTRIBUTE_NAME_END, html, at + 1);
    const attribute = html.slice(at, nameEnd).toLowerCase();
    const value = readValue(html, nameEnd);
    if (!attributes.has(attribute)) attributes.set(attribute, value.text);
    at = value.end;
  }
  const complete = at < html.length;
  const selfClosing = complete && html.charAt(at - 1) === '/';
  const kind = isEnd ? 'end' : selfClosing ? 'self-closing' : 'start';
  const end = Math.min(at + 1, html.length);
  return { name, kind, attributes, complete, start, end };
}

function readValue(html: string, nameEnd: number): { text: string; end: number } {
  const equals = find(NOT_SPACE, html, nameEnd);
  if (html.charAt(equals) !== '=') return { text: '', end: nameEnd };
  const start = find(NOT_SPACE, html, equals + 1);
  const quote = html.charAt(start);
  if (quote === '"' || quote === "'") {
    const close = html.indexOf(quote, start + 1);
    if (close < 0) return { text: html.slice(start + 1), end: html.length };
    return { text: html.slice(start + 1, close), end: close + 1 };
  }
  const end = find(UNQUOTED_END, html, start);
  return { text: html.slice(start, end), end };
}
