import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installation, installation } from './support.ts';

let paperboy: Installation;
beforeAll(async () => {
  paperboy = await installation();
  await paperboy.facts('source', 'add', 'daily');
  await ingest('2026-03-02', [paper('2603.00001', 'One title for two')]);
  await ingest('2026-03-03', [
    paper('2603.00002', 'One title for two'),
    paper('2603.00003', 'Alone'),
  ]);
});
afterAll(() => paperboy.close());

const SUMMARY = 'A summary of some length, so that words of it may agree or not agree.';
const paper = (id: string, title: string) => ({
  title,
  paper: { id, title, summary: SUMMARY, publishedAt: '2026-03-01T00:00:00.000Z', upvotes: 1 },
});

async function ingest(day: string, items: readonly ReturnType<typeof paper>[]) {
  const file = join(paperboy.dir, `${day}.json`);
  const dated = items.map((item) => ({
    ...item,
    paper: { ...item.paper, submittedOnDailyAt: `${day}T00:00:00.000Z` },
  }));
  writeFileSync(file, JSON.stringify(dated));
  await paperboy.facts('ingest', file, '--source', 'daily', '--fetched-at', `${day}T10:00:00Z`);
}

const idOfPaper = async (key: string) => {
  const [row] = await paperboy.query(`select paper_id as id from paper_key where key = '${key}'`);
  return row && typeof row === 'object' && 'id' in row ? String(row.id) : '';
};

// In the order of an afternoon: each test goes on from what the ones before it left.

test('suggestions names a pair with what speaks for it and the commands to decide', async () => {
  const [first, second] = [
    await idOfPaper('arxiv:2603.00001'),
    await idOfPaper('arxiv:2603.00002'),
  ];
  expect(await paperboy.facts('paper', 'suggestions')).toMatchObject([
    {
      why: 'same-title',
      papers: [{ id: first, firstSeenOn: '2026-03-02' }, { id: second }],
      abstractsAgreePercent: 100,
      merge: `paperboy paper merge ${second} ${first} --force`,
      keepApart: `paperboy paper keep-apart ${second} ${first}`,
    },
  ]);
  const { stdout } = await paperboy.run('status');
  expect(stdout).toContain('1 pair of papers may be one work: paperboy paper suggestions');
});

test('a pair with two arXiv ids is not merged without --force, and a paper not with itself', async () => {
  const refused = await paperboy.run('paper', 'merge', 'arxiv:2603.00001', 'arxiv:2603.00002');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(
    'MERGE_DOUBTFUL: they have ids of their own: arxiv:2603.00001, arxiv:2603.00002',
  );
  const self = await paperboy.run('paper', 'merge', 'arxiv:2603.00001', '2603.00001');
  expect(self.code).toBe(2);
  expect(self.stderr).toContain('USAGE: both are paper ');
});

test('--dry-run shows what would move and changes nothing', async () => {
  const [joined] = await paperboy.facts(
    ...['paper', 'merge', 'arxiv:2603.00002', 'arxiv:2603.00001', '--force', '--dry-run'],
  );
  expect(joined).toMatchObject({ dryRun: true, moved: { keys: ['arxiv:2603.00002'] } });
  expect(await paperboy.facts('paper', 'merges')).toEqual([]);
});

test('merge lets the older survive, and the other id leads there from then on', async () => {
  const [first, second] = [
    await idOfPaper('arxiv:2603.00001'),
    await idOfPaper('arxiv:2603.00002'),
  ];
  const { stdout } = await paperboy.run(
    ...['paper', 'merge', second, first, '--force', '--reason', 'a second try', '--by', 'ada'],
  );
  expect(stdout).toContain(`stays        ${first}  One title for two`);
  expect(stdout).toContain(`undo: paperboy paper split ${first}`);
  expect(await paperboy.facts('paper', 'show', second)).toMatchObject([
    {
      id: first,
      askedFor: second,
      aliases: [second],
      keys: ['arxiv:2603.00001', 'arxiv:2603.00002', 'title:onetitlefortwo'],
      timesSeen: 2,
      wordings: [{ isCanonical: true }],
      merges: [{ otherId: second, mergedBy: 'ada', reason: 'a second try', isLast: true }],
    },
  ]);
  const shown = await paperboy.run('paper', 'show', second);
  expect(shown.stdout).toContain(`${first} (${second} was merged into it)`);
  expect(await paperboy.facts('paper', 'suggestions')).toEqual([]);
  const merges = await paperboy.run('paper', 'merges');
  expect(merges.stdout).toContain(`paperboy paper split ${first}`);
});

test('split parts them again, and there is nothing more to split', async () => {
  const first = await idOfPaper('arxiv:2603.00001');
  const [split] = await paperboy.facts('paper', 'split', 'arxiv:2603.00002');
  expect(split).toMatchObject({
    listingsSince: 0,
    papers: [
      { id: first, timesSeen: 1 },
      { keys: ['arxiv:2603.00002'], timesSeen: 1 },
    ],
  });
  const again = await paperboy.run('paper', 'split', first);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(`NOT_FOUND: nothing was merged into paper ${first}`);
  const merges = await paperboy.run('paper', 'merges');
  expect(merges.stdout).toMatch(/undone \d{4}-\d\d-\d\d by /);
});

test('keep-apart ends the suggestion for good, and a merge then asks for --force', async () => {
  await paperboy.facts(
    ...['paper', 'keep-apart', 'arxiv:2603.00002', 'arxiv:2603.00001', '--by', 'ada'],
  );
  expect(await paperboy.facts('paper', 'suggestions')).toEqual([]);
  const { stdout } = await paperboy.run('status');
  expect(stdout).not.toContain('may be one work');
  const alone = await paperboy.facts(
    'paper',
    'merge',
    'arxiv:2603.00003',
    'title:onetitlefortwo',
    '--force',
  );
  expect(alone).toHaveLength(1);
  await paperboy.facts(
    'paper',
    'keep-apart',
    'arxiv:2603.00001',
    'arxiv:2603.00002',
    '--reason',
    'two studies',
  );
  const refused = await paperboy.run('paper', 'merge', 'arxiv:2603.00001', 'arxiv:2603.00002');
  expect(refused.stderr).toContain('MERGE_DOUBTFUL');
});
