import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPaperboy } from '../program.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperboy-evaluate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const jsonLines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const rowsOf = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const paper = (id: string, day: string, split: string, about: string) => ({
  ...{ id, day, split, title: `On ${about}` },
  abstract: `This is about ${about}, and ${about} once more.`,
});
const SUBJECTS = [
  'sparse autoencoders',
  'robot grasping',
  'machine translation',
  'protein folding',
  'weather forecasts',
  'noisy images',
];
const PAPERS = [
  ...Array.from({ length: 60 }, (_, index) =>
    paper(`past-${index}`, 'tr-0', 'train', SUBJECTS[index % 6] ?? ''),
  ),
  ...Array.from({ length: 45 }, (_, index) =>
    paper(`new-${index}`, `te-${index % 3}`, 'test', SUBJECTS[Math.floor(index / 15)] ?? ''),
  ),
];
const TOPICS = [
  { topic_id: 'sae', name: 'Autoencoders', query: '"sparse autoencoder"' },
  { topic_id: 'robots', name: 'Robots', query: 'grasping -translation' },
  { topic_id: 'none', name: 'Nothing', query: 'blockchain' },
];

async function evaluate(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const all = [
    '--papers',
    'papers.jsonl',
    '--topics',
    'topics.jsonl',
    '--sent',
    'sent.jsonl',
    '--ranking',
    'ranking.jsonl',
    ...args,
  ];
  const context = { env: { INIT_CWD: folder }, stdout, stderr, now: () => new Date(0) };
  const code = await runPaperboy(['evaluate', 'topics', ...all], context);
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test('what is sent is of the topic, of the days that are walked, no pair twice, and says why', async () => {
  write('papers.jsonl', jsonLines(PAPERS));
  write('topics.jsonl', jsonLines(TOPICS));
  const { code, stdout } = await evaluate('--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    papers: 105,
    topics: 3,
    days: 3,
    topicDays: 9,
    pairsSent: 30,
    quietTopicDays: 3,
  });
  const sent = rowsOf('sent.jsonl');
  const ranking = rowsOf('ranking.jsonl');
  for (const rows of [sent, ranking]) {
    expect(new Set(rows.map((row) => `${row.topic_id} ${row.paper_id}`)).size).toBe(rows.length);
    for (const row of rows)
      expect(row).toMatchObject({ paper_id: /^new-/, score: expect.any(Number) });
  }
  for (const { topic_id, paper_id, reasons } of sent) {
    const subject = SUBJECTS[Math.floor(Number(paper_id.slice(4)) / 15)];
    expect(subject).toContain(topic_id === 'sae' ? 'autoencoder' : 'grasping');
    expect(reasons.length).toBeGreaterThan(0);
  }
  const first = readFileSync(join(folder, 'sent.jsonl'), 'utf8');
  await evaluate();
  expect(readFileSync(join(folder, 'sent.jsonl'), 'utf8')).toBe(first);
});

test('at most ten papers are sent for a topic on a day', async () => {
  write(
    'papers.jsonl',
    jsonLines(
      Array.from({ length: 40 }, (_, index) =>
        paper(`new-${index}`, 'te-0', index < 12 ? 'train' : 'test', 'sparse autoencoders'),
      ),
    ),
  );
  write('topics.jsonl', jsonLines(TOPICS));
  await evaluate();
  expect(rowsOf('sent.jsonl').filter(({ topic_id }) => topic_id === 'sae')).toHaveLength(10);
  expect(rowsOf('ranking.jsonl').filter(({ topic_id }) => topic_id === 'sae')).toHaveLength(28);
});

test('what is liked changes the order', async () => {
  write('papers.jsonl', jsonLines(PAPERS));
  write('topics.jsonl', jsonLines([{ topic_id: 'all', query: 'autoencoder OR grasping' }]));
  write(
    'likes.jsonl',
    jsonLines([{ topic_id: 'all', liked: ['past-1', 'past-7'], disliked: ['past-0'] }]),
  );
  await evaluate('--likes', 'likes.jsonl');
  const [best] = rowsOf('ranking.jsonl');
  const robots = new Set(
    PAPERS.filter(({ title }) => title.includes('grasping')).map(({ id }) => id),
  );
  expect(robots).toContain(best.paper_id);
});

test.each([
  ['papers.jsonl', '{"id":"a"', 'papers.jsonl, line 1: this is not JSON'],
  ['papers.jsonl', '\n[]', 'papers.jsonl, line 2: this is no JSON object'],
  ['papers.jsonl', '{"id":"a","split":"dev"}', '"split" should be train or test, not dev'],
  ['papers.jsonl', '{"id":1}', '"id" should be a text that is not empty'],
  [
    'papers.jsonl',
    `${JSON.stringify(PAPERS[0])}\n${JSON.stringify(PAPERS[0])}`,
    'line 2: the paper past-0 stands here a second time',
  ],
  ['topics.jsonl', '{"topic_id":"a","query":"vision OR"}', 'line 1: OR has nothing after it.'],
  ['likes.jsonl', '{"topic_id":"a"}', 'line 1: there is no topic a'],
  ['likes.jsonl', '{"topic_id":"sae","liked":["past-99"]}', 'there is no paper past-99'],
])('a line that cannot be used is named: %s %s', async (file, text, told) => {
  write('papers.jsonl', jsonLines(PAPERS));
  write('topics.jsonl', jsonLines(TOPICS));
  write('likes.jsonl', '');
  write(file, text);
  const { code, stderr } = await evaluate('--likes', 'likes.jsonl');
  expect(code).toBe(2);
  expect(stderr).toContain(told);
});

test('files that are missing or cannot be written are named', async () => {
  write('papers.jsonl', jsonLines(PAPERS));
  write('topics.jsonl', jsonLines(TOPICS));
  expect((await evaluate('--likes', 'no.jsonl')).stderr).toContain('there is no file no.jsonl');
  expect((await evaluate('--sent', 'no/where.jsonl')).stderr).toContain(
    'no/where.jsonl cannot be written',
  );
  expect((await evaluate('--sent', 'ranking.jsonl')).stderr).toContain('name the same file');
});
