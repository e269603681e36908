import {
  CADENCES,
  type Cadence,
  checkSchedule,
  PaperboyError,
  parseWeekdays,
  RECURRING_POLICIES,
  type RecurringPolicy,
  type SendSchedule,
} from '@paperboy/core';
import { parseAddress } from '@paperboy/email';
import type { Subscriber } from '@paperboy/store';
import { parseQuery } from '@paperboy/topics';
import { parse } from 'csv-parse/sync';

const COLUMNS = [
  'address',
  'topics',
  'cadence',
  'weekdays',
  'hour',
  'zone',
  'recurring',
  'max_papers',
] as const;
type Column = (typeof COLUMNS)[number];
export const MOST_ROWS = 5_000;

/** A row that can be taken in. */
export interface ReaderRow {
  readonly line: number;
  readonly address: string;
  readonly domain: string;
  /** Slugs or queries. */
  readonly topics: readonly string[];
  readonly schedule: SendSchedule;
  readonly recurringPolicy: RecurringPolicy;
  readonly maxPapers: number;
}

/** A row that cannot, with why, in a sentence. */
export interface RefusedRow {
  readonly line: number;
  readonly address: string;
  readonly problem: string;
}

/**
 * Reads a list of readers (RFC 4180, with a heading row). Rows are judged one by one; only what is no such file at all
 * throws USAGE. Topics stand in one cell with `;` between them.
 */
export function readReaders(csv: string): (ReaderRow | RefusedRow)[] {
  const rows = rowsOf(csv);
  const [heading, ...rest] = rows;
  const columns = heading?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  if (!columns.includes('address')) {
    throw new PaperboyError(
      'USAGE',
      'The first row has to name the columns, and one of them "address".',
    );
  }
  const unknown = columns.find((name) => name !== 'state' && !COLUMNS.some((one) => one === name));
  if (unknown !== undefined) {
    const detail = `"${unknown.slice(0, 40)}" is no column; there are ${COLUMNS.join(', ')}.`;
    throw new PaperboyError('USAGE', detail);
  }
  if (rest.length > MOST_ROWS) {
    throw new PaperboyError(
      'USAGE',
      `A file has at most ${MOST_ROWS.toLocaleString('en-GB')} rows.`,
    );
  }
  const seen = new Set<string>();
  const timesOf = timesReader();
  return rest.map(({ line, cells }) => {
    const cell = (name: Column) => unguarded((cells[columns.indexOf(name)] ?? '').trim());
    const row = readRow(line, cell, timesOf);
    if ('problem' in row) return row;
    const key = row.address.toLowerCase();
    if (seen.has(key)) return { line, address: row.address, problem: 'stands in the file twice' };
    seen.add(key);
    return row;
  });
}

function rowsOf(csv: string): { line: number; cells: string[] }[] {
  try {
    const lines: number[] = [];
    const read = parse(csv, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 100_000,
      on_record: (record: string[], { lines: line }) => {
        lines.push(line);
        return record;
      },
    });
    return read.map((cells, at) => ({ line: lines[at] ?? 0, cells }));
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    throw new PaperboyError('USAGE', `This is no CSV: ${problem.slice(0, 200)}`);
  }
}

function readRow(
  line: number,
  cell: Cells,
  timesOf: (cell: Cells) => TimesRead,
): ReaderRow | RefusedRow {
  const given = cell('address');
  const refused = (problem: string) => ({ line, address: given.slice(0, 254), problem });
  const mailbox = parseAddress(given);
  if ('problem' in mailbox) return refused(mailbox.problem);
  const topics = cell('topics')
    .split(';')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
  if (topics.length === 0) return refused('no topic');
  for (const topic of topics) {
    const parsed = parseQuery(topic);
    if (!parsed.ok)
      return refused(`topic "${topic.slice(0, 60)}": ${parsed.problems[0]?.message ?? 'no query'}`);
  }
  const times = timesOf(cell);
  if ('problem' in times) return refused(times.problem);
  return { line, ...mailbox, topics, ...times };
}

/** The text of a column in one row. */
type Cells = (name: Column) => string;
type Times = Pick<ReaderRow, 'schedule' | 'recurringPolicy' | 'maxPapers'>;
type TimesRead = Times | { readonly problem: string };

const TIMES = ['cadence', 'weekdays', 'hour', 'zone', 'recurring', 'max_papers'] as const;

/** Reads each wish once: asking the platform for a zone took two thirds of a file's time, and most rows share theirs. */
function timesReader(): (cell: Cells) => TimesRead {
  const known = new Map<string, TimesRead>();
  return (cell) => {
    const key = JSON.stringify(TIMES.map(cell));
    const times = known.get(key) ?? readTimes(cell);
    known.set(key, times);
    return times;
  };
}

function readTimes(cell: Cells): TimesRead {
  const cadence: Cadence | undefined = CADENCES.find((one) => one === (cell('cadence') || 'daily'));
  if (!cadence) return { problem: `cadence is one of ${CADENCES.join(', ')}` };
  const recurringPolicy = RECURRING_POLICIES.find(
    (one) => one === (cell('recurring') || 'trending'),
  );
  if (!recurringPolicy) return { problem: `recurring is one of ${RECURRING_POLICIES.join(', ')}` };
  const [hour, maxPapers] = [Number(cell('hour') || '7'), Number(cell('max_papers') || '20')];
  if (!Number.isInteger(maxPapers) || maxPapers < 1 || maxPapers > 100) {
    return { problem: 'max_papers is a number from 1 to 100' };
  }
  if (!Number.isInteger(hour) || hour < 0 || hour > 23) return { problem: 'hour is 0 to 23' };
  try {
    const weekdays = parseWeekdays(cell('weekdays') || (cadence === 'weekly' ? 'mon' : 'daily'));
    const schedule = checkSchedule({ cadence, weekdays, hour, zone: cell('zone') || 'UTC' });
    return { schedule, recurringPolicy, maxPapers };
  } catch (thrown) {
    if (!(thrown instanceof PaperboyError)) throw thrown;
    return { problem: thrown.detail };
  }
}

const DAYS = ['', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Readers as rows that can be taken in again; the first part has the heading. */
export function writeReaders(readers: readonly Subscriber[], hasHeading: boolean): string {
  const heading = hasHeading ? `${[...COLUMNS, 'state'].join(',')}\r\n` : '';
  const rows = readers.map(
    ({ address, topics, schedule, recurringPolicy, maxPapers, state, suppressedFor }) =>
      [
        address,
        topics.map(({ query }) => query).join('; '),
        schedule.cadence,
        schedule.weekdays.map((day) => DAYS[day]).join(','),
        String(schedule.hour),
        schedule.zone,
        recurringPolicy,
        String(maxPapers),
        suppressedFor ?? state,
      ]
        .map(cellOf)
        .join(','),
  );
  return heading + rows.map((row) => `${row}\r\n`).join('');
}

/** What a spreadsheet would take for a formula is given a `'` before it, which shows it as the text it is. */
function cellOf(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

const unguarded = (text: string) => text.replace(/^'(?=[=+\-@])/, '');
