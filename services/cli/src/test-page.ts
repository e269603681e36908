import { PAGE_FORMATS, type PageDeclaration, PaperboyError } from '@paperboy/core';
import { type Diagnosis, diagnosePage } from '@paperboy/readers';
import type { CliContext } from './context.ts';

/** What of a source decides how its page is found and read. */
export interface TestedSource {
  readonly url?: string | null;
  readonly zone?: string;
  readonly format?: string | null;
  readonly declaration?: PageDeclaration | null;
}

export interface TestedPage extends Diagnosis {
  /** The file or address that was read. */
  readonly page: string;
}

/** Reads a source's page, or another in its place, without storing anything. Throws USAGE and what reaching it throws. */
export async function testPage(
  context: CliContext,
  source: TestedSource,
  page?: string,
): Promise<TestedPage> {
  const { url, zone = 'UTC', declaration } = source;
  const { addressFor } = await import('@paperboy/ingest');
  const own = url ? addressFor({ url, zone }, context.now()).url : undefined;
  const read = page ?? own;
  if (read === undefined)
    throw new PaperboyError('USAGE', 'there is no address to read; name a saved page with --page');
  const { createPageReader } = await import('./read-any-page.ts');
  const reader = createPageReader(context.env);
  try {
    const input = await reader.input(read);
    const format = PAGE_FORMATS.find((known) => known === source.format);
    const diagnosis = diagnosePage({
      ...(own !== undefined && { address: own }),
      ...input,
      ...(format && { format }),
      ...(declaration && { declaration }),
    });
    return { page: read, ...diagnosis };
  } finally {
    await reader.close();
  }
}
