import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PaperboyError } from '@paperboy/core';

/** A template as it was written, and the name it goes by in messages. */
export interface TemplateText {
  readonly name: string;
  readonly source: string;
}

const FILE = 'digest.mjml';

/** The template of an operator's folder, or our own where none is named. Throws TEMPLATE_INVALID when it cannot be read. */
export async function readTemplate(folder: string): Promise<TemplateText> {
  if (folder === '') {
    const own = new URL(`./templates/${FILE}`, import.meta.url);
    return { name: FILE, source: await readFile(own, 'utf8') };
  }
  const name = join(folder, FILE);
  try {
    return { name, source: await readFile(name, 'utf8') };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new PaperboyError('TEMPLATE_INVALID', `cannot read ${name} (${code})`, { cause });
  }
}
