import type { CheerioAPI } from 'cheerio/slim';
import { type Heading, readHeading } from './arxiv-list-headings.ts';

type Node = ReturnType<CheerioAPI>[number];

/** What stands between one `dt` and the next, not yet judged. */
export interface Slot {
  /** The heading it stands under. */
  readonly heading: Heading | undefined;
  /** The text of its `dt`: number, id, mark, links. */
  label: string;
  /** `href` of the link to its abstract page. */
  abstractPage?: string;
  title?: string;
  /** Pieces of the author line; a piece inside a link is one name. */
  authors?: AuthorText[];
  subjects?: string;
  /** Each paragraph by itself. */
  abstract?: string[];
  /** Why it is no entry, where its markup alone tells. */
  fault?: string;
}

export interface AuthorText {
  text: string;
  readonly link: number | undefined;
}

/** An arXiv list page taken apart, in page order. */
export interface ListParts {
  readonly hasList: boolean;
  readonly headings: readonly Heading[];
  readonly slots: readonly Slot[];
  /** The text around the entries: notes, pager, date line. */
  readonly around: string;
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

/** In UTF-16 units; a heading is a line. */
const MAX_HEADING = 500;
const MAX_AROUND = 200_000;
/** What ends a heading that was never closed. */
const BLOCK = /^(?:div|dl|dt|dd|p|ul|ol|li|table|h[1-6])$/;
const FIELD_CLASS = /(?:^|\s)list-([a-z-]+)(?=\s|$)/;

type Field = 'title' | 'authors' | 'subjects' | 'abstract' | 'other';

/**
 * Takes a page apart in one pass in document order, so that a tag which is never closed costs no more than the
 * text it should have held: a field ends where the next one begins, an entry where the next `dt` stands.
 */
export function walkArxivList($: CheerioAPI): ListParts {
  const walk = new ListWalk();
  const root: Node | undefined = $.root()[0];
  let node: Node | null | undefined = root;
  while (node) {
    const isHidden: boolean = node.type === 'script' || node.type === 'style';
    if (node.type === 'text') walk.text(node.data);
    else if (node.type === 'tag') walk.open(node.name, node.attribs, node);
    const child: Node | null = 'children' in node && !isHidden ? node.firstChild : null;
    if (child) {
      node = child;
      continue;
    }
    // Climb until something follows, leaving each element on the way.
    for (;;) {
      if (node.type === 'tag') walk.close(node);
      if (node === root || node.next || !node.parent) break;
      node = node.parent;
    }
    node = node === root ? null : node.next;
  }
  return walk.parts();
}

/** The state of one pass. */
class ListWalk {
  readonly #headings: Heading[] = [];
  readonly #slots: Slot[] = [];
  readonly #links: { href: string; text: string }[] = [];
  #around = '';
  #hasList = false;

  #headingText: { text: string; readonly node: Node } | undefined;
  #heading: Heading | undefined;
  /** A heading serves one list: the next one needs its own. */
  #isHeadingUsed = false;
  #slot: Slot | undefined;
  #slotHasText = false;
  /** The open `dt` or `dd`; outside of one nothing belongs to an entry. */
  #box: Node | undefined;
  #field: { readonly name: Field; readonly node: Node } | undefined;
  #link: { readonly number: number; readonly node: Node } | undefined;
  #linkCount = 0;

  open(name: string, attributes: Readonly<Record<string, string>>, node: Node): void {
    if (this.#headingText && BLOCK.test(name)) this.#endHeading();
    if (name === 'dl') this.#openList();
    else if (name === 'h2' || name === 'h3') this.#openHeading(node);
    else if (name === 'dt') this.#openSlot(node);
    else if (name === 'dd') this.#openText(node);
    else if (name === 'a') this.#openLink(attributes.href, node);
    else if (name === 'br' && this.#field?.name === 'abstract') this.#slot?.abstract?.push('');
    else if (this.#slot && this.#box) this.#openField(name, attributes.class ?? '', node);
  }

  close(node: Node): void {
    if (this.#headingText?.node === node) this.#endHeading();
    if (this.#field?.node === node) this.#field = undefined;
    if (this.#box === node) this.#box = undefined;
    if (this.#link?.node === node) this.#link = undefined;
    if (node.type === 'tag' && node.name === 'dl') this.#endSlot();
  }

  text(text: string): void {
    if (this.#headingText) {
      this.#headingText.text += text.slice(0, MAX_HEADING);
      return;
    }
    const slot = this.#box && this.#slot;
    if (!slot) {
      if (this.#around.length < MAX_AROUND) this.#around += text;
      const link = this.#link && this.#links[this.#links.length - 1];
      if (link && link.text.length < MAX_HEADING) link.text += text;
    } else if (!this.#field) {
      if (slot.title === undefined) slot.label += text;
    } else {
      addTo(slot, this.#field.name, text, this.#link?.number);
    }
  }

  parts(): ListParts {
    if (this.#headingText) this.#endHeading();
    return {
      hasList: this.#hasList,
      headings: this.#headings,
      slots: this.#slots,
      around: this.#around,
      links: this.#links,
    };
  }

  #openList(): void {
    this.#hasList = true;
    this.#endSlot();
    if (this.#isHeadingUsed) this.#heading = undefined;
  }

  #openHeading(node: Node): void {
    this.#endSlot();
    this.#headingText = { text: '', node };
  }

  #endHeading(): void {
    const text = (this.#headingText?.text ?? '').slice(0, MAX_HEADING).replace(/\s+/g, ' ').trim();
    this.#headingText = undefined;
    this.#heading = readHeading(text);
    this.#isHeadingUsed = false;
    this.#headings.push(this.#heading);
  }

  #openSlot(node: Node): void {
    this.#endSlot();
    this.#slot = { heading: this.#heading, label: '' };
    this.#slots.push(this.#slot);
    this.#box = node;
    this.#isHeadingUsed = true;
  }

  #endSlot(): void {
    this.#slot = undefined;
    this.#slotHasText = false;
    this.#box = undefined;
    this.#field = undefined;
  }

  /** A `dd` completes the `dt` above it; a second one is that of an entry whose `dt` is gone. */
  #openText(node: Node): void {
    if (!this.#slot || this.#slotHasText) this.#lose('dd without a dt');
    this.#slotHasText = true;
    this.#box = node;
    this.#field = undefined;
  }

  #lose(fault: string): void {
    this.#endSlot();
    this.#slots.push({ heading: this.#heading, label: '', fault });
  }

  #openLink(href: string | undefined, node: Node): void {
    this.#linkCount++;
    this.#link = { number: this.#linkCount, node };
    if (href === undefined) return;
    if (!this.#slot || !this.#box) this.#links.push({ href, text: '' });
    else if (!this.#field && /\/abs\//.test(href)) this.#slot.abstractPage ??= href;
  }

  #openField(name: string, classes: string, node: Node): void {
    const slot = this.#slot;
    if (slot === undefined) return;
    const listClass = FIELD_CLASS.exec(classes)?.[1];
    if (listClass === 'identifier') return;
    if (listClass === 'title') {
      if (slot.title !== undefined) {
        this.#lose('a second .list-title in one dd');
        return;
      }
      slot.title = '';
      this.#field = { name: 'title', node };
    } else if (listClass === 'authors' || listClass === 'subjects') {
      this.#field = { name: listClass, node };
    } else if (listClass !== undefined) {
      this.#field = { name: 'other', node };
    } else if (name === 'p') {
      // Only below a title: a paragraph elsewhere is no abstract.
      const isFirst = slot.title !== undefined && slot.abstract === undefined;
      if (isFirst) slot.abstract = [''];
      this.#field = { name: isFirst ? 'abstract' : 'other', node };
    }
  }
}

function addTo(slot: Slot, field: Field, text: string, link: number | undefined): void {
  if (field === 'title') slot.title += text;
  else if (field === 'subjects') slot.subjects = (slot.subjects ?? '') + text;
  else if (field === 'abstract') slot.abstract?.push((slot.abstract.pop() ?? '') + text);
  else if (field === 'authors') {
    slot.authors ??= [];
    const last = slot.authors.at(-1);
    if (last && last.link === link) last.text += text;
    else slot.authors.push({ text, link });
  }
}
