/** One paper of a listing mail, as its lines say. */
export interface MailBlock {
  /** The section by the rule above it. */
  readonly section: MailSection;
  /** `arXiv:2306.04713 (*cross-listing*)`. */
  readonly head?: string;
  readonly isReplaced: boolean;
  /** By name; continuation lines are joined by a blank. */
  readonly fields: ReadonlyMap<string, string>;
  /** Each paragraph by itself; empty where there is none. */
  readonly abstract: readonly string[];
  /** What the closing line holds: the address of the paper. */
  readonly foot?: string;
  /** Lines that are neither field nor text: something before them is gone. */
  readonly strayLines: number;
}

type MailSection = 'new' | 'cross' | 'replace';

export interface MailBlocks {
  readonly blocks: readonly MailBlock[];
  /** The end mark is there. */
  readonly hasEnd: boolean;
  /** Blocks below the end mark. */
  readonly afterEnd: number;
}

const RULE = /^-{60,}\s*$/;
const CROSS_RULE = /^(?:%-){20,}/;
const REPLACE_RULE = /^(?:%%--){10,}/;
const END_RULE = /^(?:%%%---){8,}/;
const EDGE = /^\\\\\s*$/;
const FOOT = /^\\\\ \(\s*(\S+)/;
const HEAD = /^(?:arXiv|Paper)(?: \(\*cross-listing\*\))?:\s*\S/;
const REPLACED = /^replaced with\b/;
const FIELD = /^([A-Z][A-Za-z-]{1,30}):(?:\s(.*))?$/;

/**
 * Splits a listing mail into its blocks: `\\`, fields, `\\`, abstract, `\\ ( address , size)`, with rules
 * between. Each of these marks may be missing without a word being taken for another's; linear.
 */
export function mailBlocks(body: string): MailBlocks {
  const reader = new BlockReader();
  for (let from = 0; from <= body.length; ) {
    const end = body.indexOf('\n', from);
    reader.line(body.slice(from, end < 0 ? body.length : end).trimEnd());
    if (end < 0) break;
    from = end + 1;
  }
  return reader.finish();
}

interface OpenBlock {
  section: MailSection;
  head?: string;
  isReplaced: boolean;
  fields: Map<string, string>;
  abstract: string[];
  foot?: string;
  strayLines: number;
}

class BlockReader {
  readonly #blocks: MailBlock[] = [];
  #section: MailSection = 'new';
  #hasEnd = false;
  #afterEnd = 0;
  #block: OpenBlock | undefined;
  #part: 'fields' | 'abstract' = 'fields';
  #fieldName: string | undefined;

  line(line: string): void {
    const section = sectionRule(line);
    if (this.#hasEnd) {
      if (HEAD.test(line)) this.#afterEnd++;
    } else if (END_RULE.test(line)) {
      this.#end();
      this.#hasEnd = true;
    } else if (section !== undefined || RULE.test(line)) {
      this.#end();
      this.#section = section ?? this.#section;
    } else if (EDGE.test(line)) {
      this.#edge();
    } else if (FOOT.test(line)) {
      this.#foot(FOOT.exec(line)?.[1]);
    } else if (this.#block === undefined || this.#part === 'fields') {
      this.#fieldLine(line);
    } else {
      this.#abstractLine(line);
    }
  }

  finish(): MailBlocks {
    this.#end();
    return { blocks: this.#blocks, hasEnd: this.#hasEnd, afterEnd: this.#afterEnd };
  }

  #start(): OpenBlock {
    this.#end();
    this.#part = 'fields';
    this.#fieldName = undefined;
    this.#block = {
      section: this.#section,
      isReplaced: false,
      fields: new Map(),
      abstract: [],
      strayLines: 0,
    };
    return this.#block;
  }

  #end(): void {
    const block = this.#block;
    this.#block = undefined;
    // Two edges without a line between them are no paper.
    if (block && (block.head ?? block.foot ?? block.fields.size) !== 0) this.#blocks.push(block);
  }

  /** Opens a block, or ends its fields; below a text it can only be the next block's. */
  #edge(): void {
    const hasFields = this.#block !== undefined && this.#block.fields.size > 0;
    if (hasFields && this.#part === 'fields') this.#part = 'abstract';
    else this.#start();
  }

  #foot(address: string | undefined): void {
    const block = this.#block ?? this.#start();
    if (address !== undefined) block.foot = address;
    this.#end();
  }

  #fieldLine(line: string): void {
    if (HEAD.test(line) && (!this.#block || this.#block.head !== undefined)) this.#start();
    const block = this.#block;
    // Outside of blocks a mail has its preamble.
    if (block === undefined) return;
    const field = FIELD.exec(line);
    const name = field?.[1]?.toLowerCase();
    if (HEAD.test(line)) {
      block.head = line;
    } else if (REPLACED.test(line)) {
      block.isReplaced = true;
    } else if (name !== undefined) {
      if (!block.fields.has(name)) block.fields.set(name, field?.[2] ?? '');
      this.#fieldName = name;
    } else if (/^\s/.test(line) && this.#fieldName !== undefined) {
      const before = block.fields.get(this.#fieldName) ?? '';
      block.fields.set(this.#fieldName, `${before} ${line.trim()}`);
    } else if (line !== '' && block.fields.size > 0) {
      block.strayLines++;
    }
  }

  #abstractLine(line: string): void {
    const abstract = this.#block?.abstract ?? [];
    if (HEAD.test(line)) {
      // The edge and the foot between two blocks are gone.
      this.#fieldLine(line);
      this.#part = 'fields';
    } else if (/^\s/.test(line) || abstract.length === 0) {
      abstract.push(line);
    } else {
      abstract.push(`${abstract.pop() ?? ''} ${line}`);
    }
  }
}

function sectionRule(line: string): MailSection | undefined {
  if (CROSS_RULE.test(line)) return 'cross';
  return REPLACE_RULE.test(line) ? 'replace' : undefined;
}
