import { expect, test } from 'vitest';
import { watchServer } from './watch-server.ts';

test('a server that is there is left to answer in its own time, until the stop', async () => {
  const stop = new AbortController();
  let looks = 0;
  const isRunning = () => {
    looks += 1;
    if (looks === 2) stop.abort();
    return true;
  };
  await expect(watchServer({ isRunning }, stop.signal)).resolves.toBeUndefined();
  expect(looks).toBe(2);
});

test('one that has ended ends the start in a sentence', async () => {
  const { signal } = new AbortController();
  const watching = watchServer({ isRunning: () => false }, signal);
  await expect(watching).rejects.toMatchObject({ code: 'POSTGRES_UNAVAILABLE' });
});
