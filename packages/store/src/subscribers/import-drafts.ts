import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** Keeps a list of readers until whoever was shown it takes it in; older ones are forgotten after an hour. */
export async function saveImportDraft(
  db: Db,
  { madeBy, csv }: { readonly madeBy: string; readonly csv: string },
): Promise<string> {
  const old = sql<Date>`now() - interval '1 hour'`;
  await db.deleteFrom('import_draft').where('created_at', '<', old).execute();
  const { id } = await db
    .insertInto('import_draft')
    .values({ made_by: madeBy, csv })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Takes a draft out, once, for whoever made it; undefined when it is gone. */
export async function takeImportDraft(
  db: Db,
  { id, madeBy }: { readonly id: string; readonly madeBy: string },
): Promise<string | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined;
  const taken = await db
    .deleteFrom('import_draft')
    .where('id', '=', id)
    .where('made_by', '=', madeBy)
    .where('created_at', '>', sql<Date>`now() - interval '1 hour'`)
    .returning('csv')
    .executeTakeFirst();
  return taken?.csv;
}

/** Which of these addresses somebody subscribed before, in lower case, and which of these hashes are suppressed, in hex. */
export async function importObstacles(
  db: Db,
  readers: readonly { readonly address: string; readonly addressHash: Buffer }[],
): Promise<{ readonly known: ReadonlySet<string>; readonly suppressed: ReadonlySet<string> }> {
  const addresses = readers.map(({ address }) => address.toLowerCase());
  const hashes = readers.map(({ addressHash }) => addressHash.toString('hex'));
  const known = await sql<{ address: string }>`
    select lower(address) as address from subscriber where lower(address) = any(${addresses}::text[])`.execute(
    db,
  );
  const suppressed = await sql<{ hash: string }>`
    select encode(address_hash, 'hex') as hash from suppression
    where address_hash = any(array(select decode(given, 'hex') from unnest(${hashes}::text[]) as given))`.execute(
    db,
  );
  return {
    known: new Set(known.rows.map(({ address }) => address)),
    suppressed: new Set(suppressed.rows.map(({ hash }) => hash)),
  };
}
