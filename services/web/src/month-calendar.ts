import { type ListedOn, parseListedOn } from '@paperboy/core';
import type { DaySummary } from '@paperboy/store';
import { type Html, html } from './html.ts';
import { counted, dayText, monthOf } from './wording.ts';

const DAY_MS = 24 * 3600_000;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The day after the month that holds `day`. */
export function monthAfter(day: ListedOn): ListedOn {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return dayOf(Date.UTC(year, month, 1));
}

/** A month by weeks from Monday on: days with listings lead there, `shown` is the one that is read. */
export function monthCalendar(shown: ListedOn, listed: readonly DaySummary[]): Html {
  const known = new Map(listed.map((summary) => [summary.day, summary]));
  const cells = weeksOfMonth(shown).map(
    (week) =>
      html`<tr>${week.map((day) => (day === undefined ? html`<td></td>` : dayCell(day, shown, known.get(day))))}</tr>\n`,
  );
  return html`<table class="calendar">
<caption>${monthOf(shown)}</caption>
<thead><tr>${WEEKDAYS.map((name) => html`<th scope="col"><abbr title="${name}">${name.slice(0, 2)}</abbr></th>`)}</tr></thead>
<tbody>
${cells}</tbody>
</table>`;
}

/** Weeks of seven days, undefined where they reach out of the month. */
export function weeksOfMonth(day: ListedOn): (ListedOn | undefined)[][] {
  const first = Date.parse(`${day.slice(0, 7)}-01`);
  const days = Math.round((Date.parse(monthAfter(day)) - first) / DAY_MS);
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const weeks = Math.ceil((lead + days) / 7);
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const at = week * 7 + weekday - lead;
      return at < 0 || at >= days ? undefined : dayOf(first + at * DAY_MS);
    }),
  );
}

function dayCell(day: ListedOn, shown: ListedOn, summary: DaySummary | undefined): Html {
  const number = Number(day.slice(8));
  if (day === shown) return html`<td><strong aria-current="date">${number}</strong></td>`;
  if (summary === undefined) return html`<td><span class="quiet">${number}</span></td>`;
  const told = `${dayText(day)}, ${counted(summary.newPapers, 'new paper')}`;
  return html`<td><a href="/days/${day}" title="${told}">${number}</a></td>`;
}

function dayOf(ms: number): ListedOn {
  const day = parseListedOn(new Date(ms).toISOString().slice(0, 10));
  if (day === undefined) throw new RangeError(`no day at ${ms}`);
  return day;
}
