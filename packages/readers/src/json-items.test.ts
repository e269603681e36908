import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonItems } from './json-items.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const itemsOf = (text: string) => jsonItems(bytesOf(text));

test('any list that is not empty gives the items that the parser gives', () => {
  const lists = fc.array(fc.jsonValue(), { minLength: 1 });
  const spaces = fc.constantFrom(undefined, 1, '\t');
  const holds = fc.property(lists, spaces, (list, space) => {
    const text = `\n${JSON.stringify(list, null, space)} \r\n`;
    expect(itemsOf(text)).toEqual(JSON.parse(text));
  });
  fc.assert(holds);
});

test('signs of JSON inside of strings part nothing', () => {
  const list = [{ a: '],[' }, 'x\\"],{', '\\', ['[', ','], 'Zürich — 東京'];
  expect(itemsOf(JSON.stringify(list))).toEqual(list);
});

test('what is damaged at any place is left to others', () => {
  const whole = JSON.stringify([{ id: '2603.00001', title: 'A "title"' }, { id: 'b\\' }]);
  for (let at = 0; at < whole.length; at++) {
    const damaged = whole.slice(0, at) + whole.slice(at + 1);
    expect(itemsOf(whole.slice(0, at))).toBeUndefined();
    expect(itemsOf(damaged)).toEqual(parsed(damaged));
  }
  for (const text of ['[]', '[1,,2]', '[1,]', '[1] [2]', '[1}', '{"a":[1]}', '["a', '', '[{]}'])
    expect(itemsOf(text)).toBeUndefined();
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
