import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import {
  addressProblem,
  fieldsOfSchedule,
  NO_FIELDS,
  readFields,
  timesOf,
} from './sign-up-fields.ts';

const formOf = (pairs: readonly (readonly [string, string])[]) => {
  const form = new FormData();
  for (const [name, value] of pairs) form.append(name, value);
  return form;
};

test('an empty form is the form as it is shown first, but for its rows', () => {
  expect(readFields(new FormData())).toEqual({ ...NO_FIELDS, queries: [] });
});

test('of a field that comes twice the first counts; files and endless lists count for nothing', () => {
  const form = formOf([
    ['address', 'ada@example.com'],
    ['address', 'eve@example.com'],
    ...Array.from({ length: 1_000 }, (_, n) => ['query', `words ${n}`] as const),
    ...Array.from({ length: 1_000 }, (_, n) => ['topic', `topic-${n}`] as const),
    ['topic', '../admin'],
  ]);
  form.append('zone', new File(['UTC'], 'zone.txt'));
  const fields = readFields(form);
  expect(fields.address).toBe('ada@example.com');
  expect([fields.queries.length, fields.chosen.length]).toEqual([10, 50]);
  expect(fields.zone).toBe('UTC');
});

test('a query is one line without signs that turn text around, and one of these alone is none', () => {
  const typed = ['vision \u202e OR\r\nlanguage', '\u2067\u200f', ' '];
  const fields = readFields(formOf(typed.map((query) => ['query', query] as const)));
  expect(fields.queries).toEqual(['vision OR language']);
});

test('whatever is typed is read or told, and never thrown', () => {
  const anyForm = fc.array(
    fc.tuple(
      fc.constantFrom(
        'address',
        'query',
        'rhythm',
        'weekday',
        'hour',
        'zone',
        'papers',
        'recurring',
      ),
      fc.oneof(anyText(), fc.constantFrom('weekly', '0', '23', '99', 'UTC', '-1', '1e1')),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(anyForm, (pairs) => {
      const fields = readFields(formOf(pairs));
      const times = timesOf(fields);
      if ('problems' in times) expect(Object.keys(times.problems).length).toBeGreaterThan(0);
      else expect(times.maxPapers).toBeGreaterThan(0);
      addressProblem(fields.address);
    }),
  );
});

test('a schedule that the form can show is read back as it is', () => {
  for (const fields of [
    { rhythm: 'workdays', weekday: '5', hour: '7', zone: 'UTC' },
    { rhythm: 'daily', weekday: '5', hour: '0', zone: 'Asia/Tokyo' },
    { rhythm: 'weekly', weekday: '2', hour: '23', zone: 'Europe/Berlin' },
  ]) {
    const times = timesOf({ ...NO_FIELDS, ...fields });
    if ('problems' in times) throw new Error('refused');
    expect(fieldsOfSchedule(times.schedule)).toEqual(fields);
  }
  const odd = { cadence: 'daily', weekdays: [1, 4], hour: 7, zone: 'UTC' } as const;
  expect(fieldsOfSchedule(odd).rhythm).toBe('as-now');
});

test.each(['abuse', 'No-Reply', 'noreply', 'postmaster+x', 'ROOT'])(
  '%s@ cannot sign up',
  (local) => {
    expect(addressProblem(`${local}@example.com`)).toContain('role');
  },
);

test('an address of a person can', () => {
  expect(addressProblem('ada.lovelace+papers@example.com')).toBeUndefined();
});
