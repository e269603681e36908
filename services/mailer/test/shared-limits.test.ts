import { once } from 'node:events';
import { createServer } from 'node:net';
import { type EditionId, idOf } from '@paperboy/core';
import { claimDeliveries, relayGate, slowDomains, spentQuota, takeQuota } from '@paperboy/store';
import { afterEach, expect, test } from 'vitest';
import { type InboxOptions, inboxLog, type Mailer, startInbox } from '../src/index.ts';
import { mailerOn, mailSettings } from './mailer-of-tests.ts';
import { addReader, copies, letTimePass, plan, recordPage, states } from './support.ts';
import { useDailyRoom } from './use-room.ts';

const { room, daily } = useDailyRoom();
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
});

/** Plans a digest for so many readers of each domain. */
async function planFor(readers: Readonly<Record<string, number>>): Promise<EditionId> {
  for (const [domain, count] of Object.entries(readers)) {
    for (let n = 0; n < count; n++) await addReader(room, { name: `${domain}.${n}` });
    await room.query(
      `update subscriber set domain = $1, address = split_part(address, '@', 1) || '@' || $1
       where address like $1 || '.%'`,
      [domain],
    );
  }
  await recordPage(room, { sourceId: daily(), day: '2026-03-02', papers: ['flow one'] });
  await plan(room, '2026-03-02T08:00:00Z');
  const [edition] = await room.query<{ id: string }>('select id from edition');
  return idOf('edition', edition?.id ?? '');
}

async function inboxThat(interfere?: InboxOptions['interfere']) {
  const inbox = await startInbox({ db: room.db, ...(interfere && { interfere }) });
  opened.push({ close: inbox.stop });
  return inbox;
}

async function mailerTo(smtpUrl: string, over: Partial<typeof mailSettings> = {}): Promise<Mailer> {
  const mailer = await mailerOn(room, {
    relayLog: inboxLog(room.db),
    settings: { ...mailSettings, ...over, smtpUrl },
  });
  opened.push(mailer);
  return mailer;
}

const of = (domain: string) => (recipient: string) => recipient.endsWith(`@${domain}`);

test('three failures stop every mailer; one message finds out when to go on, and no attempt is spent', async () => {
  let knocks = 0;
  const dead = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(dead, 'listening');
  opened.push({ close: async () => void dead.close() });
  const address = dead.address();
  const url = `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  await planFor({ 'a.example': 30 });
  const [first, second] = [await mailerTo(url), await mailerTo(url)];
  await expect(first.deliverDue()).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
  const met = knocks;
  expect(met).toBeLessThanOrEqual(2 * mailSettings.smtpConnections);
  await expect(second.deliverDue()).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
  expect(knocks).toBe(met);
  expect(await relayGate(room.db)).toMatchObject({ kind: 'open', code: 'RELAY_UNAVAILABLE' });

  await letTimePass(room);
  const ends = await Promise.allSettled([first.deliverDue(), second.deliverDue()]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(knocks).toBe(met + 1);
  const [{ pause } = { pause: 0 }] = await room.query<{ pause: number }>(
    'select pause_ms as pause from relay',
  );
  expect(pause).toBe(10_000);

  const back = await mailerTo((await inboxThat()).url);
  await letTimePass(room);
  expect(await back.deliverDue()).toMatchObject({ accepted: 30 });
  expect(await relayGate(room.db)).toEqual({ kind: 'closed' });
  expect(await room.query('select distinct attempt from delivery')).toEqual([{ attempt: 1 }]);
});

test('answers that never come stop the mailers too, before everything is in doubt', async () => {
  await planFor({ 'a.example': 60 });
  const inbox = await inboxThat((step) => (step === 'commit' ? { kind: 'break' } : undefined));
  const mailer = await mailerTo(inbox.url);
  await expect(mailer.deliverDue()).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
  const { uncertain = 0, ready = 0 } = await states(room);
  expect(uncertain).toBeLessThanOrEqual(2 * mailSettings.smtpConnections);
  expect(uncertain + ready).toBe(60);
});

test('a domain that asks for less is put to rest and tried with one message; the others go on', async () => {
  await planFor({ 'slow.example': 40, 'a.example': 10 });
  const isSlow = of('slow.example');
  let isThrottling = true;
  let asked = 0;
  const inbox = await inboxThat((step, recipient) => {
    if (step !== 'rcpt' || !isSlow(recipient)) return undefined;
    asked += 1;
    return isThrottling ? { kind: 'refuse', code: 421, text: '4.7.28 too many' } : undefined;
  });
  const mailer = await mailerTo(inbox.url);
  await mailer.deliverDue();
  expect(Object.keys(await copies(room))).toHaveLength(10);
  expect(await slowDomains(room.db)).toMatchObject([
    { domain: 'slow.example', most: 1, deadUntil: expect.any(Date) },
  ]);
  expect(
    await room.query(`select distinct attempt from delivery where state = 'deferred'`),
  ).toEqual([{ attempt: 0 }]);
  // At rest: nothing is claimed for it.
  await room.query('update delivery set next_at = now() where accepted_at is null');
  const before = asked;
  expect(await mailer.deliverDue()).toMatchObject({ claimed: 0, passed: 40 });
  expect(asked).toBe(before);
  // Then one message of all mailers; it is still refused.
  const other = await mailerTo(inbox.url);
  await letTimePass(room);
  await Promise.all([mailer.deliverDue(), other.deliverDue()]);
  expect(asked).toBe(before + 1);
  isThrottling = false;
  await letTimePass(room);
  for (let round = 0; round < 10 && ((await states(room)).accepted ?? 0) < 50; round++) {
    await mailer.deliverDue();
    await letTimePass(room);
  }
  expect(await states(room)).toEqual({ accepted: 50 });
  expect(Object.values(await copies(room))).toEqual(Array(50).fill(1));
});

test('a domain that refuses our sender is held alone, at nobody’s cost; another’s message finds out when it takes mail again', async () => {
  await planFor({ 'no.example': 30, 'a.example': 10 });
  const isRefusing = of('no.example');
  let isRefused = true;
  let asked = 0;
  const inbox = await inboxThat((step, recipient) => {
    if (step !== 'dot' || !isRefusing(recipient)) return undefined;
    asked += 1;
    return isRefused ? { kind: 'refuse', code: 550, text: '5.7.26 who are you' } : undefined;
  });
  const mailer = await mailerTo(inbox.url);
  await mailer.deliverDue();
  expect(await states(room)).toEqual({ accepted: 10, ready: 30 });
  // Those under way when the first word came, and no more.
  expect(asked).toBeLessThanOrEqual(mailSettings.smtpConnections);
  expect(await relayGate(room.db)).toEqual({ kind: 'closed' });
  const [held] = await slowDomains(room.db);
  expect(held).toMatchObject({
    domain: 'no.example',
    most: 5,
    restMs: 10 * 60_000,
    trouble: { code: 'SENDER_REFUSED', detail: '550 5.7.26 who are you' },
  });
  const unpunished = `select max(attempt) as attempts, (select count(*)::int from suppression) as suppressed,
    bool_and(next_at > now() + interval '4 minutes') as "isLeft",
    min(next_at) filter (where reply is not null) > max(next_at) filter (where reply is null) as "goesLast"
    from delivery where state = 'ready'`;
  expect(await room.query(unpunished)).toEqual([
    { attempts: 0, suppressed: 0, isLeft: true, goesLast: true },
  ]);
  await letTimePass(room);
  const before = asked;
  await mailer.deliverDue();
  expect(asked).toBe(before + 1);
  isRefused = false;
  await letTimePass(room);
  for (let round = 0; round < 5 && ((await states(room)).accepted ?? 0) < 40; round++) {
    await mailer.deliverDue();
    await letTimePass(room);
  }
  expect(await states(room)).toEqual({ accepted: 40 });
  expect(Object.values(await copies(room))).toEqual(Array(40).fill(1));
  expect(await slowDomains(room.db)).toEqual([]);
});

test('a sender whom three domains refuse, and none takes mail of, stops all mailers until somebody mends it', async () => {
  await planFor({ 'a.example': 4, 'b.example': 4, 'c.example': 4, 'd.example': 20 });
  const met = new Set<string>();
  const inbox = await inboxThat((step, recipient) => {
    if (step !== 'rcpt') return undefined;
    met.add(recipient.split('@')[1] ?? '');
    return { kind: 'refuse', code: 550, text: '5.7.1 example.org may not write to us' };
  });
  const mailer = await mailerTo(inbox.url);
  await expect(mailer.deliverDue()).rejects.toMatchObject({ code: 'SENDER_REFUSED' });
  expect(met.size).toBeGreaterThanOrEqual(3);
  expect(await relayGate(room.db)).toMatchObject({ kind: 'held', code: 'SENDER_REFUSED' });
  expect(await states(room)).toEqual({ ready: 32 });
  expect(await room.query('select distinct attempt from delivery')).toEqual([{ attempt: 0 }]);
  expect(await room.query('select from suppression')).toEqual([]);
});

test('a domain has five conversations at first, however many connections there are', async () => {
  await planFor({ 'a.example': 60 });
  let now = 0;
  let most = 0;
  const inbox = await inboxThat((step) => {
    if (step === 'rcpt') most = Math.max(most, ++now);
    if (step === 'commit') now -= 1;
    return undefined;
  });
  const mailer = await mailerTo(inbox.url, { smtpConnections: 20 });
  expect(await mailer.deliverDue({ limit: 30 })).toMatchObject({ accepted: 60 });
  // Two claims were made at the first pace; what was learnt from them counts from the next on.
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(5);
  const [pace] = await room.query<{ most: number }>('select most from mail_domain');
  expect(pace?.most).toBeGreaterThan(5);
});

test('mailers share what a domain takes, and a crash leaves no conversation counted', async () => {
  const editionId = await planFor({ 'a.example': 30 });
  const claim = (worker: string) =>
    claimDeliveries(room.db, { editionId, lease: { owner: `${worker}.1`, ms: 60_000 }, limit: 10 });
  const [one, two] = [await claim('one'), await claim('two')];
  expect([one.shares.get('a.example'), two.shares.get('a.example')]).toEqual([5, 2]);
  await room.query('delete from claim');
  await room.query(`insert into mail_domain (domain, most) values ('a.example', 1)`);
  expect((await claim('one')).claimed).toHaveLength(10);
  // One conversation at a time is one mailer's.
  expect(await claim('two')).toMatchObject({ claimed: [], passed: 10 });
  // Gone without a word: with its lease its claim is gone, and nothing else was counted.
  await room.query('delete from claim');
  await room.query('update delivery set next_at = now()');
  expect((await claim('two')).claimed).toHaveLength(10);
});

test('a quota of an hour holds for all mailers together, and opens as the hour passes', async () => {
  await planFor({ 'a.example': 25 });
  const inbox = await inboxThat();
  const mailers = [
    await mailerTo(inbox.url, { mailPerHour: 10 }),
    await mailerTo(inbox.url, { mailPerHour: 10 }),
  ];
  const again = async () => {
    await Promise.all(mailers.map((mailer) => mailer.deliverDue()));
    return states(room);
  };
  expect(await again()).toEqual({ accepted: 10, ready: 15 });
  await letTimePass(room);
  expect(await again()).toEqual({ accepted: 10, ready: 15 });
  await room.query(`update sent_minute set minute = minute - interval '62 minutes'`);
  await letTimePass(room);
  expect(await again()).toEqual({ accepted: 20, ready: 5 });
});

test('a raised quota takes up at the next start what the lower one put off', async () => {
  await planFor({ 'a.example': 6 });
  const { url } = await inboxThat();
  const limited = await mailerTo(url, { mailPerHour: 4 });
  expect(await limited.deliverDue()).toMatchObject({ accepted: 4, ready: 2 });
  await limited.retryRelay();
  expect(await limited.deliverDue()).toMatchObject({ claimed: 0 });
  const raised = await mailerTo(url, { mailPerHour: 100 });
  await raised.retryRelay();
  expect(await raised.deliverDue()).toMatchObject({ accepted: 2 });
});

test('messages of a second are spaced evenly, also those of different mailers', async () => {
  const quota = { perSecond: 50, perHour: 0, perDay: 120 };
  const takes = [];
  for (let n = 0; n < 3; n++) takes.push(await takeQuota(room.db, quota, 50));
  expect(takes.map(({ granted }) => granted)).toEqual([50, 50, 20]);
  expect(takes.map(({ waitMs }) => Math.round(waitMs / 1_000))).toEqual([0, 1, 2]);
  const spent = await takeQuota(room.db, quota, 50);
  expect(spent.granted).toBe(0);
  expect(spent.waitMs).toBeGreaterThan(23 * 3_600_000);
  const told = await spentQuota(room.db, quota);
  expect(told).toMatchObject({ setting: 'MAIL_PER_DAY', most: 120 });
  expect(told?.until.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  expect(await spentQuota(room.db, { perHour: 0, perDay: 121 })).toBeUndefined();
});

test('a rate of a second still delivers everything', async () => {
  await planFor({ 'a.example': 12 });
  const mailer = await mailerTo((await inboxThat()).url, { mailPerSecond: 40 });
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 12 });
});
