import { PaperboyError } from '@paperboy/core';

/**
 * A backup, unpacked, is lines of text. The first is the head, as JSON. Each table is a line of JSON that names it and
 * its columns, then its rows as COPY writes them, then `\.` on a line of its own, which no row can be. After the tables
 * come the sequences, and last how many rows there were: what ends earlier was cut off.
 */
export type BackupPart =
  | ({ readonly kind: 'head' } & BackupHead)
  | { readonly kind: 'table'; readonly table: string; readonly columns: readonly string[] }
  /** Whole rows of the table before, in COPY's text format. */
  | { readonly kind: 'rows'; readonly rows: Buffer }
  | {
      readonly kind: 'sequence';
      readonly sequence: string;
      readonly value: string;
      readonly called: boolean;
    }
  | { readonly kind: 'end'; readonly count: number };

export interface BackupHead {
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** What the database had had, in order. */
  readonly migrations: readonly string[];
  /** What whoever made it wants to know when it comes back. */
  readonly about: Readonly<Record<string, string>>;
}

const NEWLINE = 0x0a;
/** What stands behind the rows of a table. */
export const ROWS_END = Buffer.from('\\.\n');
const LINE_AND_ROWS_END = Buffer.from('\n\\.\n');

/** A part that is not rows, as a line. */
export function partLine(part: Exclude<BackupPart, { readonly kind: 'rows' }>): Buffer {
  return Buffer.from(`${JSON.stringify(part)}\n`);
}

/** Reads a backup as it arrives, in whatever pieces; holds no more than a piece and a row. Throws BACKUP_INVALID. */
export async function* readBackupParts(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<BackupPart, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let isInRows = false;
  let last: BackupPart['kind'] | undefined;
  for await (const piece of bytes) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      if (!isInRows) {
        const end = rest.indexOf(NEWLINE);
        if (end < 0) break;
        const part = partIn(rest.toString('utf8', 0, end));
        rest = rest.subarray(end + 1);
        if ((last === undefined) !== (part.kind === 'head') || last === 'end')
          throw invalid('its parts are out of order');
        last = part.kind;
        isInRows = part.kind === 'table';
        yield part;
      } else if (rest.subarray(0, ROWS_END.length).equals(ROWS_END)) {
        rest = rest.subarray(ROWS_END.length);
        isInRows = false;
      } else {
        const end = rest.indexOf(LINE_AND_ROWS_END);
        const until = (end < 0 ? rest.lastIndexOf(NEWLINE) : end) + 1;
        if (until === 0) break;
        const rows = rest.subarray(0, until);
        rest = rest.subarray(until);
        yield { kind: 'rows', rows };
      }
    }
  }
  if (last !== 'end' || rest.length > 0) throw invalid('it was cut off');
}

function partIn(line: string): BackupPart {
  const part = readLine(line);
  if (!isPart(part)) throw invalid('it is no backup of Paperboy, or of a later one');
  return part;
}

function readLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new PaperboyError('BACKUP_INVALID', 'it is no backup of Paperboy', { cause });
  }
}

function isPart(part: unknown): part is BackupPart {
  if (typeof part !== 'object' || part === null || !('kind' in part)) return false;
  const has = (name: string, type: string) => typeof Reflect.get(part, name) === type;
  const hasTexts = (name: string) => {
    const list: unknown = Reflect.get(part, name);
    return Array.isArray(list) && list.every((one) => typeof one === 'string');
  };
  switch (part.kind) {
    case 'head':
      return (
        Reflect.get(part, 'format') === 1 &&
        has('madeAt', 'string') &&
        hasTexts('migrations') &&
        has('about', 'object')
      );
    case 'table':
      return has('table', 'string') && hasTexts('columns');
    case 'sequence':
      return has('sequence', 'string') && has('value', 'string') && has('called', 'boolean');
    case 'end':
      return has('count', 'number');
    default:
      return false;
  }
}

function invalid(why: string): PaperboyError {
  return new PaperboyError('BACKUP_INVALID', why);
}
