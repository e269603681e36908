import type { SourceId } from '@paperboy/core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { clear, openRoom, sourceOf, type TestRoom } from './support.ts';

/** A room of the test file's own; before each test it is emptied and given one source. */
export function useDailyRoom(take: (room: TestRoom, daily: SourceId) => void): void {
  let room: TestRoom;
  beforeAll(async () => {
    room = await openRoom();
  });
  afterAll(() => room.close());
  beforeEach(async () => {
    await clear(room);
    take(room, await sourceOf(room));
  });
}
