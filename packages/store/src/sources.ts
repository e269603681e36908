import { type PageDeclaration, PaperboyError, type SourceId } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from './database.ts';

/** A place that lists papers, as a person declares it. */
export interface SourceDeclaration {
  /** Short and lasting: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** As readers see it. */
  readonly title: string;
  /** Absent: fed with saved pages only. */
  readonly url?: string;
  /** Absent: told by each page's content. */
  readonly format?: string;
  /** How to read pages that no reader knows; later readings go by what it is then. */
  readonly declaration?: PageDeclaration;
  /** Five-field cron in `zone`; absent: fetched only when asked for. */
  readonly cron?: string;
  readonly zone?: string;
  /** Whose wording of a paper is shown, higher first; 50 when left out. */
  readonly textPriority?: number;
  /** When it brings out new batches: five-field cron in `zone`; absent: learnt from its pages. */
  readonly publishes?: string;
  /** Whether digests may be held while it is in trouble; true when left out. */
  readonly essential?: boolean;
}

export interface Source {
  readonly id: SourceId;
  readonly name: string;
  readonly title: string;
  readonly url: string | null;
  readonly format: string | null;
  readonly declaration: PageDeclaration | null;
  readonly cron: string | null;
  readonly zone: string;
  readonly textPriority: number;
  readonly publishes: string | null;
  readonly essential: boolean;
  readonly state: SourceState;
}

/** `archived`: taken out of use for good; what it brought stays. */
type SourceState = 'active' | 'paused' | 'archived';

const columns = [
  'id',
  'name',
  'title',
  'url',
  'format',
  'declaration',
  'cron',
  'zone',
  'text_priority as textPriority',
  'publishes',
  'essential',
  'state',
] as const;

function row(source: SourceDeclaration) {
  return {
    name: source.name,
    title: source.title,
    url: source.url ?? null,
    format: source.format ?? null,
    declaration: source.declaration ?? null,
    cron: source.cron ?? null,
    zone: source.zone ?? 'UTC',
    text_priority: source.textPriority ?? 50,
    publishes: source.publishes ?? null,
    essential: source.essential ?? true,
  };
}

/** Adds a source. Throws ALREADY_EXISTS when the name is taken. */
export async function addSource(db: Db, declaration: SourceDeclaration): Promise<Source> {
  const added = await ensureSource(db, declaration);
  if (!added.fresh) throw new PaperboyError('ALREADY_EXISTS', `a source named ${declaration.name}`);
  return added.source;
}

/** Adds a source unless its name is there; an existing one stays as the operator has it. */
export async function ensureSource(
  db: Db,
  declaration: SourceDeclaration,
): Promise<{ source: Source; fresh: boolean }> {
  const inserted = await db
    .insertInto('source')
    .values(row(declaration))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (inserted) return { source: inserted, fresh: true };
  return { source: await findSource(db, declaration.name), fresh: false };
}

/** Lets later pages of a source be read by this declaration. Throws NOT_FOUND. */
export async function declareSource(
  db: Db,
  name: string,
  { url, declaration }: Pick<SourceDeclaration, 'url' | 'declaration'>,
): Promise<Source> {
  const { id } = await findSource(db, name);
  return db
    .updateTable('source')
    .where('id', '=', id)
    .set({ declaration: declaration ?? null, format: 'declared', ...(url && { url }) })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** A source by its name. Throws NOT_FOUND. */
export async function findSource(db: Db, name: string): Promise<Source> {
  const found = await db
    .selectFrom('source')
    .select(columns)
    .where('name', '=', name)
    .executeTakeFirst();
  if (!found) throw new PaperboyError('NOT_FOUND', `no source is named "${name}"`);
  return found;
}

/** A source by its id. Throws NOT_FOUND. */
export async function sourceById(db: Db, id: SourceId): Promise<Source> {
  const found = await db
    .selectFrom('source')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!found) throw new PaperboyError('NOT_FOUND', `source ${id}`);
  return found;
}

/** A source with what an operator asks first: how much it brought and how its last page and fetch went. */
export async function listSources(db: Db) {
  return db
    .selectFrom('source')
    .select(columns)
    .select((source) => [
      source
        .selectFrom('listing_page')
        .whereRef('source_id', '=', 'source.id')
        .select((page) => page.fn.countAll<string>().as('n'))
        .as('pages'),
      source
        .selectFrom('listing_page')
        .whereRef('source_id', '=', 'source.id')
        .where('verdict', 'is not', null)
        .orderBy('id', 'desc')
        .limit(1)
        .select(
          sql<{ verdict: string; listedOn: string | null; note: string; seenAt: string } | null>`
          jsonb_build_object('verdict', verdict, 'listedOn', listed_on, 'note', note, 'seenAt', seen_at)`.as(
            'last',
          ),
        )
        .as('lastPage'),
      source
        .selectFrom('fetch')
        .whereRef('source_id', '=', 'source.id')
        .orderBy('id', 'desc')
        .limit(1)
        .select(
          sql<{ outcome: string; at: string; detail: string | null } | null>`
          jsonb_build_object('outcome', outcome, 'at', started_at, 'detail', detail)`.as('last'),
        )
        .as('lastFetch'),
    ])
    .orderBy('name')
    .execute();
}
