import { expect, test } from 'vitest';
import { idOf } from './ids.ts';
import { changeOnReread } from './reread.ts';

const [ours, later] = [idOf('paper-text', '1'), idOf('paper-text', '2')];

test('a page betters the wording that it showed itself', () => {
  const change = { kind: 'revised', textId: ours, changed: ['title'] } as const;
  expect(changeOnReread(change, ours)).toBe(change);
});

test('a wording that a later page brought stays in force', () => {
  const kept = { kind: 'same', textId: later, isKept: true };
  expect(changeOnReread({ kind: 'revised', textId: later, changed: ['abstract'] }, ours)).toEqual(
    kept,
  );
  expect(changeOnReread({ kind: 'links', textId: later }, undefined)).toEqual(kept);
});

test('what a source had not said yet is begun or completed by any of its pages', () => {
  for (const change of [{ kind: 'first' }, { kind: 'completed', textId: later }] as const) {
    expect(changeOnReread(change, ours)).toBe(change);
  }
});
