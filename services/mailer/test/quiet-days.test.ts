import type { SubscriberId } from '@paperboy/core';
import { readMessage } from '@paperboy/email';
import { leave } from '@paperboy/store';
import { expect, test } from 'vitest';
import { previewDigest } from '../src/index.ts';
import { links, mailerOn, mailSettings } from './mailer-of-tests.ts';
import { addReader, copies, plan, recordPage, sourceOf, stands, states } from './support.ts';
import { useDailyRoom } from './use-room.ts';

const { room, daily } = useDailyRoom();
const HOUR = '2026-03-02T08:00:00Z';
const asks = (name: string) => addReader(room, { name, quietDays: 'note' });
const page = (papers: string[]) =>
  recordPage(room, { sourceId: daily(), day: '2026-03-02', papers });

/** Delivers what is planned, and reads the one message that came of it. */
async function delivered() {
  const mailer = await mailerOn(room);
  await mailer.deliverDue();
  await mailer.close();
  const rows = await room.query<{ raw: Buffer }>('select raw from inbox_message');
  expect(rows).toHaveLength(1);
  return readMessage(rows[0]?.raw ?? Buffer.alloc(0));
}

test('who asked for it is told that there was nothing, once, and nobody else', async () => {
  await asks('ada');
  await addReader(room, { name: 'bola' });
  await page(['jets one']);
  expect(await plan(room, HOUR)).toMatchObject([{ subscribers: 2, deliveries: 1 }]);
  expect(await plan(room, HOUR)).toEqual([]);
  const { subject, text, html } = await delivered();
  expect(subject).toBe('Nothing new on flow · 2 Mar');
  for (const part of [text, html]) expect(part).toContain('Nothing new for your topics today.');
  expect(html).toContain('Nothing new for your topics today. · Paperboy goes on looking.');
  expect(text).toContain('Unsubscribe: ');
  expect(await copies(room)).toEqual({ 'ada@example.com': 1 });
  expect(await states(room)).toEqual({ accepted: 1 });
});

test('a day with a paper is a digest like any other', async () => {
  await asks('ada');
  await page(['flow one']);
  expect(await plan(room, HOUR)).toMatchObject([{ deliveries: 1 }]);
  const { subject, text } = await delivered();
  expect(subject).toBe('1 new on flow · 2 Mar');
  expect(text).not.toContain('Nothing new');
});

test.each([
  [
    'could not be read',
    { outcome: 'broken', at: '2026-03-02T07:00:00Z' },
    'the list could not be read',
  ],
  [
    'could not be reached',
    { outcome: 'failed', at: '2026-03-02T07:00:00Z', nextAskAt: '2026-03-02T09:00:00Z' },
    'the site could not be reached',
  ],
  ['was cut short', { outcome: 'cut', at: '2026-03-02T07:00:00Z' }, 'the list was cut short'],
  [
    'was not asked in time',
    { outcome: 'new-batch', at: '2026-03-01T07:00:00Z', nextAskAt: '2026-03-02T06:00:00Z' },
    'the list was not asked for when it was due',
  ],
] as const)('a day on which a list %s is not called quiet', async (_, standing, why) => {
  await asks('ada');
  await page(['jets one']);
  await stands(room, await sourceOf(room, 'other'), standing);
  await plan(room, HOUR);
  const { subject, text, html } = await delivered();
  expect(subject).toBe('Not every list was read · 2 Mar');
  for (const part of [text, html]) {
    expect(part).not.toMatch(/nothing new/i);
    expect(part).toContain(`The other list: ${why}`);
  }
});

test('a list that is asked for by and by is no reason to speak of it', async () => {
  await asks('ada');
  await page(['jets one']);
  await stands(room, daily(), {
    outcome: 'new-batch',
    at: HOUR,
    nextAskAt: '2026-03-02T07:30:00Z',
  });
  await plan(room, HOUR);
  expect((await delivered()).subject).toBe('Nothing new on flow · 2 Mar');
});

test('who left, and who follows nothing, is told nothing', async () => {
  const left: SubscriberId = await asks('ada');
  await addReader(room, { name: 'bola', topics: [], quietDays: 'note' });
  await page(['jets one']);
  await leave(room.db, left);
  await plan(room, HOUR);
  expect(await states(room)).toEqual({});
});

test('a preview shows the line, and plans nothing', async () => {
  const subscriberId = await asks('ada');
  await page(['jets one']);
  const shown = await previewDigest(
    { db: room.db, links, settings: mailSettings },
    { subscriberId, at: new Date(HOUR) },
  );
  expect(shown).toMatchObject({ newPapers: 0, recurringPapers: 0 });
  expect(shown?.text).toContain('Nothing new for your topics today.');
  expect(await states(room)).toEqual({});
});

test('the next day goes on where the quiet one ended', async () => {
  await asks('ada');
  await page(['jets one']);
  await plan(room, HOUR);
  await recordPage(room, { sourceId: daily(), day: '2026-03-03', papers: ['flow two'] });
  await plan(room, '2026-03-03T08:00:00Z');
  expect(await room.query('select cardinality(new_papers) as n from delivery order by id')).toEqual(
    [{ n: 0 }, { n: 1 }],
  );
});
