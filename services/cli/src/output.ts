import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A column of a table: its heading, and its cell for a row. Numbers are aligned to the right. */
export type Column<Row> = readonly [heading: string, cell: (row: Row) => Cell];
export type Cell = string | number | null | undefined;

/** What a command prints on stdout: text for people, or with `--json` one object per line and nothing else. */
export class Output {
  readonly json: boolean;
  readonly #stream: Writable;

  constructor(stream: Writable, json: boolean) {
    this.#stream = stream;
    this.json = json;
  }

  /** One fact in both forms. */
  fact(fact: object, text: string): void {
    this.#line(this.json ? JSON.stringify(fact) : text);
  }

  /** A line that only people want. */
  say(text: string): void {
    if (!this.json) this.#line(text);
  }

  /** What to do next, as a command to copy. */
  next(command: string): void {
    this.say(`next: paperboy ${command}`);
  }

  /** A fact per row, shown as a table. `none` is said when there is no row. */
  table<Row extends object>(
    rows: readonly Row[],
    columns: readonly Column<Row>[],
    none: string,
  ): void {
    if (this.json) for (const row of rows) this.#line(JSON.stringify(row));
    else if (rows.length === 0) this.#line(none);
    else for (const line of tableLines(rows, columns)) this.#line(line);
  }

  /** A fact shown as `name: value` lines; what has no value is left out. */
  card(fact: object, lines: readonly (readonly [name: string, value: Cell])[]): void {
    if (this.json) {
      this.#line(JSON.stringify(fact));
      return;
    }
    const shown = lines.filter(([, value]) => value !== null && value !== undefined);
    const width = Math.max(...shown.map(([name]) => name.length));
    for (const [name, value] of shown) {
      const indent = `\n${' '.repeat(width + 2)}`;
      this.#line(`${name.padEnd(width)}  ${String(value).replaceAll('\n', indent)}`);
    }
  }

  #line(text: string): void {
    // A reader that went away, such as `head`, wants nothing more; the command ends as usual.
    if (this.#stream.writable) this.#stream.write(`${text}\n`);
  }
}

/** Aligned lines with a heading; a column that is empty in every row is left out. */
export function tableLines<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const shown = columns.filter(([, cell]) => rows.some((row) => textOf(cell(row)) !== ''));
  const cells = rows.map((row) => shown.map(([, cell]) => cell(row)));
  const lines = [shown.map(([heading]) => heading), ...cells.map((line) => line.map(textOf))];
  const widths = shown.map((_, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ''))));
  const isNumeric = shown.map((_, at) => cells.every((line) => typeof line[at] !== 'string'));
  return lines.map((line) =>
    line
      .map((text, at) => pad(text, widths[at] ?? 0, isNumeric[at] === true))
      .join('  ')
      .trimEnd(),
  );
}

function textOf(cell: Cell): string {
  return cell === null || cell === undefined ? '' : String(cell).replace(/\s+/g, ' ');
}

function pad(text: string, width: number, atStart: boolean): string {
  const blanks = ' '.repeat(width - widthOf(text));
  return atStart ? blanks + text : text + blanks;
}

/** Columns on a terminal: signs of East Asia and emoji take two, combining marks none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of stripVTControlCharacters(text)) {
    if (!/\p{Mark}/u.test(char)) width += WIDE.test(char) ? 2 : 1;
  }
  return width;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** The beginning of a text that fits into `columns`. */
export function clipped(text: string, columns: number): string {
  const oneLine = text.replace(/\s+/g, ' ');
  if (widthOf(oneLine) <= columns) return oneLine;
  let end = '';
  let width = 1;
  for (const char of oneLine) {
    width += widthOf(char);
    if (width > columns) break;
    end += char;
  }
  return `${end.trimEnd()}…`;
}
