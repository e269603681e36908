import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { readBackupParts } from '../src/backup/backup-parts.ts';
import { restoreBackup } from '../src/backup/restore-backup.ts';
import { writeBackup } from '../src/backup/write-backup.ts';
import { migrate, migrateTo, migrationNames } from '../src/connection/migrate.ts';

const madeAt = new Date('2026-06-05T06:00:00Z');
/** A row with an array, bytes and a text with all that COPY writes in its own way; one that points at itself; a sequence that is ahead. */
const ROWS = `
  insert into source (name, title, zone) values ('lab', E'tab\\t line\\n \\\\. \\\\N', 'UTC');
  insert into audit_event (actor, action, object, was) values ('ada', 'add', 'source lab', null);
  insert into inbox_message (mail_from, recipients, raw) values ('', '{a@example.com,"b,c"}', '\\x5c2e0a');
  select nextval('paper_id_seq'), nextval('paper_id_seq');`;

let from: TestDatabase;
let to: TestDatabase;
beforeAll(async () => {
  [from, to] = [await createDatabase(), await createDatabase()];
});
afterAll(async () => {
  await from.drop();
  await to.drop();
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results: unknown = await client.query(sql);
    const last = Array.isArray(results) ? results.at(-1) : results;
    return last.rows;
  } finally {
    await client.end();
  }
}

const restore = (bytes: AsyncIterable<Buffer>) =>
  restoreBackup(to.url, readBackupParts(bytes), () => {});
const HELD = `select s.title, a.actor, a.was, i.recipients, i.raw, nextval('paper_id_seq') as next
  from source s, audit_event a, inbox_message i`;

async function backup(): Promise<Buffer[]> {
  const bytes: Buffer[] = [];
  for await (const piece of writeBackup(from.url, { madeAt, about: {} })) bytes.push(piece);
  return bytes;
}

async function empty(url: string): Promise<void> {
  await query(url, 'drop schema public cascade; create schema public');
}

test('a database comes back as it was, and only where nothing is', async () => {
  await query(from.url, ROWS);
  const bytes = await backup();

  await expect(restore(pieces(bytes.slice(0, -1)))).rejects.toMatchObject({
    code: 'BACKUP_INVALID',
  });
  expect(await query(to.url, 'select from source')).toEqual([]);
  const foreignKeys = `select conrelid::regclass::text as table, pg_get_constraintdef(oid) as key
    from pg_constraint where contype = 'f' and convalidated order by 1, 2`;
  const triggers = `select tgrelid::regclass::text as table, tgname, tgenabled from pg_trigger
    where not tgisinternal order by 1, 2`;

  const restored = await restore(pieces(bytes));
  expect(restored).toMatchObject({ madeAt: madeAt.toISOString(), applied: [] });
  const held = await query(to.url, HELD);
  expect(held).toEqual(await query(from.url, HELD));
  expect(held).toMatchObject([{ title: 'tab\t line\n \\. \\N', was: null, next: '3' }]);
  expect(await query(to.url, foreignKeys)).toEqual(await query(from.url, foreignKeys));
  expect(await query(to.url, triggers)).toEqual(await query(from.url, triggers));

  await expect(restore(pieces(bytes))).rejects.toMatchObject({
    code: 'RESTORE_REFUSED',
    detail: 'the database is not empty: audit_event has rows',
  });
});

test('the backup of an older version is brought to this one, that of a later one refused', async () => {
  const names = migrationNames();
  // Work that was done side by side: 0014 was there before 0009 to 0012.
  const old = [...names.slice(0, 8), '0014_feedback'];
  const rest = names.filter((name) => !old.includes(name));
  await empty(from.url);
  await migrateTo(from.url, old);
  await query(from.url, `insert into source (name, title) values ('lab', 'Lab')`);
  const bytes = await backup();

  await query(to.url, 'truncate source, audit_event, inbox_message cascade');
  await expect(restore(pieces(bytes))).rejects.toMatchObject({
    code: 'RESTORE_REFUSED',
    detail: expect.stringContaining('newer tables'),
  });
  await empty(to.url);
  expect(await restore(pieces(bytes))).toMatchObject({ applied: rest });
  expect(await migrate(from.url)).toEqual({ applied: rest });
  expect(await query(to.url, 'select name, zone from source')).toEqual([
    { name: 'lab', zone: 'UTC' },
  ]);

  const later = String(bytes[0]).replace(old[2] ?? '', '9999_later');
  await expect(restore(pieces([Buffer.from(later), ...bytes.slice(1)]))).rejects.toMatchObject({
    detail: expect.stringContaining('9999_later'),
  });
});

async function* pieces(bytes: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* bytes;
}
