import {
  comparableAbstract,
  coverageOf,
  type Entry,
  judgePage,
  type Listing,
  type PageReading,
  titleKey,
} from '@paperboy/core';
import { expect, test } from 'vitest';
import { DECLARED_CARDS, DECLARED_PAIRS } from '../test/declarations.ts';
import { htmlMutants, type Mutant, mailMutants, xmlMutants } from '../test/mutations.ts';
import { fixtureText, read } from '../test/support.ts';

interface Case {
  readonly name: string;
  readonly page: string;
  readonly mutants: (page: string) => Iterable<Mutant>;
  /** For readers that need more than the page. */
  readonly read?: (page: string) => PageReading;
}

const ARXIV = fixtureText('arxiv-new.html');
const DAY = fixtureText('hf-day.html');
const TRENDING = fixtureText('hf-trending.html');
const withoutData = (page: string) => page.replace(/data-props="\{&quot;canSubmit[^"]*"/, '');
const asDay = (page: string) =>
  read(page, { address: 'https://huggingface.co/papers/date/2026-02-05' });

/** A reader of pages joins by one line here. */
const CASES: readonly Case[] = [
  { name: 'arxiv-new.html', page: ARXIV, mutants: htmlMutants },
  {
    name: 'arxiv-new.html without its counts and numbers',
    page: ARXIV.replaceAll(/\(showing [^)]*\)|Total of \d+ entries|\[\d\]/g, ''),
    mutants: htmlMutants,
  },
  {
    name: 'arxiv-new-before-2024.html',
    page: fixtureText('arxiv-new-before-2024.html'),
    mutants: htmlMutants,
  },
  { name: 'arxiv-recent.html', page: fixtureText('arxiv-recent.html'), mutants: htmlMutants },
  { name: 'arxiv-mail.txt', page: fixtureText('arxiv-mail.txt'), mutants: mailMutants },
  { name: 'arxiv-rss.xml', page: fixtureText('arxiv-rss.xml'), mutants: xmlMutants },
  { name: 'arxiv-atom.xml', page: fixtureText('arxiv-atom.xml'), mutants: xmlMutants },
  { name: 'arxiv-api.xml', page: fixtureText('arxiv-api.xml'), mutants: xmlMutants },
  { name: 'feed-hf.xml', page: fixtureText('feed-hf.xml'), mutants: xmlMutants },
  { name: 'feed-rss.xml', page: fixtureText('feed-rss.xml'), mutants: xmlMutants },
  { name: 'feed-rdf.xml', page: fixtureText('feed-rdf.xml'), mutants: xmlMutants },
  { name: 'feed-atom.xml', page: fixtureText('feed-atom.xml'), mutants: xmlMutants },
  { name: 'hf-day.html', page: DAY, mutants: htmlMutants },
  { name: 'hf-trending.html', page: TRENDING, mutants: htmlMutants },
  { name: 'hf-day.html by its cards', page: withoutData(DAY), mutants: htmlMutants, read: asDay },
  { name: 'hf-trending.html by its cards', page: withoutData(TRENDING), mutants: htmlMutants },
  {
    name: 'declared-cards.html',
    page: fixtureText('declared-cards.html'),
    mutants: htmlMutants,
    read: (page) => read(page, { declaration: DECLARED_CARDS }),
  },
  {
    name: 'declared-pairs.html',
    page: fixtureText('declared-pairs.html'),
    mutants: htmlMutants,
    read: (page) => read(page, { declaration: DECLARED_PAIRS }),
  },
];

/** What a reading lies about: words that are another's, or entries that are gone while the page passes for good. */
function lie(reading: PageReading, whole: Listing): string | undefined {
  if (reading.kind === 'unreadable') return undefined;
  const known = new Map(
    whole.entries.flatMap((entry) => namesOf(entry).map((name) => [name, entry] as const)),
  );
  const { verdict } = judgePage(
    reading,
    undefined,
    { papers: reading.entries.length, sharedWithLast: 0 },
    { batchSizes: [], coverage: coverageOf(whole.entries), due: 'unknown' },
  );
  const isGood = verdict === 'new-batch';
  if (isGood && reading.entries.length !== whole.entries.length) {
    return `has ${reading.entries.length} of ${whole.entries.length} entries and is ${verdict}`;
  }
  const isSaid = !isGood || reading.warnings.length > whole.warnings.length;
  for (const entry of reading.entries) {
    const original = namesOf(entry)
      .map((name) => known.get(name))
      .find((found) => found !== undefined);
    if (original === undefined) return `has an entry ${namesOf(entry)}`;
    if (titleKey(entry.title) !== titleKey(original.title)) return `has the title "${entry.title}"`;
    const wrong = wrongText(entry, original);
    if (wrong !== undefined) return wrong;
    const lost = lostField(entry, original);
    if (lost !== undefined && !isSaid)
      return `lost the ${lost} of ${namesOf(entry)} without a word`;
  }
  if (reading.date === undefined && whole.date !== undefined && !isSaid) return 'lost its date';
  return undefined;
}

const namesOf = ({ ids, title }: Entry) => [...(ids.arxiv ? [ids.arxiv] : []), titleKey(title)];

/** Words under the wrong name are worse than none and no warning makes them good. */
function wrongText(entry: Entry, original: Entry): string | undefined {
  if (entry.abstract === undefined) return undefined;
  // What the page shows in the abstract's place and calls so.
  if (entry.textKind === 'summary' && original.textKind === 'abstract') return undefined;
  const isText = comparableAbstract(entry.abstract) === comparableAbstract(original.abstract ?? '');
  return isText ? undefined : `has the abstract "${entry.abstract}"`;
}

function lostField(entry: Entry, original: Entry): string | undefined {
  if (entry.abstract === undefined && original.abstract !== undefined) return 'abstract';
  if (entry.textKind !== original.textKind) return 'abstract';
  if (entry.ids.arxiv !== original.ids.arxiv) return 'id';
  if (String(entry.authors) !== String(original.authors)) return 'authors';
  if (String(entry.categories) !== String(original.categories)) return 'categories';
  return entry.section === original.section ? undefined : 'section';
}

test.each(CASES)(
  '$name with a piece of it gone reads the same, or tells',
  { timeout: 60_000 },
  (one) => {
    const readOne = one.read ?? read;
    const whole = readOne(one.page);
    if (whole.kind === 'unreadable') throw new Error(whole.detail);
    const lies: string[] = [];
    let count = 0;
    for (const { what, page } of one.mutants(one.page)) {
      count++;
      const found = lie(readOne(page), whole);
      if (found !== undefined) lies.push(`${what}: it ${found}`);
    }
    expect(lies).toEqual([]);
    expect(count).toBeGreaterThan(150);
  },
);
