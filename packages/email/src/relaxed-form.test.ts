import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relaxedBody, relaxedHeader, toCrlf } from './relaxed-form.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const body = (text: string) => relaxedBody(bytes(text), 0).toString('latin1');

// The examples of RFC 6376 3.4.5, and the edges of 3.4.4.
test.each([
  [' C \r\nD \t E\r\n\r\n\r\n', ' C\r\nD E\r\n'],
  ['a\r\n', 'a\r\n'],
  ['a', 'a\r\n'],
  ['a \t', 'a\r\n'],
  ['', ''],
  ['\r\n', ''],
  ['\r\n\r\n', ''],
  [' \r\n\t\r\n', ''],
  ['\r\na\r\n', '\r\na\r\n'],
  ['a\r\n \r\n', 'a\r\n'],
])('the body %j is hashed as %j', (text, relaxed) => {
  expect(body(text)).toBe(relaxed);
});

test.each([
  ['A: X', 'a:X\r\n'],
  ['B : Y\t\r\n\tZ  ', 'b:Y Z\r\n'],
  ['Subject:', 'subject:\r\n'],
])('the header %j is signed as %j', (line, text) => {
  expect(relaxedHeader(line).text).toBe(text);
});

test('a body that is relaxed already is not copied', () => {
  const message = bytes('From: a@b.org\r\n\r\nnothing to do here\r\n');
  expect(relaxedBody(message, 17).buffer).toBe(message.buffer);
});

test('any body has the form that the rule gives, read step by step', () => {
  const piece = fc.constantFrom('a', '.', ' ', '  ', '\t', '\r\n', '\r\n\r\n', '=20', '\u00ff');
  const holds = fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
    const text = pieces.join('');
    const lines = text.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').trimEnd());
    while (lines.length > 0 && lines.at(-1) === '') lines.pop();
    expect(body(text)).toBe(lines.map((line) => `${line}\r\n`).join(''));
  });
  fc.assert(holds, { numRuns: 2_000 });
});

test.each([
  ['a\nb\n', 'a\r\nb\r\n'],
  ['a\rb\r', 'a\r\nb\r\n'],
  ['\n\ra\r\n', '\r\n\r\na\r\n'],
  ['a\r\n\nb', 'a\r\n\r\nb'],
])('%j has CRLF alone as %j', (text, clean) => {
  expect(toCrlf(bytes(text)).toString('latin1')).toBe(clean);
});
