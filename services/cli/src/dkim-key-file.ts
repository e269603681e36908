import { writeFile } from 'node:fs/promises';
import { PaperboyError } from '@paperboy/core';
import {
  type DkimName,
  type DkimRecord,
  dkimRecord,
  makeDkimKey,
  parseMailbox,
  readDkimKey,
} from '@paperboy/email';
import { type Environment, readSettings, type Settings } from '@paperboy/runtime';

/** Makes a key in a new file, for its owner alone. Throws ALREADY_EXISTS, and USAGE where no file can be. */
export async function makeKeyFile(file: string, env: Environment): Promise<DkimRecord> {
  // The key that is to be replaced may be missing or broken by now.
  const name = nameIn(readSettings({ ...env, DKIM_KEY: '', DKIM_KEY_FILE: '' }));
  const pem = await makeDkimKey();
  const record = dkimRecord(name, readDkimKey(pem));
  try {
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw isThere
      ? new PaperboyError('ALREADY_EXISTS', file, { cause })
      : new PaperboyError('USAGE', `${file} cannot be written`, { cause });
  }
  return record;
}

/** The record of the key that is set. Throws DKIM_INVALID when none is, or it is no good. */
export function recordInForce(env: Environment): DkimRecord {
  const settings = readSettings(env);
  if (settings.dkimKey === '') throw new PaperboyError('DKIM_INVALID', 'DKIM_KEY is not set');
  return dkimRecord(nameIn(settings), readDkimKey(settings.dkimKey));
}

function nameIn({ dkimDomain, dkimSelector, mailFrom }: Settings): DkimName {
  const from = parseMailbox(mailFrom);
  return { domain: dkimDomain || ('domain' in from ? from.domain : ''), selector: dkimSelector };
}
