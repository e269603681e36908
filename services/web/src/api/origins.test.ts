import { expect, test } from 'vitest';
import { isOpenToOrigins } from './origins.ts';

test('other sites read along on a public host alone', () => {
  expect(isOpenToOrigins('https://papers.example.org/sub/')).toBe(true);
  for (const url of [
    'http://localhost:3080',
    'https://localhost',
    'http://papers.example.org',
    'https://192.168.1.4',
    'https://[fd00::1]:8443',
    'https://papers',
    'https://papers.lan',
    'https://papers.home.arpa',
  ])
    expect([url, isOpenToOrigins(url)]).toEqual([url, false]);
});
