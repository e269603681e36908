import { expect, test } from 'vitest';
import { MessageMemory } from './message-memory.ts';

test('memory that was given back is used again, and no two messages share any', () => {
  const memory = new MessageMemory();
  const [first, second] = [memory.take(20_000), memory.take(60_000)];
  expect(first.buffer).not.toBe(second.buffer);
  memory.giveBack(first);
  const third = memory.take(90_000);
  expect(third.buffer).toBe(first.buffer);
  expect(third).toHaveLength(90_000);
  expect(memory.take(10).buffer).not.toBe(first.buffer);
});

test('a message beyond all measure has memory of its own', () => {
  const memory = new MessageMemory();
  const large = memory.take(1_000_000);
  expect(large).toHaveLength(1_000_000);
  memory.giveBack(large);
  expect(memory.take(10).buffer).not.toBe(large.buffer);
});
