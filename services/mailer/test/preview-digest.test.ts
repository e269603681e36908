import { leave } from '@paperboy/store';
import { expect, test } from 'vitest';
import { previewDigest } from '../src/index.ts';
import { links, mailSettings } from './mailer-of-tests.ts';
import { addReader, given, plan, recordPage, sourceOf } from './support.ts';
import { useEmptyRoom } from './use-room.ts';

const room = useEmptyRoom();

const preview = (subscriberId: Awaited<ReturnType<typeof addReader>>, at: string) =>
  previewDigest({ db: room.db, links, settings: mailSettings }, { subscriberId, at: new Date(at) });

const rows = () =>
  room.query(`select (select count(*) from edition) as editions, (select count(*) from delivery) as deliveries,
    (select count(*) from edition_paper) as papers, (select max(planned_until) from subscriber) as until`);

test('a preview is the digest that the next plan makes, and leaves no row behind', async () => {
  const ada = await addReader(room, { name: 'ada' });
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one', 'flow two'] });
  const before = await rows();
  const shown = await preview(ada, '2026-03-02T06:00:00Z');
  expect(shown).toMatchObject({ newPapers: 2, recurringPapers: 0 });
  expect(shown?.subject).toMatch(/^2 new on flow/);
  expect(shown?.text).toContain('flow two');
  expect(shown?.html).toContain('flow two');
  expect(shown?.raw.toString('latin1')).toContain('To: ada@example.com');
  expect(await rows()).toEqual(before);
  await plan(room, '2026-03-02T08:00:00Z');
  expect((await given(room, ada))[0]?.new).toEqual(['flow one', 'flow two']);
});

test('who wants text alone gets no other part', async () => {
  const ada = await addReader(room, { mailFormat: 'text' });
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one'] });
  const shown = await preview(ada, '2026-03-02T06:00:00Z');
  expect(shown?.text).toContain('flow one');
  expect(shown?.html).toBe('');
  expect(shown?.raw.toString('latin1')).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
});

test('a preview of an hour that is planned shows what comes after it', async () => {
  const ada = await addReader(room);
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one'] });
  await plan(room, '2026-03-02T08:00:00Z');
  expect(await preview(ada, '2026-03-02T08:00:00Z')).toBeUndefined();
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow two'] });
  expect((await preview(ada, '2026-03-02T08:00:00Z'))?.text).toContain('flow two');
});

test('whoever left has no preview', async () => {
  const ada = await addReader(room);
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one'] });
  await leave(room.db, ada);
  expect(await preview(ada, '2026-03-02T08:00:00Z')).toBeUndefined();
});
