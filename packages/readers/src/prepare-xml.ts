import type { Warnings } from './warnings.ts';
import { scanXml, type XmlToken } from './xml-tokens.ts';

/** An XML text that a parser may see, or why none should. */
export type PreparedXml =
  | {
      readonly kind: 'whole';
      readonly xml: string;
      /** Lower case, with its prefix: `rss`, `feed`, `rdf:rdf`, `opml`. */
      readonly root: string;
      /** Whole items of a feed in it, wherever they stand. */
      readonly items: number;
    }
  | {
      readonly kind: 'cut';
      readonly xml: string;
      readonly root: string;
      readonly items: number;
      /** What is wrong behind its last whole item: `ends too early`, `does not close <title>`. */
      readonly why: string;
    }
  | { readonly kind: 'refused'; readonly detail: string };

/** Real feeds nest seven deep and written-out HTML some twenty; parsers of trees recurse. */
const MAX_DEPTH = 90;
/** Some forty for each of 100,000 items. */
const MAX_TAGS = 4_000_000;
/** In UTF-16 units; the longest text of a real item has some 60,000. */
const MAX_RUN = 200_000;
/** A tag with its attributes. */
const MAX_TAG = 20_000;
/** HTML that stands in a description as it is, often without ends. */
const NO_END_NEEDED = /^(?:br|hr|img|p|li|dt|dd|tr|td|th|wbr)$/;
const LOOSE_HTML =
  /^(?:a|abbr|article|b|blockquote|center|code|div|em|figure|font|h[1-6]|i|ol|p|pre|s|section|small|span|strong|sub|sup|table|tbody|thead|tt|u|ul)$/;
/** What lists are made of; a damaged document keeps the whole ones. Outlines alone hold others. */
const ITEMS: ReadonlySet<string> = new Set(['item', 'entry', 'outline']);

/**
 * Makes XML from anywhere safe and whole: no DOCTYPE (one with entities is refused), no depth, no field of
 * megabytes, a stray `<` escaped. A document that ends too early, or has an element without its other end, is closed
 * after its last whole item: a parser that goes on mixes up what follows without a word. `rename` gives elements other
 * names, undefined leaves them. Linear in the text.
 */
export function prepareXml(
  xml: string,
  warnings: Warnings,
  rename: (name: string, root: string) => string | undefined = () => undefined,
): PreparedXml {
  const open: OpenElement[] = [];
  const patch = new Patch(xml);
  let tags = 0;
  let items = 0;
  let root: string | undefined;
  let refused: string | undefined;
  let damage: string | undefined;
  let lastItem: { readonly mark: PatchMark; readonly closers: string } | undefined;

  const visitTag = (token: XmlToken) => {
    const name = token.name.toLowerCase();
    root ??= name;
    tags++;
    const renamed = rename(name, root);
    const shown = renamed ?? token.name;
    if (token.end - token.start > MAX_TAG) {
      warnings.add(`attributes of ${token.end - token.start} characters left out`);
      patch.replace(token, `<${shown}${token.kind === 'self-closing' ? '/' : ''}>`);
    } else if (renamed !== undefined) {
      const nameStart = token.start + (token.kind === 'end' ? 2 : 1);
      patch.replace({ start: nameStart, end: nameStart + token.name.length }, renamed);
    }
    if (token.kind === 'start') damage ??= opened(open, { written: token.name, shown });
    if (token.kind === 'end') damage ??= closed(open, token.name);
    if (damage !== undefined) return;
    if (token.kind !== 'start' && name === (/(?:^|:)feed$/.test(root) ? 'entry' : 'item')) items++;
    if (token.kind !== 'start' && ITEMS.has(name)) {
      const closers = open.toReversed().map((one) => `</${one.shown}>`);
      lastItem = { mark: patch.mark(token.end), closers: closers.join('') };
    }
    if (open.length > MAX_DEPTH) refused = `elements nested more than ${MAX_DEPTH} deep`;
    if (tags > MAX_TAGS) refused = `more than ${MAX_TAGS} elements`;
  };

  scanXml(xml, (token) => {
    if (!token.complete) damage = TOO_EARLY;
    else if (token.name !== '') visitTag(token);
    else if (token.kind === 'doctype') {
      if (/<!entity/i.test(xml.slice(token.start, token.end))) {
        refused = 'it declares entities of its own';
      }
      patch.replace(token, '');
    } else if (token.kind === 'text' || token.kind === 'cdata')
      shorten(xml, token, patch, warnings);
    return damage !== undefined || refused !== undefined || (tags > 0 && open.length === 0);
  });
  if (refused !== undefined) return { kind: 'refused', detail: refused };
  if (root === undefined) return { kind: 'refused', detail: 'no element' };
  if (damage === undefined && open.length === 0) {
    return { kind: 'whole', root, items, xml: patch.text() };
  }
  const why = damage ?? TOO_EARLY;
  if (lastItem === undefined)
    return { kind: 'refused', detail: `it ${why}, before its first whole item` };
  return { kind: 'cut', root, why, items, xml: patch.textUpTo(lastItem.mark) + lastItem.closers };
}

const TOO_EARLY = 'ends too early';

interface OpenElement {
  readonly written: string;
  /** Its name after renaming. */
  readonly shown: string;
}

/** Says what is wrong when an element begins where none of its kind can. */
function opened(open: OpenElement[], element: OpenElement): string | undefined {
  const { written } = element;
  const isItem = written === 'item' || written === 'entry';
  if (isItem && open.some((one) => one.written === written)) return `does not close <${written}>`;
  if (!NO_END_NEEDED.test(written.toLowerCase())) open.push(element);
  return undefined;
}

/** Closes an element, and loose HTML inside it; says what is wrong when another one is open, or none. */
function closed(open: OpenElement[], written: string): string | undefined {
  const name = written.toLowerCase();
  const at = open.findLastIndex((one) => one.written === written);
  if (at < 0) {
    const isLoose = LOOSE_HTML.test(name) || NO_END_NEEDED.test(name);
    return isLoose ? undefined : `does not open <${written}>`;
  }
  const inside = open.slice(at + 1).find((one) => !LOOSE_HTML.test(one.written.toLowerCase()));
  if (inside !== undefined) return `does not close <${inside.written}>`;
  open.length = at;
  return undefined;
}

function shorten(xml: string, token: XmlToken, patch: Patch, warnings: Warnings): void {
  const { kind, start, end } = token;
  if (kind === 'text' && xml.charAt(start) === '<')
    patch.replace({ start, end: start + 1 }, '&lt;');
  if (end - start <= MAX_RUN) return;
  warnings.add(`a text of ${end - start} characters cut to ${MAX_RUN}`);
  patch.replace({ start: start + MAX_RUN, end: kind === 'cdata' ? end - 3 : end }, '');
}

interface PatchMark {
  readonly parts: number;
  readonly copied: number;
  readonly end: number;
}

/** A text with some places replaced, in order; copied only as far as something was. */
class Patch {
  readonly #text: string;
  readonly #parts: string[] = [];
  #copied = 0;

  constructor(text: string) {
    this.#text = text;
  }

  replace({ start, end }: { readonly start: number; readonly end: number }, by: string): void {
    this.#parts.push(this.#text.slice(this.#copied, start), by);
    this.#copied = end;
  }

  mark(end: number): PatchMark {
    return { parts: this.#parts.length, copied: this.#copied, end };
  }

  textUpTo({ parts, copied, end }: PatchMark): string {
    return this.#parts.slice(0, parts).join('') + this.#text.slice(copied, end);
  }

  text(): string {
    return this.textUpTo(this.mark(this.#text.length));
  }
}
