import { parseCron } from '@paperboy/core';
import { expect, test } from 'vitest';
import { cronInWords } from './cron-words.ts';

test.each([
  ['0 8,16 * * mon-fri', 'at 8:00 and 16:00 on mon-fri'],
  ['30 20 * * sun,mon,tue,wed,thu', 'at 20:30 on mon, tue, wed, thu, sun'],
  ['5 * * * *', 'every hour at :05 every day'],
  ['0 6 * * sat', 'at 6:00 on sat'],
  ['0 6 1 * *', undefined],
  ['*/10 * * * *', undefined],
])('%s is %s', (cron, words) => {
  expect(cronInWords(parseCron(cron))).toBe(words);
});
