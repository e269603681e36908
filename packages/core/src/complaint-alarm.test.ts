import { expect, test } from 'vitest';
import { isComplaintAlarm } from './complaint-alarm.ts';

test.each([
  [0, 0, false],
  [0, 100_000, false],
  [1, 10_000, false],
  [7, 10_000, false],
  [8, 10_000, true],
  [9, 10_000, true],
  // one in a small list is above one in a thousand
  [1, 500, true],
  [1, 0, true],
])('%i complaints of %i messages: alarm %s', (complaints, accepted, alarm) => {
  expect(isComplaintAlarm({ complaints, accepted })).toBe(alarm);
});
