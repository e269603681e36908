import fc from 'fast-check';
import PostalMime, { decodeWords } from 'postal-mime';
import { expect, test } from 'vitest';
import { exactHeader, mailboxText, mailDate, textHeader } from './header-text.ts';

const visible = (text: string) => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

test('a text header decodes to the text on one line, whatever is in it', () => {
  const holds = fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
    const header = textHeader('Subject', text);
    for (const line of header.slice(0, -2).split('\r\n')) {
      expect(line).toMatch(/^[\x20-\x7e]*$/);
    }
    const unfolded = header.slice('Subject: '.length, -2).replace(/\r\n /g, ' ');
    expect(visible(decodeWords(unfolded))).toBe(
      visible(text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')),
    );
  });
  fc.assert(holds);
});

test('lines with encoded words are at most 76 long and cut no character', () => {
  const text = 'Zeitungsjunge für spärliche Aufmerksamkeit 😀'.repeat(6);
  const lines = textHeader('Subject', text).trimEnd().split('\r\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(76);
  for (const line of lines) expect(decodeWords(line)).not.toContain('\ufffd');
});

test('text that looks like an encoded word stays what it was', () => {
  expect(decodeWords(textHeader('Subject', '=?UTF-8?Q?=41?=').slice(9).trim())).toBe(
    '=?UTF-8?Q?=41?=',
  );
});

test.each([
  'a\r\nBcc: evil@example.net',
  'a\nBcc: evil@example.net',
  'a\rBcc: x',
  'a\u0000b',
  'a\u0085b',
])('no line end in %j opens a header', async (text) => {
  const raw = `${textHeader('Subject', text)}\r\nbody`;
  const mail = await PostalMime.parse(raw);
  expect(mail.headers.map(({ key }) => key)).toEqual(['subject']);
  expect(() => exactHeader('To', text)).toThrow(TypeError);
});

test('an exact header is one line of up to 998 octets', () => {
  expect(exactHeader('X', 'y'.repeat(995))).toHaveLength(1000);
  expect(() => exactHeader('X', 'y'.repeat(996))).toThrow(RangeError);
});

test.each([
  [{ address: 'a@b.org' }, 'a@b.org'],
  [{ name: 'Paper Boy', address: 'a@b.org' }, 'Paper Boy <a@b.org>'],
  [{ name: 'Boy, Paper "P."', address: 'a@b.org' }, '"Boy, Paper \\"P.\\"" <a@b.org>'],
  [{ name: 'Zeitungsjunge ü', address: 'a@b.org' }, '=?UTF-8?Q?Zeitungsjunge_=C3=BC?= <a@b.org>'],
  [{ name: 'a\r\nBcc: x', address: 'a@b.org' }, '"a Bcc: x" <a@b.org>'],
])('the mailbox %j is written %s', (mailbox, written) => {
  expect(mailboxText(mailbox)).toBe(written);
});

test('a date is in UTC and in the form of RFC 5322', () => {
  expect(mailDate(new Date('2026-03-01T07:05:09.999Z'))).toBe('Sun, 01 Mar 2026 07:05:09 +0000');
});
