import { composeOrder } from '@paperboy/core';
import { listDeliveries, loadDigests, MatchReasons } from '@paperboy/store';
import { expect, test, vi } from 'vitest';
import { explainDigest, previewDigest } from '../src/index.ts';
import { links, mailSettings } from './mailer-of-tests.ts';
import { addReader, clear, plan, recordPage, sourceOf } from './support.ts';
import { useRoom } from './use-room.ts';

const room = useRoom();

const DAY = '2026-03-02T08:00:00Z';
/** `flow 10` is the best of its topic, `flow 39` the weakest; all are better than `jets`. */
const NAMES = [
  ...Array.from({ length: 30 }, (_, index) => `flow ${index + 10}`),
  'jets 1',
  'jets 2',
  'jets and flow',
];

/** A day on which a topic has thirty papers and another three, one of which is in both. */
async function broadDay(maxPapers: number) {
  await clear(room);
  const reader = await addReader(room, { topics: ['flow', 'jets'], maxPapers });
  await recordPage(room, { sourceId: await sourceOf(room), day: '2026-03-02', papers: NAMES });
  await room.query(`update match set strength = case
      when title = 'jets and flow' then case query when 'jets' then 0.6 else 0.5 end
      when query = 'jets' then 0.45 else 1 - right(title, 2)::int / 100.0 end
    from paper_text, topic where paper_text.paper_id = match.paper_id and topic.id = topic_id`);
  return reader;
}

/** Titles in a mail's text in order, which is the order of the papers. */
const titlesIn = (text: string) =>
  [...text.matchAll(/^(flow \d\d|jets \d|jets and flow)$/gm)].map(([title]) => title);

test('a broad topic fills ten places of a mail, what else there is stands beside it once', async () => {
  const subscriberId = await broadDay(20);
  const shown = await previewDigest(
    { db: room.db, links, settings: mailSettings },
    { subscriberId, at: new Date(DAY) },
  );
  expect(titlesIn(shown?.text ?? '')).toEqual([
    ...['flow 10', 'flow 11', 'flow 12', 'flow 13', 'flow 14', 'flow 15', 'flow 16'],
    ...['flow 17', 'flow 18', 'flow 19', 'jets and flow', 'jets 1', 'jets 2'],
  ]);
  expect(shown?.text).toContain('and 20 more online');
  expect(shown?.text).toMatch(/^flow\n----\n[\s\S]*^jets\n----\n\njets and flow$/m);
  expect(shown?.text).toContain('Also: flow');
});

test('of two papers with one title, which nobody has merged, the mail shows the better one', async () => {
  const subscriberId = await broadDay(20);
  await room.query("update paper_text set title = 'Jets 1!' where title = 'jets and flow'");
  const shown = await previewDigest(
    { db: room.db, links, settings: mailSettings },
    { subscriberId, at: new Date(DAY) },
  );
  expect(shown?.text.match(/^jets .*$/gim)).toEqual(['Jets 1!', 'jets 2']);
  expect(shown?.text).toContain('and 21 more online');
  const { papers } = await explainDigest({ db: room.db }, { subscriberId, at: new Date(DAY) });
  expect(papers.filter(({ title }) => /jets 1/i.test(title))).toMatchObject([
    { title: 'Jets 1!', verdict: 'mail' },
    { title: 'jets 1', verdict: 'page', because: expect.stringContaining('of the same title') },
  ]);
});

test("the reader's own limit is over all topics, and what it leaves out is counted", async () => {
  const subscriberId = await broadDay(3);
  const shown = await previewDigest(
    { db: room.db, links, settings: mailSettings },
    { subscriberId, at: new Date(DAY) },
  );
  expect(titlesIn(shown?.text ?? '')).toEqual(['flow 10', 'flow 11', 'jets and flow']);
  expect(shown?.text).toContain('and 30 more online');
});

test('the order of a stored digest holds every paper once, the mail those it shows in the same order', async () => {
  const subscriberId = await broadDay(20);
  await plan(room, DAY);
  const [delivery] = await listDeliveries(room.db, { subscriberId });
  const [digest] = delivery ? await loadDigests(room.db, [delivery.id]) : [];
  if (!digest) throw new Error('nothing was planned');
  const { newPapers, inMail, more } = composeOrder(digest);
  expect(newPapers).toHaveLength(NAMES.length);
  expect(new Set(newPapers)).toEqual(new Set(digest.newPapers));
  expect(newPapers.filter((id) => inMail.has(id))).toEqual([...inMail]);
  expect(more).toBe(NAMES.length - inMail.size);
});

test('why a paper is there is read once for all who have it, and again after a minute', async () => {
  const clock = vi.spyOn(Date, 'now');
  await broadDay(20);
  await addReader(room, { name: 'grace', topics: ['jets'] });
  await plan(room, DAY);
  const ids = (await listDeliveries(room.db, {})).map(({ id }) => id);
  const known = new MatchReasons();
  const reasons = async () => {
    const digests = await loadDigests(room.db, ids, known);
    return digests.map(({ matches }) => {
      return matches.find(({ topicName }) => topicName === 'jets')?.reasons;
    });
  };
  const [one, other] = await reasons();
  expect(one).toEqual([expect.objectContaining({ kind: 'phrase' })]);
  expect(other).toBe(one);
  await room.query(`update match set reasons = '[]'`);
  expect(await reasons()).toEqual([one, one]);
  clock.mockReturnValue(Date.now() + 61_000);
  expect(await reasons()).toEqual([[], []]);
  clock.mockRestore();
});

test('of papers that fit nearly as well the one on more lists comes first', async () => {
  await clear(room);
  const subscriberId = await addReader(room, { topics: ['jets'], maxPapers: 20 });
  const sourceId = await sourceOf(room);
  await recordPage(room, { sourceId, day: '2026-03-01', papers: ['jets 2'] });
  await recordPage(room, { sourceId, day: '2026-03-02', papers: ['jets 1', 'jets 2'] });
  await room.query(`update match set strength = case title when 'jets 2' then 0.60 else 0.61 end
    from paper_text where paper_text.paper_id = match.paper_id`);
  const at = new Date(DAY);
  const shown = await previewDigest(
    { db: room.db, links, settings: mailSettings },
    { subscriberId, at },
  );
  expect(titlesIn(shown?.text ?? '')).toEqual(['jets 2', 'jets 1']);
  // Nothing but the order: that one is weaker, and is told so.
  const { papers } = await explainDigest({ db: room.db }, { subscriberId, at });
  expect(papers.map(({ topics }) => topics[0]?.strength)).toEqual([
    expect.closeTo(0.61),
    expect.closeTo(0.6),
  ]);
});

test('reasons that run out while others are read are still told', async () => {
  await broadDay(20);
  await plan(room, DAY);
  const ids = (await listDeliveries(room.db, {})).map(({ id }) => id);
  const [
    {
      matches: [old, other],
    } = { matches: [] },
  ] = await loadDigests(room.db, ids);
  if (!old || !other) throw new Error('nothing was matched');
  const clock = vi.spyOn(Date, 'now');
  const known = new MatchReasons();
  await known.of(room.db, [old]);
  const both = known.of(room.db, [old, other]);
  clock.mockReturnValue(Date.now() + 61_000);
  const again = known.of(room.db, [old]);
  clock.mockRestore();
  expect(await both).toEqual([old.reasons, other.reasons]);
  expect(await again).toEqual([old.reasons]);
});
