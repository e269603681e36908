import { expect, test } from 'vitest';
import { addressFor } from './addresses.ts';

const at = new Date('2026-03-10T22:30:00Z');

test('an address without a date is asked as it is, for no day', () => {
  const url = 'https://papers.example/latest?x={day}';
  expect(addressFor({ url, zone: 'Asia/Tokyo' }, at)).toEqual({ url });
});

test.each([
  ['UTC', '2026-03-10'],
  ['America/Los_Angeles', '2026-03-10'],
  ['Asia/Tokyo', '2026-03-11'],
  ['Pacific/Kiritimati', '2026-03-11'],
])('the date is the day it is in %s', (zone, day) => {
  const url = 'https://papers.example/{date}/list?on={date}';
  expect(addressFor({ url, zone }, at)).toEqual({
    url: `https://papers.example/${day}/list?on=${day}`,
    askedFor: day,
  });
});

test('the day turns at midnight of the zone, also where clocks change that night', () => {
  const source = { url: 'https://papers.example/{date}', zone: 'America/New_York' };
  const before = addressFor(source, new Date('2026-03-08T04:59:59Z'));
  const after = addressFor(source, new Date('2026-03-08T05:00:00Z'));
  expect([before.askedFor, after.askedFor]).toEqual(['2026-03-07', '2026-03-08']);
});
