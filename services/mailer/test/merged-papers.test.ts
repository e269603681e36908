import { idOf, type PaperId } from '@paperboy/core';
import {
  inTransaction,
  lastMerge,
  loadDigests,
  loadEdition,
  lockPapers,
  mergePapers,
  splitPapers,
} from '@paperboy/store';
import { expect, test } from 'vitest';
import { mailerOn } from './mailer-of-tests.ts';
import { addReader, given, plan, recordPage } from './support.ts';
import { useDailyRoom } from './use-room.ts';

const { room, daily } = useDailyRoom();
const page = (day: string, ...papers: string[]) =>
  recordPage(room, { sourceId: daily(), day, papers });
const named = async (name: string): Promise<PaperId> => {
  const [row] = await room.query<{ id: string }>(
    'select paper_id as id from paper_text where title = $1',
    [name],
  );
  return idOf('paper', row?.id ?? '');
};
const merge = (survivorId: PaperId, otherId: PaperId) =>
  inTransaction(room.db, async (tx) => {
    await lockPapers(tx);
    await mergePapers(tx, { survivorId, otherId, by: 'ada', evidence: {} });
  });
const split = (survivorId: PaperId) =>
  inTransaction(room.db, async (tx) => {
    await lockPapers(tx);
    const last = await lastMerge(tx, survivorId);
    if (last) await splitPapers(tx, last, 'ada');
  });
/** The ids of each digest's papers, in order. */
const held = async () =>
  (
    await room.query<{ fresh: string[]; recurring: string[] }>(
      'select new_papers as fresh, recurring_papers as recurring from delivery order by id',
    )
  ).map(({ fresh, recurring }) => [fresh, recurring]);

test('a paper that was merged is not NEW again for whoever had one of the two', async () => {
  await addReader(room, { recurringPolicy: 'all' });
  await page('2026-03-02', 'old flow');
  await page('2026-03-03', 'young flow');
  const [old, young] = [await named('old flow'), await named('young flow')];
  await plan(room, '2026-03-03T08:00:00Z');
  await room.query('update delivery set new_papers = array[$1::bigint]', [young]);
  await merge(old, young);
  await page('2026-03-04', 'old flow');
  await plan(room, '2026-03-04T08:00:00Z');
  expect(await held()).toEqual([
    [[young], []],
    [[], [old]],
  ]);
});

test('what was told of a merged paper counts for both after a split', async () => {
  await addReader(room, { recurringPolicy: 'all' });
  await page('2026-03-02', 'old flow');
  await plan(room, '2026-03-02T08:00:00Z');
  await page('2026-03-03', 'young flow');
  const [old, young] = [await named('old flow'), await named('young flow')];
  await merge(old, young);
  await plan(room, '2026-03-03T08:00:00Z');
  expect(await held()).toEqual([
    [[old], []],
    [[], [old]],
  ]);
  await split(old);
  await page('2026-03-04', 'young flow');
  await plan(room, '2026-03-04T08:00:00Z');
  expect((await held()).at(-1)).toEqual([[], [young]]);
});

test('a split does not take for told what went out under the other id before the merge', async () => {
  await addReader(room, { recurringPolicy: 'all', since: '2026-03-02T09:00:00Z' });
  await page('2026-03-01', 'young flow');
  await page('2026-03-02', 'old flow');
  const [old, young] = [await named('old flow'), await named('young flow')];
  await plan(room, '2026-03-03T08:00:00Z');
  await room.query('update delivery set new_papers = array[$1::bigint]', [old]);
  await merge(old, young);
  await split(old);
  await page('2026-03-04', 'young flow');
  await plan(room, '2026-03-04T08:00:00Z');
  expect((await held()).at(-1)).toEqual([[young], []]);
});

test('a digest that was planned before a merge is sent with the paper once, and after a split with both', async () => {
  const ada = await addReader(room, { name: 'ada' });
  await page('2026-03-02', 'old flow', 'young flow', 'third flow');
  const [old, young, third] = [
    await named('old flow'),
    await named('young flow'),
    await named('third flow'),
  ];
  await plan(room, '2026-03-02T08:00:00Z');
  const [planned] = await room.query<{ id: string; edition: string }>(
    'select id, edition_id as edition from delivery',
  );
  const deliveries = [idOf('delivery', planned?.id ?? '')];
  const edition = idOf('edition', planned?.edition ?? '');
  const shown = async () => {
    const [digest] = await loadDigests(room.db, deliveries);
    const { cards } = await loadEdition(room.db, edition);
    const matched = new Set(digest?.matches.map(({ paperId }) => paperId));
    return [digest?.newPapers, cards.map(({ paperId }) => paperId), matched];
  };
  const all = [old, young, third];
  expect(await shown()).toEqual([all, all, new Set(all)]);
  await merge(old, young);
  expect(await shown()).toEqual([[old, third], [old, third], new Set([old, third])]);
  await split(old);
  expect(await shown()).toEqual([all, all, new Set(all)]);
  await merge(old, young);
  const mailer = await mailerOn(room);
  await mailer.deliverDue();
  await mailer.close();
  expect(await room.query('select state from delivery')).toEqual([{ state: 'accepted' }]);
  expect(await given(room, ada)).toHaveLength(1);
});

test('a digest of a merged paper can still be composed after the split', async () => {
  await addReader(room);
  await page('2026-03-02', 'old news');
  await page('2026-03-03', 'young flow');
  const [old, young] = [await named('old news'), await named('young flow')];
  await merge(old, young);
  await plan(room, '2026-03-03T08:00:00Z');
  await split(old);
  const [planned] = await room.query<{ edition: string }>(
    'select edition_id as edition from delivery',
  );
  const { cards } = await loadEdition(room.db, idOf('edition', planned?.edition ?? ''));
  expect(await held()).toEqual([[[old], []]]);
  expect(cards.map(({ paperId }) => paperId)).toContain(old);
});
