import { resolveDelivery, showDelivery, unresolveDelivery } from '@paperboy/store';
import { beforeEach, expect, test } from 'vitest';
import { mailerOn } from './mailer-of-tests.ts';
import { addReader, copies, plan, recordPage, sourceOf, states } from './support.ts';
import { useEmptyRoom } from './use-room.ts';

const room = useEmptyRoom();
let id: string;
beforeEach(async () => {
  await addReader(room, { name: 'ada' });
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one'] });
  await plan(room, '2026-03-02T08:00:00Z');
  const [row] = await room.query<{ id: string }>(
    `update delivery set state = 'uncertain', next_at = '2026-03-02T09:00:00Z', attempt = 1 returning id`,
  );
  id = row?.id ?? '';
});

const rowsOf = () =>
  room.query('select state, attempt, next_at, resent_at, accepted_at from delivery');
const kinds = async () =>
  (await showDelivery(room.db, id)).events.map(({ kind, detail }) => [kind, detail]);

test.each(['accepted', 'ready', 'rejected'] as const)(
  'an uncertain delivery becomes %s by a person’s word, and again what it was when that is taken back',
  async (word) => {
    const before = await rowsOf();
    expect(await resolveDelivery(room.db, id, word)).toEqual({ id, from: 'uncertain', to: word });
    expect(await states(room)).toEqual({ [word]: 1 });
    expect(await kinds()).toContainEqual([
      'resolve',
      expect.objectContaining({ state: word, by: 'operator' }),
    ]);
    expect(await unresolveDelivery(room.db, id)).toEqual({ id, from: word, to: 'uncertain' });
    expect(await rowsOf()).toEqual(before);
    expect(await kinds()).toHaveLength(2);
  },
);

test('one that is ready again is sent once more, and then its word cannot be taken back', async () => {
  await resolveDelivery(room.db, id, 'ready');
  const mailer = await mailerOn(room);
  expect(await mailer.deliverDue()).toMatchObject({ accepted: 1 });
  await mailer.close();
  expect(await copies(room)).toEqual({ 'ada@example.com': 1 });
  await expect(unresolveDelivery(room.db, id)).rejects.toMatchObject({ code: 'USAGE' });
  expect(await states(room)).toEqual({ accepted: 1 });
});

test('what is not uncertain, or not there, stays as it is', async () => {
  await room.query(`update delivery set state = 'accepted'`);
  await expect(resolveDelivery(room.db, id, 'ready')).rejects.toMatchObject({
    code: 'USAGE',
    detail: expect.stringContaining('is accepted'),
  });
  await expect(unresolveDelivery(room.db, id)).rejects.toMatchObject({ code: 'USAGE' });
  for (const none of ['0', 'x', '999999', "1' or true"]) {
    await expect(resolveDelivery(room.db, none, 'ready')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(unresolveDelivery(room.db, none)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
  expect(await states(room)).toEqual({ accepted: 1 });
});

test('two words at once: one counts', async () => {
  const ended = await Promise.allSettled([
    resolveDelivery(room.db, id, 'accepted'),
    resolveDelivery(room.db, id, 'rejected'),
  ]);
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await kinds()).toHaveLength(1);
});
