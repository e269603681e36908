import { migrateQueue } from '@paperboy/queue';
import { createLog, openHome, openPostgres, readSettings } from '@paperboy/runtime';
import { checkDatabase, migrate, openStore } from '@paperboy/store';
import type { CliContext } from './context.ts';

/** Brings database and queue to this version. Gives the names of what was applied to the database now. */
export async function migrateInstallation({ env }: CliContext): Promise<{ applied: string[] }> {
  const settings = readSettings(env);
  const log = createLog({ level: 'warn', format: settings.logFormat });
  const embedded =
    settings.databaseUrl === 'embedded'
      ? await openPostgres(openHome(settings.home), log)
      : undefined;
  const databaseUrl = embedded?.url ?? settings.databaseUrl;
  try {
    await checkReachable(databaseUrl);
    const { applied } = await migrate(databaseUrl);
    await migrateQueue({ queueUrl: settings.queueUrl, databaseUrl });
    return { applied };
  } finally {
    await embedded?.stop();
  }
}

/** A server that does not answer is another failure than a migration that does not apply. */
async function checkReachable(url: string): Promise<void> {
  const store = openStore({ url, maxConnections: 1 });
  try {
    await checkDatabase(store);
  } finally {
    await store.close();
  }
}
