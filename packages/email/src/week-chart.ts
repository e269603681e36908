import { type ListedOn, type PaperId, parseListedOn } from '@paperboy/core';
import type { TopicFinds } from './digest-content.ts';
import { escapeHtml, type Html, joinHtml } from './html.ts';
import type { Layout } from './layout.ts';
import type { QuotedPrintableWriter } from './quoted-printable.ts';
import { weekday } from './wording.ts';

const DAYS = 7;
const DAY_MS = 86_400_000;
/** Topics with a row of their own; those after them share one. */
const MOST_ROWS = 6;
/** Height of the day with the most papers, in px. */
const HIGHEST = 48;

/** New papers of a week: a column for each day, a row for each topic. */
export interface WeekChart {
  /** The seven days up to the digest's own. */
  readonly days: readonly ListedOn[];
  readonly totals: readonly number[];
  readonly rows: readonly { readonly topic: string; readonly counts: readonly number[] }[];
}

/**
 * Counts each paper on the day it was first listed, under the topic it stands under. Papers that were first listed
 * before the week are not in it; undefined when nothing is.
 */
export function chartWeek(
  found: readonly TopicFinds[],
  firstSeenOn: (paper: PaperId) => ListedOn | undefined,
  today: ListedOn,
): WeekChart | undefined {
  const days = daysUpTo(today);
  const rows = found.map(({ topic, papers }) => {
    const firstDays = papers.map(firstSeenOn);
    return { topic, counts: days.map((day) => firstDays.filter((first) => first === day).length) };
  });
  const totals = days.map((_, at) => sum(rows.map(({ counts }) => counts[at] ?? 0)));
  if (sum(totals) === 0) return undefined;
  const shown = rows
    .filter(({ counts }) => sum(counts) > 0)
    .sort((a, b) => sum(b.counts) - sum(a.counts));
  return { days, totals, rows: fewRows(shown) };
}

function fewRows(rows: WeekChart['rows']): WeekChart['rows'] {
  if (rows.length <= MOST_ROWS) return rows;
  const others = rows.slice(MOST_ROWS - 1);
  const counts = (others[0]?.counts ?? []).map((_, at) =>
    sum(others.map((row) => row.counts[at] ?? 0)),
  );
  return [...rows.slice(0, MOST_ROWS - 1), { topic: `${others.length} other topics`, counts }];
}

/** How many papers a chart shows. */
export function chartTotal({ totals }: WeekChart): number {
  return sum(totals);
}

/** The chart as a table: columns to look at, and under them every number to read. */
export function writeChart(out: QuotedPrintableWriter, layout: Layout, chart: WeekChart): void {
  const text = (value: string | number) => escapeHtml(String(value));
  const most = Math.max(...chart.totals);
  const number = (count: number) =>
    count === 0 ? layout.fill('weekNone', {}) : layout.fill('weekCount', { count: text(count) });
  const parts = [
    layout.fill('week', { label: text('New papers, day by day') }),
    ...chart.totals.map((count) => {
      // A day without papers keeps a line of its own, or it would look as if it were missing.
      const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * HIGHEST));
      return layout.fill('weekColumn', { height: text(height) });
    }),
    layout.fill('weekTotals', { all: text('All topics') }),
    ...chart.totals.map((count) => layout.fill('weekTotal', { count: text(count || '·') })),
    layout.fill('weekDays', { topic: text('Topic') }),
    ...chart.days.map((day) => dayHtml(layout, day)),
    ...chart.rows.flatMap(({ topic, counts }) => [
      layout.fill('weekRow', { topic: text(topic) }),
      ...counts.map(number),
    ]),
    layout.fill('weekEnd', {}),
  ];
  out.encode(joinHtml(parts));
}

/** `Wed` over `11`: beside each other some would break on a phone and others not. */
function dayHtml(layout: Layout, listedOn: ListedOn): Html {
  const [name = '', day = ''] = weekday(listedOn).split(' ');
  return layout.fill('weekDay', { weekday: escapeHtml(name), day: escapeHtml(day) });
}

const NAME_WIDTH = 23;
const COLUMN_WIDTH = 7;

/** The same numbers in columns of 72 signs. */
export function chartText({ days, totals, rows }: WeekChart): string {
  const line = (name: string, cells: readonly string[]) => {
    const shown = name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name;
    return shown.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join('');
  };
  const number = (count: number) => (count === 0 ? '.' : String(count));
  return [
    line('', days.map(weekday)),
    ...rows.map(({ topic, counts }) => line(topic, counts.map(number))),
    line('All topics', totals.map(String)),
  ].join('\n');
}

function daysUpTo(today: ListedOn): ListedOn[] {
  return Array.from({ length: DAYS }, (_, index) => {
    const day = new Date(Date.parse(today) - (DAYS - 1 - index) * DAY_MS);
    return parseListedOn(day.toISOString().slice(0, 10)) ?? [];
  }).flat();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
