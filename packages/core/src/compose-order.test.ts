import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  composeOrder,
  MOST_PER_TOPIC,
  papersOfOneTitle,
  type TopicMatch,
} from './compose-order.ts';
import { idOf, type PaperId } from './ids.ts';

interface PaperToPlace {
  readonly paperId: PaperId;
  readonly matches: readonly TopicMatch[];
}

const paper = (id: number, strengths: Readonly<Record<number, number>>): PaperToPlace => ({
  paperId: idOf('paper', String(id)),
  matches: Object.entries(strengths).map(([topic, strength]) => ({
    paperId: idOf('paper', String(id)),
    topicId: idOf('topic', topic),
    strength,
  })),
});
/** Papers with ids from `first` on, all of one topic, each a little weaker than the one before. */
const many = (topic: number, count: number, first: number) =>
  Array.from({ length: count }, (_, index) => paper(first + index, { [topic]: 1 - index / 100 }));
const order = (
  newPapers: readonly PaperToPlace[],
  recurringPapers: readonly PaperToPlace[] = [],
  maxPapers = 20,
) => {
  // What a paper was found for is known once, wherever it stands again.
  const first = new Map(
    [...newPapers, ...recurringPapers].toReversed().map((one) => [one.paperId, one.matches]),
  );
  return composeOrder({
    newPapers: newPapers.map(({ paperId }) => paperId),
    recurringPapers: recurringPapers.map(({ paperId }) => paperId),
    matches: [...first.values()].flat(),
    maxPapers,
  });
};

const anyPapers = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(0.3, 0.5, 0.5, 0.9, 1)), {
        maxLength: 4,
      }),
    ),
    { maxLength: 60 },
  )
  .map((all) => all.map(([id, matches]) => paper(id, Object.fromEntries(matches))));
const anyDigest = fc.record({
  newPapers: anyPapers,
  recurringPapers: anyPapers,
  maxPapers: fc.integer({ min: 0, max: 50 }),
});
const idsOf = (papers: readonly PaperToPlace[]) => new Set(papers.map(({ paperId }) => paperId));
/** The topic that a paper stands under, by the rule in words: the strongest, of equals the lowest number. */
const topicOf = ({ matches }: PaperToPlace) =>
  [...matches].sort((a, b) => b.strength - a.strength || Number(a.topicId) - Number(b.topicId))[0]
    ?.topicId;

test('a broad topic does not keep the others out of a short mail', () => {
  const { newPapers, inMail, more } = order(
    [...many(1, 30, 100), paper(1, { 2: 0.5 }), paper(2, { 3: 0.4 })],
    [],
    4,
  );
  expect(newPapers.slice(0, 4)).toEqual(['100', '1', '2', '101']);
  expect([...inMail]).toEqual(['100', '1', '2', '101']);
  expect(more).toBe(28);
});

test('a topic has ten papers in a mail, seen before or not, however many it may hold', () => {
  const { inMail, more } = order(many(1, 7, 1), many(1, 7, 101), 20);
  expect([...inMail]).toEqual(['1', '2', '3', '4', '5', '6', '7', '101', '102', '103']);
  expect(more).toBe(4);
});

test('a paper of several topics stands under its best one and takes no turn of the others', () => {
  const { newPapers } = order([
    paper(1, { 1: 0.9, 2: 0.95 }),
    paper(2, { 1: 0.8 }),
    paper(3, { 2: 0.7 }),
  ]);
  expect(newPapers).toEqual(['1', '2', '3']);
});

test('new papers are shown topic by topic, the topic with the best paper first', () => {
  const { newByTopic } = order([
    paper(1, { 1: 0.5 }),
    paper(2, { 2: 0.9, 1: 0.8 }),
    paper(3, { 1: 0.7 }),
    paper(4, {}),
  ]);
  expect(newByTopic).toEqual([
    { topicId: '2', papers: ['2'] },
    { topicId: '1', papers: ['3', '1'] },
    { topicId: undefined, papers: ['4'] },
  ]);
});

test('the topics hold the new papers, each in the order of its turns', () => {
  fc.assert(
    fc.property(anyDigest, ({ newPapers, recurringPapers, maxPapers }) => {
      const made = order(newPapers, recurringPapers, maxPapers);
      const shown = made.newByTopic.flatMap(({ papers }) => papers);
      expect(new Set(shown)).toEqual(new Set(made.newPapers));
      expect(shown).toHaveLength(made.newPapers.length);
      for (const { papers } of made.newByTopic) {
        const own = new Set(papers);
        expect(made.newPapers.filter((id) => own.has(id))).toEqual(papers);
      }
    }),
  );
});

test('of papers that fit nearly as well the one on more lists comes first, and no list makes up for what fits better', () => {
  const digest = (listings: Readonly<Record<number, number>>) =>
    composeOrder({
      newPapers: [1, 2, 3].map((id) => idOf('paper', String(id))),
      recurringPapers: [],
      matches: [paper(1, { 1: 0.9 }), paper(2, { 1: 0.8 }), paper(3, { 2: 0.5 })].flatMap(
        ({ matches }) => matches,
      ),
      maxPapers: 2,
      listings: new Map(Object.entries(listings).map(([id, days]) => [idOf('paper', id), days])),
    });
  expect(digest({ 1: 1, 2: 1, 3: 1 }).newPapers).toEqual(['1', '3', '2']);
  expect(digest({ 2: 7 }).newPapers).toEqual(['2', '3', '1']);
  expect(digest({ 3: 1_000 }).newPapers).toEqual(['1', '3', '2']);
  expect([...digest({ 2: 7 }).inMail]).toEqual(['2', '3']);
});

test('new papers take the places of a mail before those that were seen before', () => {
  const { inMail, more } = order([paper(1, { 1: 0.4 })], [paper(2, { 2: 1 })], 1);
  expect([...inMail]).toEqual(['1']);
  expect(more).toBe(1);
});

test('a paper whose topics were all left is still told', () => {
  expect(order([paper(1, {}), paper(2, { 1: 0.5 })]).newPapers).toEqual(['2', '1']);
});

test('every paper is placed once, and counted in the mail or beside it', () => {
  fc.assert(
    fc.property(anyDigest, ({ newPapers, recurringPapers, maxPapers }) => {
      const made = order(newPapers, recurringPapers, maxPapers);
      const all = [...made.newPapers, ...made.recurringPapers];
      const given = idsOf([...newPapers, ...recurringPapers]);
      expect(new Set(all)).toEqual(given);
      expect(all).toHaveLength(given.size);
      expect(new Set(made.newPapers)).toEqual(idsOf(newPapers));
      expect(made.inMail.size + made.more).toBe(given.size);
    }),
  );
});

test('a mail keeps to both limits, and leaves out nothing that it has room for', () => {
  fc.assert(
    fc.property(anyDigest, ({ newPapers, recurringPapers, maxPapers }) => {
      const made = order(newPapers, recurringPapers, maxPapers);
      const first = new Map<string, PaperToPlace>();
      for (const one of [...newPapers, ...recurringPapers])
        if (!first.has(one.paperId)) first.set(one.paperId, one);
      const shown = Map.groupBy(
        [...first.values()].filter(({ paperId }) => made.inMail.has(paperId)),
        topicOf,
      );
      for (const papers of shown.values())
        expect(papers.length).toBeLessThanOrEqual(MOST_PER_TOPIC);
      expect(made.inMail.size).toBeLessThanOrEqual(maxPapers);
      if (made.inMail.size === maxPapers) return;
      for (const one of first.values())
        if (!made.inMail.has(one.paperId))
          expect(shown.get(topicOf(one))).toHaveLength(MOST_PER_TOPIC);
    }),
  );
});

test('a better paper of a topic never comes after a weaker one of it, and equals stay as given', () => {
  fc.assert(
    fc.property(anyPapers, (papers) => {
      const { newPapers } = order(papers);
      const first = new Map(papers.toReversed().map((one) => [one.paperId, one]));
      const given = [...first.values()].toReversed();
      for (const ofTopic of Map.groupBy(given, topicOf).values()) {
        const strengthOf = ({ matches }: PaperToPlace) =>
          Math.max(0, ...matches.map(({ strength }) => strength));
        const ids = new Set(idsOf(ofTopic));
        expect(newPapers.filter((id) => ids.has(id))).toEqual(
          ofTopic
            .toSorted(
              (a, b) => strengthOf(b) - strengthOf(a) || papers.indexOf(a) - papers.indexOf(b),
            )
            .map(({ paperId }) => paperId),
        );
      }
    }),
  );
});

test('the order does not depend on the order of matches, nor on the limit', () => {
  fc.assert(
    fc.property(anyDigest, ({ newPapers, recurringPapers, maxPapers }) => {
      const made = order(newPapers, recurringPapers, maxPapers);
      const turned = (papers: readonly PaperToPlace[]) =>
        papers.map((one) => ({ ...one, matches: one.matches.toReversed() }));
      expect(order(turned(newPapers), turned(recurringPapers), maxPapers)).toEqual(made);
      const longer = order(newPapers, recurringPapers, maxPapers + 5);
      expect([longer.newPapers, longer.recurringPapers]).toEqual([
        made.newPapers,
        made.recurringPapers,
      ]);
    }),
  );
});

test('a mail has no title twice: of papers with one title it shows the first, the others stand beside it', () => {
  let doubles = 0;
  const anyTitle = fc.constantFrom('On Flows', 'On flows!', 'Of Jets', 'Jets', '?');
  fc.assert(
    fc.property(
      anyDigest,
      fc.array(anyTitle, { minLength: 61, maxLength: 61 }),
      (digest, titles) => {
        const titleOf = (id: PaperId) => titles[Number(id)] ?? '';
        const ids = idsOf([...digest.newPapers, ...digest.recurringPapers]);
        const sameTitle = papersOfOneTitle(
          [...ids].map((paperId) => ({ paperId, title: titleOf(paperId) })),
        );
        const made = composeOrder({
          newPapers: digest.newPapers.map(({ paperId }) => paperId),
          recurringPapers: digest.recurringPapers.map(({ paperId }) => paperId),
          matches: [],
          maxPapers: digest.maxPapers,
          sameTitle,
        });
        const named = [...made.inMail].map(titleOf).filter((title) => title !== '?');
        const keys = named.map((title) => title.toLowerCase().replace('!', ''));
        expect(new Set(keys).size).toBe(keys.length);
        expect(made.inMail.size + made.more).toBe(ids.size);
        const first = made.newPapers.find((id) => titleOf(id) !== '?');
        const room = Math.min(digest.maxPapers, MOST_PER_TOPIC);
        if (made.inMail.size < room && first !== undefined) expect(named).toContain(titleOf(first));
        doubles += made.more;
      },
    ),
  );
  expect(doubles).toBeGreaterThan(50);
});
