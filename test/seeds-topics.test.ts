import { readdirSync, readFileSync } from 'node:fs';
import { readPage } from '@paperboy/readers';
import { buildTopicIndex, parseQuery, queryKey, requireQuery } from '@paperboy/topics';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CATALOGUE_EXAMPLES } from './catalogue-examples.ts';

interface SeedTopic {
  readonly slug: string;
  readonly name: string;
  readonly query: string;
  readonly about: string;
}

const seeds = new URL('../seeds/', import.meta.url);
const topics = readSeedTopics();

function readSeedTopics(): SeedTopic[] {
  const content: unknown = parse(readFileSync(new URL('topics.yaml', seeds), 'utf8'));
  if (!Array.isArray(content)) throw new TypeError('seeds/topics.yaml is no list');
  return content.map(({ slug, name, query, about }) => ({ slug, name, query, about }));
}

function readSeedPapers(): { title: string; abstract?: string }[] {
  const folder = new URL('listing-pages/', seeds);
  const byTitle = new Map<string, { title: string; abstract?: string }>();
  for (const file of readdirSync(folder)) {
    const reading = readPage({ bytes: readFileSync(new URL(file, folder)) });
    if (reading.kind !== 'listing') throw new TypeError(`${file}: ${reading.detail}`);
    for (const entry of reading.entries) byTitle.set(entry.title, entry);
  }
  return [...byTitle.values()];
}

test('the catalogue has more than sixty topics, each with a name of its own and a line about it', () => {
  expect(topics.length).toBeGreaterThan(60);
  expect(new Set(topics.map(({ slug }) => slug)).size).toBe(topics.length);
  expect(new Set(topics.map(({ name }) => name)).size).toBe(topics.length);
  for (const { slug, about } of topics) {
    expect(slug).toMatch(/^[a-z][a-z-]+[a-z]$/);
    expect(about).toMatch(/^[A-Z].{15,110}\.$/);
  }
});

test.each(topics)('the query of $slug can be read', ({ query }) => {
  expect(parseQuery(query)).toMatchObject({ ok: true });
});

test('no two topics are one', () => {
  const keys = topics.map(({ query }) => queryKey(requireQuery(query)));
  expect(new Set(keys).size).toBe(topics.length);
});

const index = buildTopicIndex(
  topics.map(({ slug, query }) => ({ id: slug, query: requireQuery(query) })),
);

test.each(topics)(
  '$slug finds a paper of its field and not one that only sounds near',
  ({ slug }) => {
    const [finds = '', leaves = ''] = CATALOGUE_EXAMPLES[slug] ?? [];
    const topicsOf = (title: string) => index.match({ title });
    expect(topicsOf(finds)).toContain(slug);
    expect(topicsOf(finds).length).toBeLessThanOrEqual(4);
    expect(topicsOf(leaves)).not.toContain(slug);
  },
);

test('no example is left over', () => {
  const slugs = new Set(topics.map(({ slug }) => slug));
  expect(Object.keys(CATALOGUE_EXAMPLES).filter((slug) => !slugs.has(slug))).toEqual([]);
});

test('the topics of the demo readers find some of the seed papers', () => {
  const papers = readSeedPapers();
  const counts = new Map<string, number>();
  let covered = 0;
  for (const paper of papers) {
    const matches = index.match(paper);
    if (matches.length > 0) covered++;
    for (const topicId of matches) counts.set(topicId, (counts.get(topicId) ?? 0) + 1);
  }
  expect(papers).toHaveLength(259);
  expect(demoTopics().filter((slug) => (counts.get(slug) ?? 0) < 3)).toEqual([]);
  expect([...counts].filter(([, count]) => count > papers.length / 5)).toEqual([]);
  expect(covered / papers.length).toBeGreaterThan(0.7);
});

/** Catalogue topics that demo readers follow; their other topics are queries of their own. */
function demoTopics(): string[] {
  const content: unknown = parse(readFileSync(new URL('subscribers.yaml', seeds), 'utf8'));
  if (!Array.isArray(content)) throw new TypeError('seeds/subscribers.yaml is no list');
  const followed = new Set(content.flatMap(({ topics: names }): string[] => names));
  return topics.map(({ slug }) => slug).filter((slug) => followed.has(slug));
}
