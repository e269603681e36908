import { pendingMigrations, writeBackup } from '@paperboy/store';
import { secretMark, writeBackupFile } from './backup-file.ts';
import type { CliContext } from './context.ts';
import { notedChange } from './noted-change.ts';
import { fileIn } from './page-files.ts';
import { withShared } from './shared.ts';
import { version } from './version.ts';
import { workingFolder } from './working-folder.ts';

/** A backup that was written. */
export interface Backup {
  readonly file: string;
  readonly bytes: number;
  readonly tables: number;
  readonly rows: number;
  /** False where the secret is a setting, kept by whoever set it. */
  readonly hasSecret: boolean;
}

/** Writes all data of the installation into a file. The tables may be those of an earlier version. */
export async function backUp(context: CliContext, name: string): Promise<Backup> {
  const file = fileIn(workingFolder(context.env), name);
  let backup: Backup | undefined;
  await withShared(
    context,
    async ({ settings, home, databaseUrl, store }) => {
      const hasSecret = settings.secret === '';
      const secret = hasSecret ? home.secret() : settings.secret;
      const about = {
        version: version(),
        secretMark: secretMark(secret),
        ...(hasSecret && { secret }),
      };
      const pieces = writeBackup(databaseUrl, { madeAt: context.now(), about });
      let counts = { tables: 0, rows: 0 };
      const bytes = await writeBackupFile(
        file,
        (async function* () {
          counts = yield* pieces;
        })(),
      );
      // All addresses were taken along. Tables of an earlier version have no room to say so.
      if ((await pendingMigrations(store.pool)).length === 0)
        await notedChange(store.db, (_, note) => note('backup', `${counts.rows} rows`));
      backup = { file: name, bytes, ...counts, hasSecret };
    },
    { leavesTables: true },
  );
  if (!backup) throw new Error('the backup was not made');
  return backup;
}
