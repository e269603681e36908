import type { SourceId } from '@paperboy/core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { clear, openRoom, sourceOf, type TestRoom } from './support.ts';

/** A room of the test file's own, open while its tests run. They share its rows. */
export function useRoom(): TestRoom {
  let opened: TestRoom | undefined;
  const room = () => {
    if (!opened) throw new Error('the room is open in tests and their hooks alone');
    return opened;
  };
  beforeAll(async () => {
    opened = await openRoom();
  });
  afterAll(() => opened?.close());
  return {
    get db() {
      return room().db;
    },
    get url() {
      return room().url;
    },
    query: (sql, values) => room().query(sql, values),
    close: () => room().close(),
  };
}

/** The same, emptied before each test. */
export function useEmptyRoom(): TestRoom {
  const room = useRoom();
  beforeEach(() => clear(room));
  return room;
}

/** The same with one source, which `daily` gives: a new one for each test. */
export function useDailyRoom(): { readonly room: TestRoom; readonly daily: () => SourceId } {
  const room = useEmptyRoom();
  let daily: SourceId;
  beforeEach(async () => {
    daily = await sourceOf(room);
  });
  return { room, daily: () => daily };
}
