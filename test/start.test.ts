import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRoom, type Room } from './support/paperboy-process.ts';
import { askHome, countRows } from './support/rows.ts';

let room: Room;
beforeAll(async () => {
  room = await makeRoom();
});
afterAll(() => {
  const left = room.processes();
  room.remove();
  expect(left).toEqual([]);
});

const PAGES = [
  { page: '2026-03-11', verdict: 'new-batch', entries: 84, new: 84, recurring: 0 },
  { page: '2026-03-14', verdict: 'new-batch', entries: 68, new: 51, recurring: 17 },
  { page: '2026-06-05', verdict: 'new-batch', entries: 73, new: 51, recurring: 22 },
  { page: '2026-07-30', verdict: 'new-batch', entries: 82, new: 52, recurring: 30 },
  { page: '2026-07-31', verdict: 'new-batch', entries: 63, new: 21, recurring: 42 },
];

const jsonLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

// In the order of a life: each test goes on from what the ones before it left.

let summary: unknown;

test('a first start brings the seed pages to the inboxes of the demo readers, a line per page', async () => {
  const { code, stdout, stderr } = await room.run('start', '--once', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = jsonLines(stdout);
  summary = lines.at(-1);
  expect(lines.slice(0, -1)).toMatchObject(PAGES);
  expect(summary).toEqual({
    ...{ pages: 5, entries: 370, new: 259, recurring: 111, subscribers: 8 },
    ...{ digests: 33, delivered: 33, failed: 0, uncertain: 0 },
    inbox: `http://localhost:${room.port}/inbox`,
  });
  const mailed = lines.slice(0, -1).reduce((sum, { digests }) => sum + digests, 0);
  expect(mailed).toBe(33);
});

test('a second start changes no row, mails nobody and tells the same totals', async () => {
  const before = await askHome(room.home, countRows);
  expect(before).toMatchObject({ appearance: 370, paper: 259, delivery: 33, inbox_message: 33 });
  const { code, stdout, stderr } = await room.run('start', '--once', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(jsonLines(stdout)).toEqual([summary]);
  expect(await askHome(room.home, countRows)).toEqual(before);
});

test('a port that somebody else listens on is one sentence, and nothing is left running', async () => {
  const other = createServer().listen(room.port, '127.0.0.1');
  await once(other, 'listening');
  const { code, stdout, stderr } = await room.run('start');
  other.close();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^paperboy: PORT_IN_USE: .*127\\.0\\.0\\.1:${room.port}\n  .*HTTP_PORT\\.\n$`),
  );
  expect(room.processes()).toEqual([]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops a running start cleanly', async (signal) => {
  // No address of a seed source may be asked by a test: only these two services, and no live source.
  const start = room.spawn('start', '--services', 'web,mailer');
  await start.printed('Running');
  const page = await fetch(`http://127.0.0.1:${room.port}/readyz`);
  expect(page.status).toBe(200);
  // Refused while it runs: once is enough to know.
  if (signal === 'SIGTERM') await expectOthersRefused();
  start.child.kill(signal);
  // Twice, as a terminal and npm both tell it.
  start.child.kill(signal);
  const { code, stderr } = await start.ended;
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/"level":"(?:error|warn)"/);
  expect(room.processes()).toEqual([]);
});

/** A command may run beside a start, a second start may not. */
async function expectOthersRefused(): Promise<void> {
  const [status, second] = [await room.run('status', '--json'), await room.run('start', '--once')];
  expect([status.code, second.code]).toEqual([0, 1]);
  expect(second.stderr).toMatch(/^paperboy: HOME_IN_USE: process \d+ runs on .*\n {2}.*\n$/);
}

test('a database that dies ends the start with one sentence and exit 1', async () => {
  const start = room.spawn('start', '--services', 'mailer');
  await start.printed('Running');
  const postmaster = room.processes().find((line) => line.includes(`-D\0${room.home}`));
  const pid = Number.parseInt(postmaster ?? '', 10);
  expect(pid).toBeGreaterThan(1);
  process.kill(pid, 'SIGKILL');
  const { code, stderr } = await start.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/paperboy: POSTGRES_UNAVAILABLE: .*\n {2}Check DATABASE_URL.*\n$/);
  expect(stderr).not.toContain('    at ');
  // The server's own processes notice within a moment that their parent is gone.
  for (let tries = 0; tries < 100 && room.processes().length > 0; tries++) await sleep(50);
  expect(room.processes()).toEqual([]);
});

test('Ctrl-C during the first start stops it, and the next one goes on from there', async () => {
  const other = await makeRoom();
  try {
    const start = other.spawn('start', '--once');
    await start.printed('2026-03-14');
    start.child.kill('SIGINT');
    const stopped = await start.ended;
    expect(stopped.code).toBe(1);
    expect(stopped.stdout).toMatch(/stopped; the next start goes on from here\n$/);
    expect(stopped.stdout).not.toContain('2026-07-31');
    expect(other.processes()).toEqual([]);
    const { code, stdout } = await other.run('start', '--once', '--json');
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ entries: 370, new: 259, delivered: 33 });
    expect(await askHome(other.home, countRows)).toMatchObject({ delivery: 33, inbox_message: 33 });
  } finally {
    other.remove();
  }
});
