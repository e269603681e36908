import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { field, type Installation, installation } from './support.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../packages/readers/fixtures');
const PAGE = readFileSync(join(FIXTURES, 'declared-cards.html'), 'utf8');
const DECLARATION = `
list: ul.papers > li
title: h3 a
link: h3 a@href
abstract: .abstract p
id: a.id
empty: .nothing
`;

let paperboy: Installation;
let server: Server;
let origin: string;
let answer: { status: number; body: string };

beforeAll(async () => {
  paperboy = await installation({ FETCH_PRIVATE_NETWORKS: 'true' });
  server = createServer((_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'text/html' }).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(async () => {
  server.close();
  await paperboy.close();
});
beforeEach(() => {
  answer = { status: 200, body: PAGE };
});

function file(name: string, text: string): string {
  const path = join(paperboy.dir, name);
  writeFileSync(path, text);
  return path;
}

const declaration = (more = '') =>
  file('lab.yaml', `address: ${origin}/list\n${DECLARATION}${more}`);
const names = async () =>
  (await paperboy.facts('source', 'list')).map((source) => field(source, 'name'));

test('source test fetches the page of a declaration and shows what it reads', async () => {
  const { code, stdout } = await paperboy.run('source', 'test', declaration());
  expect(code).toBe(0);
  expect(stdout).toContain('entries  3\n');
  expect(stdout).toContain('verdict  new-batch: 3 papers');
  expect(stdout).toMatch(
    /^ +1 +Lantern: Slow Decoding for Careful Answers +arxiv:2602\.90001 +304$/m,
  );
  expect(stdout).toMatch(/^abstract +2 +3$/m);
  expect(stdout).toContain('note: abstract: found in 2 of 3 entries');
});

test('source test tells what to change, in both forms, and ends with 1 where nothing is read', async () => {
  const broken = file('broken.yaml', `address: ${origin}/list\nlist: ul.paper li\ntitle: h3`);
  const { code, stdout, stderr } = await paperboy.run('source', 'test', broken);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^try: list: "ul.paper li" matches nothing; .* but "papers" \(once\)$/m);
  expect(stderr).toContain('no-entries: list "ul.paper li" matches nothing on the page');
  const asJson = await paperboy.run('source', 'test', broken, '--json');
  expect(asJson.stdout).toBe('');
  expect(asJson.stderr).toContain('"PAGE_UNREADABLE"');
  const half = file('half.yaml', `address: ${origin}/\n${DECLARATION}date: h4`);
  const saved = join(FIXTURES, 'declared-cards.html');
  expect(await paperboy.facts('source', 'test', half, '--page', saved)).toMatchObject([
    {
      format: 'declared',
      verdict: 'new-batch',
      entries: 3,
      claimed: null,
      advice: [expect.stringContaining('date: "h4" matches nothing')],
      firstEntries: [{ rank: 1, ids: ['arxiv:2602.90001'], abstractLength: 304 }, {}, {}],
    },
  ]);
});

test('source add stores a declaration after a look at its page, and show prints it', async () => {
  const { code, stdout } = await paperboy.run(
    ...['source', 'add', 'lab', '--declaration', declaration(), '--cron', '30 6 * * *'],
  );
  expect(code).toBe(0);
  expect(stdout).toContain('the page has 3 entries, from "Lantern: Slow Decoding');
  expect(stdout).toContain('added source lab');
  const shown = await paperboy.run('source', 'show', 'lab');
  expect(shown.stdout).toMatch(new RegExp(`^address +${origin}/list$`, 'm'));
  expect(shown.stdout).toContain('  list: ul.papers > li\n  span: self\n  title: h3 a\n');
  expect(await paperboy.facts('source', 'show', 'lab')).toMatchObject([
    { format: 'declared', declaration: { list: 'ul.papers > li', span: 'self', minEntries: 1 } },
  ]);
});

test.each([
  ['a page on which it finds nothing', { status: 200, body: '<p>Moved</p>' }, 'PAGE_UNREADABLE'],
  ['a page that is empty', { status: 200, body: '<p class="nothing">' }, 'PAGE_UNREADABLE'],
  ['a page that is away', { status: 503, body: '' }, 'PAGE_REFUSED'],
])('source add with %s stores nothing unless forced', async (_name, given, code) => {
  answer = given;
  const name = `away-${given.status}-${given.body.length}`;
  const args = ['source', 'add', name, '--declaration', declaration()];
  const refused = await paperboy.run(...args);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`paperboy: ${code}: `);
  expect(await names()).not.toContain(name);
  expect((await paperboy.run(...args, '--force')).code).toBe(0);
  expect(await names()).toContain(name);
});

test('source add tries a saved page where one is named', async () => {
  answer = { status: 503, body: '' };
  const saved = join(FIXTURES, 'declared-cards.html');
  const args = ['source', 'add', 'saved', '--declaration', declaration(), '--page', saved];
  expect((await paperboy.run(...args)).code).toBe(0);
});

test.each([
  [
    'a mistake in a selector',
    'link: a:hover',
    'link: "a:hover", position 2: :hover may not be used',
  ],
  [
    'an unknown field',
    'abstrct: p',
    '"abstrct" is not a field of a declaration; was abstract meant?',
  ],
  ['broken YAML', 'link: "a', 'line '],
])('%s is refused with its place, and nothing is fetched or stored', async (_name, line, told) => {
  answer = { status: 500, body: '' };
  const path = file('bad.yaml', `list: li\ntitle: a\n${line}`);
  const { code, stderr } = await paperboy.run('source', 'add', 'bad', '--declaration', path);
  expect(code).toBe(1);
  expect(stderr).toContain('paperboy: DECLARATION_INVALID: ');
  expect(stderr).toContain(told);
  expect(await names()).not.toContain('bad');
});

test('addresses of private networks are refused as everywhere', async () => {
  const outside = await installation();
  try {
    const { stderr } = await outside.run('source', 'test', declaration());
    expect(stderr).toContain('PAGE_FORBIDDEN');
  } finally {
    await outside.close();
  }
});

test('a bare list of Hugging Face is refused with what to use instead', async () => {
  const args = ['source', 'add', 'hf', '--url', 'https://huggingface.co/papers'];
  const { code, stderr } = await paperboy.run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain('https://huggingface.co/papers/date/{date}');
});

test('pages are recorded by the declaration as it is when they are read', async () => {
  const first = file('2026-02-05.html', PAGE);
  expect(await paperboy.facts('ingest', first, '--source', 'lab')).toMatchObject([
    { format: 'declared', verdict: 'new-batch', entries: 3, new: 3 },
  ]);
  expect(
    await paperboy.query("select key from paper_key where key like 'arxiv:%' order by 1"),
  ).toEqual([{ key: 'arxiv:2602.90001' }, { key: 'arxiv:2602.90002' }]);
  const moved = PAGE.replaceAll('<h3>', '<h2>').replaceAll('</h3>', '</h2>');
  const second = file('2026-02-06.html', moved.replaceAll('Maps', 'Flats'));
  expect(await paperboy.facts('ingest', second, '--source', 'lab')).toMatchObject([
    { verdict: 'broken', entries: 0, new: 0 },
  ]);
  answer = { status: 200, body: moved };
  const changed = file('moved.yaml', DECLARATION.replaceAll('h3', 'h2'));
  expect((await paperboy.run('source', 'declare', 'lab', changed)).code).toBe(0);
  const third = file('2026-02-07.html', moved.replaceAll('Maps', 'Rooms'));
  expect(await paperboy.facts('ingest', third, '--source', 'lab')).toMatchObject([
    { verdict: 'new-batch', entries: 3, new: 1, recurring: 2 },
  ]);
});

test('source declare leaves a source as it is where the page gives nothing', async () => {
  answer = { status: 200, body: '<p>Moved</p>' };
  const refused = await paperboy.run(
    'source',
    'declare',
    'lab',
    file('x.yaml', 'list: b\ntitle: i'),
  );
  expect(refused.stderr).toContain('PAGE_UNREADABLE');
  expect(await paperboy.facts('source', 'show', 'lab')).toMatchObject([
    { declaration: { title: 'h2 a' } },
  ]);
  const unknown = await paperboy.run('source', 'declare', 'nobody', declaration());
  expect(unknown.stderr).toContain('NOT_FOUND');
});

test('source test reads the pages of known formats too', async () => {
  await paperboy.facts('source', 'add', 'api', '--url', `${origin}/api/daily_papers?date={date}`);
  answer = { status: 200, body: readFileSync(join(FIXTURES, 'hf-api-2026.json'), 'utf8') };
  expect(await paperboy.facts('source', 'test', 'api')).toMatchObject([
    { format: 'hf-api', shape: 'batch', verdict: 'new-batch', entries: 3, advice: [] },
  ]);
});
