import type { Entry, TextKind } from './entry.ts';
import {
  comparableAbstract,
  type Fingerprint,
  isTitleKey,
  type KnownPaper,
  type PaperKey,
  sameByTitle,
  titleKey,
  titleName,
} from './identity.ts';
import type { PaperTextId } from './ids.ts';

/** An entry with its names and the digest of its words. */
export interface KeyedEntry extends Entry {
  /** Strongest first; never empty. */
  readonly keys: readonly PaperKey[];
  readonly fingerprint: Fingerprint;
}

/** The wording that one source last gave of a paper. */
export interface KnownText {
  readonly textId: PaperTextId;
  readonly textKind: TextKind;
  readonly fingerprint: Fingerprint;
  readonly words: Pick<Entry, 'title' | 'abstract'>;
}

/** What is stored about the papers that a page's keys lead to. */
export interface KnownEntry extends KnownPaper {
  /** What this page's source last said in the entry's kind of text; absent where it never spoke of the paper. */
  readonly text?: KnownText | undefined;
}

/** How an entry's text stands to what its source said of the paper before. */
export type TextChange =
  | { readonly kind: 'first' }
  | { readonly kind: 'same'; readonly textId: PaperTextId }
  /** The source had the title only and now has the abstract too. */
  | { readonly kind: 'completed'; readonly textId: PaperTextId }
  /** Same words, other addresses: kept, never mailed. */
  | { readonly kind: 'links'; readonly textId: PaperTextId }
  | {
      readonly kind: 'revised';
      readonly textId: PaperTextId;
      readonly changed: readonly ('title' | 'abstract')[];
    };

export interface RecurringEntry {
  readonly entry: KeyedEntry;
  readonly paper: KnownEntry;
  readonly change: TextChange;
  /** Names of the entry that the paper does not carry yet: ids that arrived later, former titles. */
  readonly newKeys: readonly PaperKey[];
}

export interface NewEntry {
  readonly entry: KeyedEntry;
  /** The names the new paper takes; a title that belongs to another paper is not among them. */
  readonly keys: readonly PaperKey[];
  /** A known paper of the same title that is another work, for a person to look at. */
  readonly sameTitleAs?: KnownPaper;
}

/** Where each entry of one page belongs: in exactly one list, in page order. */
export interface PageDiff {
  readonly newEntries: readonly NewEntry[];
  readonly recurringEntries: readonly RecurringEntry[];
  /** The same paper a second time on this page; its first position counts. */
  readonly repeatedEntries: readonly KeyedEntry[];
}

/**
 * Sorts a page's entries. Pure, linear in the entries; `known` need only hold stored keys that this page uses.
 * New and recurring are decided per paper against everything ever seen, never by date.
 */
export function diffPage(
  entries: readonly KeyedEntry[],
  known: ReadonlyMap<PaperKey, KnownEntry>,
): PageDiff {
  const newEntries: NewEntry[] = [];
  const recurringEntries: RecurringEntry[] = [];
  const repeatedEntries: KeyedEntry[] = [];
  const onPage = new PapersOnPage();
  for (const entry of entries) {
    if (onPage.has(entry)) {
      repeatedEntries.push(entry);
      continue;
    }
    const found = findPaper(entry, known);
    if (found.paper) {
      if (onPage.hasPaper(found.paper)) {
        repeatedEntries.push(entry);
        continue;
      }
      onPage.add(entry, found.paper);
      const newKeys = unknownOf(entry, found.paper, known);
      recurringEntries.push({
        entry,
        paper: found.paper,
        change: textChange(entry, found.paper),
        newKeys,
      });
    } else {
      const keys = entry.keys.filter((key) => !known.has(key) && !onPage.owns(key));
      const sameTitle = found.sameTitle && { sameTitleAs: found.sameTitle };
      newEntries.push({ entry, keys: onPage.addNew(entry, keys), ...sameTitle });
    }
  }
  return { newEntries, recurringEntries, repeatedEntries };
}

/** A title whose own key belongs to another work is told apart by its text, the same way each time it is listed. */
export function distinctKey(entry: KeyedEntry): PaperKey {
  return `title:${titleName(entry.title)}/${entry.fingerprint}` as string as PaperKey;
}

const NO_KEYS: readonly PaperKey[] = [];

/**
 * Almost always none, and then no list is made. The title of the same words was noted with them, so that nobody
 * need ask for it.
 */
function unknownOf(
  { keys, fingerprint }: KeyedEntry,
  paper: KnownEntry,
  known: ReadonlyMap<PaperKey, KnownEntry>,
): readonly PaperKey[] {
  const sameWords = paper.text?.fingerprint === fingerprint;
  const isUnknown = (key: PaperKey) => !known.has(key) && !(sameWords && isTitleKey(key));
  return keys.some(isUnknown) ? keys.filter(isUnknown) : NO_KEYS;
}

/**
 * Whether more must be known about the paper that an entry's title leads to before the two can be called one:
 * its ids and an abstract. True only where neither an id nor the same words settle it, which is rare.
 */
export function needsEvidence(
  entry: Pick<KeyedEntry, 'keys' | 'fingerprint'>,
  known: ReadonlyMap<PaperKey, Pick<KnownEntry, 'text'>>,
): boolean {
  const found = entry.keys.find((key) => known.has(key));
  if (found === undefined || !isTitleKey(found)) return false;
  const sameWords = known.get(found)?.text?.fingerprint === entry.fingerprint;
  return !sameWords || entry.keys.length > 1;
}

function findPaper(
  entry: KeyedEntry,
  known: ReadonlyMap<PaperKey, KnownEntry>,
): { paper?: KnownEntry; sameTitle?: KnownEntry } {
  let sameTitle: KnownEntry | undefined;
  for (const key of entry.keys) {
    const paper = known.get(key);
    if (!paper) continue;
    if (!isTitleKey(key)) return { paper };
    const sameWords = paper.text?.fingerprint === entry.fingerprint;
    if (isSameWork(entry, paper, sameWords)) return { paper };
    sameTitle = paper;
  }
  const told = sameTitle && known.get(distinctKey(entry));
  return told ? { paper: told } : sameTitle ? { sameTitle } : {};
}

/** The papers met so far on this page, by key and by stored paper. */
class PapersOnPage {
  readonly #byKey = new Map<PaperKey, { entry: KeyedEntry; paper?: KnownEntry | undefined }>();
  readonly #papers = new Set<string>();
  /** Rarely true; a distinct key for each entry would cost more than all else here. */
  #someAreDistinct = false;

  add(entry: KeyedEntry, paper?: KnownEntry): void {
    const first = { entry, paper };
    for (const key of entry.keys) if (!this.#byKey.has(key)) this.#byKey.set(key, first);
    if (paper) this.#papers.add(paper.paperId);
  }

  /** Adds a new paper and gives its names: those that are free, or a distinct one where none is. */
  addNew(entry: KeyedEntry, free: readonly PaperKey[]): readonly PaperKey[] {
    const keys = free.length > 0 ? free : [distinctKey(entry)];
    this.add({ ...entry, keys });
    this.#someAreDistinct ||= free.length === 0;
    return keys;
  }

  owns(key: PaperKey): boolean {
    return this.#byKey.has(key);
  }

  hasPaper(paper: KnownPaper): boolean {
    return this.#papers.has(paper.paperId);
  }

  has(entry: KeyedEntry): boolean {
    for (const key of entry.keys) {
      const first = this.#byKey.get(key);
      if (!first) continue;
      if (!isTitleKey(key)) return true;
      const names = [...first.entry.keys, ...(first.paper?.strongKeys ?? [])];
      const strongKeys = names.filter((name) => !isTitleKey(name));
      const known = { strongKeys, ...abstractOf(first.entry) };
      if (isSameWork(entry, known, first.entry.fingerprint === entry.fingerprint)) return true;
    }
    return this.#someAreDistinct && this.#byKey.has(distinctKey(entry));
  }
}

/** Title and words decide together: the same words settle a title too short to join by itself. */
function isSameWork(
  entry: KeyedEntry,
  known: Pick<KnownPaper, 'strongKeys' | 'abstract'>,
  sameWords: boolean,
): boolean {
  const found = sameByTitle(entry, known);
  return found === 'same' || (sameWords && found !== 'different-ids');
}

const abstractOf = (entry: Entry) =>
  entry.abstract === undefined ? {} : { abstract: entry.abstract };

/** Compares an entry with the wording its own source gave last; texts of another kind or source are not compared. */
export function textChange(entry: KeyedEntry, paper: KnownEntry): TextChange {
  const before = paper.text;
  if (before?.textKind !== entry.textKind) return { kind: 'first' };
  const { textId } = before;
  if (before.fingerprint === entry.fingerprint) return { kind: 'same', textId };
  const changed: ('title' | 'abstract')[] = [];
  if (titleKey(before.words.title) !== titleKey(entry.title)) changed.push('title');
  const abstract = abstractChange(before.words.abstract, entry.abstract);
  if (abstract === 'revised') changed.push('abstract');
  if (changed.length > 0) return { kind: 'revised', textId, changed };
  return { kind: abstract === 'revised' ? 'same' : abstract, textId };
}

/** Spelling, wrapping and link hosts are no change; an abstract that a list leaves out is not taken back. */
function abstractChange(
  before: string | undefined,
  now: string | undefined,
): 'same' | 'completed' | 'links' | 'revised' {
  if (now === undefined || now === before) return 'same';
  if (before === undefined) return 'completed';
  if (withoutAddresses(before) !== withoutAddresses(now)) return 'revised';
  return comparableAbstract(before) === comparableAbstract(now) ? 'same' : 'links';
}

function withoutAddresses(abstract: string): string {
  return comparableAbstract(abstract.replace(/https?:\/\/\S+/gi, ' '));
}
