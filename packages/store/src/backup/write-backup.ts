import pg from 'pg';
import { type BackupHead, partLine, ROWS_END } from './backup-parts.ts';
import { quoted, TABLES } from './kept-tables.ts';

/**
 * All tables of a database as they stand at one moment, while others go on writing. The queue's are left out: what is
 * missing there is put back from these.
 */
export async function* writeBackup(
  url: string,
  { madeAt, about }: { readonly madeAt: Date; readonly about: BackupHead['about'] },
): AsyncGenerator<Buffer, { readonly tables: number; readonly rows: number }, void> {
  // Loaded here, as no service backs up.
  const { to: copyTo } = await import('pg-copy-streams');
  const client = new pg.Client({ connectionString: url });
  // One that goes away is told by the next statement.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read, read only');
    const applied = await client.query<{ name: string }>(
      'select name from schema_migration order by name',
    );
    const migrations = applied.rows.map(({ name }) => name);
    yield partLine({ kind: 'head', format: 1, madeAt: madeAt.toISOString(), migrations, about });
    const { rows: tables } = await client.query<{ table: string; columns: string[] }>(TABLES);
    let count = 0;
    for (const { table, columns } of tables) {
      yield partLine({ kind: 'table', table, columns });
      const list = columns.map(quoted).join(', ');
      const rows = client.query(copyTo(`copy ${quoted(table)} (${list}) to stdout`));
      for await (const piece of rows) yield piece;
      count += rows.rowCount;
      yield ROWS_END;
    }
    // After the tables, as sequences know no snapshot: none may stand before an id that was kept.
    const { rows: sequences } = await client.query<{ sequence: string; value: string | null }>(
      `select sequencename as sequence, last_value as value from pg_sequences where schemaname = 'public'`,
    );
    for (const { sequence, value } of sequences)
      yield partLine({ kind: 'sequence', sequence, value: value ?? '1', called: value !== null });
    yield partLine({ kind: 'end', count });
    return { tables: tables.length, rows: count };
  } finally {
    await client.end();
  }
}
