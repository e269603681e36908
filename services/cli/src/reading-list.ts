import { type PageFormat, PaperboyError } from '@paperboy/core';
import {
  habitsOf,
  knownSource,
  nameFrom,
  type OpmlFeed,
  printOpml,
  readOpml,
} from '@paperboy/readers';
import { type Db, listSources, type SourceDeclaration } from '@paperboy/store';
import { checkSource } from './declarations.ts';
import { addByCommand } from './source-desk.ts';
import { type KnownSources, knownSources } from './source-names.ts';

/** What became of one line of a reading list. */
export interface OutlineReport {
  readonly title: string;
  readonly address: string | null;
  readonly folder: string | null;
  readonly outcome: 'added' | 'there already' | 'refused';
  readonly source: string | null;
  readonly why: string | null;
}

/**
 * Adds the feeds of an OPML file as sources, each at its best address and fetched first by its schedule. One that is
 * watched already is left as it is, so the same file may be given twice. Throws PAGE_UNREADABLE.
 */
export async function importReadingList(
  db: Db,
  file: string,
  bytes: Uint8Array,
  dryRun: boolean,
): Promise<{ outlines: readonly OutlineReport[]; warnings: readonly string[] }> {
  const list = readOpml(bytes);
  if (list.kind === 'refused') {
    throw new PaperboyError('PAGE_UNREADABLE', `${file}: no reading list (OPML): ${list.detail}`);
  }
  const known = await knownSources(db);
  const outlines: OutlineReport[] = [];
  for (const feed of list.feeds) {
    const { outcome, source = null, why = null } = await importFeed(db, feed, known, dryRun);
    const folder = feed.folders.join(' / ') || null;
    outlines.push({
      title: feed.title,
      address: feed.address ?? null,
      folder,
      outcome,
      source,
      why,
    });
  }
  return { outlines, warnings: list.warnings };
}

type Imported = Pick<OutlineReport, 'outcome'> & {
  readonly source?: string;
  readonly why?: string;
};

async function importFeed(
  db: Db,
  { title, address }: OpmlFeed,
  known: KnownSources,
  dryRun: boolean,
): Promise<Imported> {
  if (address === undefined) return { outcome: 'refused', why: 'no feed address' };
  const url = URL.parse(address);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return { outcome: 'refused', why: 'not an http or https address' };
  }
  if (url.username !== '' || url.password !== '') {
    return { outcome: 'refused', why: 'the address carries a login' };
  }
  const best: SourceDeclaration = knownSource(address) ?? {
    url: address,
    name: nameFrom(title || url.hostname),
    title: title || url.hostname,
    ...habitsOf('feed'),
  };
  const existing = known.at(best.url ?? address);
  if (existing !== undefined) return { outcome: 'there already', source: existing };
  const declared = await checkSource({
    ...best,
    title: title || best.title,
    name: known.freeName(best.name),
  });
  if (!dryRun) await addByCommand(db, declared);
  known.add(declared.name, declared.url ?? address);
  return { outcome: 'added', source: declared.name };
}

/** Formats whose pages a feed reader can read too. */
const FEEDS: readonly PageFormat[] = ['feed', 'arxiv-feed', 'arxiv-api'];

/** The sources that are feeds, as OPML, and the names of those with an address that are none. Throws NOT_FOUND. */
export async function exportReadingList(
  db: Db,
  at: Date,
): Promise<{ opml: string; feeds: number; others: readonly string[] }> {
  const withAddress = (await listSources(db)).flatMap(({ url, ...source }) =>
    url === null ? [] : [{ ...source, address: url }],
  );
  const isFeed = ({ address, format }: (typeof withAddress)[number]) =>
    !address.includes('{date}') && (format === null || FEEDS.some((feed) => feed === format));
  const feeds = withAddress.filter(isFeed);
  if (feeds.length === 0)
    throw new PaperboyError('NOT_FOUND', 'no source is a feed with an address');
  return {
    opml: printOpml('Sources of Paperboy', feeds, at),
    feeds: feeds.length,
    others: withAddress.filter((source) => !isFeed(source)).map(({ name }) => name),
  };
}
