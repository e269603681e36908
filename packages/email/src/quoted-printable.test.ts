import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { encodePiece, QuotedPrintableWriter } from './quoted-printable.ts';

/** A decoder by the letter of RFC 2045 6.7, independent of the encoder. */
function decode(encoded: Buffer): string {
  const joined = encoded.toString('latin1').replace(/=\r\n/g, '');
  const bytes = joined.replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
const mailText = fc.oneof(
  anyText({ maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom('\n', '\r', '\r\n', ' ', '\t', '=', '.', 'From ', 'ä', '😀', 'word'),
    maxLength: 200,
  }),
);

test('pieces encoded apart and joined decode to the joined text', () => {
  const holds = fc.property(fc.array(mailText, { maxLength: 8 }), (texts) => {
    const writer = new QuotedPrintableWriter();
    for (const [index, text] of texts.entries()) {
      if (index % 2 === 0) writer.encode(text);
      else writer.add(encodePiece(text));
    }
    const source = texts.map((text) => text.replace(/\r\n?|\n/g, '\r\n').toWellFormed()).join('');
    expect(decode(writer.view())).toBe(source);
  });
  fc.assert(holds);
});

test('every line is ASCII, at most 76 long, ended by CRLF and by no blank', () => {
  const holds = fc.property(mailText, (text) => {
    const encoded = encodePiece(text).toString('latin1');
    expect(encoded).toMatch(/^(?:[\x20-\x7e]{0,76}\r\n)*$/);
    expect(encoded).not.toMatch(/[ \t]\r\n/);
  });
  fc.assert(holds);
});

test('no tab and no two blanks stand in what is written, whatever pieces it was made of', () => {
  const blanks = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', 'a', '='), maxLength: 200 });
  const holds = fc.property(fc.array(blanks, { maxLength: 5 }), (texts) => {
    const encoded = texts.map((text) => encodePiece(text).toString('latin1')).join('');
    expect(encoded).not.toMatch(/\t| {2}| \r/);
  });
  fc.assert(holds);
});

test('a line opens neither with a dot nor with From, which others on the way would change', () => {
  const encoded = encodePiece('.\n..\nFrom ada\nFar').toString('latin1');
  expect(encoded).toBe('=2E\r\n=2E.\r\n=46rom ada\r\n=46ar=\r\n');
});

test('a writer forgets what was truncated and grows as needed', () => {
  const writer = new QuotedPrintableWriter();
  writer.encode('kept\n');
  const kept = writer.length;
  writer.encode('ü'.repeat(200_000));
  expect(writer.length).toBeGreaterThan(1_200_000);
  writer.truncate(kept);
  writer.encode('and more');
  expect(writer.view().toString('latin1')).toBe('kept\r\nand more=\r\n');
});
