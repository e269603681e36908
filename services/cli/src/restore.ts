import { PaperboyError } from '@paperboy/core';
import { type BackupHead, type Restored, readBackupParts, restoreBackup } from '@paperboy/store';
import { readBackupFile, secretMark } from './backup-file.ts';
import type { CliContext } from './context.ts';
import { notedChange } from './noted-change.ts';
import { fileIn } from './page-files.ts';
import { type Shared, withShared } from './shared.ts';
import { workingFolder } from './working-folder.ts';

/** What is in a backup. */
export interface BackupContents {
  readonly file: string;
  readonly madeAt: string;
  /** That of the Paperboy that made it. */
  readonly version: string;
  readonly tables: number;
  readonly rows: number;
  readonly hasSecret: boolean;
}

const NEWLINE = 0x0a;

/** Reads all of a backup, so that a damaged one is found out. Throws BACKUP_INVALID. */
export async function inspectBackup(context: CliContext, name: string): Promise<BackupContents> {
  let head: BackupHead | undefined;
  let [tables, rows] = [0, 0];
  for await (const part of partsOf(context, name)) {
    if (part.kind === 'head') head = part;
    else if (part.kind === 'table') tables += 1;
    else if (part.kind === 'rows')
      for (let at = part.rows.indexOf(NEWLINE); at >= 0; at = part.rows.indexOf(NEWLINE, at + 1))
        rows += 1;
    else if (part.kind === 'end' && part.count !== rows)
      throw new PaperboyError('BACKUP_INVALID', `${rows} rows of ${part.count} are in it`);
  }
  if (!head) throw new PaperboyError('BACKUP_INVALID', 'it is empty');
  const { madeAt, about } = head;
  const hasSecret = about.secret !== undefined;
  return { file: name, madeAt, version: about.version ?? 'unknown', tables, rows, hasSecret };
}

/** Fills an installation that holds nothing from a backup, its secret included. Throws BACKUP_INVALID or RESTORE_REFUSED. */
export async function restore(
  context: CliContext,
  name: string,
): Promise<Restored & { readonly file: string }> {
  let restored: Restored | undefined;
  await withShared(
    context,
    async (shared) => {
      restored = await restoreBackup(shared.databaseUrl, partsOf(context, name), (head) =>
        takeSecret(shared, head),
      );
      await notedChange(shared.db, (_, note) =>
        note('restore', `backup of ${restored?.madeAt}`, { became: `${restored?.rows} rows` }),
      );
    },
    { leavesTables: true, claims: true },
  );
  if (!restored) throw new Error('nothing was restored');
  return { file: name, ...restored };
}

function partsOf({ env }: CliContext, name: string) {
  return readBackupParts(readBackupFile(fileIn(workingFolder(env), name)));
}

/** With another secret every link that was mailed would be dead, and no suppressed address known any more. */
function takeSecret(
  { settings, home }: Shared,
  { about: { secret, secretMark: mark } }: BackupHead,
) {
  if (settings.secret === '' && secret !== undefined) {
    home.adoptSecret(secret);
    return;
  }
  if (settings.secret !== '' && secretMark(settings.secret) === mark) return;
  throw new PaperboyError(
    'RESTORE_REFUSED',
    settings.secret === ''
      ? 'set PAPERBOY_SECRET to the one that was set when the backup was made'
      : 'PAPERBOY_SECRET is another one than when the backup was made',
  );
}
