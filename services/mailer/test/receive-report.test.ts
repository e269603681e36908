import { type DeliveryId, idOf, type SubscriberId } from '@paperboy/core';
import { type LogFields, silentLog } from '@paperboy/runtime';
import {
  findSubscriber,
  liftSuppression,
  listReturns,
  listStrays,
  probePaused,
  rejoin,
} from '@paperboy/store';
import { expect, test } from 'vitest';
import { receiveReport } from '../src/index.ts';
import { links } from './mailer-of-tests.ts';
import { addReader } from './support.ts';
import { useRoom } from './use-room.ts';

const room = useRoom();

const errors: LogFields[] = [];
const log = {
  ...silentLog,
  error: (event: string, fields?: LogFields) => errors.push({ event, ...fields }),
};

/** A digest that was handed over so many days ago. */
async function delivered(
  subscriberId: SubscriberId,
  { daysAgo = 0, state = 'accepted' }: { daysAgo?: number; state?: string } = {},
): Promise<DeliveryId> {
  const [edition] = await room.query<{ id: string }>(
    `insert into edition (cadence, window_end, through_no, planned_at, send_until)
     values ('daily', date_trunc('hour', now()) - make_interval(days => $1), 0, now() - make_interval(days => $1), now())
     on conflict (cadence, window_end) do update set through_no = 0 returning id`,
    [daysAgo],
  );
  const [made] = await room.query<{ id: string }>(
    `insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, state, accepted_at)
     values ($1, $2, 'example.com', '{1}', '{}', $3,
       case when $3 = 'accepted' then now() - make_interval(days => $4) end) returning id`,
    [edition?.id, subscriberId, state, daysAgo],
  );
  return idOf('delivery', made?.id ?? '');
}

interface Report {
  readonly status?: string;
  readonly diagnostic?: string;
  readonly action?: string;
  readonly token?: string;
}

function bounce(id: DeliveryId, report: Report = {}): Buffer {
  const { status = '5.1.1', diagnostic = '550 5.1.1 no such user', action = 'failed' } = report;
  const token = report.token ?? links.deliveryToken(id);
  return Buffer.from(`From: MAILER-DAEMON@mx.example.net
To: bounce+${token}@bounces.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; someone@example.com
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; ${diagnostic}

--b--
`);
}

const FULL = { status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' };
const GONE_HOST = { status: '5.1.2', diagnostic: '550 5.1.2 host unknown' };

function complaint(id: DeliveryId, type = 'abuse'): Buffer {
  return Buffer.from(`From: fbl@provider.example
To: fbl@example.org
Subject: complaint
Content-Type: multipart/report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: ${type}
Version: 1

--b
Content-Type: message/rfc822

Message-ID: ${links.messageId(id, 'example.org')}
Subject: 3 papers

--b--
`);
}

const receive = (raw: Buffer, via = 'file') =>
  receiveReport({ db: room.db, log, links }, { raw, via });
const reader = (id: SubscriberId) => findSubscriber(room.db, id);
const stateOf = async (id: DeliveryId) =>
  (await room.query<{ state: string }>('select state from delivery where id = $1', [id]))[0]?.state;
const hashOf = async (id: SubscriberId) => links.addressHash((await reader(id)).address);

test('a hard bounce rejects the delivery and suppresses the address; twice is once', async () => {
  const id = await addReader(room);
  const delivery = await delivered(id);
  expect(await receive(bounce(delivery))).toEqual({
    kind: 'hard',
    reason: 'unknown-user',
    deliveryId: delivery,
    effect: 'suppressed',
  });
  expect(await stateOf(delivery)).toBe('rejected');
  expect((await reader(id)).suppressedFor).toBe('hard-bounce');
  expect((await receive(bounce(delivery), 'smtp')).effect).toBe('known');
  expect(await listReturns(room.db, { subscriberId: id, limit: 9 })).toMatchObject([
    { kind: 'bounce', reason: 'unknown-user', status: '5.1.1', via: 'file', effect: 'suppressed' },
  ]);
});

test('without a token of ours nothing changes, and the report is kept once', async () => {
  const id = await addReader(room);
  const delivery = await delivered(id);
  const good = links.deliveryToken(delivery);
  const forged = (good.startsWith('a') ? 'b' : 'a') + good.slice(1);
  const before = (await listStrays(room.db, { limit: 99 })).length;
  for (const token of [forged, 'a'.repeat(24), good.slice(1), '', links.leavingToken(id)]) {
    const received = await receive(bounce(delivery, { token }));
    expect(received).toMatchObject({ kind: 'hard', effect: 'unproven' });
    expect((await receive(bounce(delivery, { token }))).effect).toBe('unproven');
  }
  expect(await stateOf(delivery)).toBe('accepted');
  expect((await reader(id)).suppressedFor).toBeNull();
  expect(await listStrays(room.db, { limit: 99 })).toHaveLength(before + 5);
});

test("another reader's token speaks of that reader alone", async () => {
  const [one, other] = [await addReader(room), await addReader(room)];
  const [mine, theirs] = [await delivered(one), await delivered(other)];
  await receive(bounce(mine, { token: links.deliveryToken(theirs) }));
  expect((await reader(one)).suppressedFor).toBeNull();
  expect((await reader(other)).suppressedFor).toBe('hard-bounce');
});

test('a complaint is leaving at once, and coming back by the link does not end it', async () => {
  const id = await addReader(room);
  const delivery = await delivered(id);
  errors.length = 0;
  expect((await receive(complaint(delivery))).effect).toBe('left');
  expect(await reader(id)).toMatchObject({ state: 'left', suppressedFor: 'complaint' });
  expect(errors).toMatchObject([{ event: 'complaints.alarm', complaints: 1 }]);
  await rejoin(room.db, id, { by: 'page' });
  expect((await reader(id)).suppressedFor).toBe('complaint');
  expect((await receive(complaint(delivery))).effect).toBe('known');
  expect(await stateOf(delivery)).toBe('accepted');
});

test('a complaint of somebody who had left is as strong', async () => {
  const id = await addReader(room);
  const delivery = await delivered(id);
  await receive(Buffer.from(`To: unsubscribe+${links.leavingToken(id)}@b.example\n\n`));
  expect((await reader(id)).suppressedFor).toBe('left');
  await receive(complaint(delivery));
  expect((await reader(id)).suppressedFor).toBe('complaint');
});

test('feedback about our signature is noted and touches nobody', async () => {
  const id = await addReader(room);
  expect((await receive(complaint(await delivered(id), 'auth-failure'))).effect).toBe('noted');
  expect(await reader(id)).toMatchObject({ state: 'active', suppressedFor: null });
});

test('a full mailbox pauses after three digests over seven days', async () => {
  const id = await addReader(room);
  const effects = [];
  for (const daysAgo of [8, 5, 1]) {
    effects.push((await receive(bounce(await delivered(id, { daysAgo }), FULL))).effect);
  }
  expect(effects).toEqual(['noted', 'noted', 'paused']);
  expect(await reader(id)).toMatchObject({ state: 'paused', suppressedFor: null });
});

test('three digests in three days are too short a time', async () => {
  const id = await addReader(room);
  for (const daysAgo of [3, 2, 1]) await receive(bounce(await delivered(id, { daysAgo }), FULL));
  expect((await reader(id)).state).toBe('active');
});

test('a digest that was taken in between ends the row', async () => {
  const id = await addReader(room);
  for (const daysAgo of [30, 29]) await receive(bounce(await delivered(id, { daysAgo }), FULL));
  await delivered(id, { daysAgo: 20 });
  await receive(bounce(await delivered(id, { daysAgo: 1 }), FULL));
  expect((await reader(id)).state).toBe('active');
});

test('a disabled mailbox pauses after two, an unknown host suppresses after two', async () => {
  const [off, lost] = [await addReader(room), await addReader(room)];
  const disabled = { status: '5.2.1', diagnostic: '550 5.2.1 account disabled' };
  for (const daysAgo of [2, 1]) {
    await receive(bounce(await delivered(off, { daysAgo }), disabled));
    expect((await reader(off)).state).toBe(daysAgo === 2 ? 'active' : 'paused');
    await receive(bounce(await delivered(lost, { daysAgo }), GONE_HOST));
    expect((await reader(lost)).suppressedFor).toBe(daysAgo === 2 ? null : 'hard-bounce');
  }
});

test('spam, policy and bare failures are noted, however many there are', async () => {
  const id = await addReader(room);
  for (const daysAgo of [9, 8, 7, 6, 5, 1]) {
    const blocked = { status: '5.7.1', diagnostic: '550 5.7.1 blocked as spam' };
    expect((await receive(bounce(await delivered(id, { daysAgo }), blocked))).effect).toBe('noted');
  }
  expect(await reader(id)).toMatchObject({ state: 'active', suppressedFor: null });
});

test('a paused reader is tried once after thirty days, and a second failure is for good', async () => {
  const id = await addReader(room);
  for (const daysAgo of [8, 5, 1]) await receive(bounce(await delivered(id, { daysAgo }), FULL));
  await probePaused(room.db);
  expect((await reader(id)).state).toBe('paused');
  await room.query(`update subscriber set probe_at = now() where id = $1`, [id]);
  await probePaused(room.db);
  expect((await reader(id)).state).toBe('active');
  await room.query(`update subscriber set probed_at = now() - interval '1 hour' where id = $1`, [
    id,
  ]);
  expect((await receive(bounce(await delivered(id), FULL))).effect).toBe('paused');
  const [row] = await room.query('select probe_at, probed_at from subscriber where id = $1', [id]);
  expect(row).toEqual({ probe_at: null, probed_at: null });
});

test('a trial that nobody complains of makes the reader one like all others', async () => {
  const id = await addReader(room);
  for (const daysAgo of [30, 27, 22]) await receive(bounce(await delivered(id, { daysAgo }), FULL));
  await room.query(
    `update subscriber set state = 'active', paused_for = null, probe_at = null, probed_at = now() - interval '10 days'
     where id = $1`,
    [id],
  );
  await delivered(id, { daysAgo: 9 });
  await probePaused(room.db);
  expect((await receive(bounce(await delivered(id), FULL))).effect).toBe('noted');
  expect((await reader(id)).state).toBe('active');
});

test('a delay is noted and never final, an automatic reply is nothing', async () => {
  const id = await addReader(room);
  const delivery = await delivered(id);
  const delayed = { action: 'delayed', status: '4.4.1', diagnostic: 'connection timed out' };
  expect((await receive(bounce(delivery, delayed))).effect).toBe('noted');
  expect(await stateOf(delivery)).toBe('accepted');
  const away = `To: bounce+${links.deliveryToken(delivery)}@b.example\nAuto-Submitted: auto-replied\n\nAway.`;
  expect(await receive(Buffer.from(away))).toMatchObject({ kind: 'auto-reply', effect: 'none' });
});

test('evidence that comes late settles what is in doubt', async () => {
  const id = await addReader(room);
  const states: (string | undefined)[] = [];
  const success = { action: 'delivered', status: '2.0.0', diagnostic: '250 ok' };
  for (const [daysAgo, report] of [
    [3, success],
    [2, FULL],
  ] as const) {
    const delivery = await delivered(id, { daysAgo, state: 'uncertain' });
    await receive(bounce(delivery, report));
    states.push(await stateOf(delivery));
  }
  const complained = await delivered(id, { daysAgo: 1, state: 'uncertain' });
  await receive(complaint(complained));
  expect([...states, await stateOf(complained)]).toEqual(['accepted', 'rejected', 'accepted']);
});

test('what is about to be sent is not called refused by a report', async () => {
  const id = await addReader(room);
  const delivery = await delivered(id, { state: 'ready' });
  await receive(bounce(delivery, FULL));
  expect(await stateOf(delivery)).toBe('ready');
});

test('leaving by mail goes by the token alone', async () => {
  const id = await addReader(room);
  const mail = (token: string) =>
    Buffer.from(`From: stranger@example.net\nTo: unsubscribe+${token}@b.example\n\nplease`);
  const token = links.leavingToken(id);
  expect((await receive(mail(`${token.slice(1)}a`))).kind).toBe('not-a-bounce');
  expect((await reader(id)).state).toBe('active');
  expect(await receive(mail(token.toUpperCase()))).toMatchObject({
    kind: 'leaving',
    effect: 'left',
  });
  expect(await reader(id)).toMatchObject({ state: 'left', suppressedFor: 'left' });
  expect((await receive(mail(token))).effect).toBe('known');
});

test('the operator takes back each of it', async () => {
  const [gone, full, angry] = [await addReader(room), await addReader(room), await addReader(room)];
  await receive(bounce(await delivered(gone)));
  for (const daysAgo of [8, 5, 1]) await receive(bounce(await delivered(full, { daysAgo }), FULL));
  await receive(complaint(await delivered(angry)));
  for (const id of [gone, full, angry]) {
    expect(await liftSuppression(room.db, await hashOf(id))).toMatchObject({ isMailed: true });
    expect(await reader(id)).toMatchObject({ state: 'active', suppressedFor: null });
  }
  // bounces that were forgiven count no more
  expect((await receive(bounce(await delivered(full), FULL))).effect).toBe('noted');
  await expect(liftSuppression(room.db, await hashOf(gone))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('who left by their own wish stays away, whatever the operator lifts', async () => {
  const id = await addReader(room);
  await receive(Buffer.from(`To: unsubscribe+${links.leavingToken(id)}@b.example\n\n`));
  expect((await liftSuppression(room.db, await hashOf(id))).isMailed).toBe(false);
  expect((await reader(id)).state).toBe('left');
});

test('the same report from two sides at once counts once', async () => {
  const id = await addReader(room);
  const raw = bounce(await delivered(id));
  const effects = await Promise.all(['smtp', 'file', 'ses'].map((via) => receive(raw, via)));
  expect(effects.map(({ effect }) => effect).sort()).toEqual(['known', 'known', 'suppressed']);
});
