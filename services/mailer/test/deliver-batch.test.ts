import { type EditionId, idOf } from '@paperboy/core';
import { readMessage } from '@paperboy/email';
import { silentLog } from '@paperboy/runtime';
import {
  ClaimPlaces,
  claimDeliveries,
  endClaim,
  findInboxMessage,
  findSubscriber,
  leaseOwners,
  leave,
  listDeliveries,
  listInboxMessages,
  recordReturn,
  rejoin,
  showDelivery,
  stageDeliveries,
  suppress,
} from '@paperboy/store';
import { afterEach, expect, test } from 'vitest';
import {
  type InboxOptions,
  type InboxServer,
  inboxLog,
  type Mailer,
  startInbox,
} from '../src/index.ts';
import { links, mailerOn, mailSettings } from './mailer-of-tests.ts';
import { addCrowd, addReader, copies, letTimePass, plan, recordPage, states } from './support.ts';
import { useDailyRoom } from './use-room.ts';

const { room, daily } = useDailyRoom();
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
});

async function inboxThat(interfere?: InboxOptions['interfere']): Promise<InboxServer> {
  const inbox = await startInbox({ db: room.db, ...(interfere && { interfere }) });
  opened.push({ close: inbox.stop });
  return inbox;
}

async function open(mailer: Promise<Mailer>): Promise<Mailer> {
  opened.push(await mailer);
  return mailer;
}

async function mailerTo(
  inbox: InboxServer,
  over: Parameters<typeof mailerOn>[1] = {},
): Promise<Mailer> {
  return open(mailerOn(room, { smtpUrl: inbox.url, relayLog: inboxLog(room.db), ...over }));
}

/** Plans one digest for each name. */
async function planFor(...names: string[]): Promise<void> {
  for (const name of names) await addReader(room, { name });
  await recordPage(room, {
    sourceId: daily(),
    day: '2026-03-02',
    papers: ['flow one', 'flow two'],
  });
  await plan(room, '2026-03-02T08:00:00Z');
}

const refuse = (code: number, text: string) => ({ kind: 'refuse', code, text }) as const;
const ofTroubled = (recipient: string) => recipient.startsWith('bob');

test('a digest reaches the inbox, says why each paper is there and how to leave', async () => {
  await planFor('ada');
  const mailer = await open(mailerOn(room));
  expect(mailer.inbox?.host).toBe('127.0.0.1');
  expect(await mailer.deliverDue()).toMatchObject({ claimed: 1, accepted: 1 });
  const [entry] = await listInboxMessages(room.db);
  const { raw, recipients, mailFrom } = await findInboxMessage(room.db, entry?.id ?? '');
  const mail = await readMessage(raw);
  expect({ recipients, mailFrom }).toEqual({
    recipients: ['ada@example.com'],
    mailFrom: 'paperboy@example.org',
  });
  expect(mail.text).toContain('flow one');
  expect(mail.text).toContain('in the title');
  const { id } = await findSubscriber(room.db, 'ada@example.com');
  expect(mail.listUnsubscribe?.href).toBe(links.unsubscribe(id).href);
  expect(raw.includes('\n\n')).toBe(false);
  const [delivery] = await listDeliveries(room.db);
  expect(delivery).toMatchObject({
    state: 'accepted',
    attempt: 1,
    smtpCode: 250,
    messageId: mail.messageId,
  });
  const { events } = await showDelivery(room.db, delivery?.id ?? '');
  expect(events.map(({ kind }) => kind)).toEqual(['claim', 'stage', 'result']);
  expect(await mailer.deliverDue()).toMatchObject({ claimed: 0 });
  if (!delivery) throw new Error('there is no delivery');
  const returned = {
    kind: 'failed',
    isHard: true,
    reason: 'unknown-user',
    words: 'no such user',
  } as const;
  await recordReturn(room.db, delivery.id, returned, 'smtp');
  const { events: since, reply } = await showDelivery(room.db, delivery.id);
  expect(since.slice(0, 3)).toEqual(events);
  expect(since.slice(3)).toMatchObject([{ kind: 'bounce' }]);
  expect(reply).toBe('no such user');
});

test('papers over the subscriber’s limit are counted, not lost', async () => {
  await addReader(room, { name: 'ada', maxPapers: 2 });
  await recordPage(room, {
    sourceId: daily(),
    day: '2026-03-02',
    papers: ['flow 1', 'flow 2', 'flow 3'],
  });
  await plan(room, '2026-03-02T08:00:00Z');
  const mailer = await open(mailerOn(room));
  await mailer.deliverDue();
  const [entry] = await listInboxMessages(room.db);
  const { raw } = await findInboxMessage(room.db, entry?.id ?? '');
  const { text } = await readMessage(raw);
  expect(text).toContain('flow 2');
  expect(text).not.toContain('flow 3');
  expect(text).toContain('1 more online');
});

test('a soft refusal defers that delivery alone, and the next attempt is the same message', async () => {
  await planFor('ada', 'bob');
  let isGrey = true;
  const inbox = await inboxThat((step, recipient) =>
    isGrey && step === 'rcpt' && ofTroubled(recipient)
      ? refuse(451, '4.7.1 greylisted')
      : undefined,
  );
  const warnings: unknown[] = [];
  const mailer = await mailerTo(inbox, {
    log: { ...silentLog, warn: (event, fields) => warnings.push([event, fields]) },
  });
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1, deferred: 1 });
  const told = { deliveries: 1, reply: '451 4.7.1 greylisted', enhancedCode: '4.7.1' };
  expect(warnings).toEqual([['deliveries.deferred', expect.objectContaining(told)]]);
  const [before] = await listDeliveries(room.db, { state: 'deferred' });
  expect(before).toMatchObject({ attempt: 1, smtpCode: 451, enhancedCode: '4.7.1' });
  expect((before?.nextAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(4 * 60_000);
  isGrey = false;
  expect(await mailer.deliverDue()).toMatchObject({ claimed: 0 });
  await letTimePass(room);
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1 });
  const [after] = await listDeliveries(room.db, { state: 'accepted' });
  expect(after).toMatchObject({
    messageId: before?.messageId,
    mailDate: before?.mailDate,
    attempt: 2,
  });
  expect(await copies(room)).toEqual({ 'ada@example.com': 1, 'bob@example.com': 1 });
});

test('after five waits a digest is too late', async () => {
  await planFor('ada', 'bob');
  const warnings: unknown[] = [];
  const mailer = await mailerTo(
    await inboxThat((step) => (step === 'rcpt' ? refuse(450, 'busy') : undefined)),
    { log: { ...silentLog, warn: (event, fields) => warnings.push([event, fields]) } },
  );
  for (let attempt = 1; attempt <= 6; attempt++) {
    await mailer.deliverDue();
    await letTimePass(room);
  }
  expect(await states(room)).toEqual({ expired: 2 });
  // One line for each batch, and one for each digest that ends.
  expect(warnings[0]).toEqual(['deliveries.deferred', expect.objectContaining({ deliveries: 2 })]);
  expect(warnings).toHaveLength(5 + 2);
});

test('an address that is gone is rejected and never mailed again; a refused message is held against nobody', async () => {
  await planFor('ada', 'bob', 'cleo');
  const alarms: unknown[] = [];
  const mailer = await mailerTo(
    await inboxThat((step, recipient) => {
      if (step === 'rcpt' && ofTroubled(recipient)) return refuse(550, '5.1.1 no such user');
      if (step === 'dot' && recipient.startsWith('cleo')) return refuse(554, '5.6.0 refused');
      return undefined;
    }),
    { log: { ...silentLog, error: (event, fields) => alarms.push([event, fields]) } },
  );
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1, rejected: 2 });
  expect(alarms).toEqual([
    ['messages.refused', expect.objectContaining({ deliveries: 1, reply: '554 5.6.0 refused' })],
  ]);
  await recordPage(room, { sourceId: daily(), day: '2026-03-03', papers: ['flow three'] });
  await plan(room, '2026-03-03T08:00:00Z');
  expect(await mailer.deliverDue()).toMatchObject({ claimed: 2, accepted: 1, rejected: 1 });
  const rows = await room.query('select reason from suppression');
  expect(rows).toEqual([{ reason: 'hard-bounce' }]);
});

test('a refused sender stops the run and spends no attempt', async () => {
  await planFor('ada', 'bob', 'cleo');
  let asked = 0;
  const mailer = await mailerTo(
    await inboxThat((step) => {
      if (step !== 'mail') return undefined;
      asked += 1;
      return refuse(550, '5.7.26 not authenticated');
    }),
  );
  await expect(mailer.deliverDue()).rejects.toMatchObject({ code: 'SENDER_REFUSED' });
  await letTimePass(room);
  await expect(mailer.deliverDue()).rejects.toMatchObject({ code: 'SENDER_REFUSED' });
  expect(asked).toBeLessThanOrEqual(3);
  // It waits for a person; whoever starts a mailer again lets one message find out.
  const askedBefore = asked;
  await mailer.retryRelay();
  await expect(mailer.deliverDue()).rejects.toMatchObject({ code: 'SENDER_REFUSED' });
  expect(asked).toBe(askedBefore + 1);
  expect(await states(room)).toEqual({ ready: 3 });
  expect((await listDeliveries(room.db)).map(({ attempt }) => attempt)).toEqual([0, 0, 0]);
});

test('a relay that is away spends no attempt, and all is sent when it is back', async () => {
  await planFor('ada', 'bob');
  const away = await startInbox({ db: room.db });
  await away.stop();
  const lost = await mailerTo(away);
  await expect(lost.deliverDue()).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
  expect(await states(room)).toEqual({ ready: 2 });
  const back = await mailerTo(await inboxThat());
  await expect(back.deliverDue()).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
  await letTimePass(room);
  expect(await back.deliverDue()).toMatchObject({ accepted: 2 });
});

test.each([
  ['mail', /^ready$/],
  ['rcpt', /^ready$/],
  // The last byte may or may not have been handed to the socket by then.
  ['data', /^(ready|uncertain)$/],
  ['dot', /^uncertain$/],
  ['commit', /^uncertain$/],
] as const)(
  'a connection that breaks after %s leaves a delivery %s, and one copy in the end',
  async (point, state) => {
    await planFor('ada');
    let isBroken = true;
    const inbox = await inboxThat((step) =>
      isBroken && step === point ? { kind: 'break' } : undefined,
    );
    const mailer = await mailerTo(inbox, { relayLog: { wasAccepted: async () => new Map() } });
    await mailer.deliverDue().catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'RELAY_UNAVAILABLE' });
    });
    expect(Object.keys(await states(room))).toEqual([expect.stringMatching(state)]);
    isBroken = false;
    // The inbox's own records settle what is in doubt; a message it never kept is sent.
    const knowing = await mailerTo(await inboxThat());
    await letTimePass(room);
    await knowing.reconcile();
    await knowing.deliverDue();
    expect(await states(room)).toEqual({ accepted: 1 });
    expect(await copies(room)).toEqual({ 'ada@example.com': 1 });
  },
);

test('without evidence an uncertain digest is sent once more, the same message, or never, as is set', async () => {
  await planFor('ada');
  const inbox = await inboxThat((step) => (step === 'commit' ? { kind: 'break' } : undefined));
  const relayLog = { wasAccepted: async () => new Map() };
  const holding = await mailerTo(inbox, { relayLog, uncertainPolicy: 'hold' });
  await holding.deliverDue();
  await letTimePass(room);
  expect(await holding.reconcile()).toMatchObject({ resent: 0 });
  const resending = await mailerTo(inbox, { relayLog });
  for (let round = 0; round < 3; round++) {
    await resending.reconcile();
    await resending.deliverDue();
    await letTimePass(room);
  }
  expect(await states(room)).toEqual({ uncertain: 1 });
  const messages = await listInboxMessages(room.db);
  expect(messages).toHaveLength(2);
  expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(1);
  const dates = messages.map(({ head }) => /^Date: .*$/m.exec(head.toString('latin1'))?.[0]);
  expect(new Set(dates).size).toBe(1);
});

test('what was staged under a claim that is gone is settled, as under one that has lapsed', async () => {
  await planFor('ada', 'bob');
  const [edition] = await room.query<{ id: EditionId }>('select id from edition');
  const editionId = edition?.id ?? idOf('edition', '1');
  const owner = 'worker.1';
  const { claimed } = await claimDeliveries(room.db, {
    editionId,
    lease: { owner, ms: 15_000 },
    limit: 10,
  });
  const messages = claimed.map(({ id }) => ({
    ...{ id, messageId: `<${id}@example.org>`, mailDate: new Date() },
    contentHash: Buffer.alloc(32),
  }));
  expect((await stageDeliveries(room.db, owner, messages)).size).toBe(2);
  const mailer = await open(mailerOn(room));
  await mailer.reconcile();
  expect(await states(room)).toEqual({ sending: 2 });
  // As if it had lapsed, and been removed, while these were still being staged.
  await room.query('delete from claim');
  await mailer.reconcile();
  // The inbox knows that it took neither.
  expect(await states(room)).toEqual({ ready: 2 });
});

test('whoever leaves or is suppressed after the plan is not mailed', async () => {
  await planFor('ada', 'bob', 'cleo');
  const { id } = await findSubscriber(room.db, 'ada@example.com');
  await leave(room.db, id);
  await suppress(room.db, links.addressHash('bob@example.com'), 'complaint');
  const mailer = await open(mailerOn(room));
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1, suppressed: 2 });
  expect(await copies(room)).toEqual({ 'cleo@example.com': 1 });
  expect(await rejoin(room.db, id)).toBe(true);
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1 });
  expect(await copies(room)).toEqual({ 'ada@example.com': 1, 'cleo@example.com': 1 });
});

test('who leaves while the run is under way is not mailed from then on', async () => {
  const names = Array.from(
    { length: 240 },
    (_, index) => `reader${String(index).padStart(3, '0')}`,
  );
  await planFor(...names);
  const last = await findSubscriber(room.db, 'reader239@example.com');
  let left: Promise<boolean> | undefined;
  const inbox = await inboxThat((step) => {
    if (step === 'rcpt') left ??= leave(room.db, last.id);
    return undefined;
  });
  const mailer = await mailerTo(inbox);
  const [edition] = await room.query<{ id: EditionId }>('select id from edition');
  const editionId = edition?.id ?? idOf('edition', '1');
  expect(await mailer.deliverBatch(editionId, { limit: 100 })).toMatchObject({ accepted: 100 });
  // What was staged before the leave was committed may still go out.
  expect(await left).toBe(true);
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 139, suppressed: 1 });
});

test('two mailers at once send nothing twice', async () => {
  const names = Array.from({ length: 80 }, (_, index) => `reader${index}`);
  await planFor(...names);
  const mailers = await Promise.all(Array.from({ length: 2 }, () => open(mailerOn(room))));
  const reports = await Promise.all(
    mailers.flatMap((mailer) => [
      mailer.deliverDue({ limit: 10 }),
      mailer.deliverDue({ limit: 10 }),
    ]),
  );
  expect(reports.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(80);
  expect(Object.values(await copies(room))).toEqual(Array(80).fill(1));
});

test('claims made at once share no delivery', async () => {
  await planFor(...Array.from({ length: 60 }, (_, index) => `reader${index}`));
  const [edition] = await room.query<{ id: EditionId }>('select id from edition');
  const editionId = edition?.id ?? idOf('edition', '1');
  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      claimDeliveries(room.db, {
        editionId,
        lease: { owner: `worker ${index}`, ms: 15_000 },
        limit: 10,
      }),
    ),
  );
  const ids = claims.flatMap(({ claimed }) => claimed.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  // Each finds what those before have left, until as many hold the domain as it takes conversations.
  expect(ids).toHaveLength(50);
  expect(await leaseOwners(room.db)).toHaveLength(5);
});

test('claims go on behind one another, and back to what is due again before', async () => {
  await planFor(...Array.from({ length: 30 }, (_, index) => `reader${index}`));
  const [edition] = await room.query<{ id: EditionId }>('select id from edition');
  const editionId = edition?.id ?? idOf('edition', '1');
  const places = new ClaimPlaces();
  let claims = 0;
  const claim = async () => {
    const lease = { owner: `worker.${++claims}`, ms: 15_000 };
    const { claimed } = await claimDeliveries(room.db, { editionId, lease, limit: 10, places });
    return claimed.map(({ id }) => id);
  };
  const first = await claim();
  // Given back, and due before all others.
  await room.query(`update delivery set next_at = next_at - interval '1 second' where id = $1`, [
    first[0],
  ]);
  await endClaim(room.db, 'worker.1');
  const [second, third, last] = [await claim(), await claim(), await claim()];
  expect(new Set([...first, ...second, ...third]).size).toBe(30);
  expect(last).toEqual(first);
  expect(await claim()).toEqual([]);
});

test('an abort gives back what was not handed over', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `reader${index}`);
  await planFor(...names);
  const stop = new AbortController();
  let taken = 0;
  const inbox = await inboxThat((step) => {
    if (step === 'commit' && ++taken === 20) stop.abort();
    return undefined;
  });
  const mailer = await mailerTo(inbox);
  await mailer.deliverDue({ signal: stop.signal });
  const { accepted = 0, ready = 0, uncertain = 0 } = await states(room);
  expect(accepted + ready + uncertain).toBe(60);
  expect(ready).toBeGreaterThan(30);
  expect(uncertain).toBeLessThanOrEqual(4);
  const next = await mailerTo(inbox);
  await next.reconcile();
  await next.deliverDue();
  expect(await states(room)).toEqual({ accepted: 60 });
  expect(Object.values(await copies(room))).toEqual(Array(60).fill(1));
});

test('PAPERBOY_SENDING=off claims nothing', async () => {
  await planFor('ada');
  const mailer = await open(mailerOn(room, { settings: { ...mailSettings, sending: false } }));
  expect(await mailer.deliverDue()).toMatchObject({ claimed: 0 });
  expect(await states(room)).toEqual({ ready: 1 });
});

test('a crowd is served in one run', async () => {
  await addCrowd(room, 300);
  const papers = Array.from({ length: 20 }, (_, index) => `flow ${index}`);
  await recordPage(room, { sourceId: daily(), day: '2026-03-02', papers });
  await plan(room, '2026-03-02T08:00:00Z');
  const mailer = await open(mailerOn(room));
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 300 });
  expect(Object.values(await copies(room))).toEqual(Array(300).fill(1));
});
