import { type PageDeclaration, PaperboyError } from '@paperboy/core';
import { checkDeclaration } from '@paperboy/readers';
import type { SourceDeclaration } from '@paperboy/store';
import { parse, YAMLParseError } from 'yaml';
import type { Cli } from './cli.ts';
import type { Output } from './output.ts';
import { fileIn, readPageFile } from './page-files.ts';
import { workingFolder } from './working-folder.ts';

/** A page as its operator describes it. */
export interface DescribedPage {
  readonly address?: string;
  readonly declaration: PageDeclaration;
}

/** Far above any declaration. */
const MAX_FILE_BYTES = 256 * 1024;

/** Reads and checks a declaration in YAML. Throws NOT_FOUND, or DECLARATION_INVALID with every mistake. */
export async function describePage({ context }: Cli, name: string): Promise<DescribedPage> {
  const file = fileIn(workingFolder(context.env), name);
  const bytes = await readPageFile(file, MAX_FILE_BYTES);
  return checkPageDeclaration(parsed(name, Buffer.from(bytes).toString()), name);
}

function parsed(name: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 10 });
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    const line = cause instanceof YAMLParseError ? cause.linePos?.[0].line : undefined;
    const place = line === undefined ? name : `${name}, line ${line}`;
    throw new PaperboyError('DECLARATION_INVALID', `${place}: ${message}`, { cause });
  }
}

/** The same for what was parsed already. */
export function checkPageDeclaration(written: unknown, place = 'declaration'): DescribedPage {
  const checked = checkDeclaration(written);
  if (checked.ok) return checked;
  const problems = checked.problems.map((problem) => `${place}: ${problem}`).join('\n');
  throw new PaperboyError('DECLARATION_INVALID', problems);
}

/**
 * Reads the page of a declared source once before it is stored: a declaration that finds nothing today would
 * fail every day. Throws PAGE_UNREADABLE with what to change, and what reaching the page throws.
 */
export async function previewDeclaration(
  cli: Cli,
  output: Output,
  source: Pick<SourceDeclaration, 'url' | 'zone' | 'declaration'>,
  page?: string,
): Promise<void> {
  const { testPage } = await import('./test-page.ts');
  const { reading, advice } = await testPage(cli.context, { ...source, format: 'declared' }, page);
  if (reading.kind === 'listing' && reading.entries.length > 0) {
    output.say(
      `the page has ${reading.entries.length} entries, from "${reading.entries[0]?.title}"`,
    );
    for (const warning of reading.warnings) output.say(`  note: ${warning}`);
    return;
  }
  const found = reading.kind === 'listing' ? 'the page says that it is empty' : reading.detail;
  const detail = [found, ...advice, 'nothing was stored; --force stores it all the same'].join(
    '\n',
  );
  throw new PaperboyError('PAGE_UNREADABLE', detail);
}
