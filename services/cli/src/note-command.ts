import type { Db } from '@paperboy/store';

/** Writes a change by the command into the log that the admin pages show; nobody knows who types it. */
export async function noteCommand(
  db: Db,
  action: string,
  object: string,
  change: { readonly was?: string; readonly became?: string } = {},
): Promise<void> {
  const { noteAudit } = await import('@paperboy/store');
  await noteAudit(db, { actor: 'the command', action, object, ...change });
}
