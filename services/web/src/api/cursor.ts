import type { z } from 'zod';
import { invalid } from '../request-error.ts';

const LONGEST = 200;

/**
 * Where a list goes on: the key of its last row, so that rows which come meanwhile shift nothing. A position is no
 * secret and grants nothing, so that it is not signed; what cannot be the key of a row is refused.
 */
export function cursorOf(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key in a cursor; undefined where there is none. Throws REQUEST_INVALID for a text that was no cursor of this list. */
export function readCursor<Key>(cursor: string | undefined, key: z.ZodType<Key>): Key | undefined {
  if (cursor === undefined) return undefined;
  const read = cursor.length <= LONGEST ? key.safeParse(parsed(cursor)) : undefined;
  if (!read?.success) {
    throw invalid('query.cursor', 'this is no cursor of this list; begin without one');
  }
  return read.data;
}

function parsed(cursor: string): unknown {
  try {
    const text = Buffer.from(cursor, 'base64url').toString();
    // The decoder leaves aside what it does not know: only what it would have made itself is a cursor.
    return Buffer.from(text).toString('base64url') === cursor ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** A part of a list of which one more was asked for than it may have: `last` is there where more follow. */
export function partOf<Row>(
  rows: readonly Row[],
  most: number,
): { readonly items: Row[]; readonly last: Row | undefined } {
  const items = rows.slice(0, most);
  return { items, last: rows.length > most ? items.at(-1) : undefined };
}
