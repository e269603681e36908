import {
  ensureSource,
  ensureSubscriber,
  ensureTopic,
  listCatalogue,
  listSources,
  listSubscribers,
  skipEmptyPast,
} from '@paperboy/store';
import { declareSubscriber } from '../declarations.ts';
import type { Shared } from '../shared.ts';
import { inSeeds } from './seed-entry.ts';
import { readSeeds, type Seeds } from './seeds.ts';

/**
 * Adds what of the seeds is not there yet; what is there stays as the operator has it. Demo subscribers come
 * only while mail goes to the development inbox.
 */
export async function loadSeeds(shared: Shared): Promise<void> {
  const { db } = shared;
  const known = new Set((await listSources(db)).map(({ name }) => name));
  const seeds = await readSeeds(known);
  for (const source of seeds.sources) await ensureSource(db, source);
  await loadTopics(shared, seeds);
  if (shared.settings.smtpUrl === 'inbox') await loadSubscribers(shared, seeds);
  await skipEmptyPast(db);
}

async function loadTopics({ db }: Shared, { topics }: Seeds): Promise<void> {
  const known = new Map((await listCatalogue(db)).map((topic) => [topic.slug, topic]));
  for (const topic of topics) {
    const there = known.get(topic.slug);
    // One that came before the catalogue had fields is given its field.
    if (there?.query === topic.query && there.field === null) await ensureTopic(db, topic);
    if (!there) await ensureTopic(db, topic);
  }
}

async function loadSubscribers(shared: Shared, { subscribers }: Seeds): Promise<void> {
  const { db } = shared;
  const known = new Set((await listSubscribers(db)).map(({ address }) => address.toLowerCase()));
  const links = await shared.links();
  for (const subscriber of subscribers) {
    if (known.has(subscriber.address.toLowerCase())) continue;
    const declared = await declareSubscriber(db, links, subscriber).catch((thrown: unknown) => {
      throw inSeeds(`seeds/subscribers.yaml, ${subscriber.address}`, thrown);
    });
    await ensureSubscriber(db, declared);
  }
}
