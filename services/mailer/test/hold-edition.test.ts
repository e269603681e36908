import { hash } from 'node:crypto';
import type { SourceId, SubscriberId } from '@paperboy/core';
import { ensureTopic, listEditions } from '@paperboy/store';
import { beforeEach, describe, expect, test } from 'vitest';
import { addReader, given, makeReady, plan, recordPage, sourceOf, stands } from './support.ts';
import { useDailyRoom } from './use-room.ts';

const HOUR = 3600_000;

const { room, daily } = useDailyRoom();
let flaky: SourceId;
beforeEach(async () => {
  flaky = await sourceOf(room, 'flaky');
  // There before the pages, which are matched as they come.
  await ensureTopic(room.db, { query: 'flow', queryHash: hash('sha256', 'flow', 'buffer') });
  await recordPage(room, { sourceId: daily(), day: '2026-03-02', papers: ['flow one'] });
});

const at = (iso: string, graceMs = 2 * HOUR) => plan(room, iso, { graceMs });
const papersOf = async (id: SubscriberId) =>
  (await given(room, id)).map(({ at: hour, new: papers }) => [hour, papers]);
const notes = async () => (await listEditions(room.db)).map((edition) => edition.notes);
const refuses = (day: string, nextAskAt: string) =>
  stands(room, flaky, { outcome: 'blocked', at: `${day}T07:30:00Z`, nextAskAt });

describe('a digest that waits for a source', () => {
  test('goes out once the grace is over, and says which source was missing', async () => {
    const ada = await addReader(room);
    await refuses('2026-03-02', '2026-03-02T08:30:00Z');
    expect(await at('2026-03-02T08:00:00Z')).toEqual([]);
    expect(await at('2026-03-02T09:59:00Z')).toEqual([]);
    expect(await at('2026-03-02T10:00:00Z')).toMatchObject([{ deliveries: 1 }]);
    expect(await at('2026-03-02T10:05:00Z')).toEqual([]);
    expect(await papersOf(ada)).toEqual([['2026-03-02T08:00', ['flow one']]]);
    expect(await notes()).toEqual([['The flaky list: the site did not let us read the list']]);
  });

  test('goes out as soon as the source is back and its papers are matched', async () => {
    const ada = await addReader(room);
    await refuses('2026-03-02', '2026-03-02T08:30:00Z');
    expect(await at('2026-03-02T08:00:00Z')).toEqual([]);
    const back = await recordPage(room, {
      sourceId: flaky,
      day: '2026-03-02',
      papers: ['flow two'],
      ready: false,
    });
    expect(await at('2026-03-02T08:35:00Z')).toEqual([]);
    await makeReady(room, back);
    expect(await at('2026-03-02T08:40:00Z')).toMatchObject([{ deliveries: 1 }]);
    expect(await papersOf(ada)).toEqual([['2026-03-02T08:00', ['flow two', 'flow one']]]);
    expect(await notes()).toEqual([[]]);
  });

  test('is at the same hour for a zone whose clocks change that night', async () => {
    const ada = await addReader(room, { schedule: { hour: 3, zone: 'Europe/Berlin' } });
    await refuses('2026-03-29', '2026-03-29T02:30:00Z');
    expect(await at('2026-03-29T01:00:00Z')).toEqual([]);
    expect(await at('2026-03-29T02:55:00Z')).toEqual([]);
    await at('2026-03-29T03:00:00Z');
    await at('2026-03-30T00:55:00Z');
    expect(await papersOf(ada)).toEqual([['2026-03-29T01:00', ['flow one']]]);
  });

  test('waits again the next day, and no paper is told twice or left out', async () => {
    const ada = await addReader(room);
    await refuses('2026-03-02', '2026-03-02T08:30:00Z');
    await at('2026-03-02T08:00:00Z');
    await at('2026-03-02T10:00:00Z');
    await recordPage(room, { sourceId: daily(), day: '2026-03-03', papers: ['flow three'] });
    await refuses('2026-03-03', '2026-03-03T09:00:00Z');
    expect(await at('2026-03-03T08:00:00Z')).toEqual([]);
    await at('2026-03-03T11:00:00Z');
    expect(await papersOf(ada)).toEqual([
      ['2026-03-02T08:00', ['flow one']],
      ['2026-03-03T08:00', ['flow three']],
    ]);
  });

  test('is not skipped when the grace is longer than a digest is worth', async () => {
    const ada = await addReader(room);
    await refuses('2026-03-02', '2026-03-02T08:30:00Z');
    expect(await at('2026-03-03T02:00:00Z', 100 * HOUR)).toEqual([]);
    await at('2026-03-03T03:30:00Z', 100 * HOUR);
    expect(await papersOf(ada)).toEqual([['2026-03-02T08:00', ['flow one']]]);
  });
});

describe('nobody waits', () => {
  const goesOut = async () =>
    expect(await at('2026-03-02T08:00:00Z')).toMatchObject([{ deliveries: 1 }]);

  test('without a grace', async () => {
    await addReader(room);
    await refuses('2026-03-02', '2026-03-02T08:30:00Z');
    expect(await at('2026-03-02T08:00:00Z', 0)).toMatchObject([{ deliveries: 1 }]);
    expect(await notes()).toEqual([['The flaky list: the site did not let us read the list']]);
  });
  test('for a source that is asked again only after the grace', async () => {
    await addReader(room);
    await refuses('2026-03-02', '2026-03-02T13:00:00Z');
    await goesOut();
  });
  test('for a source that never gave a list, is paused, or is not essential', async () => {
    await addReader(room);
    await refuses('2026-03-02', '2026-03-02T08:30:00Z');
    await room.query('update source_health set last_good_at = null where source_id = $1', [flaky]);
    await goesOut();
    await addReader(room);
    await room.query("update source_health set last_good_at = '2026-01-01'");
    await room.query("update source set state = 'paused' where id = $1", [flaky]);
    await goesOut();
    await addReader(room);
    await room.query("update source set state = 'active', essential = false where id = $1", [
      flaky,
    ]);
    await goesOut();
  });
  test('for a source whose papers cannot be for anybody who is due', async () => {
    await addReader(room, { topics: ['flow source:daily'] });
    await addReader(room, { topics: ['flow'], schedule: { hour: 9 } });
    await refuses('2026-03-02', '2026-03-02T08:30:00Z');
    expect(await at('2026-03-02T08:00:00Z')).toMatchObject([{ subscribers: 1 }]);
    expect(await at('2026-03-02T09:00:00Z')).toEqual([]);
  });
});
