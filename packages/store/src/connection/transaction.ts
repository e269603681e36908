import {
  type ConnectionProvider,
  type DatabaseConnection,
  PostgresDialect,
  Transaction,
} from 'kysely';
import type { Db, Tx } from './database.ts';
import type { DB } from './tables.ts';

/**
 * Runs `work` in one transaction; an error undoes all of it. Statements that do not wait for one another's answers
 * travel together, and Postgres serves them in the order they were asked in. Whatever asks once `work` has ended is
 * refused: sent after the commit or the rollback, it would write outside the transaction. Where one statement fails,
 * those behind it fail as well: the one that was the cause is thrown. Within an open transaction it is a part of that.
 */
export function inTransaction<Result>(db: Db, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  if (db instanceof Transaction) return work(db);
  return db.transaction().execute((tx) => sharing(tx, work));
}

/** Runs `work` in a transaction that is undone whatever it returns. */
export async function previewTransaction<Result>(
  db: Db,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const tx = await db.startTransaction().execute();
  try {
    return await sharing(tx, work);
  } finally {
    await tx.rollback().execute();
  }
}

/** Lets `work` ask as often as it likes at once on the connection of an open transaction. */
function sharing<Result>(tx: Tx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const executor = tx.getExecutor();
  return executor.provideConnection(async (connection) => {
    const shared = new SharedConnection(connection);
    const within = { ...PROPS, executor: executor.withConnectionProvider(shared) };
    try {
      return await work(new Transaction<DB>(within));
    } catch (error) {
      throw shared.causeOf(error);
    } finally {
      shared.close();
    }
  });
}

/** A transaction opens no connection by itself, so that nothing reaches this dialect's pool. */
const DIALECT = new PostgresDialect({ pool: () => Promise.reject(new Error('no pool')) });
const PROPS = { config: { dialect: DIALECT }, dialect: DIALECT, driver: DIALECT.createDriver() };

/** What Postgres says to each statement behind a failed one. */
const IN_FAILED_TRANSACTION = '25P02';

/** Hands one connection to all who ask, at once; Kysely's own provider lets each wait for the one before. */
class SharedConnection implements ConnectionProvider {
  readonly #connection: DatabaseConnection;
  #isClosed = false;
  #cause: unknown;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async provideConnection<Result>(
    consumer: (connection: DatabaseConnection) => Promise<Result>,
  ): Promise<Result> {
    if (this.#isClosed) throw new Error('asked of a transaction that has ended');
    try {
      return await consumer(this.#connection);
    } catch (error) {
      if (!isEcho(error)) this.#cause ??= error;
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  causeOf(error: unknown): unknown {
    return isEcho(error) ? (this.#cause ?? error) : error;
  }
}

function isEcho(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION;
}
