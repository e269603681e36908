import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { runPaperboy } from '@paperboy/cli';
import { renderEnvExample } from '@paperboy/runtime';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name.startsWith('.'),
}).sort();

/** Every setting as `.env.example` tells of it. */
const settings = renderEnvExample()
  .split('\n\n')
  .flatMap((block) => {
    const found = /^# (.+)\n# Expects .+\n#(\w+)=(.*)$/m.exec(block);
    if (!found) return [];
    const [, help = '', variable = '', byDefault = ''] = found;
    return [{ variable, byDefault, help, isSecret: help.endsWith(' Secret.') }];
  });
const variables = settings.map(({ variable }) => variable);

describe('documents', () => {
  test('there are some', () => {
    expect(documents).toContain('README.md');
    expect(documents).toContain('docs/operations.md');
    expect(settings.length).toBeGreaterThan(15);
  });

  test.each(documents)('%s: every link into the repository leads somewhere', (path) => {
    const targets = linksIn(read(path)).filter((link) => !/^(?:[a-z]+:|#)/.test(link));
    expect(targets.filter((link) => !leadsSomewhere(path, link))).toEqual([]);
  });

  test.each(documents)('%s names no place on anybody’s machine', (path) => {
    const place = /(?<![\w.:/-])(?:~|\/(?:home|root|Users|tmp|opt|mnt|srv))\/[\w.-]+/g;
    expect(read(path).match(place)).toBeNull();
    expect(read(path)).not.toContain(`${root}/`);
  });

  test('docs/operations.md has the row of every setting, in order, and of no other', () => {
    const table = read('docs/operations.md').split('| Setting | Default | Meaning |')[1] ?? '';
    const rows = table.split('\n\n')[0]?.split('\n').slice(2) ?? [];
    expect(rows).toEqual(
      settings.map(({ variable, byDefault, help }) => {
        const shown = byDefault === '' ? '' : `\`${byDefault}\``;
        return `| \`${variable}\` | ${shown} | ${help} |`;
      }),
    );
  });

  test('every word in capitals that looks like a setting is one', () => {
    const assigned = documents.flatMap((path) =>
      [...read(path).matchAll(/^ +([A-Z][A-Z_]+)=/gm)].map(([, name = '']) => ({ path, name })),
    );
    expect(assigned.length).toBeGreaterThan(5);
    expect(assigned.filter(({ name }) => !isSetting(name))).toEqual([]);
  });

  test('README names the Node that package.json asks for', () => {
    const { engines } = JSON.parse(read('package.json'));
    expect(read('README.md')).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
  });
});

describe('commands', () => {
  const told = documents.flatMap((path) =>
    commandLinesIn(read(path)).map((line) => ({ path, line })),
  );

  test('the README shows some', () => {
    expect(told.filter(({ path }) => path === 'README.md').length).toBeGreaterThan(8);
  });

  test.each(told)('$path: paperboy $line', async ({ line }) => {
    expect(await mistakesIn(line)).toEqual([]);
  });

  test('npm scripts that documents name are in package.json', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/\bnpm (?:run (?:-s )?(\w+)|(start|test)\b)/g)].map(
        ([, run, short]) => run ?? short,
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });
});

describe('containers', () => {
  const compose = parse(read('docker-compose.yml'), { merge: true });
  const ours = Object.entries<ComposeService>(compose.services).filter(([, { image }]) =>
    image.startsWith('paperboy:'),
  );
  /** Where the image decides: the data folder, and the address and port inside the container. */
  const ofTheImage = ['PAPERBOY_HOME', 'HTTP_HOST', 'HTTP_PORT'];

  test('docker-compose.yml passes on every setting, and nothing that is none', () => {
    const passed = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment)));
    expect([...passed, ...ofTheImage].sort()).toEqual([...variables].sort());
  });

  test.each(ours)(
    '%s runs a command that there is, on the version in package.json',
    async (_, own) => {
      expect(await mistakesIn(own.command.join(' '))).toEqual([]);
      expect(own.image).toBe(`paperboy:${JSON.parse(read('package.json')).version}`);
    },
  );

  test.each(ours.filter(([name]) => name !== 'migrate'))(
    '%s has a health check, and starts after a database that is migrated',
    (_, { healthcheck, depends_on }) => {
      expect(healthcheck).toMatchObject({ start_interval: expect.any(String) });
      expect(depends_on).toMatchObject({
        postgres: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
      });
    },
  );

  test('what has no sensible default is demanded with a text', () => {
    const demanded = [...read('docker-compose.yml').matchAll(/\$\{(\w+):\?Set (\w+)[^}]+\}/g)];
    const names = new Set(demanded.map(([, name, again]) => (name === again ? name : undefined)));
    expect([...names].sort()).toEqual([
      'ADMIN_PASSWORD',
      'MAIL_FROM',
      'PAPERBOY_SECRET',
      'POSTGRES_PASSWORD',
      'PUBLIC_URL',
      'SMTP_URL',
    ]);
  });

  test('the image has the pinned Node and pnpm, and sets no setting that is none', () => {
    const dockerfile = read('infra/Dockerfile');
    expect(dockerfile).toContain(`FROM node:${parse(read('pnpm-workspace.yaml')).nodeVersion}-`);
    const pnpm = /'(pnpm@[\d.]+)'/.exec(read('infra/bootstrap.mjs'))?.[1] ?? 'no version';
    expect(dockerfile).toContain(pnpm);
    expect(read('CONTRIBUTING.md')).toContain(pnpm);
    const set = [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) =>
      [...line.matchAll(/(\w+)=/g)].map(([, name = '']) => name),
    );
    expect(set.filter((name) => name !== 'NODE_ENV' && !isSetting(name))).toEqual([]);
  });
});

interface ComposeService {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly healthcheck?: object;
  readonly depends_on?: object;
}

function isSetting(name: string): boolean {
  const secrets = settings.filter(({ isSecret }) => isSecret).map(({ variable }) => variable);
  return variables.includes(name) || secrets.some((secret) => name === `${secret}_FILE`);
}

function linksIn(markdown: string): string[] {
  const text = markdown.replace(/^( {4}|```)[^\n]*$/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
}

/** A file or folder of the repository, and a heading in it where one is named. */
function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = join(dirname(from), path);
  if (!existsSync(join(root, target))) return false;
  if (anchor === undefined) return true;
  const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  return headings.includes(anchor);
}

/** What stands behind `paperboy` in code that is a command line, one line each. */
function commandLinesIn(markdown: string): string[] {
  const code = markdown.replace(/ \\\n +/g, ' ');
  const blocks = [...code.matchAll(/^ {4,}(?:npm run -s paperboy -- |paperboy )(.+)$/gm)];
  const inline = [...code.matchAll(/`(?:npm run -s paperboy -- |paperboy )([^`…]+)`/g)];
  return [...blocks, ...inline].map(([, line = '']) => line);
}

/** What of a command line the program does not know: its command or its options, by its own help. */
async function mistakesIn(line: string): Promise<string[]> {
  const words = line.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  const firstOption = words.findIndex((word) => word.startsWith('-'));
  const named = words.slice(0, firstOption < 0 ? undefined : firstOption);
  const help = await helpOf(named);
  const usage = /^Usage: paperboy (.*)$/m.exec(help)?.[1] ?? '';
  const path = usage.split(/ ?[[<]/)[0] ?? '';
  if (usage.includes('[command]') || !`${line} `.startsWith(`${path} `)) return [line];
  const flags = words.filter((word) => word.startsWith('--'));
  return flags.filter((flag) => !new RegExp(`^ .*${flag}\\b`, 'm').test(help));
}

async function helpOf(words: readonly string[]): Promise<string> {
  const printed: Buffer[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      printed.push(Buffer.from(chunk));
      done();
    },
  });
  await runPaperboy([...words, '--help'], {
    env: {},
    stdout,
    stderr: stdout,
    now: () => new Date(),
  });
  return Buffer.concat(printed).toString();
}
