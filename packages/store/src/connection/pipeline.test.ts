import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { together } from './pipeline.ts';

test('parts that are under way at once give their results in order', async () => {
  const later = async () => {
    await wait(2);
    return 'late';
  };
  expect(await together([later(), 2, Promise.resolve(false)])).toEqual(['late', 2, false]);
});

test('a failure is thrown only when every other part has ended, and the first one counts', async () => {
  let hasEnded = false;
  const slow = async () => {
    await wait(5);
    hasEnded = true;
    throw new Error('second');
  };
  await expect(together([Promise.reject(new Error('first')), slow()])).rejects.toThrow('first');
  expect(hasEnded).toBe(true);
});
