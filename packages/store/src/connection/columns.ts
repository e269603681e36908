import { type RawBuilder, sql } from 'kysely';
import { binaryArray, type FixedType, isFixed, textArray } from './binary-array.ts';

type ColumnType = FixedType | 'text' | 'real' | 'date' | 'timestamptz';
type Value = string | number | null | undefined;

/**
 * One column of a batch as a single parameter: a binary array, whose texts Postgres casts where the column is of
 * another type, and once a value that all rows share. The driver's own array literals are quoted value by value here
 * and parsed sign by sign there, which took longer than the insert itself; one text that Postgres splits took 14 ms
 * for 500 abstracts, their binary array takes 2. JSON goes as text and is cast row by row, as an array of it is made
 * while the statement is planned, at four times the cost. Throws a RangeError for what is no value of a number's or a
 * digest's type.
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
  const texts = sql`${textArray(values)}::text[]`;
  return type === 'text' ? texts : sql`${texts}::${sql.raw(type)}[]`;
}
