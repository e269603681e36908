import { type RawBuilder, sql } from 'kysely';
import { binaryArray, type FixedType, isFixed } from './binary-array.ts';

/** Unit and record separator: readers strip controls from every text, so no value holds them. */
const SEPARATOR = '\u001f';
const NULL = '\u001e';

type ColumnType = FixedType | 'text' | 'real' | 'jsonb' | 'date' | 'timestamptz';
type Value = string | number | null | undefined;

/**
 * One column of a batch as a single parameter. The driver's own array literals are quoted value by value here and
 * parsed sign by sign there, which took longer than the insert itself: numbers and digests go as Postgres's binary
 * arrays, other values as one text that it splits, and a value that all rows share goes once.
 * Throws a RangeError for a value that holds a separator, or is the empty string in a column of one.
 */
export function column<Item>(
  type: ColumnType,
  items: readonly Item[],
  pick: (item: Item, index: number) => Value,
): RawBuilder<unknown> {
  const values = items.map((item, index) => pick(item, index) ?? null);
  const [first = null] = values;
  if (values.length > 1 && values.every((value) => value === first))
    return sql`array_fill(${first}::${sql.raw(type)}, array[${values.length}::int])`;
  if (isFixed(type)) return sql`${binaryArray(type, values)}::${sql.raw(type)}[]`;
  const split = sql`string_to_array(${joined(values)}, ${sql.lit(SEPARATOR)}, ${sql.lit(NULL)})`;
  return type === 'text' ? split : sql`${split}::${sql.raw(type)}[]`;
}

function joined(values: readonly (string | number | null)[]): string {
  if (values.length === 1 && values[0] === '')
    throw new RangeError('a lone empty value would be no value');
  const signs = values.map((value) => {
    if (value === null) return NULL;
    if (typeof value === 'string' && (value.includes(SEPARATOR) || value === NULL))
      throw new RangeError('a value holds a separator');
    return value;
  });
  return signs.join(SEPARATOR);
}
