import type { ListedOn, Section } from '@paperboy/core';
import { type Html, html } from './html.ts';

const dateFormat = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
const LONG = dateFormat({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const PLAIN = dateFormat({ day: 'numeric', month: 'long', year: 'numeric' });
const SHORT = dateFormat({ day: 'numeric', month: 'short' });
const SHORT_YEAR = dateFormat({ day: 'numeric', month: 'short', year: 'numeric' });
const MONTH = dateFormat({ month: 'long', year: 'numeric' });
const MOMENT = dateFormat({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** `Wednesday 11 March 2026`. */
export function longDay(day: ListedOn): Html {
  return html`<time datetime="${day}">${LONG.format(new Date(day)).replace(',', '')}</time>`;
}

/** `11 March 2026`. */
export function plainDay(day: ListedOn): Html {
  return html`<time datetime="${day}">${PLAIN.format(new Date(day))}</time>`;
}

/** `11 March 2026`, as text. */
export function dayText(day: ListedOn): string {
  return PLAIN.format(new Date(day));
}

/** `11 Mar`, with its year when that is another than `beside`'s. */
export function shortDay(day: ListedOn, beside: ListedOn): Html {
  const format = day.slice(0, 4) === beside.slice(0, 4) ? SHORT : SHORT_YEAR;
  return html`<time datetime="${day}">${format.format(new Date(day))}</time>`;
}

/** `11 Mar 2026`, for tables. */
export function fullDay(day: ListedOn): Html {
  return html`<time datetime="${day}">${SHORT_YEAR.format(new Date(day))}</time>`;
}

/** `March 2026`. */
export function monthOf(day: ListedOn): string {
  return MONTH.format(new Date(day));
}

/** `11 Mar 2026, 07:05 UTC`. */
export function moment(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${MOMENT.format(at)} UTC</time>`;
}

/** `1 paper`, `1,234 papers`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-GB')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `once`, `twice`, `5 times`. */
export function times(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}

const AUTHORS_SHOWN = 4;

/** The first authors and how many more there are; empty when none are known. */
export function authorsLine(authors: readonly string[] | null): string {
  if (!authors || authors.length === 0) return '';
  const others = authors.length - AUTHORS_SHOWN;
  const named = authors.slice(0, AUTHORS_SHOWN).join(', ');
  return others > 0 ? `${named} and ${counted(others, 'other')}` : named;
}

const SECTIONS = {
  new: 'new submission',
  cross: 'cross-list',
  replace: 'replacement',
  'replace-cross': 'replaced cross-list',
  none: '',
} as const satisfies Record<Section, string>;

/** The part of the listing an entry stood in; empty where the listing has no parts. */
export function sectionName(section: Section): string {
  return SECTIONS[section];
}
