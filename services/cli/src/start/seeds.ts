import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CADENCES, PAGE_FORMATS, RECURRING_POLICIES } from '@paperboy/core';
import type { SourceDeclaration, TopicDeclaration } from '@paperboy/store';
import { checkSource, declareTopic, type SubscriberDeclaration } from '../declarations.ts';
import { dayInName } from '../page-files.ts';
import { inSeeds, readSeedFile, type SeedEntry } from './seed-entry.ts';

/** What a first start loads. */
export interface Seeds {
  readonly sources: readonly SourceDeclaration[];
  readonly topics: readonly (TopicDeclaration & { readonly slug: string })[];
  readonly subscribers: readonly SubscriberDeclaration[];
}

/** A saved page that is replayed as if its day had just happened. */
export interface SeedPage {
  readonly path: string;
  /** 06:00 UTC of its day. */
  readonly seenAt: Date;
  /** The midnight (UTC) after its day, as of which its digests are planned. */
  readonly planAt: Date;
}

/** The source whose pages `seeds/listing-pages` holds. */
export const DEMO_SOURCE = 'demo-listing';

const FOLDER = resolve(import.meta.dirname, '../../../../seeds');
const DAY_MS = 24 * 3600_000;

/**
 * Reads and checks the seeds. Sources that are known by their names are left out: what checks them brings all readers
 * along. Throws SEEDS_INVALID with the place of the first mistake.
 */
export async function readSeeds(
  known: ReadonlySet<string> = new Set(),
  folder = FOLDER,
): Promise<Seeds> {
  const [written, topics, subscribers] = await Promise.all([
    readSeedFile(join(folder, 'sources.yaml'), sourceOf),
    readSeedFile(join(folder, 'topics.yaml'), topicOf),
    readSeedFile(join(folder, 'subscribers.yaml'), subscriberOf),
  ]);
  const sources: SourceDeclaration[] = [];
  for (const entry of written) {
    if (known.has(entry.name)) continue;
    try {
      const source = await withDeclaration(entry);
      await checkSource(source);
      sources.push(source);
    } catch (thrown) {
      throw inSeeds(`seeds/sources.yaml, ${entry.name}`, thrown);
    }
  }
  return { sources, topics, subscribers };
}

interface WrittenSource extends Omit<SourceDeclaration, 'declaration'> {
  /** As it was written down. */
  readonly declaration?: unknown;
}

async function withDeclaration(source: WrittenSource): Promise<SourceDeclaration> {
  const { declaration: written, ...rest } = source;
  if (written === undefined) return rest;
  const { checkPageDeclaration } = await import('../declaration-file.ts');
  const { address, declaration } = checkPageDeclaration(written);
  return { ...(address && { url: address }), ...rest, declaration };
}

function sourceOf(entry: SeedEntry): WrittenSource {
  const declaration = entry.optionalValue('declaration');
  const url = entry.optionalText('url');
  const format = entry.optionalText('format') && entry.choice('format', PAGE_FORMATS);
  const cron = entry.optionalText('cron');
  const zone = entry.optionalText('zone');
  const textPriority = entry.optionalNumber('textPriority');
  const publishes = entry.optionalText('publishes');
  const essential = entry.optionalFlag('essential');
  return {
    name: entry.text('name'),
    title: entry.text('title'),
    ...(url && { url }),
    ...(format && { format }),
    ...(declaration !== undefined && { declaration }),
    ...(cron && { cron }),
    ...(zone && { zone }),
    ...(textPriority !== undefined && { textPriority }),
    ...(publishes && { publishes }),
    ...(essential !== undefined && { essential }),
  };
}

function topicOf(entry: SeedEntry) {
  const slug = entry.text('slug');
  const field = entry.optionalText('field');
  const names = {
    ...{ slug, name: entry.text('name'), about: entry.text('about') },
    ...(field !== undefined && { field }),
  };
  return { ...declareTopic(entry.text('query'), names), slug };
}

function subscriberOf(entry: SeedEntry): SubscriberDeclaration {
  const at = entry.optionalDay('since');
  return {
    address: entry.text('address'),
    ...entry.mapping('schedule', (schedule) => ({
      cadence: schedule.choice('cadence', CADENCES),
      weekdays: schedule.text('weekdays'),
      hour: schedule.number('hour'),
      zone: schedule.text('zone'),
    })),
    recurring: entry.choice('recurring', RECURRING_POLICIES),
    topics: entry.texts('topics'),
    ...(at && { at }),
  };
}

/** In the order of their days. */
export async function seedPages(folder = join(FOLDER, 'listing-pages')): Promise<SeedPage[]> {
  const names = await readdir(folder);
  const pages = names.flatMap((name) => {
    const seenAt = dayInName(name);
    if (!seenAt) return [];
    const planAt = new Date(Math.floor(seenAt.getTime() / DAY_MS) * DAY_MS + DAY_MS);
    return [{ path: join(folder, name), seenAt, planAt }];
  });
  return pages.sort((a, b) => a.seenAt.getTime() - b.seenAt.getTime());
}
