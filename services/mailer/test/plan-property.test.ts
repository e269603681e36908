import type { ListingPageId, SourceId, SubscriberId } from '@paperboy/core';
import { changeSchedule } from '@paperboy/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addReader, clear, given, makeReady, plan, recordPage, sourceOf } from './support.ts';
import { useRoom } from './use-room.ts';

const room = useRoom();

const TOPICS = ['flow', 'sparse', 'agents'];
const PAPERS = TOPICS.flatMap((topic) => [1, 2, 3, 4].map((number) => `${topic} ${number}`));
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Los_Angeles'];
const START = Date.parse('2026-03-25T00:00:00Z');
const HOUR = 3_600_000;

const anySchedule = fc.record({
  cadence: fc.constant('daily' as const),
  hour: fc.nat(23),
  zone: fc.constantFrom(...ZONES),
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
});
const anyReader = fc.record({
  topics: fc.uniqueArray(fc.constantFrom(...TOPICS), { minLength: 1 }),
  recurringPolicy: fc.constantFrom('off', 'trending', 'all'),
  schedule: anySchedule,
});
/** What happens, in order: a page is recorded, a reader moves, or a plan is run some hours on. */
const anyStep = fc.oneof(
  fc.record({
    kind: fc.constant('page' as const),
    source: fc.nat(1),
    papers: fc.uniqueArray(fc.constantFrom(...PAPERS), { minLength: 1, maxLength: 6 }),
    isReadyAtOnce: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('move' as const), reader: fc.nat(3), schedule: anySchedule }),
  fc.record({ kind: fc.constant('plan' as const), hours: fc.integer({ min: 1, max: 30 }) }),
);

type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never;

/** Plays the steps; papers by topic that were ever listed on a ready page. */
async function play(
  sources: readonly SourceId[],
  readers: readonly SubscriberId[],
  steps: readonly Step[],
): Promise<Set<string>> {
  const listed = new Set<string>();
  const waiting: { id: ListingPageId; papers: readonly string[] }[] = [];
  const finish = async () => {
    for (const { id, papers } of waiting.splice(0)) {
      await makeReady(room, id);
      for (const paper of papers) listed.add(paper);
    }
  };
  let now = START;
  for (const step of steps) {
    if (step.kind === 'plan') {
      now += step.hours * HOUR;
      await plan(room, new Date(now).toISOString());
      await finish();
      continue;
    }
    if (step.kind === 'move') {
      const reader = readers[step.reader];
      if (reader) await changeSchedule(room.db, reader, step.schedule);
      continue;
    }
    const day = new Date(now).toISOString().slice(0, 10);
    const sourceId = sources[step.source];
    if (!sourceId) continue;
    const { papers } = step;
    const id = await recordPage(room, { sourceId, day, papers, ready: step.isReadyAtOnce });
    if (step.isReadyAtOnce) for (const paper of papers) listed.add(paper);
    else waiting.push({ id, papers });
  }
  await finish();
  // A week of hours, so that every weekday and zone comes round once more.
  for (let hour = 0; hour < 9 * 24; hour += 6) {
    await plan(room, new Date(now + hour * HOUR).toISOString());
  }
  return listed;
}

test('whatever happens in whatever order, every matched paper is NEW exactly once, and none is lost', async () => {
  const holds = fc.asyncProperty(
    fc.array(anyReader, { minLength: 1, maxLength: 4 }),
    fc.array(anyStep, { minLength: 4, maxLength: 14 }),
    async (readers, steps) => {
      await clear(room);
      const sources = [await sourceOf(room, 'one'), await sourceOf(room, 'two')];
      const ids: { id: SubscriberId; topics: readonly string[] }[] = [];
      for (const reader of readers) {
        const since = new Date(START).toISOString();
        ids.push({ id: await addReader(room, { ...reader, since }), topics: reader.topics });
      }
      const listed = await play(
        sources,
        ids.map(({ id }) => id),
        steps,
      );
      for (const { id, topics } of ids) {
        const digests = await given(room, id);
        const wanted = [...listed].filter((paper) => topics.some((topic) => paper.includes(topic)));
        expect(digests.flatMap((digest) => digest.new).sort()).toEqual(wanted.sort());
        for (const { new: fresh, recurring } of digests) {
          expect(recurring.filter((paper) => fresh.includes(paper))).toEqual([]);
        }
      }
    },
  );
  await fc.assert(holds, { numRuns: 12 });
}, 120_000);
