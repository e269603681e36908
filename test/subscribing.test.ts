import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { desks } from '@paperboy/cli';
import { createLinks, type ReceivedMessage, readMessage } from '@paperboy/email';
import { capturePage, recordPage, TopicMatcher } from '@paperboy/ingest';
import { type MailerService, openJournals, startMailer } from '@paperboy/mailer';
import { openQueues, type Queues } from '@paperboy/queue';
import {
  createMetrics,
  describeSettings,
  Health,
  readSettings,
  silentLog,
} from '@paperboy/runtime';
import { addSource, ensureTopic, openStore, type Store, suppress } from '@paperboy/store';
import { startWeb, type WebService } from '@paperboy/web';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from './support/database.ts';

const SEED = resolve(import.meta.dirname, '../seeds/listing-pages/2026-03-11.txt');

let database: TestDatabase;
let store: Store;
let queues: Queues;
let web: WebService;
let mailer: MailerService;
const links = createLinks({
  secret: 'a secret that only the tests of signing up know',
  publicUrl: 'http://localhost:3080',
});

/** A list with papers, the catalogue's one topic, and web and mailer as they run. */
beforeAll(async () => {
  database = await createDatabase();
  store = openStore({ url: database.url, maxConnections: 8 });
  const { db } = store;
  const queueSettings = { databaseUrl: database.url, queueUrl: 'postgres', log: silentLog };
  queues = await openQueues(queueSettings);
  const { id: sourceId } = await addSource(db, { name: 'daily', title: 'Daily' });
  const bytes = readFileSync(SEED);
  const { listingPageId } = await capturePage(db, { sourceId, bytes, seenAt: new Date() });
  await recordPage(db, listingPageId, { maxBytes: bytes.length });
  await new TopicMatcher(db).matchPage(listingPageId);
  await ensureTopic(db, {
    query: 'transformer',
    queryHash: Buffer.alloc(32, 1),
    slug: 'transformers',
    name: 'Transformers',
    about: 'Attention and its costs',
  });
  const settings = readSettings({ HTTP_PORT: '1', PUBLIC_URL: 'http://localhost:3080' });
  const metrics = await createMetrics();
  const parts = { db, queues, links, log: silentLog, metrics };
  mailer = await startMailer({
    ...{ ...parts, settings, live: false },
    journals: openJournals(mkdtempSync(join(tmpdir(), 'paperboy-journals-')), { log: silentLog }),
  });
  const deps = {
    ...{
      ...parts,
      health: new Health(),
      ...desks(db, () => new TopicMatcher(db).matchPast()),
    },
    settings: { ...settings, httpPort: 0 },
    settingsInForce: () => describeSettings(settings),
  };
  web = await startWeb(deps, async () => deps);
});
afterAll(async () => {
  await web?.stop();
  await mailer?.stop();
  await queues?.close();
  await store?.close();
  await database?.drop();
});
beforeEach(async () => {
  await store.pool.query('truncate sign_up, rate_bucket');
});

const rows = async <Row>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await store.pool.query(text, values)).rows;

const FILLED = {
  topic: 'transformers',
  query: 'diffusion',
  rhythm: 'daily',
  hour: '7',
  zone: 'Europe/Berlin',
  papers: '12',
  recurring: 'off',
  do: 'sign-up',
};

function post(path: string, fields: Readonly<Record<string, string>>, from = '192.0.2.7') {
  return fetch(`${web.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'X-Forwarded-For': from },
    redirect: 'manual',
  });
}
const signUp = (address: string, more: Readonly<Record<string, string>> = {}, from?: string) =>
  post('/subscribe', { ...FILLED, address, ...more }, from);

/** The mails to an address, when there are so many; fails when they do not come. */
async function mailsTo(address: string, count: number): Promise<ReceivedMessage[]> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await rows<{ raw: Buffer }>(
      'select raw from inbox_message where $1 = any(recipients) order by id',
      address,
    );
    if (found.length >= count) return Promise.all(found.map(({ raw }) => readMessage(raw)));
    await wait(50);
  }
  throw new Error(`no ${count} mails to ${address}`);
}

async function confirmPath(address: string): Promise<string> {
  const [mail] = await mailsTo(address, 1);
  const link = /http:\/\/localhost:3080(\/confirm\/[\w-]{22})\s/.exec(mail?.text ?? '')?.[1];
  if (link === undefined) throw new Error('no link in the mail');
  return link;
}

/** Signs up and confirms; gives the path of the reader's own page. */
async function reader(address: string): Promise<string> {
  expect((await signUp(address)).status).toBe(200);
  const confirmed = await post(await confirmPath(address), {});
  expect(confirmed.status).toBe(303);
  return confirmed.headers.get('location')?.replace('?welcome', '') ?? '';
}

const readerRow = async (address: string) =>
  (await rows<Record<string, unknown>>('select * from subscriber where address = $1', address))[0];
const page = async (path: string) => (await fetch(`${web.url}${path}`)).text();

test('signing up: one mail, one button, one digest at once, and nothing before', async () => {
  const address = 'new@example.com';
  const answer = await signUp(address);
  expect(await answer.text()).toContain('Look into your mail');
  expect(await readerRow(address)).toBeUndefined();
  const path = await confirmPath(address);
  const [mail] = await mailsTo(address, 1);
  expect(mail?.html).not.toContain('diffusion');
  expect(mail?.text).not.toContain('diffusion');
  // Scanners follow every link, and change nothing.
  for (let time = 0; time < 3; time++) expect(await page(path)).toContain('Transformers');
  expect((await fetch(`${web.url}${path}`, { method: 'HEAD' })).status).toBe(200);
  expect(await readerRow(address)).toBeUndefined();

  const confirmed = await post(path, {});
  expect(confirmed.status).toBe(303);
  expect(await readerRow(address)).toMatchObject({
    ...{ state: 'active', cadence: 'daily', send_hour: 7, zone: 'Europe/Berlin' },
    ...{ max_papers: 12, recurring_policy: 'off' },
  });
  const [agreed] = await rows<{ kind: string; detail: Record<string, unknown> }>(
    `select kind, detail from consent_event join subscriber on subscriber.id = subscriber_id
     where address = $1`,
    address,
  );
  expect(agreed).toMatchObject({
    kind: 'confirmed',
    detail: {
      network: '192.0.2.0/24',
      form: expect.any(String),
      topics: ['Transformers', 'diffusion'],
    },
  });
  expect((await post(path, {})).status).toBe(404);

  const mine = confirmed.headers.get('location') ?? '';
  expect(await page(mine)).toContain('Confirmed.');
  const own = mine.replace('?welcome', '');
  expect((await post(own, { do: 'first' })).status).toBe(303);
  const mails = await mailsTo(address, 2);
  expect(mails[1]?.subject).toMatch(/new/);
  expect(await page(own)).not.toContain('Send me the first one now');
  // Pressed again, as by an impatient reader.
  await post(own, { do: 'first' });
  await wait(500);
  expect(await mailsTo(address, 2)).toHaveLength(2);
});

test('while past papers are matched for a new topic, the page says how far it is', async () => {
  const own = await reader('past@example.com');
  expect(await page(own)).not.toContain('are being matched');
  const part = `set past_matched_at = null, past_papers = 40, past_done = 10 where query = 'transformer'`;
  await store.pool.query(`update topic ${part}`);
  expect(await page(own)).toContain('matched for 1 new topic; 10 of 40 are done');
  await post(own, { do: 'save', hour: '7', query: '"state space"' });
  await new TopicMatcher(store.db).matchPast();
  expect(await page(own)).not.toContain('are being matched');
});

test('a thousand sign-ups for one address are one mail, many at once, from many networks too', async () => {
  const address = 'victim@example.com';
  for (let part = 0; part < 40; part++) {
    const some = Array.from({ length: 25 }, (_, at) => `198.${51 + (part % 4)}.${part}.${at}`);
    await Promise.all(some.map((from) => signUp(address, {}, from)));
  }
  await mailsTo(address, 1);
  await wait(500);
  expect(await mailsTo(address, 1)).toHaveLength(1);
});

test('one network signs up so often in an hour and is then told to wait', async () => {
  const statuses = new Map<number, number>();
  for (let time = 0; time < 25; time++) {
    const { status, headers } = await signUp(`many-${time}@example.com`, {}, '203.0.113.9');
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 429) expect(headers.get('retry-after')).toBe('3600');
  }
  expect(statuses).toEqual(
    new Map([
      [200, 20],
      [429, 5],
    ]),
  );
  expect((await signUp('other@example.com', {}, '203.0.114.9')).status).toBe(200);
});

test('the answer tells nobody whether an address is known, and who bounced gets no mail', async () => {
  await reader('known@example.com');
  await suppress(store.db, links.addressHash('gone@example.com'), 'hard-bounce');
  const answers = await Promise.all(
    ['known@example.com', 'gone@example.com', 'nobody@example.com'].map(async (address) => {
      const answer = await signUp(address);
      return [answer.status, await answer.text()];
    }),
  );
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  await mailsTo('nobody@example.com', 1);
  await wait(300);
  const to = 'select from inbox_message where $1 = any(recipients)';
  expect(await rows(to, 'gone@example.com')).toHaveLength(0);
});

test.each([
  ['a role', { address: 'postmaster@example.com' }, 'role or a group'],
  ['no address', { address: '' }, 'Give the address'],
  ['an address in look-alike letters', { address: 'ada@ехаmple.com' }, 'alphabets'],
  ['two addresses', { address: 'a@example.com,b@example.com' }, 'cannot be used'],
  ['a header in the address', { address: 'a@example.com\r\nBcc: b@example.com' }, 'invisible'],
  ['an unknown topic', { topic: 'no-such-topic' }, 'no topic'],
  ['a broken query', { query: 'vision OR "open' }, 'vision OR <mark>&quot;open</mark>'],
  ['a query of 2,001 signs', { query: 'x'.repeat(2_001) }, '2000 are allowed'],
  ['nothing to read about', { topic: '', query: '' }, 'Choose a topic'],
  ['an hour that is none', { hour: '24' }, 'Choose an hour'],
  ['a zone that is none', { zone: 'Mars/Olympus' }, 'time zone of the list'],
  ['a number that is none', { papers: '0' }, 'from 1 to 100'],
])('%s is refused with a sentence, and nothing is kept', async (_what, wrong, sentence) => {
  const answer = await signUp('ada@example.com', wrong);
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(sentence);
  expect(await rows('select from sign_up')).toHaveLength(0);
});

test('a form filled in by a machine looks as if it was taken, and is not', async () => {
  for (const [field, value] of [
    ['website', 'https://spam.example'],
    ['opened', String(Date.now())],
  ] as const) {
    const answer = await signUp('bot@example.com', { [field]: value });
    expect(await answer.text()).toContain('Look into your mail');
  }
  expect(await rows('select from sign_up')).toHaveLength(0);
});

test('a query is tried on the papers of the last days, with the form and for the script', async () => {
  const whole = await post('/subscribe', { ...FILLED, do: 'preview', query: 'attention' });
  const shown = await whole.text();
  expect(shown).toMatch(/\d+ papers? of the last 84 would have come/);
  expect(shown).toMatch(/The last 7 days would have brought <strong>\d+ new papers? in 1 mail</);
  const chosen = await post('/subscribe/preview', { ...FILLED, query: '', papers: '2' });
  expect(await chosen.text()).toMatch(
    /^<p class="together">.* in 1 mail<\/strong>; the longest shows 2 of its \d+ papers/,
  );
  // Enter looks as long as there is no address, and nothing is sent.
  const entered = await post('/subscribe', { ...FILLED, do: 'enter', query: 'attention' });
  expect(await entered.text()).toContain('would have come');
  const part = await post('/subscribe/preview', { query: 'attention' });
  expect(await part.text()).toMatch(/^<section class="preview">.*of the last 84/s);
  const broken = await post('/subscribe/preview', { query: '(((' });
  expect(await broken.text()).toContain('class="note"');
  expect(await rows('select from sign_up')).toHaveLength(0);
});

test('a reader changes the words of a topic after a look at what they bring, and keeps what was typed', async () => {
  const address = 'rewording@example.com';
  const own = await reader(address);
  const followed = () =>
    rows<{ id: string; query: string; name: string; strictness: string }>(
      `select topic.id, query, subscription.name, strictness from subscription join topic on topic.id = topic_id
       join subscriber on subscriber.id = subscriber_id where address = $1 and query <> 'transformer'`,
      address,
    );
  const [before] = await followed();
  const fields = {
    ...{ rhythm: 'daily', hour: '7', zone: 'UTC', papers: '12', recurring: 'off' },
    [`edit-${before?.id}`]: 'attention',
    [`strictness-${before?.id}`]: 'strict',
  };
  const looked = await (await post(own, { ...fields, do: 'preview' })).text();
  expect(looked).toMatch(/<h2>attention<\/h2>.*would have come/s);
  expect(looked).toContain('value="attention"');
  expect(await (await post(`${own}/preview`, fields)).text()).toContain('would have brought');
  const wrong = await post(own, { ...fields, [`edit-${before?.id}`]: '(((', do: 'save' });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('value="((("');
  expect(await followed()).toEqual([before]);

  expect((await post(own, { ...fields, do: 'save' })).headers.get('location')).toBe(`${own}?saved`);
  expect(await followed()).toMatchObject([
    { query: 'attention', name: 'attention', strictness: 'strict' },
  ]);
  const [after] = await followed();
  expect(after?.id).not.toBe(before?.id);
});

test('a reader changes topics and times, pauses and comes back', async () => {
  const address = 'changing@example.com';
  const own = await reader(address);
  const [diffusion] = await rows<{ id: string }>(
    'select id from topic where query = $1',
    'diffusion',
  );
  const saved = await post(own, {
    ...FILLED,
    ...{
      do: 'save',
      topic: '',
      query: 'robots',
      rhythm: 'weekly',
      weekday: '3',
      papers: '5',
      quiet: 'note',
      format: 'text',
    },
    [`drop-${diffusion?.id}`]: 'on',
  });
  expect(saved.headers.get('location')).toBe(`${own}?saved`);
  expect(await readerRow(address)).toMatchObject({
    cadence: 'weekly',
    weekdays: [3],
    max_papers: 5,
    quiet_days: 'note',
    mail_format: 'text',
  });
  const followed = await rows<{ query: string }>(
    `select query from subscription join topic on topic.id = topic_id join subscriber on subscriber.id = subscriber_id
     where address = $1 order by 1`,
    address,
  );
  expect(followed.map(({ query }) => query)).toEqual(['robots', 'transformer']);

  await post(own, { do: 'pause', days: '14' });
  expect(await readerRow(address)).toMatchObject({ state: 'paused' });
  expect(await page(own)).toContain('Paused until');
  await post(own, { do: 'resume' });
  expect(await readerRow(address)).toMatchObject({ state: 'active', paused_until: null });
  expect((await post(own, { do: 'pause', days: '9999' })).status).toBe(400);
  expect((await post(own, { do: 'delete-all' })).status).toBe(400);
});

test('a dropped word makes the topic a query of its own, and undoing leads back to the one before', async () => {
  const address = 'words@example.com';
  const own = await reader(address);
  const topic = async () => {
    const followed = await rows<{ id: string; query: string }>(
      `select topic.id, query from subscription join topic on topic.id = topic_id
         join subscriber on subscriber.id = subscriber_id where address = $1 and query like 'diffusion%'`,
      address,
    );
    return followed[0];
  };
  const before = await topic();
  // Called as a word of the query, and something else.
  const [slug, query] = ['diffusion', '"heat equation"'];
  await ensureTopic(store.db, { slug, name: 'Heat', query, queryHash: Buffer.alloc(32, 2) });
  await rows(
    `insert into match (topic_id, paper_id, strength, reasons) select $1, max(id), 1, $2 from paper
     on conflict (topic_id, paper_id) do update set reasons = excluded.reasons`,
    ...[before?.id, JSON.stringify([{ kind: 'related', quotes: [{ text: 'Noise' }] }])],
  );
  await post(`${own}/words/${before?.id}`, { word: 'Noise' });
  const dropped = await topic();
  expect(dropped?.query).toBe('diffusion -related:Noise');
  await post(`${own}/words/${dropped?.id}`, { restore: 'Noise' });
  expect(await topic()).toEqual(before);
  // Words that are typed are a query, whatever the catalogue has under that slug.
  await post(own, { ...FILLED, do: 'save', topic: '' });
  expect(await page(own)).not.toContain('<h2>Heat</h2>');
});

test('a pause ends by itself', async () => {
  const address = 'pausing@example.com';
  await post(await reader(address), { do: 'pause', days: '7' });
  await rows(
    `update subscriber set paused_until = now() - interval '1 minute' where address = $1`,
    address,
  );
  const { resumeDue } = await import('@paperboy/store');
  expect(await resumeDue(store.db)).toBe(1);
  expect(await readerRow(address)).toMatchObject({ state: 'active', paused_until: null });
});

test('a reader takes everything along, and erases it', async () => {
  const address = 'erasing@example.com';
  const own = await reader(address);
  const taken = await fetch(`${web.url}${own}/export.json`);
  expect(taken.headers.get('content-disposition')).toContain('attachment');
  expect(await taken.json()).toMatchObject({
    subscriber: { address },
    topics: [{ name: 'Transformers' }, { name: 'diffusion' }],
    consent: [{ kind: 'confirmed' }],
  });
  expect(await page(`${own}/erase`)).toContain('Erase everything about you?');
  expect(await readerRow(address)).toBeDefined();
  expect(await (await post(`${own}/erase`, {})).text()).toContain('Nothing that names you is left');
  for (const table of [
    'subscriber',
    'consent_event',
    'sign_up',
    'delivery_event',
    'inbox_message',
  ]) {
    const [left] = await rows<{ found: boolean }>(
      `select coalesce(bool_or(t::text ilike '%erasing@example%' or t::text ilike '%' || encode('erasing@', 'hex') || '%'), false)
         as found from "${table}" t`,
    );
    expect([table, left?.found]).toEqual([table, false]);
  }
  expect((await fetch(`${web.url}${own}`)).status).toBe(404);
  expect((await post(own, { do: 'resume' })).status).toBe(404);
  // Signing up anew is the owner's own wish again.
  await rows('truncate inbox_message');
  await reader(address);
  expect(await readerRow(address)).toMatchObject({ state: 'active' });
});

test('tokens of another purpose, cut, flipped or another reader’s open nothing', async () => {
  const own = await reader('safe@example.com');
  const token = own.split('/').at(-1) ?? '';
  const row = await readerRow('safe@example.com');
  const leave = links
    .unsubscribe(row?.id as never)
    .pathname.split('/')
    .at(-1);
  const flipped = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
  for (const wrong of [leave, token.slice(1), flipped, 'x', '%00', `${token}/..`]) {
    expect((await fetch(`${web.url}/preferences/${wrong}`)).status).toBe(404);
    expect((await post(`/preferences/${wrong}`, { do: 'pause', days: '7' })).status).toBe(404);
    expect((await fetch(`${web.url}/confirm/${wrong}`)).status).toBe(404);
  }
  expect(await readerRow('safe@example.com')).toEqual(row);
});

test('a link that is older than two days no longer confirms, and a wish is forgotten in a week', async () => {
  const address = 'late@example.com';
  await signUp(address);
  const path = await confirmPath(address);
  await rows(
    `update sign_up set last_sent_at = last_sent_at - interval '49 hours', created_at = now() - interval '8 days'`,
  );
  expect((await post(path, {})).status).toBe(404);
  const { forgetSignUps } = await import('@paperboy/store');
  await forgetSignUps(store.db);
  expect(await rows('select from sign_up')).toHaveLength(0);
});
