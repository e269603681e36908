import type { Db, Source, SourceChange, SourceDeclaration } from '@paperboy/store';

/** What the web asks of the part that checks sources; given to it by whoever starts the services. Done on the `db` it is given. */
export interface SourceDesk {
  /** Throws USAGE or SCHEDULE_INVALID naming what is wrong, ALREADY_EXISTS when the name is taken. */
  add(db: Db, source: SourceDeclaration): Promise<Source>;
  /** The same of the source as it would be; NOT_FOUND where there is none. */
  change(db: Db, name: string, change: SourceChange): Promise<Source>;
}
