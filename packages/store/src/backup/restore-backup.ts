import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { PaperboyError } from '@paperboy/core';
import pg from 'pg';
import type { CopyStreamQuery } from 'pg-copy-streams';
import { appliedTo, migrate, migrateTo, migrationNames } from '../connection/migrate.ts';
import type { BackupHead, BackupPart } from './backup-parts.ts';
import { quoted, TABLES } from './kept-tables.ts';

/** What came back. */
export interface Restored {
  readonly madeAt: string;
  readonly tables: number;
  readonly rows: number;
  /** Migrations that the backup had not had yet. */
  readonly applied: readonly string[];
}

/**
 * Fills an empty database from a backup, in one transaction, and brings it to this version. `prepare` is told the head
 * when nothing speaks against the restore any more and nothing has been written yet; what it throws ends the restore.
 * Throws BACKUP_INVALID, and RESTORE_REFUSED for a database that holds something or a backup of a later version.
 */
export async function restoreBackup(
  url: string,
  parts: AsyncGenerator<BackupPart, void, void>,
  prepare: (head: BackupHead) => void | Promise<void>,
): Promise<Restored> {
  const { value: head } = await parts.next();
  if (head?.kind !== 'head') throw new PaperboyError('BACKUP_INVALID', 'it is empty');
  refuseUnknown(head);
  const client = new pg.Client({ connectionString: url });
  // One that goes away is told by the next statement.
  client.on('error', () => {});
  await client.connect();
  try {
    await refuseFilled(client);
    await prepareTables(url, client, head);
    await prepare(head);
    await client.query('begin');
    const { tables, rows } = await fill(client, parts);
    await client.query('commit');
    await client.query('analyze');
    const { applied } = await migrate(url);
    return { madeAt: head.madeAt, tables, rows, applied };
  } finally {
    // Without a commit that is a rollback.
    await client.end();
  }
}

/** Names what a backup has had and this version does not know. */
function refuseUnknown({ migrations }: BackupHead): void {
  const known = new Set(migrationNames());
  const later = migrations.filter((name) => !known.has(name));
  if (migrations.length > 0 && later.length === 0) return;
  throw new PaperboyError(
    'RESTORE_REFUSED',
    migrations.length === 0
      ? 'the backup is of a database without tables'
      : `the backup is of a later version: it has ${later.join(', ')}`,
  );
}

/** What people and sources have put there. A database without any of it counts as empty: migrations fill some other tables. */
const FILLED_BY_USE = [
  'source',
  'paper',
  'topic',
  'subscriber',
  'suppression',
  'admin',
  'audit_event',
];

async function refuseFilled(client: pg.Client): Promise<void> {
  const { rows: tables } = await client.query<{ table: string }>(TABLES);
  for (const { table } of tables.filter((one) => FILLED_BY_USE.includes(one.table))) {
    const { rowCount } = await client.query(`select from ${quoted(table)} limit 1`);
    if (rowCount !== 0)
      throw new PaperboyError('RESTORE_REFUSED', `the database is not empty: ${table} has rows`);
  }
}

/** The tables as they were when the backup was made: its rows fit no others. */
async function prepareTables(url: string, client: pg.Client, head: BackupHead): Promise<void> {
  const applied = await appliedTo(client);
  const later = [...applied].filter((name) => !head.migrations.includes(name));
  if (later.length > 0)
    throw new PaperboyError(
      'RESTORE_REFUSED',
      `the database has newer tables than the backup: ${later.join(', ')}`,
    );
  if (applied.size < head.migrations.length) await migrateTo(url, head.migrations);
}

/**
 * Takes the rows in with what keeps tables in step put aside, as no order of tables suits it; foreign keys are put back
 * and proved at the end.
 */
async function fill(
  client: pg.Client,
  parts: AsyncIterable<BackupPart>,
): Promise<{ tables: number; rows: number }> {
  // Loaded here, as no service restores.
  const { from: copyFrom } = await import('pg-copy-streams');
  const { rows: tables } = await client.query<{ table: string; columns: string[] }>(TABLES);
  const known = new Map(tables.map(({ table, columns }) => [table, new Set(columns)]));
  const keys = await putAside(client, [...known.keys()]);
  let copy: CopyStreamQuery | undefined;
  let [filled, rows] = [0, 0];
  const closeCopy = async () => {
    if (!copy) return;
    copy.end();
    await finished(copy);
    rows += copy.rowCount;
    copy = undefined;
  };
  let isWhole = false;
  for await (const part of parts) {
    if (part.kind === 'rows') {
      if (copy && !copy.write(part.rows)) await once(copy, 'drain');
      continue;
    }
    await closeCopy();
    if (part.kind === 'table') {
      const columns = known.get(part.table);
      if (!columns || part.columns.some((name) => !columns.has(name)))
        throw new PaperboyError('BACKUP_INVALID', `it has a table ${part.table} that does not fit`);
      const list = part.columns.map(quoted).join(', ');
      copy = client.query(copyFrom(`copy ${quoted(part.table)} (${list}) from stdin`));
      // What is wrong with a row is met by whoever writes on, or closes it.
      copy.on('error', () => {});
      filled += 1;
    } else if (part.kind === 'sequence') {
      await client.query('select setval($1::regclass, $2::bigint, $3)', [
        quoted(part.sequence),
        part.value,
        part.called,
      ]);
    } else if (part.kind === 'end') {
      if (part.count !== rows)
        throw new PaperboyError('BACKUP_INVALID', `${rows} rows of ${part.count} are in it`);
      isWhole = true;
    }
  }
  if (!isWhole) throw new PaperboyError('BACKUP_INVALID', 'it was cut off');
  await putBack(client, [...known.keys()], keys);
  return { tables: filled, rows };
}

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

async function putAside(
  client: pg.Client,
  tables: readonly string[],
): Promise<readonly ForeignKey[]> {
  const { rows: keys } = await client.query<ForeignKey>(`
    select r.relname as "table", c.conname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class r on r.oid = c.conrelid
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace`);
  for (const { table, name } of keys)
    await client.query(`alter table ${quoted(table)} drop constraint ${quoted(name)}`);
  for (const table of tables)
    await client.query(`alter table ${quoted(table)} disable trigger user`);
  // Rows that migrations put there.
  await client.query(`truncate ${tables.map(quoted).join(', ')}`);
  return keys;
}

async function putBack(
  client: pg.Client,
  tables: readonly string[],
  keys: readonly ForeignKey[],
): Promise<void> {
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`);
  for (const table of tables)
    await client.query(`alter table ${quoted(table)} enable trigger user`);
}
