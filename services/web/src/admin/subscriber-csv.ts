import {
  CADENCES,
  checkSchedule,
  MAIL_FORMATS,
  type MailFormat,
  PaperboyError,
  parseWeekdays,
  QUIET_DAYS,
  type QuietDays,
  RECURRING_POLICIES,
  type RecurringPolicy,
  type SendSchedule,
} from '@paperboy/core';
import { parseAddress } from '@paperboy/email';
import type { Subscriber } from '@paperboy/store';
import { parse } from 'csv-parse/sync';
import { type RowTopic, readTopics, writeTopics } from './csv-topics.ts';

const COLUMNS = [
  'address',
  'topics',
  'names',
  'strictness',
  'cadence',
  'weekdays',
  'hour',
  'zone',
  'recurring',
  'max_papers',
  'quiet_days',
  'mail_format',
] as const;
type Column = (typeof COLUMNS)[number];
export const MOST_ROWS = 5_000;

/** A row that can be taken in. */
export interface ReaderRow {
  readonly line: number;
  readonly address: string;
  readonly domain: string;
  readonly topics: readonly RowTopic[];
  readonly schedule: SendSchedule;
  readonly recurringPolicy: RecurringPolicy;
  readonly maxPapers: number;
  readonly quietDays: QuietDays;
  readonly mailFormat: MailFormat;
}

/** A row that cannot, with why, in a sentence. */
export interface RefusedRow {
  readonly line: number;
  readonly address: string;
  readonly problem: string;
}

/**
 * Reads a list of readers (RFC 4180, with a heading row). Rows are judged one by one; only what is no such file at all
 * throws USAGE. Topics stand in one cell with `;` between them, and so do their names and how strictly each is followed.
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
  const wishesOf = wishesReader();
  return rest.map(({ line, cells }) => {
    const cell = (name: Column) => unguarded((cells[columns.indexOf(name)] ?? '').trim());
    const row = readRow(line, cell, wishesOf);
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
  wishesOf: (cell: Cells) => WishesRead,
): ReaderRow | RefusedRow {
  const given = cell('address');
  const refused = (problem: string) => ({ line, address: given.slice(0, 254), problem });
  const mailbox = parseAddress(given);
  if ('problem' in mailbox) return refused(mailbox.problem);
  const topics = readTopics({
    topics: cell('topics'),
    names: cell('names'),
    strictness: cell('strictness'),
  });
  if ('problem' in topics) return refused(topics.problem);
  const wishes = wishesOf(cell);
  if ('problem' in wishes) return refused(wishes.problem);
  return { line, ...mailbox, topics, ...wishes };
}

/** The text of a column in one row. */
type Cells = (name: Column) => string;
type Wishes = Omit<ReaderRow, 'line' | 'address' | 'domain' | 'topics'>;
type WishesRead = Wishes | { readonly problem: string };

const OWN: readonly Column[] = ['address', 'topics', 'names', 'strictness'];
const WISHES = COLUMNS.filter((column) => !OWN.includes(column));

/** Reads each wish once: asking the platform for a zone took two thirds of a file's time, and most rows share theirs. */
function wishesReader(): (cell: Cells) => WishesRead {
  const known = new Map<string, WishesRead>();
  return (cell) => {
    const key = JSON.stringify(WISHES.map(cell));
    const wishes = known.get(key) ?? readWishes(cell);
    known.set(key, wishes);
    return wishes;
  };
}

function readWishes(cell: Cells): WishesRead {
  const cadence = choice(cell, 'cadence', CADENCES, 'daily');
  if (typeof cadence === 'object') return cadence;
  const recurringPolicy = choice(cell, 'recurring', RECURRING_POLICIES, 'trending');
  if (typeof recurringPolicy === 'object') return recurringPolicy;
  const quietDays = choice(cell, 'quiet_days', QUIET_DAYS, 'silence');
  if (typeof quietDays === 'object') return quietDays;
  const mailFormat = choice(cell, 'mail_format', MAIL_FORMATS, 'html');
  if (typeof mailFormat === 'object') return mailFormat;
  const [hour, maxPapers] = [Number(cell('hour') || '7'), Number(cell('max_papers') || '20')];
  if (!Number.isInteger(maxPapers) || maxPapers < 1 || maxPapers > 100) {
    return { problem: 'max_papers is a number from 1 to 100' };
  }
  if (!Number.isInteger(hour) || hour < 0 || hour > 23) return { problem: 'hour is 0 to 23' };
  try {
    const weekdays = parseWeekdays(cell('weekdays') || (cadence === 'weekly' ? 'mon' : 'daily'));
    const schedule = checkSchedule({ cadence, weekdays, hour, zone: cell('zone') || 'UTC' });
    return { schedule, recurringPolicy, maxPapers, quietDays, mailFormat };
  } catch (thrown) {
    if (!(thrown instanceof PaperboyError)) throw thrown;
    return { problem: thrown.detail };
  }
}

/** One of a column's words, or what it has to be one of. */
function choice<Word extends string>(
  cell: Cells,
  column: Column,
  words: readonly Word[],
  ifEmpty: Word,
): Word | { readonly problem: string } {
  const found = words.find((one) => one === (cell(column) || ifEmpty));
  return found ?? { problem: `${column} is one of ${words.join(', ')}` };
}

const DAYS = ['', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Readers as rows that can be taken in again; the first part has the heading. */
export function writeReaders(readers: readonly Subscriber[], hasHeading: boolean): string {
  const heading = hasHeading ? `${[...COLUMNS, 'state'].join(',')}\r\n` : '';
  const rows = readers.map(({ address, topics, schedule, state, suppressedFor, ...wishes }) => {
    const written = writeTopics(topics);
    return [
      address,
      written.topics,
      written.names,
      written.strictness,
      schedule.cadence,
      schedule.weekdays.map((day) => DAYS[day]).join(','),
      String(schedule.hour),
      schedule.zone,
      wishes.recurringPolicy,
      String(wishes.maxPapers),
      wishes.quietDays,
      wishes.mailFormat,
      suppressedFor ?? state,
    ]
      .map(cellOf)
      .join(',');
  });
  return heading + rows.map((row) => `${row}\r\n`).join('');
}

/** What a spreadsheet would take for a formula is given a `'` before it, which shows it as the text it is. */
function cellOf(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

const unguarded = (text: string) => text.replace(/^'(?=[=+\-@])/, '');
