import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { lastDueAt, parseWeekdays } from '@paperboy/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSeeds, seedPages } from './seeds.ts';

const SEEDS = resolve(import.meta.dirname, '../../../../seeds');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'paperboy-seeds-'));
  cpSync(SEEDS, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

test('the seeds that come along can be read, and their pages stand in the order of their days', async () => {
  const { sources, topics, subscribers } = await readSeeds();
  const pages = await seedPages();
  expect(sources.map(({ name }) => name)).toContain('demo-listing');
  expect(pages.map(({ seenAt }) => seenAt.toISOString())).toEqual([
    '2026-03-11T06:00:00.000Z',
    '2026-03-14T06:00:00.000Z',
    '2026-06-05T06:00:00.000Z',
    '2026-07-30T06:00:00.000Z',
    '2026-07-31T06:00:00.000Z',
  ]);
  expect(pages[0]?.planAt).toEqual(new Date('2026-03-12T00:00:00Z'));
  const slugs = new Set(topics.map(({ slug }) => slug));
  expect(slugs.size).toBe(topics.length);
  for (const { topics: followed, address } of subscribers) {
    // A single word that is no slug would silently become a query of its own.
    for (const topic of followed.filter((name) => /^[a-z0-9-]+$/.test(name))) {
      expect(slugs, `${address}: ${topic}`).toContain(topic);
    }
  }
});

test('every demo reader agreed before the first page and gets the last one within the replay', async () => {
  const { subscribers } = await readSeeds();
  const pages = await seedPages();
  const [first, last] = [pages[0], pages.at(-1)];
  if (!first || !last) throw new Error('there are no pages');
  for (const { at, address, weekdays, ...rest } of subscribers) {
    expect(at?.getTime(), address).toBeLessThan(first.seenAt.getTime());
    const due = lastDueAt({ ...rest, weekdays: parseWeekdays(weekdays) }, last.planAt);
    expect(due.getTime(), address).toBeGreaterThanOrEqual(last.seenAt.getTime());
  }
});

test('a source that is there already is left out, as its operator has it', async () => {
  writeFileSync(join(dir, 'sources.yaml'), '- { name: a, title: A }\n- { name: b, title: B }');
  expect((await readSeeds(new Set(['a']), dir)).sources).toEqual([{ name: 'b', title: 'B' }]);
});

test('a source in the seeds may declare its page', async () => {
  const text = `- name: lab
  title: Lab
  declaration: { address: "https://lab.example.org/{date}", list: li, title: a }`;
  writeFileSync(join(dir, 'sources.yaml'), text);
  expect((await readSeeds(new Set(), dir)).sources).toEqual([
    {
      name: 'lab',
      title: 'Lab',
      url: 'https://lab.example.org/{date}',
      declaration: { list: 'li', span: 'self', title: 'a', minEntries: 1 },
    },
  ]);
});

test.each([
  [
    'topics.yaml',
    '- slug: a\n  query: x\n  about: y',
    'seeds/topics.yaml, entry 1: "name" is missing',
  ],
  [
    'topics.yaml',
    '- { slug: a, name: A, about: y, query: "vision AND language" }',
    'seeds/topics.yaml, entry 1: \nAND is not part of the language.',
  ],
  ['topics.yaml', '- { slug: a, nam: A }', 'entry 1: "name" is missing'],
  [
    'topics.yaml',
    '- { slug: a, name: A, about: y, query: x, colour: red }',
    'entry 1: "colour" is not a field that is known here',
  ],
  ['topics.yaml', 'slug: a', 'seeds/topics.yaml: is not a list of entries'],
  ['topics.yaml', '- just words', 'entry 1: is not a mapping of fields'],
  ['topics.yaml', '- slug: "a', 'seeds/topics.yaml, line '],
  ['sources.yaml', '- { name: A_B, title: x }', 'seeds/sources.yaml, A_B: "A_B" is not'],
  [
    'sources.yaml',
    '- { name: a, title: x, url: "https://example.com", cron: "61 * * * *" }',
    'seeds/sources.yaml, a: "61 * * * *"',
  ],
  [
    'sources.yaml',
    '- { name: a, title: x, declaration: { list: li, titel: a } }',
    'seeds/sources.yaml, a: declaration: title: is missing\ndeclaration: "titel" is not a field of a declaration; was title meant?',
  ],
  [
    'sources.yaml',
    '- { name: a, title: x, format: hf-page, declaration: { list: li, title: a } }',
    'a: format hf-page: a declaration is read as declared alone',
  ],
  ['sources.yaml', '- { name: a, title: x, format: declared }', 'declared needs a declaration'],
  [
    'sources.yaml',
    '- { name: a, title: x, url: "https://huggingface.co/papers" }',
    'it leads to whatever list its visitor saw last',
  ],
  ['sources.yaml', '- { name: a, title: x, format: zip }', '"format" "zip" is none of plain-text'],
  [
    'subscribers.yaml',
    '- { address: a@example.com, recurring: off, topics: [x], schedule: { cadence: hourly } }',
    'entry 1, schedule: "cadence" "hourly" is none of daily, weekly',
  ],
])('a mistake in %s is told with its place (%#)', async (file, text, sentence) => {
  writeFileSync(join(dir, file), text);
  const error = await readSeeds(new Set(), dir).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'SEEDS_INVALID' });
  expect(String(error)).toContain(sentence);
});
