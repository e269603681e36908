import { createHash } from 'node:crypto';
import { PaperboyError } from '@paperboy/core';
import { createLinks } from '@paperboy/email';
import { openQueues } from '@paperboy/queue';
import {
  createMetrics,
  describeSettings,
  Health,
  type Log,
  type LogFields,
  readSettings,
  silentLog,
} from '@paperboy/runtime';
import {
  addSource,
  changeSource,
  ensureTopic,
  findSource,
  findTopic,
  openStore,
  type Store,
} from '@paperboy/store';
import { createDatabase } from '../../../test/support/database.ts';
import { createWeb } from '../src/app.ts';
import type { SourceDesk, TopicDesk, WebDeps, WebSettings } from '../src/index.ts';

export const links = createLinks({
  secret: 'a secret that only the tests of the web know',
  publicUrl: 'http://localhost:3080',
});

/** The web service over a database of its own, called without a network. */
export interface TestWeb {
  readonly store: Store;
  readonly deps: WebDeps;
  /** Lines at level error. */
  readonly errors: readonly LogFields[];
  readonly health: Health;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** The page at a path, which has to answer 200. */
  page(path: string): Promise<string>;
  /** The same service under other settings. */
  under(settings: Partial<WebSettings>): { get: TestWeb['get'] };
  close(): Promise<void>;
}

const SETTINGS: WebSettings = {
  httpHost: '127.0.0.1',
  httpPort: 0,
  publicUrl: 'http://localhost:3080',
  adminPassword: '',
  smtpUrl: 'inbox',
  sending: true,
  mailPerHour: 0,
  uncertainPolicy: 'resend',
  mailPerDay: 0,
  hookSesTopic: '',
  hookPostmarkPassword: '',
  hookSendgridKey: '',
  hookMailgunKey: '',
};

/** Everything real but the log: Postgres, the queues on it, metrics and health. */
export async function openWeb(
  options: Pick<WebDeps, 'now' | 'keepPagesMs'> = {},
): Promise<TestWeb> {
  const database = await createDatabase();
  const store = openStore({ url: database.url, maxConnections: 4, onIdleError: () => {} });
  const queues = await openQueues({
    databaseUrl: database.url,
    queueUrl: 'postgres',
    log: silentLog,
  });
  const errors: LogFields[] = [];
  const log: Log = { ...silentLog, error: (event, fields) => errors.push({ event, ...fields }) };
  const health = new Health();
  const metrics = await createMetrics();
  const deps = {
    db: store.db,
    links,
    topics: deskWithoutPapers(store),
    sources: sourceDesk,
    queues,
    settings: SETTINGS,
    health,
    metrics,
    log,
    settingsInForce: () => describeSettings(readSettings({ ADMIN_PASSWORD: 'never shown' })),
    passwordCost: { N: 16, r: 1, p: 1 },
    keepPagesMs: 0,
    ...options,
  };
  const getFrom = (settings: WebSettings) => {
    const app = createWeb({ ...deps, settings });
    return async (path: string, init?: RequestInit) => app.request(path, init);
  };
  const get = getFrom(SETTINGS);
  return {
    store,
    deps,
    errors,
    health,
    get,
    page: async (path) => {
      const answer = await get(path);
      if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
      return answer.text();
    },
    under: (settings) => ({ get: getFrom({ ...SETTINGS, ...settings }) }),
    close: async () => {
      await queues.close();
      await store.close();
      await database.drop();
    },
  };
}

/** A digest of every row of every table of ours: equal before and after means that nothing changed. */
export async function rowsDigest({ pool }: Store): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const digests: string[] = [];
  for (const { name } of tables.rows) {
    const rows = await pool.query<{ digest: string }>(
      `select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${name}" t`,
    );
    digests.push(`${name} ${rows.rows[0]?.digest}`);
  }
  return digests.join('\n');
}

/** Sources are stored as they are declared. */
const sourceDesk: SourceDesk = {
  add: addSource,
  change: async (db, name, change) => changeSource(db, (await findSource(db, name)).id, change),
};

/** Topics are made as they are; there is no paper to try them on. */
function deskWithoutPapers({ db }: Store): TopicDesk {
  const findQuery = async (query: string) => {
    const queryHash = createHash('sha256').update(query).digest();
    return { topicId: await ensureTopic(db, { query, queryHash }), name: query, query };
  };
  return {
    async add(within, { slug, query, name, about, field }) {
      const queryHash = createHash('sha256').update(query).digest();
      const known = await findTopic(within, slug).catch(() => undefined);
      if (known) throw new PaperboyError('ALREADY_EXISTS', `a topic called ${slug}`);
      await ensureTopic(within, {
        ...{ slug, query, name, queryHash },
        ...(about !== undefined && { about }),
        ...(field !== undefined && { field }),
      });
    },
    find: findQuery,
    findQuery,
    preview: async () => ({ papers: 0, days: 0, found: [], isTooWide: false }),
    matchPast: async () => {},
  };
}
