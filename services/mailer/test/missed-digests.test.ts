import { idOf } from '@paperboy/core';
import { expect, test } from 'vitest';
import { startInbox } from '../src/index.ts';
import { mailerOn } from './mailer-of-tests.ts';
import { addReader, copies, given, letTimePass, plan, recordPage, states } from './support.ts';
import { useDailyRoom } from './use-room.ts';

const { room, daily } = useDailyRoom();
const page = (day: string, ...papers: string[]) =>
  recordPage(room, { sourceId: daily(), day, papers });

/** Puts the reader's deliveries into a state, as a mailer would have left them. */
const leaveAs = (set: string) => room.query(`update delivery set ${set}`);

test.each([
  ['put off until the next edition', `state = 'deferred', attempt = 2`],
  ['too late', `state = 'expired'`],
  ['refused for its content', `state = 'rejected'`],
])('the papers of a digest that was %s come with the next one, as new', async (_, set) => {
  const ada = await addReader(room);
  await page('2026-03-02', 'flow one', 'flow two');
  await plan(room, '2026-03-02T08:00:00Z');
  await leaveAs(set);
  await page('2026-03-03', 'flow three');
  await plan(room, '2026-03-03T08:00:00Z');
  const [, second] = await given(room, ada);
  expect(second).toMatchObject({ new: ['flow three', 'flow one', 'flow two'], recurring: [] });
  const [first] = await room.query(
    `select state, folded_into = (select max(id) from delivery) as folded from delivery order by id`,
  );
  expect(first).toEqual({ state: set.includes('rejected') ? 'rejected' : 'expired', folded: true });
});

test('they come alone where the next edition has nothing for the reader, and only once', async () => {
  const ada = await addReader(room);
  await addReader(room, { topics: ['other'] });
  await page('2026-03-02', 'flow one');
  await plan(room, '2026-03-02T08:00:00Z');
  await leaveAs(`state = 'expired'`);
  await page('2026-03-03', 'other three');
  await plan(room, '2026-03-03T08:00:00Z');
  await page('2026-03-04', 'other four');
  await plan(room, '2026-03-04T08:00:00Z');
  expect((await given(room, ada)).map((digest) => digest.new)).toEqual([
    ['flow one'],
    ['flow one'],
  ]);
});

test('what went wrong twice is carried on; what a server refuses for its content is not', async () => {
  const [ada, bob] = [await addReader(room), await addReader(room)];
  for (const day of ['02', '03', '04']) {
    await page(`2026-03-${day}`, `flow ${day}`);
    await plan(room, `2026-03-${day}T08:00:00Z`);
    await room.query(
      `update delivery set state = case subscriber_id when $1 then 'expired' else 'rejected' end`,
      [ada],
    );
  }
  expect((await given(room, ada)).at(-1)?.new).toEqual(['flow 04', 'flow 03', 'flow 02']);
  expect((await given(room, bob)).at(-1)?.new).toEqual(['flow 04']);
});

test.each([
  ['uncertain', `state = 'uncertain'`],
  ['sent once more without an answer', `state = 'expired', resent_at = now()`],
  ['taken', `state = 'accepted'`],
  ['kept back as its reader had left', `state = 'suppressed'`],
])('the papers of a digest that is %s are not folded', async (_, set) => {
  const ada = await addReader(room);
  await page('2026-03-02', 'flow one');
  await plan(room, '2026-03-02T08:00:00Z');
  await leaveAs(set);
  await page('2026-03-03', 'flow two');
  await plan(room, '2026-03-03T08:00:00Z');
  expect((await given(room, ada)).at(-1)?.new).toEqual(['flow two']);
});

test('a topic that is followed no more brings nothing back', async () => {
  const ada = await addReader(room, { topics: ['flow', 'graph'] });
  await page('2026-03-02', 'flow one', 'graph one');
  await plan(room, '2026-03-02T08:00:00Z');
  await leaveAs(`state = 'expired'`);
  await room.query(`delete from subscription where name = 'graph'`);
  await page('2026-03-03', 'flow two');
  await plan(room, '2026-03-03T08:00:00Z');
  expect((await given(room, ada)).at(-1)?.new).toEqual(['flow two', 'flow one']);
});

test('an edition past its time is not sent, and the next one holds its papers', async () => {
  await addReader(room, { name: 'ada' });
  await page('2026-03-02', 'flow one');
  await plan(room, '2026-03-02T08:00:00Z');
  await room.query(`update edition set send_until = now() - interval '1 second'`);
  const mailer = await mailerOn(room);
  expect(await mailer.deliverDue()).toMatchObject({ claimed: 0, expired: 1 });
  expect(await copies(room)).toEqual({});
  await page('2026-03-03', 'flow two');
  await plan(room, '2026-03-03T08:00:00Z');
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1 });
  await mailer.close();
  const [mail] = await room.query<{ raw: Buffer }>('select raw from inbox_message');
  expect(mail?.raw.toString()).toMatch(/flow one/);
  expect(mail?.raw.toString()).toMatch(/flow two/);
});

test('an edition is open for twenty hours from its hour, not from its plan', async () => {
  await addReader(room);
  await page('2026-03-02', 'flow one');
  await plan(room, '2026-03-02T11:00:00Z');
  const [edition] = await room.query<{ hours: number }>(
    `select round(extract(epoch from send_until - planned_at) / 3600)::int as hours from edition`,
  );
  expect(edition).toEqual({ hours: 17 });
});

test('a digest put off by its receiver gives way to the next edition, and no paper is mailed twice', async () => {
  await addReader(room, { name: 'ada' });
  await page('2026-03-02', 'flow one');
  await plan(room, '2026-03-02T08:00:00Z');
  let isGrey = true;
  const inbox = await startInbox({
    db: room.db,
    interfere: (step) =>
      isGrey && step === 'rcpt' ? { kind: 'refuse', code: 451, text: '4.7.1 later' } : undefined,
  });
  const mailer = await mailerOn(room, { smtpUrl: inbox.url });
  await mailer.deliverDue();
  isGrey = false;
  await page('2026-03-03', 'flow two');
  await plan(room, '2026-03-03T08:00:00Z');
  await letTimePass(room);
  await mailer.deliverDue();
  await mailer.close();
  await inbox.stop();
  expect(await states(room)).toEqual({ accepted: 1, expired: 1 });
  expect(await copies(room)).toEqual({ 'ada@example.com': 1 });
  const [row] = await room.query<{ id: string }>(
    'select folded_into as id from delivery order by id',
  );
  expect(idOf('delivery', row?.id ?? '')).toBeTruthy();
});
