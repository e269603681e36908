import { expect, test } from 'vitest';
import { escapeHtml, fillPiece, joinHtml, pieceOf, safeUrl } from './html.ts';

test('a slot is filled once: what fills it is never read for slots or patterns', () => {
  const piece = pieceOf('<p title="{{one}}">{{two}}{{one}}</p>');
  const filled = fillPiece(piece, { one: escapeHtml('{{two}} $& "'), two: escapeHtml('<b>') });
  expect(filled).toBe('<p title="{{two}} $&amp; &quot;">&lt;b&gt;{{two}} $&amp; &quot;</p>');
});

test('controls, bidi marks and half characters do not reach markup', () => {
  expect(escapeHtml('a\u0000b\u202ec\u2066d\ud800e\u0085f')).toBe('abcd\ufffdef');
});

test('what joins markup is escaped too', () => {
  expect(joinHtml([escapeHtml('a'), escapeHtml('b')], ' & ')).toBe('a &amp; b');
});

test.each([
  ['https://arxiv.org/abs/2603.1', 'https://arxiv.org/abs/2603.1'],
  ['HTTP://Example.org/a b"c', 'http://example.org/a%20b%22c'],
  ['mailto:ada@example.com', 'mailto:ada@example.com'],
])('%s is a link to %s', (url, href) => {
  expect(safeUrl(url)).toBe(href);
});

test.each([
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'ftp://example.org',
  '//example.org',
  '/papers/1',
  '',
  'https://',
  'https://ada:secret@example.org/',
  `https://example.org/${'x'.repeat(2000)}`,
])('%j is no link', (url) => {
  expect(safeUrl(url)).toBeUndefined();
});
