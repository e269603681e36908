import { idOf } from '@paperboy/core';
import { expect, test } from 'vitest';
import { changedName, changedQuery, fieldsOfTopics, readFollowed } from './followed-fields.ts';

const of = (id: string, name: string, query: string) =>
  ({ topicId: idOf('topic', id), name, query, strictness: 'normal' }) as const;
const own = of('1', '"flow matching"', '"flow matching"');
const named = of('2', 'Robots', 'robot OR legged');
const chosen = of('3', 'Vision', 'vision OR image');
const fields = fieldsOfTopics([own, named, chosen], new Set([chosen.topicId]));

function formOf(values: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.append(name, value);
  return form;
}

test('a form that says nothing leaves all as it is', () => {
  expect(readFollowed(formOf({}), fields)).toEqual(fields);
  expect(fields.map(changedQuery)).toEqual([undefined, undefined, undefined]);
});

test('words of their own are edited, those of the catalogue are not', () => {
  const typed = { 'edit-1': ' "rectified\u202e  flow" ', 'edit-2': '', 'edit-3': 'everything' };
  const read = readFollowed(formOf(typed), fields);
  expect(read.map(changedQuery)).toEqual(['"rectified flow"', undefined, undefined]);
});

test('a query that a form gives back with other blanks is unchanged', () => {
  const lines = fieldsOfTopics([of('4', 'Lines', 'robot\n  OR legged')], new Set());
  const read = readFollowed(formOf({ 'edit-4': 'robot\r\n  OR legged' }), lines);
  expect([...lines, ...read].map(changedQuery)).toEqual([undefined, undefined]);
});

test('what is dropped is not changed as well, and an unknown strictness is left aside', () => {
  const typed = {
    'edit-1': 'other',
    'drop-1': 'on',
    'strictness-2': 'strict',
    'strictness-3': 'x',
  };
  const read = readFollowed(formOf(typed), fields);
  expect(read.map(({ isDropped, strictness }) => [isDropped, strictness])).toEqual([
    [true, 'normal'],
    [false, 'strict'],
    [false, 'normal'],
  ]);
  expect(read.map(changedQuery)).toEqual([undefined, undefined, undefined]);
});

test('a file, and words of any length, are read as text that is bounded', () => {
  const form = formOf({ 'edit-2': 'a'.repeat(100_000) });
  form.append('edit-1', new File(['x'], 'x.txt'));
  const [first, second] = readFollowed(form, fields);
  expect(first?.edited).toBe(own.query);
  expect(second?.edited).toHaveLength(2_001);
});

test('a name that was but the words follows them, one that was given stays', () => {
  const [words, given] = fields;
  if (!words || !given) throw new Error('no fields');
  for (const name of [words.name, 'flow matching'])
    expect(changedName({ ...words, name }, 'robot OR "legged gait"')).toBe('robot or legged gait');
  expect(changedName(given, 'quadruped')).toBe('Robots');
});
