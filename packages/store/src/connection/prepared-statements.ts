/**
 * Statements that come again and again, parsed and planned once for each connection: of a statement of ten parts that
 * moves 500 rows, parsing and planning is a tenth. Postgres plans such a statement for any parameters after five
 * times, so that it must not depend on how many values an array holds, or how many rows a limit is.
 */
import { createHash } from 'node:crypto';
import {
  type PostgresCursor,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql,
} from 'kysely';
import type pg from 'pg';

const MARK = '/* prepared */';

/** Stands at the very beginning of a statement that is to be prepared. */
export const PREPARED = sql.raw(MARK);

/** The pool as Kysely is to see it: what begins with `PREPARED` is prepared under a name. */
export function preparing(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect();
      const wrapped = known.get(client) ?? preparingClient(client);
      known.set(client, wrapped);
      return wrapped;
    },
    end: () => pool.end(),
  };
}

function preparingClient(client: PostgresPoolClient & pg.PoolClient): PostgresPoolClient {
  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query(text: string | PostgresCursor<unknown>, values: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') return client.query(text);
    if (!text.startsWith(MARK)) return client.query(text, values);
    return client.query({ name: nameOf(text), text, values: [...values] });
  }
  return {
    query,
    release: (destroy) => client.release(destroy),
    ...('processID' in client && { processID: client.processID }),
  };
}

const names = new Map<string, string>();

/** The same for the same text, in every process. */
function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
