import { load } from 'cheerio/slim';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEntities } from './decode-entities.ts';
import { scanTags, type Tag } from './scan-tags.ts';

function tags(html: string): Tag[] {
  const found: Tag[] = [];
  scanTags(html, (tag) => {
    found.push(tag);
    return false;
  });
  return found;
}

test('attributes come in any quoting, order and spacing, the first of a name counts', () => {
  const [tag] = tags(`<DIV  a="1>2" B='x"y'\n c = z/d e data-x = "" a="3" =f="g">`);
  expect(tag?.name).toBe('div');
  expect(Object.fromEntries(tag?.attributes ?? [])).toEqual({
    a: '1>2',
    b: 'x"y',
    c: 'z/d',
    e: '',
    'data-x': '',
    '=f': 'g',
  });
});

test('comments, doctypes, scripts and stray signs hold no tags', () => {
  const html =
    '<!doctype html><!-- <a> --><script>"<b>"</SCRIPT ><style><c></style>1 < 2 <3 </ x><d/></e>';
  expect(tags(html).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'script start',
    'script end',
    'style start',
    'style end',
    'd self-closing',
    'e end',
  ]);
});

test('a tag that the text ends in is not complete', () => {
  const cut = (html: string) => tags(html).at(-1);
  expect(cut('<div a="b')).toMatchObject({ complete: false });
  expect(cut('<div a="b')?.attributes.get('a')).toBe('b');
  expect(cut('<div a="b"')?.complete).toBe(false);
  expect(cut('<div a="b">')?.complete).toBe(true);
});

const piece = fc.constantFrom(
  '<div',
  '<p ',
  '>',
  '/>',
  ' a=',
  '"',
  "'",
  'b',
  ' data-props="x&amp;y"',
  '</div>',
  '<',
  ' ',
  '=',
  '\n',
  '<!-- ',
  '-->',
  'text',
);

test('for any markup, start tags and their attributes are those of the full parser', () => {
  const holds = fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
    // Closed, since the parsers differ on purpose in what they make of a tag that never ends.
    const html = `${pieces.join('')}"'-->">`;
    const $ = load(html);
    const parsed = $('div[data-props], p[data-props]')
      .toArray()
      .map((one) => one.attribs['data-props']);
    const scanned = tags(html)
      .filter(({ name, kind, complete }) => complete && kind !== 'end' && /^(?:div|p)$/.test(name))
      .flatMap(({ attributes }) => attributes.get('data-props') ?? [])
      .map(decodeEntities);
    expect(scanned).toEqual(parsed);
  });
  fc.assert(holds, { numRuns: 1000 });
});

test('references decode as the full parser does, or are left to it', () => {
  const part = fc.constantFrom(
    '&',
    'amp',
    'quot',
    'lt',
    'eacute',
    ';',
    '#',
    'x',
    '38',
    '0',
    '2019',
    'd800',
    'a',
    ' ',
    '=',
    '&quot;',
    '&amp;',
  );
  const holds = fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
    const raw = parts.join('');
    const decoded = decodeEntities(raw);
    if (decoded !== undefined) expect(decoded).toBe(load(`<p a="${raw}">`)('p').attr('a'));
  });
  fc.assert(holds, { numRuns: 2000 });
  expect(decodeEntities('&lt;&#39;&#x27;&amp;quot; &amp&quot;')).toBeUndefined();
  expect(decodeEntities('&lt;&#39;&#x27;&amp;quot; a & b&quot;')).toBe("<''&quot; a & b\"");
});
