import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { desks } from '@paperboy/cli';
import { checkSchedule, idOf, type SourceId, type SubscriberId } from '@paperboy/core';
import { createLinks, type SignedLinks } from '@paperboy/email';
import { capturePage, recordPage, TopicMatcher } from '@paperboy/ingest';
import {
  type Mailer,
  type MailSettings,
  openJournals,
  openMailer,
  planEditions,
  planFirstDigest,
} from '@paperboy/mailer';
import { openQueues } from '@paperboy/queue';
import {
  createMetrics,
  describeSettings,
  Health,
  readSettings,
  silentLog,
} from '@paperboy/runtime';
import {
  addSubscriber,
  type Db,
  ensureSource,
  ensureTopic,
  gatherWords,
  openStore,
  type Store,
} from '@paperboy/store';
import { loadWeb, startWeb } from '@paperboy/web';
import { createDatabase } from './database.ts';
import { freePort } from './free-port.ts';

const SEEDS = resolve(import.meta.dirname, '../../seeds/listing-pages');
const DAY_MS = 24 * 3600_000;

/** An installation to be looked at: the seed pages read, their digests in the inbox, the web service listening. */
export interface ShownInstallation {
  /** Where its web service listens; the links of its mails start with it too. */
  readonly url: string;
  readonly db: Db;
  /** Patterns of everything that a GET reaches, such as `/papers/:id`. */
  readonly routes: readonly string[];
  /** What stands for `:paper`, `:mail`, `:token`, `:own`, `:digest`, `:liked`, `:reader` and `:delivery` in addresses. */
  readonly ids: Readonly<Record<string, string>>;
  /** Something happens that the pages of the operator tell of; what it gives takes that back. */
  change(): Promise<() => Promise<unknown>>;
  /** Sends what asks new readers to confirm; how many. */
  sendConfirmations(): Promise<number>;
  /** Plans a reader's first digest and sends it. */
  sendFirst(reader: SubscriberId): Promise<void>;
  close(): Promise<void>;
}

export async function openShownInstallation(): Promise<ShownInstallation> {
  const database = await createDatabase();
  const { db, pool, close } = openStore({ url: database.url, maxConnections: 6 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const links = createLinks({
    secret: 'a secret that only the browser test knows',
    publicUrl: url,
  });
  await addReaders(db, links.addressHash);
  await replaySeeds(db, links, url);
  const queues = await openQueues({
    databaseUrl: database.url,
    queueUrl: 'postgres',
    log: silentLog,
  });
  const deps = {
    db,
    links,
    queues,
    health: new Health(),
    metrics: await createMetrics(),
    log: silentLog,
    settingsInForce: () => describeSettings(readSettings({})),
    ...desks(db, () => new TopicMatcher(db).matchPast()),
    settings: {
      httpHost: '127.0.0.1',
      httpPort: port,
      publicUrl: url,
      adminPassword: '',
      hookSesTopic: '',
      hookPostmarkPassword: '',
      hookSendgridKey: '',
      hookMailgunKey: '',
      smtpUrl: 'inbox',
      sending: true,
      mailPerHour: 0,
      uncertainPolicy: 'resend' as const,
      mailPerDay: 0,
    },
  };
  const web = await startWeb(deps, async () => deps);
  const { routes } = await loadWeb(deps);
  return {
    url,
    db,
    routes: routes.flatMap(({ method, path }) => (method === 'GET' ? [path] : [])),
    sendConfirmations: () => withMailer(db, links, url, (mailer) => mailer.sendConfirmations()),
    async sendFirst(reader) {
      await planFirstDigest(db, reader);
      await withMailer(db, links, url, (mailer) => mailer.deliverDue());
    },
    ids: await idsIn(pool, links),
    async change() {
      const tell = (state: 'uncertain' | 'accepted', note: string) =>
        Promise.all([
          pool.query('update delivery set state = $1 where id = (select max(id) from delivery)', [
            state,
          ]),
          pool.query(
            `update source_health set note = $1 where source_id = (select id from source where name = 'daily')`,
            [note],
          ),
        ]);
      await Promise.all([tell('uncertain', 'said by a test'), queues.pause('ingest')]);
      return () => Promise.all([tell('accepted', ''), queues.resume('ingest')]);
    },
    async close() {
      await web.stop();
      await queues.close();
      await close();
      await database.drop();
    },
  };
}

/** A paper with history and other wordings, the newest mail of the reader of most, and the way out of its mails. */
async function idsIn(pool: Store['pool'], links: SignedLinks): Promise<Record<string, string>> {
  const { rows } = await pool.query<
    Record<'paper' | 'mail' | 'reader' | 'delivery' | 'liked' | 'topic', string>
  >(`
    select subscriber.id as reader, max(inbox_message.id) as mail, (select min(paper_id) from revision) as paper,
      (select max(id) from delivery where subscriber_id = subscriber.id) as delivery,
      (select new_papers[1] from delivery where subscriber_id = subscriber.id order by id desc limit 1) as liked,
      (select max(topic_id) from subscription where subscriber_id = subscriber.id) as topic
    from inbox_message join subscriber on address = any(recipients)
    where address = 'bola@example.com' group by subscriber.id`);
  const [found] = rows;
  if (!found?.paper) throw new Error('nothing was read or mailed');
  const tokenOf = (link: URL) => link.pathname.split('/').at(-1) ?? '';
  const token = tokenOf(links.unsubscribe(idOf('subscriber', found.reader)));
  const own = tokenOf(links.preferences(idOf('subscriber', found.reader)));
  const digest = tokenOf(links.digest(idOf('delivery', found.delivery)));
  const { paper, mail, liked, reader, delivery, topic } = found;
  return { paper, mail, token, own, digest, liked, reader, delivery, topic };
}

/** One reader who is told of new papers, and one of old ones too. */
async function addReaders(db: Db, addressHash: (address: string) => Buffer): Promise<void> {
  const vision = await topicOf(db, 'vision OR image', { slug: 'vision', name: 'Vision' });
  const attention = await topicOf(db, 'attention OR transformer');
  const schedule = checkSchedule({
    ...{ cadence: 'daily', weekdays: [1, 2, 3, 4, 5, 6, 7] },
    ...{ hour: 18, zone: 'UTC' },
  });
  const reader = (name: string) => {
    const address = `${name}@example.com`;
    const at = new Date('2026-03-10T00:00:00Z');
    return { address, domain: 'example.com', addressHash: addressHash(address), schedule, at };
  };
  await addSubscriber(db, { ...reader('ada'), topics: [attention] });
  const followed = [vision, attention];
  await addSubscriber(db, { ...reader('bola'), topics: followed, recurringPolicy: 'all' });
}

async function topicOf(db: Db, query: string, names: { slug?: string; name?: string } = {}) {
  const queryHash = createHash('sha256').update(query).digest();
  return { topicId: await ensureTopic(db, { query, queryHash, ...names }), name: query };
}

/** Each day's page, then its digests; the last days on another list too, which words some papers anew. */
async function replaySeeds(db: Db, links: SignedLinks, publicUrl: string): Promise<void> {
  const [daily, second, broken] = await Promise.all([
    sourceOf(db, 'daily', 'Daily papers'),
    sourceOf(db, 'second', 'A second list'),
    sourceOf(db, 'broken', 'A list that cannot be read'),
  ]);
  const matcher = new TopicMatcher(db);
  const read = async (sourceId: SourceId, text: string, seenAt: Date) => {
    const bytes = Buffer.from(text);
    const { listingPageId } = await capturePage(db, { sourceId, bytes, seenAt });
    await recordPage(db, listingPageId, { maxBytes: bytes.length });
    await matcher.matchPage(listingPageId);
  };
  await withMailer(db, links, publicUrl, async (mailer) => {
    for (const name of readdirSync(SEEDS).sort()) {
      const text = readFileSync(join(SEEDS, name), 'utf8');
      const seenAt = new Date(`${name.slice(0, 10)}T06:00:00Z`);
      await read(daily, text, seenAt);
      if (name === '2026-07-30.txt') await read(second, text, seenAt);
      if (name === '2026-07-31.txt') {
        await read(second, text.replace(/^.{200,}$/gm, '$& The code is public.'), seenAt);
        await read(broken, '<html><body><div class="', seenAt);
      }
      await planEditions({ db, log: silentLog }, { at: new Date(seenAt.getTime() + DAY_MS) });
      await mailer.deliverDue();
    }
    await gatherWords(db);
  });
}

/** Opens a mailer for a while. */
async function withMailer<Result>(
  db: Db,
  links: SignedLinks,
  publicUrl: string,
  work: (mailer: Mailer) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-journals-'));
  const journals = openJournals(folder, { log: silentLog });
  const settings = mailSettings(publicUrl);
  const mailer = await openMailer({ db, log: silentLog, links, settings, journals });
  return work(mailer).finally(() => mailer.close());
}

async function sourceOf(db: Db, name: string, title: string): Promise<SourceId> {
  return (await ensureSource(db, { name, title })).source.id;
}

function mailSettings(publicUrl: string): MailSettings {
  return {
    publicUrl,
    mailFrom: 'Paperboy <paperboy@example.org>',
    mailPrecedence: 'none',
    postalAddress: '1 Example Street, Exampleton',
    smtpUrl: 'inbox',
    smtpTimeoutMs: 5_000,
    smtpConnections: 4,
    bounceDomain: '',
    bounceListen: '',
    bounceTlsCert: '',
    bounceTlsKey: '',
    hookPostmarkPassword: '',
    mailTemplates: '',
    dkim: 'sign',
    dkimDomain: '',
    dkimSelector: 'paperboy',
    dkimKey: '',
    uncertainPolicy: 'hold',
    whenSourceFails: 'annotate',
    digestGraceMs: 7_200_000,
    sending: true,
    mailPerSecond: 0,
    mailPerHour: 0,
    mailPerDay: 0,
  };
}
