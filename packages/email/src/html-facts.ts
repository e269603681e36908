import { Parser } from 'htmlparser2';
import { contrastOf, parseColor, type Rgb } from './contrast.ts';

/** A link as it stands in the markup. */
interface HtmlLink {
  readonly href: string;
  /** What it says: its label, where it has one. */
  readonly text: string;
  /** Bytes between the beginning of the body (or of the document, without one) and the link. */
  readonly bodyByte: number;
  /** Bytes between the beginning of the document and the link. */
  readonly byte: number;
}

/** What the rules for HTML parts ask, read in one pass over the markup. */
export interface HtmlFacts {
  readonly bytes: number;
  readonly lang: string | undefined;
  readonly dir: string | undefined;
  readonly title: string;
  /** Content of the meta tag color-scheme. */
  readonly colorScheme: string | undefined;
  /** Whether a style sheet has rules for a dark scheme. */
  readonly hasDarkRules: boolean;
  readonly links: readonly HtmlLink[];
  /** Addresses that a client would load from somewhere. */
  readonly remote: readonly string[];
  /** Elements that no mail may have, such as script. */
  readonly active: readonly string[];
  readonly images: number;
  readonly imagesWithoutAlt: number;
  /** Tables that neither say that they are for layout nor have a name. */
  readonly tablesWithoutRole: number;
  /** Levels of the headings in their order. */
  readonly headings: readonly number[];
  /** The hidden text before all that is seen, which inboxes show beside the subject. */
  readonly preheader: string | undefined;
  /** Text that is seen, its white space made one blank. */
  readonly visibleText: string;
  /** The least contrast of a text to what is behind it, by the colours in style attributes. */
  readonly leastContrast: { readonly ratio: number; readonly text: string } | undefined;
}

interface OpenElement {
  readonly name: string;
  readonly color: Rgb;
  readonly background: Rgb;
  readonly isHidden: boolean;
  readonly isPreheader: boolean;
}

const ACTIVE = new Set(['script', 'iframe', 'object', 'embed', 'form', 'base', 'video', 'audio']);
const UNSEEN = new Set(['head', 'title', 'style', 'script', 'template']);
const VOID = new Set(['br', 'img', 'hr', 'meta', 'link', 'input', 'col', 'wbr']);
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** Reads markup of any quality; linear in its length. */
export function readHtmlFacts(html: string): HtmlFacts {
  const reader = new FactsReader(html);
  const parser: Parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes, parser.startIndex),
      ontext: (text) => reader.text(text),
      onclosetag: (name) => reader.close(name),
    },
    { decodeEntities: true },
  );
  parser.write(html);
  parser.end();
  return reader.facts();
}

/** Guards what is open while the markup is read. */
class FactsReader {
  readonly #html: string;
  readonly #open: OpenElement[] = [];
  readonly #links: { href: string; label: string | undefined; text: string; at: number }[] = [];
  readonly #remote: string[] = [];
  readonly #active: string[] = [];
  readonly #headings: number[] = [];
  #root: { lang?: string; dir?: string } = {};
  #bodyAt = 0;
  #title = '';
  #colorScheme: string | undefined;
  #hasDarkRules = false;
  #images = 0;
  #imagesWithoutAlt = 0;
  #tablesWithoutRole = 0;
  #preheader: string | undefined;
  #visible = '';
  #least: HtmlFacts['leastContrast'];

  constructor(html: string) {
    this.#html = html;
  }

  open(name: string, attributes: Readonly<Record<string, string>>, at: number): void {
    const style = attributes.style ?? '';
    if (name === 'html') this.#root = { lang: attributes.lang, dir: attributes.dir };
    if (name === 'body') this.#bodyAt = at;
    if (name === 'meta' && attributes.name === 'color-scheme') {
      this.#colorScheme = attributes.content;
    }
    if (name === 'a' && attributes.href !== undefined) {
      const { href, 'aria-label': label } = attributes;
      this.#links.push({ href, label, text: '', at });
    }
    if (name === 'img') {
      this.#images += 1;
      if (attributes.alt === undefined) this.#imagesWithoutAlt += 1;
    }
    // A table that has a name is one of data, or a drawing.
    const isLayout = /^(?:presentation|none)$/.test(attributes.role ?? '');
    if (name === 'table' && !isLayout && !attributes['aria-label']) this.#tablesWithoutRole += 1;
    if (ACTIVE.has(name)) this.#active.push(name);
    if (/^h[1-6]$/.test(name)) this.#headings.push(Number(name[1]));
    this.#note(name, attributes);
    if (!VOID.has(name)) this.#open.push(this.#element(name, attributes, style));
  }

  text(text: string): void {
    const top = this.#open.at(-1);
    if (top?.name === 'title') this.#title += text;
    if (top?.name === 'style') {
      if (/prefers-color-scheme:\s*dark/.test(text)) this.#hasDarkRules = true;
      this.#remote.push(...loadedBy(text));
    }
    if (top?.isPreheader) this.#preheader = (this.#preheader ?? '') + text;
    if (top?.isHidden) return;
    const link = this.#open.some(({ name }) => name === 'a') ? this.#links.at(-1) : undefined;
    if (link) link.text += text;
    this.#visible += text;
    if (top && text.trim() !== '') this.#seeContrast(top, text.trim());
  }

  close(name: string): void {
    const at = this.#open.findLastIndex((element) => element.name === name);
    if (at >= 0) this.#open.length = at;
    // Words of two blocks are not one word.
    this.#visible += ' ';
  }

  facts(): HtmlFacts {
    const byteAt = (from: number, to: number) => Buffer.byteLength(this.#html.slice(from, to));
    return {
      bytes: Buffer.byteLength(this.#html),
      lang: this.#root.lang,
      dir: this.#root.dir,
      title: this.#title.trim(),
      colorScheme: this.#colorScheme,
      hasDarkRules: this.#hasDarkRules,
      links: this.#links.map(({ href, label, text, at }) => ({
        href,
        text: oneLine(label ?? text),
        byte: byteAt(0, at),
        bodyByte: byteAt(Math.min(this.#bodyAt, at), at),
      })),
      remote: this.#remote,
      active: this.#active,
      images: this.#images,
      imagesWithoutAlt: this.#imagesWithoutAlt,
      tablesWithoutRole: this.#tablesWithoutRole,
      headings: this.#headings,
      preheader: this.#preheader,
      visibleText: oneLine(this.#visible),
      leastContrast: this.#least,
    };
  }

  /** What would be loaded: sources, backgrounds and what style attributes name. */
  #note(name: string, attributes: Readonly<Record<string, string>>): void {
    const named = [attributes.src, attributes.background, attributes.poster, attributes.srcset];
    if (name === 'link') named.push(attributes.href);
    this.#remote.push(
      ...named.filter((url) => url !== undefined && isRemote(url)).map(String),
      ...loadedBy(attributes.style ?? ''),
    );
  }

  #element(name: string, attributes: Readonly<Record<string, string>>, style: string): OpenElement {
    const above = this.#open.at(-1);
    const hides = /(?:^|;)\s*display\s*:\s*none/i.test(style);
    const isFirstHidden =
      hides && this.#preheader === undefined && this.#visible.trim() === '' && !UNSEEN.has(name);
    const color = /(?:^|;)\s*color\s*:\s*([^;!]+)/i.exec(style)?.[1];
    const background =
      /(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)/i.exec(style)?.[1] ?? attributes.bgcolor;
    return {
      name,
      color: parseColor(color) ?? above?.color ?? BLACK,
      background: parseColor(background) ?? above?.background ?? WHITE,
      isHidden: hides || UNSEEN.has(name) || above?.isHidden === true,
      isPreheader: isFirstHidden || above?.isPreheader === true,
    };
  }

  #seeContrast({ color, background }: OpenElement, text: string): void {
    const ratio = contrastOf(color, background);
    if (this.#least === undefined || ratio < this.#least.ratio) {
      this.#least = { ratio, text: oneLine(text).slice(0, 60) };
    }
  }
}

function isRemote(url: string): boolean {
  return /(?:^|[\s,])(?:https?:)?\/\//i.test(url);
}

/** Addresses that a style sheet asks for. */
function loadedBy(style: string): string[] {
  const asked = style.matchAll(/(?:url\(\s*["']?|@import\s+["'])([^"')]+)/gi);
  return [...asked].map(([, url = '']) => url).filter(isRemote);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
