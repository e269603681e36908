import { readdirSync, readFileSync } from 'node:fs';
import { readPage } from '@paperboy/readers';
import { buildTopicIndex, parseQuery, queryKey, requireQuery } from '@paperboy/topics';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

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

test('the catalogue has some two dozen topics, each with a name of its own and a line about it', () => {
  expect(topics.length).toBeGreaterThanOrEqual(24);
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

test('every topic finds some of the seed papers and none finds a fifth of them', () => {
  const papers = readSeedPapers();
  const index = buildTopicIndex(
    topics.map(({ slug, query }) => ({ id: slug, query: requireQuery(query) })),
  );
  const found = new Map(topics.map(({ slug }) => [slug, 0]));
  let covered = 0;
  for (const paper of papers) {
    const matches = index.match(paper);
    if (matches.length > 0) covered++;
    for (const { topicId } of matches) found.set(topicId, (found.get(topicId) ?? 0) + 1);
  }
  expect(papers).toHaveLength(259);
  expect([...found].filter(([, count]) => count < 3)).toEqual([]);
  expect([...found].filter(([, count]) => count > papers.length / 5)).toEqual([]);
  expect(covered / papers.length).toBeGreaterThan(0.7);
});
