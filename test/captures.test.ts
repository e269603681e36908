import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runPaperboy } from '@paperboy/cli';
import { openStore } from '@paperboy/store';
import { expect, test } from 'vitest';
import { createDatabase } from './support/database.ts';

const { PAPERBOY_CAPTURES } = process.env;

/** The command on a database of its own, with a folder of captured pages. */
async function withCaptures(
  work: (room: {
    pages: string;
    facts: (...args: string[]) => Promise<unknown[]>;
    query: (sql: string) => Promise<unknown[]>;
  }) => Promise<void>,
): Promise<void> {
  const { url, drop } = await createDatabase();
  const dir = mkdtempSync(join(tmpdir(), 'paperboy-captures-'));
  const store = openStore({ url });
  const facts = async (...args: string[]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const env = { PAPERBOY_HOME: dir, DATABASE_URL: url };
    const context = { env, stdout, stderr, now: () => new Date() };
    const code = await runPaperboy([...args, '--json'], context);
    expect({ code, stderr: String(stderr.read() ?? '') }).toEqual({ code: 0, stderr: '' });
    const lines = String(stdout.read() ?? '').split('\n');
    return lines.flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
  };
  try {
    const pages = join(dir, 'pages');
    cpSync(join(PAPERBOY_CAPTURES ?? '', 'seeds'), pages, { recursive: true });
    await facts('source', 'add', 'captures');
    await work({ pages, facts, query: async (sql) => (await store.pool.query(sql)).rows });
  } finally {
    rmSync(dir, { recursive: true });
    await store.close();
    await drop();
  }
}

const FETCHED = ['--source', 'captures', '--fetched-at', '2026-08-02T06:00:00Z'];

test.skipIf(!PAPERBOY_CAPTURES)(
  'the captured pages (PAPERBOY_CAPTURES) in date order: 370 appearances of 259 papers',
  () =>
    withCaptures(async ({ pages, facts, query }) => {
      const files = readdirSync(pages).map((name) => join(pages, name));
      const inDateOrder = files.sort((a, b) => dayOf(a).localeCompare(dayOf(b)));
      expect(await facts('ingest', ...inDateOrder, ...FETCHED)).toMatchObject([
        { listedOn: '2026-03-11', new: 84, recurring: 0, repeated: 0 },
        { listedOn: '2026-03-14', new: 51, recurring: 17, repeated: 0 },
        { listedOn: '2026-06-05', new: 51, recurring: 22, repeated: 0 },
        { listedOn: '2026-07-30', new: 52, recurring: 30, repeated: 0 },
        { listedOn: '2026-07-31', new: 21, recurring: 42, repeated: 0 },
      ]);
      expect(
        await query(
          'select (select count(*)::int from appearance) as seen, (select count(*)::int from paper) as papers',
        ),
      ).toEqual([{ seen: 370, papers: 259 }]);
    }),
);

test.skipIf(!PAPERBOY_CAPTURES)(
  'the captured pages (PAPERBOY_CAPTURES) in file order are told apart the same way',
  () =>
    withCaptures(async ({ pages, facts }) => {
      expect(await facts('ingest', pages, ...FETCHED)).toMatchObject([
        { new: 63, recurring: 0 },
        { new: 47, recurring: 26 },
        { new: 71, recurring: 13 },
        { new: 33, recurring: 35 },
        { new: 45, recurring: 37 },
      ]);
    }),
);

test.skipIf(!PAPERBOY_CAPTURES)(
  'a paper of which only the host of a link changed is not revised (PAPERBOY_CAPTURES)',
  () =>
    withCaptures(async ({ pages, facts, query }) => {
      const ingested = await facts('ingest', pages, ...FETCHED);
      expect(ingested).toMatchObject(ingested.map(() => ({ revised: 0 })));
      expect(await query('select from revision')).toEqual([]);
      const [paper] = await query(
        "select paper_id from paper_text where title ilike 'TSMixer%' limit 1",
      );
      expect(paper).toBeDefined();
      const [shown] = await facts('paper', 'show', String(Object.values(paper ?? {})[0]));
      expect(shown).toMatchObject({ title: expect.stringMatching(/^TSMixer/), revisions: [] });
      expect(shown).not.toMatchObject({ timesSeen: 1 });
    }),
);

/** The date line of a capture, as a text that sorts; the year is left out on the page. */
function dayOf(path: string): string {
  const line = /^(Mar|Jun|Jul) (\d{1,2})$/m.exec(readFileSync(path, 'utf8'));
  const month = { Mar: '03', Jun: '06', Jul: '07' }[line?.[1] ?? ''] ?? '';
  return `${month}-${line?.[2]?.padStart(2, '0')}`;
}
