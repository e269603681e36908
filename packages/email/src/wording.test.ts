import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day, paper, today } from './digest.fixture.ts';
import * as wording from './wording.ts';

test.each([
  [
    { fresh: 5, recurring: 2 },
    ['sparse attention', 'robots', 'retrieval'],
    '5 new on sparse attention and 2 more · 11 Mar',
  ],
  [{ fresh: 1, recurring: 0 }, ['sparse attention'], '1 new on sparse attention · 11 Mar'],
  [{ fresh: 0, recurring: 2 }, ['robots'], '2 seen before on robots · 11 Mar'],
  [{ fresh: 0, recurring: 0 }, [], 'Nothing new · 11 Mar'],
  [
    { fresh: 12, recurring: 0 },
    ['multimodal retrieval for very long scientific documents', 'x'],
    '12 new on multimodal retrieval for… and 1 more · 11 Mar',
  ],
])('the subject of %j on %j is “%s”', (counts, topics, subject) => {
  expect(wording.subjectLine(counts, topics, today)).toBe(subject);
});

test('a subject is under 60 characters and a preheader has 40 to 90, whatever the names', () => {
  const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 120 }), { maxLength: 6 });
  const count = fc.integer({ min: 0, max: 100_000 });
  const holds = fc.property(names, names, count, count, (topics, titles, fresh, recurring) => {
    expect(wording.subjectLine({ fresh, recurring }, topics, today).length).toBeLessThan(60);
    const preheader = wording.preheaderLine(titles, topics);
    expect(preheader.length).toBeGreaterThanOrEqual(40);
    expect(preheader.length).toBeLessThanOrEqual(90);
  });
  fc.assert(holds);
});

test('the preheader tells the first titles', () => {
  const titles = [
    'Gates That Skip',
    'Kernels on Small Machines',
    'A Title Much Too Long to Stand Beside the Others in One Line',
  ];
  expect(wording.preheaderLine(titles, [])).toBe('Gates That Skip · Kernels on Small Machines');
  expect(wording.preheaderLine(['Short'], ['robots'])).toBe(
    'Short · Your papers, delivered by Paperboy today, on robots',
  );
});

test.each([
  [
    {
      timesSeen: 3,
      firstSeenOn: day('2025-03-14'),
      lastSeenBeforeOn: day('2025-12-18'),
      climbed: 12,
    },
    '3rd time · first seen 14 Mar 2025 · back after 83 days · up 12 places',
  ],
  [
    { timesSeen: 2, firstSeenOn: day('2026-03-10'), lastSeenBeforeOn: day('2026-03-10') },
    '2nd time · first seen 10 Mar',
  ],
  [
    {
      timesSeen: 21,
      firstSeenOn: day('2026-02-01'),
      lastSeenBeforeOn: day('2026-03-10'),
      climbed: -1,
    },
    '21st time · first seen 1 Feb · last seen 10 Mar · down 1 place',
  ],
  [{ timesSeen: 12, firstSeenOn: day('2026-02-01'), climbed: 0 }, '12th time · first seen 1 Feb'],
])('the history of %j is “%s”', (own, line) => {
  expect(wording.historyLine(paper(1, own), today)).toBe(line);
});

test.each([
  [[], ''],
  [['Ada'], 'Ada'],
  [['Ada', 'Ben', 'Cleo'], 'Ada, Ben, Cleo'],
  [['Ada', 'Ben', 'Cleo', 'Dan', 'Eva'], 'Ada, Ben, Cleo + 2 more'],
])('the authors %j are shown as “%s”', (authors, line) => {
  expect(wording.authorsLine(authors)).toBe(line);
});

const filler = (length: number) => `W${'word '.repeat(length / 5 - 1)}end`;
test.each([
  [
    'whole sentences',
    `${filler(150)}. ${filler(150)}. ${filler(150)}.`,
    `${filler(150)}. ${filler(150)}.`,
  ],
  [
    'no cut after an abbreviation',
    `${filler(180)} e.g. Words and so on ${filler(200)}.`,
    undefined,
  ],
  ['no cut inside a number', `${filler(180)} 3.5 times ${filler(200)}.`, undefined],
  ['a Chinese full stop', `${'文'.repeat(200)}。${'字'.repeat(200)}。`, `${'文'.repeat(200)}。`],
])('of a long text the first sentences are shown: %s', (_case, text, shown) => {
  const found = wording.firstSentences(text, 320);
  if (shown === undefined) expect(found).toMatch(/…$/);
  else expect(found).toBe(shown);
  expect(found.length).toBeLessThanOrEqual(320);
});

test('a short text is shown whole', () => {
  expect(wording.firstSentences('One. Two.', 9)).toBe('One. Two.');
});

test.each([
  [{ fresh: 5, recurring: 2 }, ['robots'], '5 new papers and 2 seen before, for robots'],
  [{ fresh: 1, recurring: 0 }, ['robots', 'x', 'y'], '1 new paper, for robots and 2 more topics'],
  [{ fresh: 0, recurring: 0 }, ['robots', 'x'], 'For robots and 1 more topic'],
  [{ fresh: 0, recurring: 0 }, [], 'For the topics you follow'],
])('below the masthead of %j stands whom it is for', (counts, topics, line) => {
  expect(wording.leadLine(counts, topics)).toBe(line);
});

test.each([
  [2, 2, '5 new papers: 3 on robots and 2 on gates · 2 seen before'],
  [3, 0, '6 new papers: 3 on robots, 2 on gates and 1 on topics you have left since'],
  [
    5,
    0,
    '8 new papers: 3 on robots, 2 on gates, 1 on topics you have left since and 2 on 2 more topics',
  ],
])('of %s topics with new papers it is what is inside', (topics, recurring, line) => {
  const counts = [
    { topic: 'robots', papers: 3 },
    { topic: 'gates', papers: 2 },
    { topic: wording.LEFT_TOPICS, papers: 1 },
    { topic: 'x', papers: 1 },
    { topic: 'y', papers: 1 },
  ].slice(0, topics);
  const fresh = counts.reduce((sum, { papers }) => sum + papers, 0);
  const told = wording.leadLine({ fresh, recurring }, ['robots', 'gates'], counts);
  expect(told.replaceAll('\u00a0', ' ')).toBe(line);
});
