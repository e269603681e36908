import type { SourceReading } from '@paperboy/store';
import { expect, test } from 'vitest';
import { sourceNotes } from './source-notes.ts';

const reading = (over: Partial<SourceReading>): SourceReading => ({
  title: 'Daily list',
  outcome: 'cut',
  entries: 50,
  claimed: 50,
  isOverdue: false,
  ...over,
});

test.each([
  [reading({}), 'Daily list: the list was cut short (50 of 50 read)'],
  [reading({ claimed: null }), 'Daily list: the list was cut short'],
  [
    reading({ outcome: 'partial', entries: 4 }),
    'Daily list: the list was still filling up (4 read)',
  ],
  [reading({ outcome: 'blocked' }), 'Daily list: the site did not let us read the list'],
  [reading({ outcome: 'failed' }), 'Daily list: the site could not be reached'],
  [
    reading({ outcome: 'new-batch', isOverdue: true }),
    'Daily list: the list was not asked for when it was due',
  ],
  [reading({ outcome: 'failed', isOverdue: true }), 'Daily list: the site could not be reached'],
])('a reading that is no full list is told in one line', (given, line) => {
  expect(sourceNotes([given])).toEqual([line]);
});

test('a full list is not told', () => {
  expect(sourceNotes([reading({ outcome: 'new-batch' }), reading({ outcome: 'grew' })])).toEqual(
    [],
  );
});
