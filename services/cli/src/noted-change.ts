import { userInfo } from 'node:os';
import type { Db, NoteChange, Tx } from '@paperboy/store';

/**
 * Makes a change by the command, which `note` writes down in the same transaction, for the log that the admin pages
 * show. It stands there by who is logged in to the machine: the command asks nobody who they are.
 */
export async function notedChange<Result>(
  db: Db,
  work: (tx: Tx, note: NoteChange) => Promise<Result>,
): Promise<Result> {
  const { audited } = await import('@paperboy/store');
  return audited(db, `the command (${machineUser()})`, work);
}

/** In a container a user may have a number only. */
function machineUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
