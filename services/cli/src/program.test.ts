import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { Cli } from './cli.ts';
import { buildProgram, forEachCommand, runPaperboy } from './program.ts';

async function run(...args: string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const env = { PAPERBOY_HOME: '/nowhere' };
  const code = await runPaperboy(args, { env, stdout, stderr, now: () => new Date(0) });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

async function allCommands(): Promise<{ path: string[]; command: Command }[]> {
  const stream = new PassThrough();
  const cli = new Cli({ env: {}, stdout: stream, stderr: stream, now: () => new Date(0) });
  const found: { path: string[]; command: Command }[] = [];
  forEachCommand(await buildProgram(cli), (command) => {
    const path: string[] = [];
    for (let at: Command | null = command; at?.parent; at = at.parent) path.unshift(at.name());
    found.push({ path, command });
  });
  return found;
}

const commands = await allCommands();
const leaves = commands.filter(({ command }) => command.commands.length === 0);

test('the commands are those of the design', () => {
  expect(leaves.map(({ path }) => path.join(' '))).toEqual([
    ...['start', 'status', 'doctor', 'migrate', 'read', 'ingest'],
    ...['source list', 'source add', 'source show', 'source declare', 'source test'],
    ...['source set', 'source fetch'],
    ...['source pause', 'source resume', 'source remove', 'source import', 'source export'],
    'source reread',
    ...['paper show'],
    ...['paper suggestions', 'paper merge', 'paper split', 'paper keep-apart', 'paper merges'],
    ...['topic list', 'topic preview', 'topic explain', 'topic add'],
    ...['subscriber list', 'subscriber add', 'subscriber show'],
    ...['subscriber follow', 'subscriber unfollow'],
    ...['subscriber import', 'subscriber export', 'subscriber erase'],
    ...['digest preview', 'digest explain', 'digest run'],
    ...['delivery list', 'delivery show', 'delivery resolve'],
    ...['dkim key', 'dkim record'],
    ...['mail test', 'mail retry'],
    ...['inbox list', 'inbox check', 'inbox chaos'],
    ...['bounce classify', 'bounce read', 'bounce list', 'bounce kept'],
    ...['suppression list', 'suppression add', 'suppression remove'],
    ...['token add', 'token list', 'token revoke'],
    ...['queue list', 'queue show', 'queue retry', 'queue pause', 'queue resume', 'queue drain'],
    'evaluate topics',
    ...['admin invite', 'admin list', 'admin remove', 'backup', 'restore'],
    ...['openapi', 'completion', 'config print'],
  ]);
});

test.each(commands.map(({ path }) => path))(
  'help of "%s" has an example and exits 0',
  async (...path) => {
    const { code, stdout, stderr } = await run(...path, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`\\nExamples?:\\n  \\$ paperboy ${path.join(' ')}`));
  },
);

test('every command has --json and a sentence of its own', () => {
  for (const { path, command } of leaves) {
    const flags = command.options.map(({ long }) => long);
    expect(flags, path.join(' ')).toContain('--json');
    expect(command.description(), path.join(' ')).not.toBe('');
  }
});

test('the examples are lines that the command understands', () => {
  for (const { path, command } of leaves) {
    let help = '';
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    const names = [...help.matchAll(/^ {2}\$ paperboy (.*)$/gm)].map(([, line]) => line ?? '');
    expect(names.length, path.join(' ')).toBeGreaterThan(0);
    const options = new Set(command.options.map(({ long }) => long));
    for (const line of names.filter((name) => name.startsWith(path.join(' ')))) {
      // What follows a pipe is another program's.
      for (const flag of line.split(' | ')[0]?.match(/(?<= )--[a-z-]+/g) ?? []) {
        expect(options, line).toContain(flag);
      }
    }
  }
});

test.each([
  [['nothing-such'], 'unknown command'],
  [['source', 'lst'], 'Did you mean list?'],
  [[], 'a command is missing'],
  [['source'], 'a command is missing'],
  [['read'], "missing required argument 'page'"],
  [['ingest', 'x'], "required option '--source <name>' not specified"],
  [['read', 'x', '--format', 'zip'], 'Allowed choices are plain-text'],
  [['start', '--services', 'web,postman'], '"postman" is none of web, ingest, mailer'],
  [['delivery', 'list', '--limit', '0'], 'Expected a whole number from 1'],
  [['digest', 'run', '--at', 'tomorrow'], 'Expected a day or an instant'],
  [['subscriber', 'add', 'a@b.org', '--topic', 'x', '--hour', '24'], 'an hour from 0 to 23'],
  [['queue', 'retry'], 'name either a job or a queue'],
  [['status', 'now'], 'too many arguments'],
  [['status', '--fast'], "unknown option '--fast'"],
])('%j is wrong usage: exit 2 and one sentence on stderr', async (args, sentence) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^paperboy: USAGE: .*\n {2}Add --help .*\n$/);
  expect(stderr).toContain(sentence);
});

test('with --json a failure is an object on stderr too', async () => {
  const { code, stdout, stderr } = await run('read', '/no/such/page', '--json');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const lines = stderr.trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
    error: {
      code: 'NOT_FOUND',
      detail: 'there is no file /no/such/page',
      help: expect.stringContaining('Check the name'),
      retry: false,
    },
  });
});

test('an invalid query is marked at its place, and no database is asked', async () => {
  const { code, stderr } = await run('topic', 'preview', 'vision AND language');
  expect(code).toBe(1);
  expect(stderr).toContain('QUERY_INVALID');
  expect(stderr).toMatch(/\n {2}vision AND language\n {9}\^\^\^\n/);
});
