import { leave } from '@paperboy/store';
import { expect, test } from 'vitest';
import { explainDigest } from '../src/index.ts';
import { addReader, given, plan, recordPage, sourceOf, type TestReader } from './support.ts';
import { useEmptyRoom } from './use-room.ts';

const room = useEmptyRoom();

type Reader = Awaited<ReturnType<typeof addReader>>;

async function explain(subscriberId: Reader, at: string) {
  const explained = await explainDigest({ db: room.db }, { subscriberId, at: new Date(at) });
  const found = explained.papers.map(({ title, verdict, because }) => [title, verdict, because]);
  return { ...explained, found };
}

/** A reader who was shown `flow one` on 2 March, and a list of 3 March that has it again. */
async function shownBefore(own: TestReader): Promise<Reader> {
  const reader = await addReader(room, own);
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one'] });
  await plan(room, '2026-03-02T08:00:00Z');
  await recordPage(room, { sourceId, day: '2026-03-03', papers: ['flow one', 'flow two'] });
  return reader;
}

test('what is in the digest is what the next plan gives, and nothing is kept', async () => {
  const ada = await shownBefore({ topics: ['flow', 'one'], recurringPolicy: 'all' });
  const rows = () =>
    room.query('select (select count(*) from edition), (select count(*) from delivery)');
  const before = await rows();
  const { found, counts, since, nextDueAt, papers } = await explain(ada, '2026-03-03T06:00:00Z');
  expect(found).toEqual([
    ['flow one', 'mail', 'seen before, shown last on 2026-03-02, and worth telling again'],
    ['flow two', 'mail', 'new: first listed since the last digest'],
  ]);
  expect(counts).toEqual({ mail: 2, page: 0, out: 0 });
  expect([since, nextDueAt]).toEqual([
    new Date('2026-03-02T08:00Z'),
    new Date('2026-03-03T08:00Z'),
  ]);
  expect(papers[0]?.topics.map(({ name }) => name)).toEqual(['flow', 'one']);
  expect(papers[0]?.topics[0]?.reasons[0]).toContain('a phrase');
  expect(await rows()).toEqual(before);
  await plan(room, '2026-03-03T08:00:00Z');
  expect((await given(room, ada)).at(-1)).toMatchObject({
    new: ['flow two'],
    recurring: ['flow one'],
  });
});

test.each([
  ['off', 'shown on 2026-03-02, and recurring papers are off'],
  ['trending', 'shown on 2026-03-02, and neither away for 7 days since nor up 20 places'],
] as const)(
  'with recurring papers %s a shown paper is out, and why is told',
  async (recurringPolicy, because) => {
    const ada = await shownBefore({ recurringPolicy });
    expect((await explain(ada, '2026-03-03T06:00:00Z')).found).toEqual([
      ['flow two', 'mail', 'new: first listed since the last digest'],
      ['flow one', 'out', because],
    ]);
  },
);

test('a paper over the limit of a mail stands on the page of the digest', async () => {
  const ada = await addReader(room, { maxPapers: 1 });
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one', 'flow two'] });
  const { found, counts } = await explain(ada, '2026-03-02T06:00:00Z');
  expect(counts).toEqual({ mail: 1, page: 1, out: 0 });
  expect(found[1]?.[2]).toContain('a mail has at most 1 papers');
});

test('a weak match is out for whoever follows strictly', async () => {
  const ada = await addReader(room);
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['flow one'] });
  await room.query(`update match set strength = 0.45, is_certain = false`);
  await room.query(`update subscription set strictness = 'strict'`);
  const { found, papers } = await explain(ada, '2026-03-02T06:00:00Z');
  expect(found).toEqual([
    ['flow one', 'out', 'too weak a match for how strictly the topic is followed'],
  ]);
  expect(papers[0]?.topics).toMatchObject([
    { strictness: 'strict', strength: 0.45, isStrongEnough: false },
  ]);
});

test('whoever left is told to be held back, with what was found', async () => {
  const ada = await shownBefore({});
  await leave(room.db, ada);
  const { found, heldBackBy } = await explain(ada, '2026-03-03T06:00:00Z');
  expect(heldBackBy).toMatch(/left/);
  expect(found).toContainEqual(['flow two', 'out', 'the subscriber may not be mailed']);
});

test('without a list in the window nothing is found', async () => {
  const ada = await addReader(room);
  expect((await explain(ada, '2026-03-03T06:00:00Z')).found).toEqual([]);
});
