import type { PageDeclaration } from '@paperboy/core';
import { checkDeclaration } from '../src/check-declaration.ts';

/** A declaration that is known to be right. */
export function declaration(written: object): PageDeclaration {
  const checked = checkDeclaration(written);
  if (checked.ok) return checked.declaration;
  throw new Error(checked.problems.join('\n'));
}

/** Of the fixture `declared-cards.html`. */
export const DECLARED_CARDS = declaration({
  list: 'ul.papers > li',
  title: 'h3 a',
  link: 'h3 a@href',
  abstract: '.abstract',
  authors: '.authors',
  date: 'time',
  id: 'a.id',
  claimed: '.count',
  next: 'a[rel=next]',
  empty: '.nothing',
});

/** Of the fixture `declared-pairs.html`. */
export const DECLARED_PAIRS = declaration({
  list: 'dl > dt',
  span: 'until-next',
  title: '.list-title',
  link: 'dt a[title=Abstract]',
  abstract: 'dd p.text',
  authors: '.list-authors',
  id: 'dt a',
  claimed: '.total',
});
