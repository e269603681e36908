import type { PageDeclaration } from '@paperboy/core';
import { describe, expect, test } from 'vitest';
import { fixtureText } from '../test/support.ts';
import { type Diagnosis, diagnosePage } from './diagnose-page.ts';

const DECLARATION: PageDeclaration = {
  list: 'ul.papers > li',
  span: 'self',
  title: 'h3 a',
  minEntries: 1,
};

function diagnose(
  page: string,
  more: Partial<PageDeclaration>,
  address = 'https://lab.example.org/',
): Diagnosis {
  const bytes = new TextEncoder().encode(page);
  return diagnosePage({ bytes, address, declaration: { ...DECLARATION, ...more } });
}

const CARDS = fixtureText('declared-cards.html');
const PAIRS = fixtureText('declared-pairs.html');

describe('advice', () => {
  test('is not given where everything is found', () => {
    const { advice, fields } = diagnose(CARDS, {
      abstract: '.abstract',
      link: 'h3 a',
      date: 'time',
    });
    expect(advice).toEqual([]);
    expect(fields).toEqual([
      { field: 'title', found: 3, of: 3 },
      { field: 'id', found: 0, of: 3 },
      { field: 'link', found: 3, of: 3 },
      { field: 'abstract', found: 2, of: 3 },
      { field: 'authors', found: 0, of: 3 },
      { field: 'date', found: 2, of: 3 },
    ]);
  });

  test.each([
    [
      'how far a selector leads',
      { list: 'main > ul.papers > article' },
      'list: "main > ul.papers > article" matches nothing; "main > ul.papers" matches once, but no "article" follows there; the page has no element "article"',
    ],
    [
      'the class that is like it',
      { title: 'h3.titel a, .autors' },
      'title: "h3.titel a, .autors" matches nothing; the page has no class "titel"',
    ],
    [
      'the class that is like it on elements that fit otherwise',
      { list: 'ul.paper li' },
      'list: "ul.paper li" matches nothing; of 2 elements that fit otherwise none has the class "paper", but "papers" (once)',
    ],
    [
      'the class that is like it, the commonest first',
      { abstract: '.abstrct p' },
      'abstract: ".abstrct p" matches nothing; the page has no class "abstrct", but "abstract" (2 times)',
    ],
    [
      'the element that stands there in other places',
      { title: 'time > a' },
      'title: "time > a" matches nothing; "time" matches 3 times, but no "a" follows there; "a" by itself matches 6 times',
    ],
    [
      'what is only outside the entries',
      { title: 'h1' },
      'title: "h1" matches once, but never inside an entry',
    ],
    [
      'the container of the entries',
      { list: 'ul.papers' },
      'list: "ul.papers" matches once and holds 3 "li.paper": it is probably what holds the entries; try "ul.papers > li.paper"',
    ],
    [
      'the attributes that are there',
      { link: 'h3 a@data-url' },
      'link: "h3 a" matches 3 times, but none has the attribute "data-url"; they have href',
    ],
    [
      'text that is no date',
      { date: '.authors' },
      'date: ".authors" matches 3 times, but "Ada Quill, José Márquez and Li Wen" holds no date',
    ],
    [
      'text that is no id',
      { id: 'time' },
      'id: "time" matches 3 times, but "2 February 2026" holds no arXiv id, DOI or OpenReview address',
    ],
    [
      'a claim that is not there',
      { claimed: '.counts' },
      'claimed: ".counts" matches nothing; the page has no class "counts", but "count" (once)',
    ],
    [
      'a next page that need not be there',
      { next: 'a.older' },
      'next: "a.older" matches nothing; the page has no class "older" (as is right on a last page)',
    ],
  ] as const)('tells %s', (_name, more, advice) => {
    expect(diagnose(CARDS, more).advice).toContain(advice);
  });

  test('tells that entries reach until the next one', () => {
    const { advice, reading } = diagnose(PAIRS, { list: 'dl > dt', title: '.list-title' });
    expect(reading.kind).toBe('unreadable');
    expect(advice).toEqual([
      'title: ".list-title" matches beside the entries and not in them; span: until-next takes in what follows',
    ]);
  });

  test('tells the attribute in which the text is', () => {
    const page = '<ul class="papers"><li><h3><a href="/1" title="One Paper"></a></h3></li></ul>';
    expect(diagnose(page, {}).advice).toContain(
      'title: "h3 a" matches once, but has no text; its attribute title has ("One Paper"): write "h3 a@title"',
    );
  });

  test('tells dates without a year and links that lead nowhere', () => {
    const page =
      '<ul class="papers"><li><h3><a href="javascript:void(0)">One</a></h3><time>7 Oct</time></li></ul>';
    expect(diagnose(page, { link: 'h3 a', date: 'time' }).advice).toEqual([
      'link: "h3 a" matches once, but "javascript:void(0)" is no http or https address',
      'date: "time" matches once, but "7 Oct" has no year',
    ]);
  });

  test('tells relative links on a page whose address is not known', () => {
    expect(diagnose(CARDS.replace(/<base[^>]*>/, ''), { link: 'h3 a' }, '').advice).toEqual([
      'link: "h3 a" matches 3 times, but "2602.90001" is relative, and the address of the page is not known',
    ]);
  });

  test('is not given for a page that says it is empty, nor for one that is no markup', () => {
    const empty = '<p class="nothing">No papers today</p>';
    expect(diagnose(empty, { empty: '.nothing' })).toMatchObject({
      reading: { kind: 'listing', statedEmpty: true },
      advice: [],
    });
    expect(diagnose('\0\0\0\0'.repeat(100), {}).advice).toEqual([]);
  });

  test('is found on a hostile page in time', { timeout: 60_000 }, () => {
    const page = `<ul class="papers">${'<li class="a b c d"><h3><a></a></h3>'.repeat(30_000)}`;
    const before = performance.now();
    const { advice } = diagnose(page, { title: 'h3 b', abstract: 'i ~ li', authors: 'li.e a' });
    expect(advice).toHaveLength(3);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

test('pages of known formats are counted field by field', () => {
  const bytes = new TextEncoder().encode(fixtureText('hf-api-2026.json'));
  const { reading, fields, advice } = diagnosePage({ bytes });
  expect(reading).toMatchObject({ kind: 'listing', format: 'hf-api' });
  expect(fields.map(({ field, found, of }) => `${field} ${found}/${of}`)).toEqual([
    ...['title 3/3', 'id 3/3', 'link 3/3', 'abstract 3/3', 'authors 3/3', 'date 3/3'],
  ]);
  expect(advice).toEqual([]);
});
