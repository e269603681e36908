import { describe, expect, test } from 'vitest';
import { checkContentType, isSignIn } from './answer-kinds.ts';
import { validatorsIn } from './validators.ts';

test.each([
  'image/png',
  'IMAGE/GIF',
  'audio/mpeg',
  'font/woff2',
  'application/pdf',
  ' application/zip',
  'application/x-gzip;q=1',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
])('there is no list in %s', (type) => {
  expect(() => checkContentType(type)).toThrow('PAGE_UNREADABLE');
});

test.each([
  undefined,
  '',
  'text/html',
  'application/json',
  'application/atom+xml',
  'application/octet-stream',
  'image/svg+xml',
  'application/zipped-papers+json',
  'nonsense',
])('there may be a list in %s', (type) => {
  expect(() => checkContentType(type)).not.toThrow();
});

test.each([
  ['/login', true],
  ['/a/Sign-In?next=/list', true],
  ['/users/sign_in', true],
  ['/oauth2/authorize', true],
  ['/login.php', true],
  ['/authors', false],
  ['/blogin', false],
  ['/list?next=/login', false],
  ['/papers/log-in-the-machine', false],
  ['https://accounts.example.org/', true],
  ['https://accountspapers.example.org/', false],
])('%s asks who is there: %s', (path, expected) => {
  expect(isSignIn(new URL(path, 'https://papers.example'))).toBe(expected);
});

describe('validators', () => {
  const date = 'Tue, 10 Mar 2026 08:00:00 GMT';
  const earlier = 'Tue, 10 Mar 2026 07:00:00 GMT';

  test('are kept as they came', () => {
    expect(validatorsIn({ etag: 'W/"a-1"', 'last-modified': earlier, date })).toEqual({
      etag: 'W/"a-1"',
      lastModified: earlier,
    });
    expect(validatorsIn({ etag: '""' })).toEqual({ etag: '""' });
  });

  test.each([
    { etag: 'unquoted' },
    { etag: '"two words"' },
    { etag: '"a"\r\nx: y' },
    { etag: `"${'a'.repeat(501)}"` },
    { etag: ['"a"', '"b"'] },
    { 'last-modified': 'yesterday' },
    { 'last-modified': `${earlier}\r\nx: y` },
    // A page that changes again in the same second would keep its date.
    { 'last-modified': date, date },
    {},
  ])('are not made of %j', (headers) => {
    expect(validatorsIn(headers)).toBeUndefined();
  });
});
