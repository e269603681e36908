import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import { type DigestPreview, previewDigest } from '@paperboy/mailer';
import { findSubscriber } from '@paperboy/store';
import type { CliContext } from './context.ts';
import type { Shared } from './shared.ts';
import { workingFolder } from './working-folder.ts';

/** What is written for each ending of a file name. */
const PARTS = {
  '.html': ({ html }: DigestPreview) => html,
  '.txt': ({ text }: DigestPreview) => text,
  '.eml': ({ raw }: DigestPreview) => raw,
} as const;

function partFor(file: string): (digest: DigestPreview) => string | Buffer {
  const ending = extname(file).toLowerCase();
  if (ending === '.html' || ending === '.txt' || ending === '.eml') return PARTS[ending];
  throw new PaperboyError(
    'USAGE',
    `--out ${file} ends in none of ${Object.keys(PARTS).join(', ')}`,
  );
}

/** Previews a digest, into a file if one is named. Undefined when there would be none. */
export async function previewTo(
  shared: Shared,
  wanted: { subscriber: string; at?: Date | undefined; out?: string | undefined },
  { env, now }: Pick<CliContext, 'env' | 'now'>,
): Promise<DigestPreview | undefined> {
  const { subscriber, at = now(), out } = wanted;
  const part = out === undefined ? undefined : partFor(out);
  const { db, settings } = shared;
  const { id: subscriberId } = await findSubscriber(db, subscriber);
  const links = await shared.links();
  const digest = await previewDigest({ db, links, settings }, { subscriberId, at });
  if (digest && part && out !== undefined) {
    if (part(digest) === '')
      throw new PaperboyError('USAGE', `${subscriber} gets text alone: write it as .txt or .eml`);
    await writeFile(resolve(workingFolder(env), out), part(digest));
  }
  return digest;
}
