import { idOf, PaperboyError } from '@paperboy/core';
import type { Subscriber } from '@paperboy/store';
import { expect, test } from 'vitest';
import { readReaders, writeReaders } from './subscriber-csv.ts';

const reader = (address: string, query = 'vision OR image'): Subscriber => ({
  id: idOf('subscriber', '1'),
  address,
  state: 'active',
  schedule: { cadence: 'daily', weekdays: [1, 3], hour: 18, zone: 'Europe/London' },
  recurringPolicy: 'all',
  maxPapers: 7,
  quietDays: 'silence',
  mailFormat: 'html',
  topics: [
    { topicId: idOf('topic', '1'), name: 'Vision', query, strictness: 'normal' },
    {
      topicId: idOf('topic', '2'),
      name: 'Agents; me',
      query: '"state; space"',
      strictness: 'strict',
    },
    { topicId: idOf('topic', '3'), name: 'robots', query: 'robots', strictness: 'normal' },
  ],
  plannedUntil: new Date(0),
  createdAt: new Date(0),
  leftAt: null,
  pausedUntil: null,
  suppressedFor: null,
});

test('what was written is read again as it was', () => {
  const plain = { ...reader('bo@example.org'), quietDays: 'note', mailFormat: 'text' } as const;
  const csv = writeReaders([reader('ada@example.com'), plain], true);
  expect(readReaders(csv)).toMatchObject([
    {
      line: 2,
      address: 'ada@example.com',
      domain: 'example.com',
      topics: [
        { text: 'vision OR image', name: 'Vision', strictness: 'normal' },
        { text: '"state; space"', name: 'Agents, me', strictness: 'strict' },
        // No slug of the catalogue, as it could be without its quotes.
        { text: '"robots"', name: 'robots', strictness: 'normal' },
      ],
      schedule: { cadence: 'daily', weekdays: [1, 3], hour: 18, zone: 'Europe/London' },
      recurringPolicy: 'all',
      maxPapers: 7,
      quietDays: 'silence',
      mailFormat: 'html',
    },
    { line: 3, address: 'bo@example.org', quietDays: 'note', mailFormat: 'text' },
  ]);
});

test('what a file does not say is as for whoever signs up', () => {
  expect(readReaders('address,topics\nada@example.com,vision')).toMatchObject([
    {
      schedule: { cadence: 'daily', hour: 7, zone: 'UTC' },
      ...{ recurringPolicy: 'trending', maxPapers: 20, quietDays: 'silence', mailFormat: 'html' },
    },
  ]);
});

test('names and strictness go with the topics in their order, and may be left out', () => {
  const topicsOf = (...cells: string[]) => {
    const [row] = readReaders(`address,topics,names,strictness\na@example.com,${cells.join(',')}`);
    return row && ('problem' in row ? row.problem : row.topics);
  };
  expect(topicsOf('vision; speech; robots;', '; Sounds', 'wide')).toEqual([
    { text: 'vision', strictness: 'wide' },
    { text: 'speech', name: 'Sounds' },
    { text: 'robots' },
  ]);
  expect(topicsOf(String.raw`"""T\""ULU; x""; vision"`)).toEqual([
    { text: String.raw`"T\"ULU; x"` },
    { text: 'vision' },
  ]);
  expect(topicsOf('vision', 'a; b')).toBe('names has 2 for 1 topics');
  expect(topicsOf('vision', '', 'lax')).toBe('strictness is one of wide, normal, strict');
});

test('no cell is a formula, and a guarded one is read as what it was', () => {
  const csv = writeReaders([reader('+cmd@example.com', '=1+1'), reader('-x@example.com')], true);
  for (const cell of csv.split(/\r\n|,|"/)) expect(cell).not.toMatch(/^[=+\-@]/);
  expect(csv).toContain("'+cmd@example.com");
  expect(readReaders(csv)[0]).toMatchObject({ address: '+cmd@example.com' });
});

test('each row is judged by itself, with its line and why', () => {
  const csv = [
    '\ufeffAddress,Topics,cadence,hour,zone,max_papers,recurring,quiet_days,mail_format',
    'ada@example.com,vision',
    'nobody,vision',
    'ADA@example.com,vision',
    'bo@example.com,',
    'cy@example.com,-vision',
    'di@example.com,vision,hourly',
    'ed@example.com,vision,daily,25',
    'fi@example.com,vision,daily,7,Mars/Olympus',
    'gi@example.com,vision,daily,7,UTC,0',
    'ha@example.com,vision,daily,7,UTC,1,sometimes',
    'io@example.com,vision,daily,7,UTC,1,all,never',
    'jo@example.com,vision,daily,7,UTC,1,all,note,pdf',
  ].join('\n');
  const [first, ...rest] = readReaders(csv);
  expect(first).toMatchObject({
    line: 2,
    address: 'ada@example.com',
    topics: [{ text: 'vision' }],
  });
  const problems = rest.map((row) => ('problem' in row ? [row.line, row.problem] : [row.line]));
  expect(problems).toEqual([
    [3, expect.any(String)],
    [4, 'stands in the file twice'],
    [5, 'no topic'],
    [6, expect.stringContaining('topic "-vision"')],
    [7, 'cadence is one of daily, weekly'],
    [8, 'hour is 0 to 23'],
    [9, expect.stringContaining('Mars/Olympus')],
    [10, 'max_papers is a number from 1 to 100'],
    [11, expect.stringContaining('recurring is one of')],
    [12, 'quiet_days is one of silence, note'],
    [13, 'mail_format is one of html, text'],
  ]);
});

test('what is no such file is refused as a whole', () => {
  for (const csv of [
    '',
    'name,mail\nx,y',
    'address,"\n',
    'address,password\na@example.com,x',
    '\0\0',
  ]) {
    expect(() => readReaders(csv), csv).toThrow(PaperboyError);
  }
  const long = `address\n${'a@example.com\n'.repeat(5_001)}`;
  expect(() => readReaders(long)).toThrow('at most 5,000 rows');
});
