import { idOf, parseListedOn } from '@paperboy/core';
import type { DayPage, ListedPaper } from '@paperboy/store';
import { expect, test } from 'vitest';
import { groupPapers, sourceLists } from './day-lists.ts';

const day = parseListedOn('2026-03-11');
if (day === undefined) throw new RangeError('no such day');
const firstSeenOn = day;

function page(id: number, sourceName: string, papers: number): DayPage {
  return {
    id: idOf('listing-page', String(id)),
    sourceName,
    sourceTitle: sourceName,
    verdict: 'new-batch',
    note: null,
    newPapers: papers,
    recurringPapers: 0,
    lastPosition: papers,
  };
}

function paper(id: number, onPage: number, position: number, isNew = true): ListedPaper {
  return {
    paperId: idOf('paper', String(id)),
    listingPageId: idOf('listing-page', String(onPage)),
    isNew,
    position,
    previousPosition: null,
    section: 'none',
    upvotes: null,
    title: `Paper ${id}`,
    abstract: null,
    textKind: 'abstract',
    authors: null,
    links: [],
    firstSeenOn,
    timesSeen: 1,
    lastSeenOn: null,
    alsoOn: [],
  };
}

const shown = (groups: ReturnType<typeof groupPapers>['new']) =>
  groups.map(({ list, papers, isCut }) => [
    list.name,
    papers.map(({ position }) => position),
    isCut,
  ]);

test('short lists come first, lists of one length by their title', () => {
  const lists = sourceLists([page(1, 'long', 9), page(2, 'zeta', 3), page(3, 'alpha', 3)]);
  expect(lists.map(({ name }) => name)).toEqual(['alpha', 'zeta', 'long']);
});

test('the pages of one source are one list', () => {
  const lists = sourceLists([page(2, 'daily', 2), page(1, 'daily', 5)]);
  expect(lists).toMatchObject([{ name: 'daily', papers: 7 }]);
});

test('a paper on two lists stands under the shorter one only, in page order', () => {
  const lists = sourceLists([page(1, 'long', 9), page(2, 'short', 2)]);
  const papers = [paper(7, 1, 1), paper(8, 1, 2), paper(8, 2, 2), paper(9, 2, 1)];
  expect(shown(groupPapers(papers, lists, 100).new)).toEqual([
    ['short', [1, 2], false],
    ['long', [1], false],
  ]);
});

test('a paper that a source lists twice in a day stands where its later page has it', () => {
  const lists = sourceLists([page(2, 'daily', 2), page(1, 'daily', 2)]);
  expect(shown(groupPapers([paper(7, 2, 5), paper(7, 1, 1)], lists, 100).new)).toEqual([
    ['daily', [5], false],
  ]);
});

test('a list is cut when a page filled its section, even where its papers stand elsewhere', () => {
  const lists = sourceLists([page(1, 'long', 9), page(2, 'short', 1)]);
  const papers = [paper(7, 1, 1), paper(8, 1, 2), paper(7, 2, 1), paper(5, 1, 3, false)];
  const { new: fresh, recurring } = groupPapers(papers, lists, 2);
  expect(shown(fresh)).toEqual([
    ['short', [1], false],
    ['long', [2], true],
  ]);
  expect(shown(recurring)).toEqual([['long', [3], false]]);
});
