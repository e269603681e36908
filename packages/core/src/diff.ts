import type { Entry } from './entry.ts';
import {
  type Fingerprint,
  isTitleKey,
  type KnownPaper,
  type PaperKey,
  sameById,
  sameByTitle,
} from './identity.ts';
import type { PaperId } from './ids.ts';
import { type KnownText, type TextChange, textChange } from './text-change.ts';
import { titleName } from './title-key.ts';

/** An entry with its names and the digest of its words. */
export interface KeyedEntry extends Entry {
  /** Strongest first; never empty. */
  readonly keys: readonly PaperKey[];
  readonly fingerprint: Fingerprint;
}

/** What is stored about the papers that a page's keys lead to. */
export interface KnownEntry extends KnownPaper {
  /** What this page's source last said in the entry's kind of text; absent where it never spoke of the paper. */
  readonly text?: KnownText | undefined;
}

/** Another work that an entry's names lead to as well: linked for a person to look at, and never merged. */
export interface OtherWork {
  /** What the two have in common: a title, or an id that one entry gave beside the other's. */
  readonly by: 'title' | 'id';
  /** A stored paper, or what stands for a new one on the same page. */
  readonly paper: PaperId | KeyedEntry;
}

export interface RecurringEntry {
  readonly entry: KeyedEntry;
  readonly paper: KnownEntry;
  readonly change: TextChange;
  /** Names of the entry that the paper does not carry yet: ids that arrived later, former titles. */
  readonly newKeys: readonly PaperKey[];
  readonly otherWorks: readonly OtherWork[];
}

export interface NewEntry {
  readonly entry: KeyedEntry;
  /** The names the new paper takes; one that belongs to another paper is not among them. */
  readonly keys: readonly PaperKey[];
  readonly otherWorks: readonly OtherWork[];
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
    const paper = paperOf(entry, known, onPage);
    if (paper === 'shown') {
      repeatedEntries.push(entry);
    } else if (paper) {
      const newKeys = unknownOf(entry, paper, known);
      const otherWorks = otherWorksOf(entry, paper, known, onPage);
      recurringEntries.push({
        entry,
        paper,
        change: textChange(entry, paper.text),
        newKeys,
        otherWorks,
      });
      onPage.add(entry, paper);
    } else {
      const free = entry.keys.filter((key) => !known.has(key) && !onPage.owns(key));
      const otherWorks = otherWorksOf(entry, undefined, known, onPage);
      newEntries.push({ entry, keys: onPage.addNew(entry, free), otherWorks });
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
 * Whether more must be known about the paper that an entry's names lead to before the two can be called one: its
 * ids and an abstract. True only where neither the strongest id nor the same words settle it, which is rare.
 */
export function needsEvidence(
  entry: Pick<KeyedEntry, 'keys' | 'fingerprint'>,
  known: ReadonlyMap<PaperKey, Pick<KnownEntry, 'text'>>,
): boolean {
  const found = entry.keys.find((key) => known.has(key));
  if (found === undefined) return false;
  if (!isTitleKey(found)) return found !== entry.keys[0];
  const sameWords = known.get(found)?.text?.fingerprint === entry.fingerprint;
  return !sameWords || entry.keys.length > 1;
}

/**
 * The paper that an entry's strongest name leads to, of those that do not contradict it; `shown` where this page
 * has shown it already, and nothing where it is a new one.
 */
function paperOf(
  entry: KeyedEntry,
  known: ReadonlyMap<PaperKey, KnownEntry>,
  onPage: PapersOnPage,
): KnownEntry | 'shown' | undefined {
  for (const key of entry.keys) {
    const paper = known.get(key);
    if (!paper) {
      if (onPage.hasUnder(key, entry)) return 'shown';
    } else if (isTitleKey(key) ? isSameText(entry, paper) : sameById(entry, key, paper)) {
      return onPage.hasPaper(paper) ? 'shown' : paper;
    }
  }
  return toldApart(entry, known, onPage);
}

/** The paper of an entry whose title belongs to another work, and that was told apart from it by its text. */
function toldApart(
  entry: KeyedEntry,
  known: ReadonlyMap<PaperKey, KnownEntry>,
  onPage: PapersOnPage,
): KnownEntry | 'shown' | undefined {
  if (onPage.hasDistinct(entry)) return 'shown';
  const title = entry.keys.find(isTitleKey);
  if (title === undefined || !known.has(title)) return undefined;
  const paper = known.get(distinctKey(entry));
  return paper && onPage.hasPaper(paper) ? 'shown' : paper;
}

const NO_WORKS: readonly OtherWork[] = [];

/** Almost always none, and then no list is made. */
function otherWorksOf(
  entry: KeyedEntry,
  paper: KnownEntry | undefined,
  known: ReadonlyMap<PaperKey, KnownEntry>,
  onPage: PapersOnPage,
): readonly OtherWork[] {
  let others: Map<PaperId | KeyedEntry, OtherWork> | undefined;
  for (const key of entry.keys) {
    const other = known.get(key)?.paperId ?? onPage.ownerOf(key);
    if (other === undefined || other === paper?.paperId || others?.has(other)) continue;
    others ??= new Map();
    others.set(other, { by: isTitleKey(key) ? 'title' : 'id', paper: other });
  }
  return others ? [...others.values()] : NO_WORKS;
}

/** The papers met so far on this page, by key and by stored paper. */
class PapersOnPage {
  readonly #byKey = new Map<PaperKey, { entry: KeyedEntry; paper?: KnownEntry | undefined }>();
  readonly #papers = new Set<string>();
  /** Rarely true; a distinct key for each entry would cost more than all else here. */
  #someAreDistinct = false;

  add(entry: KeyedEntry, paper: KnownEntry): void {
    this.#note(entry, entry.keys, paper);
    this.#papers.add(paper.paperId);
  }

  /** Adds a new paper and gives its names: those that are free, or a distinct one where none is. */
  addNew(entry: KeyedEntry, free: readonly PaperKey[]): readonly PaperKey[] {
    const keys = free.length > 0 ? free : [distinctKey(entry)];
    this.#note(entry, keys);
    this.#someAreDistinct ||= free.length === 0;
    return keys;
  }

  #note(entry: KeyedEntry, keys: readonly PaperKey[], paper?: KnownEntry): void {
    const first = { entry, paper };
    for (const key of keys) if (!this.#byKey.has(key)) this.#byKey.set(key, first);
  }

  owns(key: PaperKey): boolean {
    return this.#byKey.has(key);
  }

  /** Whose name a key is on this page: a stored paper's, or that of the entry that is a new one. */
  ownerOf(key: PaperKey): PaperId | KeyedEntry | undefined {
    const first = this.#byKey.get(key);
    return first?.paper?.paperId ?? first?.entry;
  }

  hasPaper(paper: KnownPaper): boolean {
    return this.#papers.has(paper.paperId);
  }

  /** Whether an entry is what this page has shown under one of its keys, which no stored paper owns. */
  hasUnder(key: PaperKey, entry: KeyedEntry): boolean {
    const first = this.#byKey.get(key);
    if (!first) return false;
    const names = [...first.entry.keys, ...(first.paper?.strongKeys ?? [])];
    const strongKeys = names.filter((name) => !isTitleKey(name));
    if (!isTitleKey(key)) return sameById(entry, key, { strongKeys });
    const known = { strongKeys, ...abstractOf(first.entry) };
    return isSameWork(entry, known, first.entry.fingerprint === entry.fingerprint);
  }

  hasDistinct(entry: KeyedEntry): boolean {
    return this.#someAreDistinct && this.#byKey.has(distinctKey(entry));
  }
}

function isSameText(entry: KeyedEntry, paper: KnownEntry): boolean {
  return isSameWork(entry, paper, paper.text?.fingerprint === entry.fingerprint);
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

/** A summary is nobody's evidence. */
const abstractOf = ({ textKind, abstract }: Entry) =>
  textKind === 'summary' || abstract === undefined ? {} : { abstract };
