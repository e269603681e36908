import { expect, test } from 'vitest';
import { readMessage } from './read-message.ts';

const bytes = (lines: readonly string[]) => Buffer.from(lines.join('\r\n'), 'utf8');

test('a message of any sender is decoded', async () => {
  const raw = bytes([
    'From: =?UTF-8?Q?Zeitungsjunge_=C3=BC?= <boy@example.org>',
    'To: Team: ada@example.com, Ben <ben@example.com>;',
    'Subject: =?UTF-8?B?w7xiZXI=?=',
    'Date: Wed, 11 Mar 2026 07:30:00 +0000',
    'Message-ID: <1@example.org>',
    'List-Unsubscribe: <mailto:out@example.org>,',
    ' <https://example.org/out/1>',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Körper',
  ]);
  expect(await readMessage(raw)).toMatchObject({
    subject: 'über',
    from: 'Zeitungsjunge ü <boy@example.org>',
    to: ['ada@example.com', 'Ben <ben@example.com>'],
    date: new Date('2026-03-11T07:30:00Z'),
    messageId: '<1@example.org>',
    text: 'Körper\n',
    listUnsubscribe: new URL('https://example.org/out/1'),
    size: raw.length,
  });
});

test.each([
  ['nothing', ''],
  ['no header', '\r\nbody'],
  ['a date that is none', 'Date: yesterday\r\n\r\n'],
  [
    'a way out that is no web address',
    'List-Unsubscribe: <mailto:a@b.org>, <javascript:alert(1)>, <https://>\r\n\r\n',
  ],
  ['an open boundary', 'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nopen'],
  ['binary', '\u0000\u0001\ufffd'],
])('a message with %s is read as far as it goes', async (_case, text) => {
  const read = await readMessage(Buffer.from(text, 'utf8'));
  expect(read.size).toBe(Buffer.byteLength(text));
  expect(read.date).toBeUndefined();
  expect(read.listUnsubscribe).toBeUndefined();
});

test('headers keep their names and order', async () => {
  const read = await readMessage(bytes(['X-B: 1', 'X-a: 2', 'X-B: 3', '', '']));
  expect(read.headers).toEqual([
    ['X-B', '1'],
    ['X-a', '2'],
    ['X-B', '3'],
  ]);
});
