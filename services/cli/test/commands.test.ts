import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../../test/support/database.ts';
import { field, type Installation, installation, MAIN, runWith, SEED_PAGES } from './support.ts';

let paperboy: Installation;
beforeAll(async () => {
  paperboy = await installation();
  await paperboy.facts('source', 'add', 'demo', '--title', 'Demo list');
});
afterAll(() => paperboy.close());

// In the order of a day at work: each test goes on from what the ones before it left.

test('source add tells the next step, and the same name a second time is refused', async () => {
  const added = await paperboy.run('source', 'add', 'lab');
  expect(added).toEqual({
    code: 0,
    stdout: 'added source lab\nnext: paperboy ingest <path> --source lab\n',
    stderr: '',
  });
  const again = await paperboy.run('source', 'add', 'lab');
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/^paperboy: ALREADY_EXISTS: a source named lab\n {2}/);
});

test.each([
  [['source', 'add', 'Bad_Name'], 'USAGE', 2],
  [['source', 'add', 'a', '--url', 'ftp://example.org'], 'USAGE', 2],
  [['source', 'add', 'a', '--cron', '0 8 * * *'], 'USAGE', 2],
  [
    ['source', 'add', 'a', '--url', 'https://example.org', '--cron', '61 8 * * *'],
    'SCHEDULE_INVALID',
    1,
  ],
  [['source', 'add', 'a', '--zone', 'Mars/Olympus'], 'SCHEDULE_INVALID', 1],
])('%j is refused, and no source is left behind', async (args, code, exit) => {
  const { code: exitCode, stderr } = await paperboy.run(...args);
  expect(exitCode).toBe(exit);
  expect(stderr).toContain(`paperboy: ${code}: `);
  expect(await paperboy.query("select from source where name in ('a', 'Bad_Name')")).toEqual([]);
});

test('ingest prints a line per page with its verdict and what was new and recurring', async () => {
  const pages = await paperboy.facts('ingest', SEED_PAGES, '--source', 'demo');
  expect(pages[0]).toEqual({
    page: join(SEED_PAGES, '2026-03-11.txt'),
    format: 'plain-text',
    listedOn: '2026-03-11',
    verdict: 'new-batch',
    entries: 84,
    new: 84,
    recurring: 0,
    repeated: 0,
    revised: 0,
    ms: expect.any(Number),
  });
  expect(pages).toMatchObject([
    { new: 84, recurring: 0 },
    { new: 51, recurring: 17 },
    { new: 51, recurring: 22 },
    { new: 52, recurring: 30 },
    { new: 21, recurring: 42 },
  ]);
});

test('a page that was ingested before is unchanged, and no row is added', async () => {
  const counts = `select (select count(*) from appearance) a, (select count(*) from listing_page) p,
    (select max(ready_no) from listing_page) r`;
  const before = await paperboy.query(counts);
  const { stdout } = await paperboy.run('ingest', SEED_PAGES, '--source', 'demo');
  expect(stdout.split('\n').slice(0, 5).join('\n')).toMatch(
    /^(?:\w{3} \d+ +unchanged +\d+ entries +0 new +0 recurring +0 repeated +0 revised +\d+ ms\n?){5}$/,
  );
  expect(await paperboy.query(counts)).toEqual(before);
});

test('an unknown source is NOT_FOUND with the command that adds it', async () => {
  const { code, stderr } = await paperboy.run('ingest', SEED_PAGES, '--source', 'nobody');
  expect(code).toBe(1);
  expect(stderr).toContain('NOT_FOUND');
  expect(stderr).toContain('paperboy source add nobody');
});

test('a page over the limit is left out before it is read, the others go on, and the exit code is 1', async () => {
  const large = join(paperboy.dir, 'large.txt');
  const empty = join(paperboy.dir, '2026-08-01.txt');
  writeFileSync(large, Buffer.alloc(16 * 2 ** 20));
  writeFileSync(empty, '');
  const { code, stdout, stderr } = await paperboy.run(
    ...['ingest', large, empty, '--source', 'lab', '--json'],
  );
  expect(code).toBe(1);
  expect(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    error: { code: 'PAGE_TOO_LARGE' },
  });
  expect(JSON.parse(stdout)).toMatchObject({ page: empty, verdict: 'broken', entries: 0, new: 0 });
});

test('--fetched-at decides the year of a date line without one, --format the reader', async () => {
  const page = join(paperboy.dir, 'page.txt');
  writeFileSync(page, readFileSync(join(SEED_PAGES, '2026-03-11.txt'), 'utf8').slice(0, 3_000));
  const [first] = await paperboy.facts(
    ...['ingest', page, '--source', 'lab', '--fetched-at', '2024-05-01T10:00:00Z'],
    ...['--format', 'plain-text'],
  );
  expect(first).toMatchObject({ listedOn: '2024-03-11', format: 'plain-text' });
  writeFileSync(page, 'another page');
  const [second] = await paperboy.facts(
    ...['ingest', page, '--source', 'lab', '--format', 'hf-api'],
  );
  expect(second).toMatchObject({ verdict: 'broken', format: 'hf-api', note: expect.any(String) });
});

test('source list and source show tell of the last pages', async () => {
  expect(await paperboy.facts('source', 'list')).toMatchObject([
    { name: 'demo', pages: '5', lastPage: { verdict: 'new-batch', listedOn: '2026-07-31' } },
    { name: 'lab', lastPage: { verdict: 'broken' } },
  ]);
  const [shown] = await paperboy.facts('source', 'show', 'demo', '--limit', '2');
  expect(shown).toMatchObject({ name: 'demo', latestPages: [{ new: 21 }, { new: 52 }] });
  const { stdout } = await paperboy.run('source', 'list');
  expect(stdout).toMatch(/^SOURCE .*\ndemo +new-batch +5 +2026-07-31 +new-batch/);
  expect(stdout).toMatch(/\nlab +broken ! /);
});

test.each(['Scaling MLPs: A Tale of Inductive Bias', 'scaling mlps - a tale of inductive bias'])(
  'a paper is found by its title (%s), with every appearance',
  async (title) => {
    const [paper] = await paperboy.facts('paper', 'show', title);
    expect(paper).toMatchObject({
      title: 'Scaling MLPs: A Tale of Inductive Bias',
      timesSeen: 5,
      revisions: [],
      appearances: [
        { seenOn: '2026-07-31' },
        { seenOn: '2026-07-30' },
        { seenOn: '2026-06-05' },
        { seenOn: '2026-03-14' },
        { seenOn: '2026-03-11' },
      ],
    });
    expect(await paperboy.facts('paper', 'show', field(paper, 'id'))).toEqual([paper]);
    expect(await paperboy.facts('paper', 'show', field(paper, 'keys'))).toEqual([paper]);
  },
);

test('a paper that nobody saw is NOT_FOUND', async () => {
  for (const name of ['No Such Paper', '999999', 'arxiv:2410.13859']) {
    const { code, stderr } = await paperboy.run('paper', 'show', name);
    expect({ code, isNotFound: stderr.includes('NOT_FOUND') }).toEqual({
      code: 1,
      isNotFound: true,
    });
  }
});

test('topic preview finds papers with reasons and stores nothing', async () => {
  const found = await paperboy.facts(
    'topic',
    'preview',
    'title:MLP',
    '--days',
    '2',
    '--limit',
    '3',
  );
  expect(found).toHaveLength(4);
  expect(found[0]).toMatchObject({
    title: expect.stringMatching(/MLP/),
    reasons: expect.arrayContaining([expect.stringMatching(/^“MLP”: .*in the title/)]),
  });
  expect(await paperboy.query('select from topic')).toEqual([]);
});

test('topic preview says how many papers a day there are, and what to ask where they are many or few', async () => {
  const preview = async (query: string) => {
    const facts = await paperboy.facts('topic', 'preview', query, '--days', '365', '--limit', '1');
    const { stdout } = await paperboy.run('topic', 'preview', query, '--days', '365');
    return { facts: facts.at(-1), stdout };
  };
  const usual = await preview('pruning');
  expect(usual.stdout).toMatch(/\n\d+ of 259 papers listed since 2025-07-31, [\d.]+ a day\n/);
  expect(usual.stdout).not.toMatch(/too wide|few:/);
  expect(usual.facts).toMatchObject({ papers: 259, days: 5, isTooWide: false });

  const wide = await preview('learning OR model');
  expect(wide.facts).toMatchObject({ isTooWide: true });
  const [, narrower = '', count = ''] =
    /too wide: \d+ a day, \d+ % of all papers; narrower, such as (.*) \(([\d.]+) a day\)/.exec(
      wide.stdout,
    ) ?? [];
  const instead = await preview(narrower);
  expect(instead.facts).toMatchObject({ isTooWide: false });
  expect(instead.stdout).toContain(`, ${count} a day`);

  const few = await preview('"attention pruning"');
  expect(few.stdout).toMatch(/\nfew: papers with its words also say "/);
  expect(few.facts).toMatchObject({ wider: { related: expect.any(Array) } });
  const [, wider = '', found = ''] =
    /\nfew: more is found by (.*?) \((\d+)\)/.exec(few.stdout) ?? [];
  expect((await preview(wider)).stdout).toContain(`\n${found} of 259 papers`);
  const none = await preview('xylophonist');
  expect(none.stdout).toContain('few: no paper of the past weeks has its words');
});

test('topic explain says why a paper is in or out and what would change it, and stores nothing', async () => {
  const title = 'Scaling MLPs: A Tale of Inductive Bias';
  const explain = (query: string) => paperboy.facts('topic', 'explain', query, title);
  expect((await explain('MLP'))[0]).toMatchObject({
    title,
    query: 'MLP',
    sentTo: ['wide', 'normal', 'strict'],
    because: expect.stringContaining('stand in its title'),
    band: expect.stringMatching(/^(Strong|Good|Possible)$/),
    heldBackBy: [],
    found: expect.arrayContaining([expect.stringMatching(/^“MLP”: in the title/)]),
  });
  expect((await explain('MLP -"inductive bias"'))[0]).toMatchObject({
    sentTo: [],
    heldBackBy: [{ gate: '-"inductive bias"', because: expect.stringContaining('in the title') }],
    advice: [expect.stringContaining('-"inductive bias"')],
  });
  const { stdout } = await paperboy.run('topic', 'explain', '"protein folding"', title);
  expect(stdout).toMatch(/\nverdict +out\nbecause +.*\nnot found +"protein folding"/);
  const bringsIn = /OR ("[^"]+") would bring it in/.exec(stdout)?.[1] ?? '';
  expect((await explain(`"protein folding" OR ${bringsIn}`))[0]).toMatchObject({
    sentTo: ['wide', 'normal', 'strict'],
  });
  expect(stdout + JSON.stringify(await explain('MLP'))).not.toMatch(/\d\.\d/);
  const nobody = await paperboy.run('topic', 'explain', 'MLP', 'A paper that nobody saw');
  expect(nobody.stderr).toContain('NOT_FOUND');
  expect(await paperboy.query('select from topic')).toEqual([]);
});

test('topic add matches what was listed lately, and its slug is taken then', async () => {
  const add = ['topic', 'add', 'mlps', 'MLP OR "token mixing"', '--name', 'MLPs'];
  const [topic] = await paperboy.facts(...add);
  expect(topic).toMatchObject({ slug: 'mlps', query: 'MLP OR "token mixing"' });
  expect((await paperboy.run('status')).stdout).toContain(
    '1 new topic is held against past papers',
  );
  await paperboy.matchPast();
  const n = Number(field((await paperboy.query('select count(*) n from match'))[0], 'n'));
  expect(n).toBeGreaterThan(10);
  expect((await paperboy.run(...add)).stderr).toContain('ALREADY_EXISTS');
  expect(await paperboy.facts('topic', 'list')).toMatchObject([
    { slug: 'mlps', papers: String(n) },
  ]);
});

test('a subscriber is added with topics by slug and by query, and shown with the next digest', async () => {
  const [added] = await paperboy.facts(
    ...[
      'subscriber',
      'add',
      'Ada@Example.com',
      '--topic',
      'mlps',
      '--topic',
      '"sparse autoencoder"',
    ],
    ...['--zone', 'Europe/London', '--hour', '7', '--weekdays', 'mon-fri'],
    ...['--quiet-days', 'note', '--mail-format', 'text'],
  );
  expect(added).toMatchObject({
    address: 'Ada@example.com',
    state: 'active',
    quietDays: 'note',
    mailFormat: 'text',
    schedule: { cadence: 'daily', weekdays: [1, 2, 3, 4, 5], hour: 7, zone: 'Europe/London' },
    topics: [{ name: 'MLPs' }, { name: 'sparse autoencoder', query: '"sparse autoencoder"' }],
  });
  const again = await paperboy.run('subscriber', 'add', 'ada@example.com', '--topic', 'mlps');
  expect(again.stderr).toContain('ALREADY_EXISTS');
  const { stdout } = await paperboy.run('subscriber', 'show', 'ada@example.com');
  expect(stdout).toMatch(/digest +daily on mon, tue, wed, thu, fri at 7:00 Europe\/London/);
  expect(stdout).toMatch(/quiet days +note/);
  expect(stdout).toContain('next: paperboy digest preview --subscriber Ada@example.com');
  await paperboy.query("update subscriber set address = 'Ada@xn--bcher-kva.example'");
  const abroad = await paperboy.run('subscriber', 'show', 'ada@bücher.example');
  expect(abroad.stdout).toMatch(/address +Ada@xn--bcher-kva\.example\nreads +Ada@bücher\.example/);
  await paperboy.query("update subscriber set address = 'Ada@example.com'");
});

test('a topic is followed as strictly as is said, and followed no more by any of its names', async () => {
  const follow = (...args: string[]) =>
    paperboy.facts('subscriber', 'follow', 'ada@example.com', ...args);
  const shown = async () =>
    (await paperboy.run('subscriber', 'show', 'ada@example.com')).stdout
      .split('\n')
      .flatMap(
        (line) => /(?:topics)? {2,}(.*\((?:wide|normal|strict)\): .*)/.exec(line)?.[1] ?? [],
      );
  const before = await shown();
  expect(before).toEqual([
    'MLPs (normal): MLP OR "token mixing"',
    'sparse autoencoder (normal): "sparse autoencoder"',
  ]);
  expect(await follow('mlps', '--strictness', 'strict')).toMatchObject([
    { address: 'Ada@example.com', name: 'MLPs', strictness: 'strict' },
  ]);
  // What is not said stays as it was.
  expect(await follow('mlps', '--name', 'Mixers')).toMatchObject([
    { name: 'Mixers', strictness: 'strict' },
  ]);
  await follow('pruning', '--strictness', 'wide', '--name', 'Pruning');
  expect(await shown()).toEqual([
    'Mixers (strict): MLP OR "token mixing"',
    'Pruning (wide): pruning',
    before[1],
  ]);
  await paperboy.matchPast();
  const matched = await paperboy.query(
    "select from match join topic on topic.id = topic_id where query = 'pruning'",
  );
  expect(matched.length).toBeGreaterThan(0);
  const unfollow = (called: string) =>
    paperboy.run('subscriber', 'unfollow', 'ada@example.com', called);
  for (const called of ['PRUNED', 'mixers']) expect((await unfollow(called)).code).toBe(0);
  expect(await shown()).toEqual([before[1]]);
  const gone = await unfollow('mlps');
  expect(gone.code).toBe(1);
  expect(gone.stderr).toContain(
    'NOT_FOUND: Ada@example.com follows no "mlps"; they follow sparse autoencoder',
  );
  await follow('mlps');
  expect(await shown()).toEqual(before);
});

test.each([
  ['follow', 'nobody@example.com', 'mlps', 'NOT_FOUND', 1],
  ['follow', 'ada@example.com', 'vision OR', 'QUERY_INVALID', 1],
  ['unfollow', 'ada@example.com', 'vision OR', 'NOT_FOUND', 1],
])('subscriber %s %s %s is refused and makes no topic', async (...args) => {
  const [command, address, topic, code, exit] = args;
  const before = await paperboy.query('select id from topic order by 1');
  const run = await paperboy.run('subscriber', command, address, topic);
  expect(run).toMatchObject({ code: exit, stderr: expect.stringContaining(code) });
  expect(await paperboy.query('select id from topic order by 1')).toEqual(before);
});

test.each([
  [['nobody', '--topic', 'x'], 'ADDRESS_INVALID'],
  [['jörg@example.com', '--topic', 'x'], 'ADDRESS_INVALID'],
  [['a@example.com', '--topic', 'vision AND'], 'QUERY_INVALID'],
  [['a@example.com', '--topic', 'x', '--zone', 'Nowhere'], 'SCHEDULE_INVALID'],
  [['a@example.com', '--topic', 'x', '--weekdays', 'someday'], 'SCHEDULE_INVALID'],
])('subscriber add %j is refused', async (args, code) => {
  const run = await paperboy.run('subscriber', 'add', ...args);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(`paperboy: ${code}: `);
});

test('digest preview shows the next mail and keeps nothing; --out writes it', async () => {
  const preview = ['digest', 'preview', '--subscriber', 'ada@example.com'];
  const rows = 'select (select count(*) from edition) e, (select count(*) from delivery) d';
  const before = await paperboy.query(rows);
  const [digest] = await paperboy.facts(...preview);
  expect(digest).toMatchObject({ subject: expect.stringMatching(/^\d+ new on /), out: null });
  const file = join(paperboy.dir, 'digest.eml');
  const { stdout } = await paperboy.run(...preview, '--out', file);
  expect(stdout).toMatch(/^wrote .*digest\.eml: /);
  expect(readFileSync(file, 'utf8')).toMatch(
    /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m,
  );
  expect((await paperboy.run(...preview, '--out', 'digest.docx')).code).toBe(2);
  expect(await paperboy.query(rows)).toEqual(before);
});

test('digest run plans and delivers what is due, once', async () => {
  await paperboy.query("update subscriber set planned_until = '2026-01-01'");
  const friday = ['digest', 'run', '--at', '2027-01-08T12:00:00Z'];
  expect(await paperboy.facts(...friday)).toMatchObject([
    { editions: 1, digests: 1, accepted: 1, failed: 0, uncertain: 0, waiting: 0 },
  ]);
  expect(await paperboy.facts(...friday)).toMatchObject([{ editions: 0, digests: 0, accepted: 0 }]);
  expect(await paperboy.query('select recipients from inbox_message')).toEqual([
    { recipients: ['Ada@example.com'] },
  ]);
});

test('delivery list and show tell what became of it', async () => {
  const [delivery] = await paperboy.facts('delivery', 'list', '--subscriber', 'ada@example.com');
  expect(delivery).toMatchObject({ address: 'Ada@example.com', state: 'accepted', smtpCode: 250 });
  const [shown] = await paperboy.facts('delivery', 'show', field(delivery, 'id'));
  expect(shown).toMatchObject({
    events: [{ kind: 'claim' }, { kind: 'stage' }, { kind: 'result' }],
  });
  expect(await paperboy.facts('delivery', 'list', '--state', 'uncertain')).toEqual([]);
  expect((await paperboy.run('delivery', 'show', field(delivery, 'id'))).stdout).toMatch(
    /result +accepted: 250 kept as \d+/,
  );
  expect((await paperboy.run('delivery', 'show', '999')).stderr).toContain('NOT_FOUND');
  const { stdout } = await paperboy.run('delivery', 'list', '--limit', '1');
  expect(stdout).toContain('These are the newest 1; --limit 10 shows more.');
});

test('delivery list is filtered by domain and edition', async () => {
  const all = await paperboy.facts('delivery', 'list');
  expect(await paperboy.facts('delivery', 'list', '--domain', 'Example.com')).toEqual(all);
  expect(await paperboy.facts('delivery', 'list', '--domain', 'example.net')).toEqual([]);
  const edition = field(all[0], 'editionId');
  const ofIt = await paperboy.facts('delivery', 'list', '--edition', edition);
  expect(ofIt).toEqual(all.filter((delivery) => field(delivery, 'editionId') === edition));
  expect((await paperboy.run('delivery', 'list', '--edition', 'x')).code).toBe(2);
});

test('delivery resolve asks first, settles what is uncertain, and takes it back', async () => {
  const [delivery] = await paperboy.facts('delivery', 'list');
  const id = field(delivery, 'id');
  await paperboy.query(
    `update delivery set state = 'uncertain', accepted_at = null where id = ${id}`,
  );
  const next = async () => (await paperboy.run('delivery', 'show', id)).stdout;
  expect(await next()).toMatch(/next +\S+Z, sent once more unless/);
  await paperboy.query(`update delivery set resent_at = now() where id = ${id}`);
  expect(await next()).toMatch(/next +nothing by itself: it waits for your word/);
  await paperboy.query(`update delivery set resent_at = null where id = ${id}`);
  expect((await paperboy.run('delivery', 'show', id)).stdout).toContain(
    `next: paperboy delivery resolve ${id}`,
  );
  const asked = await paperboy.run('delivery', 'resolve', id, '--as', 'ready');
  expect([asked.code, asked.stdout.includes('it arrives twice')]).toEqual([2, true]);
  expect(asked.stderr).toContain('nothing was changed');
  expect((await paperboy.run('delivery', 'resolve', id)).code).toBe(2);
  expect(
    await paperboy.facts('delivery', 'resolve', id, '--as', 'rejected', '--yes'),
  ).toMatchObject([{ id, from: 'uncertain', to: 'rejected', done: true }]);
  const [resolved] = await paperboy.facts('delivery', 'show', id);
  expect(resolved).toMatchObject({
    state: 'rejected',
    events: expect.arrayContaining([expect.objectContaining({ kind: 'resolve' })]),
  });
  expect((await paperboy.run('delivery', 'show', id)).stdout).toContain(
    'by the operator’s word: refused: it is not sent again',
  );
  await paperboy.facts('delivery', 'resolve', id, '--undo');
  await paperboy.facts('delivery', 'resolve', id, '--as', 'accepted', '--yes');
  for (const told of [['--yes'], []]) {
    const again = await paperboy.run('delivery', 'resolve', id, '--as', 'ready', ...told);
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('only an uncertain delivery can be resolved');
  }
});

test('digest explain tells what is in, what is out, and when the next one is due', async () => {
  const [digest, ...papers] = await paperboy.facts(
    'digest',
    'explain',
    '--subscriber',
    'ada@example.com',
  );
  expect(digest).toMatchObject({
    address: 'Ada@example.com',
    counts: expect.any(Object),
    nextDueAt: expect.any(String),
  });
  for (const paper of papers)
    expect(paper).toMatchObject({ verdict: expect.any(String), because: expect.any(String) });
  const { code, stdout } = await paperboy.run(
    'digest',
    'explain',
    '--subscriber',
    'ada@example.com',
    '--at',
    '2026-03-12',
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^subscriber +Ada@example\.com\n/);
  expect(stdout).toMatch(/\nwindow +papers listed since the plan of /);
});

test('queue list counts jobs; one that is not there is NOT_FOUND', async () => {
  expect(await paperboy.facts('queue', 'list')).toMatchObject([
    { queue: 'ingest', waiting: 0, failed: 0, workers: 0 },
    { queue: 'mailer', waiting: 0, failed: 0, workers: 0 },
  ]);
  expect(await paperboy.facts('queue', 'list', '--state', 'failed')).toEqual([]);
  for (const command of ['show', 'retry']) {
    const { code, stderr } = await paperboy.run('queue', command, 'ingest/999');
    expect({ code, isNotFound: stderr.includes('NOT_FOUND') }).toEqual({
      code: 1,
      isNotFound: true,
    });
  }
});

test('a queue is paused and resumed by name, and emptied only when that is said', async () => {
  expect(await paperboy.facts('queue', 'pause', 'mailer')).toEqual([
    { queue: 'mailer', paused: true },
  ]);
  expect(await paperboy.facts('queue', 'list', '--queue', 'mailer')).toMatchObject([
    { paused: true },
  ]);
  await paperboy.facts('queue', 'resume', 'mailer');
  expect(await paperboy.facts('queue', 'list')).toMatchObject([{ paused: false }, {}]);
  expect(await paperboy.run('queue', 'drain', 'ingest')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('would be removed'),
  });
  expect(await paperboy.facts('queue', 'drain', 'ingest', '--yes')).toEqual([
    { queue: 'ingest', removed: 0 },
  ]);
  expect((await paperboy.run('queue', 'pause', 'letters')).code).toBe(2);
  expect(
    await paperboy.query(`select action, object from audit_event
      where object like 'queue%' order by id desc limit 3`),
  ).toEqual([
    { action: 'drain', object: 'queue ingest' },
    { action: 'resume', object: 'queue mailer' },
    { action: 'pause', object: 'queue mailer' },
  ]);
});

test('status is 0 when everything answers, and tells what to look at', async () => {
  await paperboy.matchPast();
  const [status] = await paperboy.facts('status');
  expect(status).toMatchObject({
    ok: true,
    checks: { database: { ok: true }, migrations: { ok: true }, queue: { ok: true } },
    totals: { subscribers: 1, recurring: expect.any(Number) },
    deliveries: { accepted: 1 },
    attention: [expect.stringMatching(/^source lab: broken.*; look: paperboy source show lab$/)],
  });
  expect((await paperboy.run('status', '--strict')).code).toBe(1);
});

test('status says what keeps mail from going out, and is strict about it', async () => {
  const strict = async () => (await paperboy.run('status', '--strict')).code;
  await paperboy.query(`update source set state = 'paused' where name = 'lab'`);
  expect(await strict()).toBe(0);
  const stopped = `state = 'held', error_code = 'SENDER_REFUSED', detail = '550 not from you'`;
  await paperboy.query(`update relay set ${stopped}`);
  await paperboy.query(
    `insert into mail_domain (domain, most, dead_until) values ('slow.example', 1, '2126-03-02T08:00Z')`,
  );
  expect(await strict()).toBe(1);
  const { stdout } = await runWith({ ...paperboy.env, PAPERBOY_SENDING: 'off' }, ['status']);
  expect(stdout).toContain('sending is off');
  expect(stdout).toContain('by "paperboy mail retry": SENDER_REFUSED: 550 not from');
  expect(stdout).toContain('slow.example takes no mail until 2126-03-02 08:00 UTC');
  await paperboy.query(`update relay set state = 'closed'`);
  await paperboy.query('delete from mail_domain');
  await paperboy.query(`update source set state = 'active' where name = 'lab'`);
});

test('mail retry lets a relay go on that waits for a person, once, and is noted', async () => {
  const stand = () =>
    paperboy.query('select state, open_until <= now() as "isDue", error_code as code from relay');
  const notes = () =>
    paperboy.query(
      `select actor, action, object, was, became from audit_event where object = 'relay'`,
    );
  const free = await paperboy.run('mail', 'retry');
  expect(free).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/not wait.*was changed\n$/),
  });
  expect(await paperboy.facts('mail', 'retry')).toEqual([{ was: 'closed', retried: false }]);
  expect(await notes()).toEqual([]);

  const trouble = { code: 'RELAY_CONFIG', detail: '535 wrong password' };
  const held = `state = 'held', error_code = '${trouble.code}', detail = '${trouble.detail}'`;
  await paperboy.query(`update relay set ${held}`);
  expect(await paperboy.facts('mail', 'retry')).toEqual([
    { was: 'held', retried: true, ...trouble },
  ]);
  expect(await stand()).toEqual([{ state: 'open', isDue: true, code: trouble.code }]);
  const [noted] = await notes();
  expect(noted).toEqual({
    ...{ actor: COMMAND, action: 'retry', object: 'relay' },
    ...{ was: 'held', became: 'open' },
  });
  const queues = await paperboy.facts('queue', 'list');
  expect(queues).toContainEqual(expect.objectContaining({ queue: 'mailer', waiting: 1 }));

  await paperboy.query(`update relay set open_until = '2126-03-02T08:00Z'`);
  expect((await paperboy.run('mail', 'retry')).stdout).toMatch(
    /by itself at 2126-03-02 08:00 UTC, after RELAY_CONFIG: 535 wrong password\n$/,
  );
  expect(await notes()).toHaveLength(1);
  await paperboy.query(`update relay set ${held}`);
  const { stdout } = await paperboy.run('mail', 'retry');
  expect(stdout).toMatch(/tried with one message.*535 wrong password\nnext: paperboy status\n$/);
  await paperboy.query(`update relay set state = 'closed', open_until = null`);
  await paperboy.run('queue', 'drain', 'mailer', '--yes');
});

test('migrate has nothing to do the second time', async () => {
  expect(await paperboy.facts('migrate')).toEqual([{ applied: [] }]);
});

test('config print shows every setting and no secret', async () => {
  const rows = await paperboy.facts('config', 'print');
  expect(rows).toContainEqual(
    expect.objectContaining({ variable: 'DATABASE_URL', value: '***', isDefault: false }),
  );
  expect(JSON.stringify(rows)).not.toContain(paperboy.env.DATABASE_URL);
});

test('a database without its tables is told of, and migrate makes them', async () => {
  const { url, drop } = await createDatabase();
  const fresh = new URL(url);
  fresh.pathname = '/template1';
  const bare = { ...paperboy.env, DATABASE_URL: fresh.href };
  const list = await runWith(bare, ['source', 'list']);
  expect(list.code).toBe(1);
  expect(list.stderr).toContain('MIGRATION_PENDING');
  const status = await runWith(bare, ['status', '--json']);
  expect(status.code).toBe(1);
  expect(JSON.parse(status.stdout)).toMatchObject({
    ok: false,
    checks: { migrations: { ok: false } },
  });
  await drop();
});

test('a server that does not answer is one sentence, from every command that needs it', async () => {
  const gone = { ...paperboy.env, DATABASE_URL: 'postgres://127.0.0.1:1/none' };
  for (const args of [['source', 'list'], ['migrate'], ['start', '--once']]) {
    const { code, stdout, stderr } = await runWith(gone, args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^paperboy: POSTGRES_UNAVAILABLE: .*\n {2}Check DATABASE_URL.*\n$/);
  }
  const status = await runWith(gone, ['status']);
  expect(status.code).toBe(1);
  expect(status.stdout).toContain('database  down: POSTGRES_UNAVAILABLE');
});

test('settings with mistakes are all told at once', async () => {
  const { code, stderr } = await runWith({ HTTP_PORT: 'x', PAPERBOY_HOEM: 'y' }, [
    'config',
    'print',
  ]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /HTTP_PORT: "x" is not[^\n]*\nPAPERBOY_HOEM is not a setting; did you mean/,
  );
});

test('read prints entries without a database, and head may leave early', () => {
  const page = join(SEED_PAGES, '2026-03-11.txt');
  const env = { PATH: process.env.PATH, PAPERBOY_HOME: '/proc/nowhere' };
  const lines = execFileSync(process.execPath, [MAIN, 'read', page, '--json'], {
    encoding: 'utf8',
    env,
  })
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(84);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    rank: 1,
    title: 'Mesa: A Memory-saving Training Framework for Transformers',
    abstract: expect.stringContaining('Transformer'),
    authors: [],
    keys: ['title:mesaamemorysavingtrainingframeworkfortransformers'],
    links: [],
    upvotes: null,
  });
  const many = Array.from({ length: 60 }, () => page).join(' ');
  const script = `{ "${process.execPath}" "${MAIN}" read ${many} --json; echo $? >&2; } | head -n 1`;
  const piped = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
  expect(piped.stderr).toBe('0\n');
  expect(JSON.parse(piped.stdout)).toMatchObject({ rank: 1 });
});

test('read tells what is wrong with one page and goes on to the next', async () => {
  const challenge = join(paperboy.dir, 'challenge.html');
  writeFileSync(challenge, '<html><head><title>Just a moment...</title></head><body>cf-chl</body>');
  const page = join(SEED_PAGES, '2026-03-14.txt');
  const { code, stdout, stderr } = await runWith({}, ['read', challenge, page]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^paperboy: PAGE_UNREADABLE: .*challenge\.html: /);
  expect(stdout).toMatch(/2026-03-14\.txt {3}plain-text {3}03-14 {3}68 entries\n {4}1 {2}Mixing/);
});

test('a run that ended between keeping a page and recording it goes on when it is started again', async () => {
  await paperboy.run('source', 'add', 'stopped');
  const page = join(paperboy.dir, '2026-09-01.txt');
  writeFileSync(
    page,
    'Sep 1\n\nA work that was kept\n\nAnd then recorded, in a sentence of its own.\n',
  );
  await paperboy.run('ingest', page, '--source', 'stopped');
  const last = '(select max(id) from listing_page)';
  await paperboy.query(`delete from appearance where listing_page_id = ${last}`);
  await paperboy.query(
    `update listing_page set read_at = null, verdict = null, batch_page_id = null, ready_no = null where id = ${last}`,
  );
  const [again] = await paperboy.facts('ingest', page, '--source', 'stopped');
  expect(again).toMatchObject({ verdict: 'new-batch', new: 0, recurring: 1 });
  const [skipped] = await paperboy.facts('ingest', page, '--source', 'stopped');
  expect(skipped).toMatchObject({ verdict: 'unchanged', new: 0, recurring: 0 });
});

/** Whoever runs it stands beside it. */
const COMMAND = `the command (${userInfo().username})`;

test('an invitation is shown once, kept as a hash, and noted as made by the command', async () => {
  const [invited] = await paperboy.facts('admin', 'invite', '--read-only');
  expect(invited).toMatchObject({
    role: 'read-only',
    link: expect.stringMatching(/^http:\/\/localhost:3080\/admin\/invitations\/[\w-]{43}$/),
  });
  expect(await paperboy.query('select role, invited_by from admin_invitation')).toEqual([
    { role: 'read-only', invited_by: 'the command' },
  ]);
  expect(await paperboy.facts('admin', 'list')).toEqual([]);
  expect(await paperboy.run('admin', 'remove', 'nobody')).toMatchObject({ code: 1 });
  const log = 'select actor, action, object from audit_event order by id desc limit 1';
  expect(await paperboy.query(log)).toEqual([
    { actor: COMMAND, action: 'invite', object: 'read-only admin' },
  ]);
});

test('what an admin could do by the pages is noted too, and not done where it cannot be', async () => {
  await paperboy.run('source', 'add', 'noted', '--url', 'https://list.example.org/');
  await paperboy.run('suppression', 'add', 'noted@example.com');
  const topics = ['--topic', 'noted words'];
  await paperboy.run('subscriber', 'add', 'noted-reader@example.com', ...topics);
  await paperboy.query(`create function refuse_note() returns trigger language plpgsql as
    $$ begin raise exception 'the note cannot be kept'; end $$`);
  await paperboy.query(
    'create trigger refuse before insert on audit_event for each row execute function refuse_note()',
  );
  const refused = [
    ['source', 'pause', 'noted'],
    ['source', 'set', 'noted', '--title', 'Another'],
    ['source', 'remove', 'noted'],
    ['suppression', 'remove', 'noted@example.com'],
    ['subscriber', 'add', 'second@example.com', ...topics],
    ['subscriber', 'unfollow', 'noted-reader@example.com', 'noted words'],
  ];
  for (const args of refused) {
    expect([args, await paperboy.run(...args)]).toMatchObject([args, { code: 1 }]);
  }
  await paperboy.query('drop trigger refuse on audit_event');
  for (const args of refused) {
    expect([args, await paperboy.run(...args)]).toMatchObject([args, { code: 0 }]);
  }
  const last = 'select actor, action from audit_event order by id desc limit 9';
  const actions = ['unfollow', 'add', 'lift suppression', 'remove', 'change', 'pause'];
  expect(await paperboy.query(last)).toEqual(
    [...actions, 'add', 'suppress', 'add'].map((action) => ({ actor: COMMAND, action })),
  );
});

test('a token is shown once, named once, and revoked for good', async () => {
  const { stdout } = await paperboy.run('token', 'add', 'deployment', '--scope', 'write');
  const token = /^pb_[\w-]{43}\n/.exec(stdout)?.[0].trim() ?? 'no token';
  expect(stdout).toContain('Keep it now: it is shown this once.');
  const kept = await paperboy.query(`select t::text as row from api_token t`);
  expect(JSON.stringify(kept)).not.toContain(token.slice(3));
  expect((await paperboy.run('token', 'add', 'deployment')).stderr).toContain('ALREADY_EXISTS');
  expect((await paperboy.run('token', 'add', 'Bad Name')).code).toBe(2);
  const [brief] = await paperboy.facts('token', 'add', 'brief', '--days', '7');
  expect(brief).toMatchObject({ scope: 'read', expiresAt: expect.any(String) });
  expect(JSON.stringify(await paperboy.facts('token', 'list'))).not.toContain('pb_');
  await paperboy.facts('token', 'revoke', 'deployment');
  expect((await paperboy.run('token', 'revoke', 'deployment')).stderr).toContain('NOT_FOUND');
  expect((await paperboy.run('token', 'list')).stdout).toMatch(
    /^brief +read +in use .*\ndeployment +write +revoked/m,
  );
  // The name is free again.
  expect((await paperboy.run('token', 'add', 'deployment')).code).toBe(0);
});

test('a query that the catalogue has already does not take a second slug', async () => {
  const add = (slug: string) =>
    paperboy.run('topic', 'add', slug, '"tidal gates"', '--name', 'Tidal gates');
  expect((await add('tidal-gates')).code).toBe(0);
  expect((await add('gates-of-tides')).stderr).toContain('this query is the topic tidal-gates');
});

test('readers come in by a list once somebody says that they agreed, go out by one, and are erased', async () => {
  const file = join(paperboy.dir, 'readers.csv');
  writeFileSync(file, 'address,topics,hour\nlist@example.com,dunes; tides,9\nno address,dunes,\n');
  const lines = (outcome: string) => [
    { line: 2, address: 'list@example.com', outcome },
    { line: 3, address: 'no address', outcome: 'refused' },
  ];
  expect((await paperboy.run('subscriber', 'import', file)).code).toBe(2);
  const dry = await paperboy.facts('subscriber', 'import', file, '--dry-run');
  expect(dry).toMatchObject(lines('would be added'));
  expect((await paperboy.run('subscriber', 'show', 'list@example.com')).code).toBe(1);
  const added = await paperboy.facts('subscriber', 'import', file, '--agreed');
  expect(added).toMatchObject(lines('added'));
  const again = await paperboy.facts('subscriber', 'import', file, '--agreed');
  expect(again).toMatchObject(lines('known'));

  const out = join(paperboy.dir, 'out.csv');
  await paperboy.facts('subscriber', 'export', '--out', out);
  expect(readFileSync(out, 'utf8')).toMatch(/^list@example\.com,.*,9,UTC,/m);
  expect(await paperboy.facts('subscriber', 'export')).toMatchObject([
    { csv: readFileSync(out, 'utf8') },
  ]);

  expect(await paperboy.run('subscriber', 'erase', 'list@example.com')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('with --yes it is'),
  });
  await paperboy.facts('subscriber', 'erase', 'list@example.com', '--yes');
  expect(await paperboy.query(`select from subscriber where address = 'list@example.com'`)).toEqual(
    [],
  );
  const suppressed = await paperboy.facts('subscriber', 'import', file, '--agreed');
  expect(suppressed).toMatchObject(lines('suppressed'));
});

test('openapi is the document that the web service has', async () => {
  const [document] = await paperboy.facts('openapi');
  expect(document).toMatchObject({ openapi: '3.1.0', paths: { '/papers': expect.anything() } });
});

test('digest run counts as delivered what was in doubt and the inbox knows of', async () => {
  await paperboy.query("update subscriber set quiet_days = 'note'");
  await paperboy.run('inbox', 'chaos', '--kind', 'drop-before-answer', '--count', '1');
  expect(await paperboy.facts('digest', 'run', '--at', '2027-02-05T12:00:00Z')).toMatchObject([
    { digests: 2, accepted: 2, uncertain: 0 },
  ]);
});
