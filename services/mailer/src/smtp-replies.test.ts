import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReplyReader } from './smtp-replies.ts';

const read = (...chunks: readonly (string | Buffer)[]) => {
  const reader = new ReplyReader();
  return chunks.flatMap((chunk) => reader.read(Buffer.from(chunk)));
};

test('a reply of several lines is one, and replies that come together are told apart', () => {
  expect(read('250-a\r\n250-b\r\n250 c\r\n354 go\r\n550\r\n')).toEqual([
    { code: 250, text: '250-a\n250-b\n250 c' },
    { code: 354, text: '354 go' },
    { code: 550, text: '550' },
  ]);
});

test('what is no reply has no code, and ends like one', () => {
  expect(read('hello\n25 x\r\n2500 y\r\n999 z\r\n')).toEqual([
    { code: 0, text: 'hello' },
    { code: 0, text: '25 x' },
    { code: 0, text: '2500 y' },
    { code: 0, text: '999 z' },
  ]);
});

test('wherever packets end, the replies are the same', () => {
  const said = Buffer.from('250-größe\r\n250 ok\r\n\r\n451 4.7.1 später – bitte\r\n');
  const whole = read(said);
  expect(whole.map(({ code }) => code)).toEqual([250, 0, 451]);
  expect(whole.at(-1)?.text).toBe('451 4.7.1 später – bitte');
  const cuts = fc.array(fc.nat(said.length), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, (at) => {
      const edges = [0, ...at.sort((a, b) => a - b), said.length];
      const pieces = edges.slice(1).map((end, index) => said.subarray(edges[index], end));
      expect(read(...pieces)).toEqual(whole);
    }),
  );
});

test('a reply without end is not gathered for ever', () => {
  expect(() => read('250-'.repeat(20_000))).toThrow(RangeError);
  expect(() => read('250-and so on\r\n'.repeat(10_000))).toThrow(RangeError);
});
