import { idOf, type PaperId, type SendSchedule, type SubscriberId } from '@paperboy/core';
import { type FeedbackAction, giveFeedback } from '@paperboy/store';
import { beforeEach, expect, test } from 'vitest';
import { previewDigest } from '../src/index.ts';
import { readVotes } from '../src/weigh-votes.ts';
import { links, mailSettings } from './mailer-of-tests.ts';
import { addReader, given, plan, recordPage, sourceOf } from './support.ts';
import { useEmptyRoom } from './use-room.ts';

const ROBOTS = 'flow of robots grasping jars';
const SPEECH = 'flow of speech recognition';
const LIKED = 'flow of robots grasping cups 1';
const YESTERDAY = '2026-03-02T08:00:00Z';
const TODAY = '2026-03-03T08:00:00Z';

const room = useEmptyRoom();
let ada: SubscriberId;
let bola: SubscriberId;

/** Two readers who had a digest of papers on robots and on speech; today there is one more of each. */
beforeEach(async () => {
  ada = await addReader(room, { name: 'ada' });
  bola = await addReader(room, { name: 'bola' });
  const sourceId = await sourceOf(room);
  const several = (about: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${about} ${index + 1}`);
  const past = [
    ...several('flow of robots grasping cups', 4),
    ...several('flow of speech translation', 4),
    ...several('weather with rain and clouds', 16),
  ];
  await recordPage(room, { sourceId, day: '2026-03-02', papers: past });
  await plan(room, YESTERDAY);
  await recordPage(room, { sourceId, day: '2026-03-03', papers: [SPEECH, ROBOTS] });
  await scored(SPEECH, { strength: 0.7, text: 0.8, related: 0.3 });
  await scored(ROBOTS, { strength: 0.6, text: 0.7, related: 0.2 });
});

interface Score {
  readonly strength: number;
  readonly text: number | null;
  readonly related: number | null;
  readonly isCertain?: boolean;
}

async function scored(title: string, { strength, text, related, isCertain = false }: Score) {
  await room.query(
    `update match set strength = $2, text_score = $3, related_score = $4, is_certain = $5 where paper_id = $1`,
    [await paper(title), strength, text, related, isCertain],
  );
}

async function paper(title: string): Promise<PaperId> {
  const [row] = await room.query<{ id: string }>(
    'select paper_id as id from paper_text where title = $1',
    [title],
  );
  return idOf('paper', row?.id ?? '');
}

const say = async (subscriberId: SubscriberId, title: string, action: FeedbackAction) =>
  giveFeedback(room.db, { subscriberId, paperId: await paper(title) }, action);

async function preview(subscriberId: SubscriberId) {
  const shown = await previewDigest(
    { db: room.db, links, settings: mailSettings },
    { subscriberId, at: new Date(TODAY) },
  );
  const text = shown?.text ?? '';
  return { text, titles: text.match(/^flow of .*$/gm) ?? [] };
}

const today = async (reader: SubscriberId) => (await given(room, reader)).at(-1)?.new;
const weighed = () => room.query('select topic_id, subscriber_id from voted_match');
const LIKE_LINE = `like “${LIKED}”, which you liked`;

test('one like brings papers like it first, for whoever gave it alone, and the mail says why', async () => {
  await say(ada, LIKED, 'like');
  const shown = await preview(ada);
  expect(shown.titles).toEqual([ROBOTS, SPEECH]);
  expect(shown.text.split(LIKE_LINE)).toHaveLength(2);
  expect(shown.text.indexOf(LIKE_LINE)).toBeLessThan(shown.text.indexOf(SPEECH));
  await plan(room, TODAY);
  expect(await today(ada)).toEqual([ROBOTS, SPEECH]);
  expect(await today(bola)).toEqual([SPEECH, ROBOTS]);
  expect(await weighed()).toHaveLength(2);
});

test('a vote that is taken back leaves everything as it was', async () => {
  const before = await preview(ada);
  await say(ada, LIKED, 'like');
  expect(await preview(ada)).not.toEqual(before);
  await say(ada, LIKED, 'no-vote');
  const after = await preview(ada);
  expect(after.titles).toEqual([SPEECH, ROBOTS]);
  expect(after.text).not.toContain('which you liked');
  await plan(room, TODAY);
  expect(await weighed()).toEqual([]);
});

test('a like brings in what was a little too weak, for nobody else', async () => {
  await scored(ROBOTS, { strength: 0.35, text: 0.35, related: 0.2 });
  await say(ada, LIKED, 'like');
  await plan(room, TODAY);
  expect(await today(ada)).toEqual([ROBOTS, SPEECH]);
  expect(await today(bola)).toEqual([SPEECH]);
});

test('a dislike keeps out what is like it, but never a title that holds the words of the topic', async () => {
  const weak = { strength: 0.45, text: 0.4, related: 0.2 };
  await scored(ROBOTS, weak);
  await say(ada, LIKED, 'dislike');
  expect((await preview(ada)).titles).toEqual([SPEECH]);
  await scored(ROBOTS, { ...weak, isCertain: true });
  expect((await preview(ada)).titles).toEqual([SPEECH, ROBOTS]);
  await plan(room, TODAY);
  expect(await today(ada)).toEqual([SPEECH, ROBOTS]);
});

test('to save a paper says nothing of it', async () => {
  await say(ada, LIKED, 'save');
  expect((await preview(ada)).titles).toEqual([SPEECH, ROBOTS]);
  await plan(room, TODAY);
  expect(await weighed()).toEqual([]);
});

test('a vote counts for the topics that its paper is of, and for no other', async () => {
  const cleo = await addReader(room, { name: 'cleo', topics: ['speech', 'flow'] });
  await room.query(`insert into match (topic_id, paper_id, strength, reasons, text_score, related_score)
    select topic.id, paper_id, 0.5, '[]', 0.5, 0.5 from topic, paper_text where query = 'speech' and title = '${SPEECH}'`);
  await say(cleo, LIKED, 'like');
  await plan(room, TODAY);
  const rows = await room.query<{ query: string }>(
    'select distinct query from voted_match join topic on topic.id = topic_id',
  );
  expect(rows).toEqual([{ query: 'flow' }]);
});

test('matches without the parts of a score keep their place', async () => {
  await scored(SPEECH, { strength: 0.7, text: null, related: null });
  await scored(ROBOTS, { strength: 0.6, text: null, related: null });
  await say(ada, LIKED, 'like');
  expect((await preview(ada)).titles).toEqual([SPEECH, ROBOTS]);
});

test('nothing is read or weighed for those who said nothing or are not due', async () => {
  const hour = { cadence: 'daily', windowEnd: new Date(TODAY) } as const;
  const due = (subscriberId: SubscriberId) =>
    readVotes(room.db, hour, { kind: 'one', subscriberId });
  await say(ada, LIKED, 'like');
  expect(await due(bola)).toBeUndefined();
  expect((await due(ada))?.voters.size).toBe(1);
  const schedules: SendSchedule[] = [
    { cadence: 'daily', weekdays: [1, 2, 3, 4, 5, 6, 7], hour: 8, zone: 'UTC' },
  ];
  const all = { kind: 'schedules', schedules } as const;
  expect((await readVotes(room.db, hour, all))?.voters.size).toBe(1);
  await plan(room, TODAY);
  expect(await readVotes(room.db, hour, all)).toBeUndefined();
});
