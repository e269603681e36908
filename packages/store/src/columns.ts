import { type RawBuilder, sql } from 'kysely';

/** Unit and record separator: readers strip controls from every text, so no value holds them. */
const SEPARATOR = '\u001f';
const NULL = '\u001e';

type ColumnType =
  | 'bigint'
  | 'text'
  | 'uuid'
  | 'int'
  | 'smallint'
  | 'real'
  | 'jsonb'
  | 'timestamptz';
type Value = string | number | null | undefined;

/**
 * One column of a batch as a single text parameter, split by Postgres. The driver's own array literals are
 * quoted value by value here and parsed sign by sign there, which took longer than the insert itself.
 * Throws a RangeError for a value that holds a separator, or is the empty string in a column of one.
 */
export function column<Item>(
  type: ColumnType,
  items: readonly Item[],
  pick: (item: Item, index: number) => Value,
): RawBuilder<unknown> {
  const signs = items.map((item, index) => {
    const value = pick(item, index);
    if (value === null || value === undefined) return NULL;
    if (typeof value === 'string' && (value.includes(SEPARATOR) || value === NULL)) {
      throw new RangeError('a value holds a separator');
    }
    return value;
  });
  if (signs.length === 1 && signs[0] === '')
    throw new RangeError('a lone empty value would be no value');
  const split = sql`string_to_array(${signs.join(SEPARATOR)}, ${sql.lit(SEPARATOR)}, ${sql.lit(NULL)})`;
  return type === 'text' ? split : sql`${split}::${sql.raw(type)}[]`;
}
