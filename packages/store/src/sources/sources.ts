import {
  type PageDeclaration,
  PaperboyError,
  type SourceId,
  type SourceOutcome,
} from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';
import { inTransaction } from '../connection/transaction.ts';

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

/** How a source stands, for people. */
export interface SourceHealthView {
  /** Where it stands: the last verdict, or `failed`; null: never judged. */
  readonly outcome: SourceOutcome | null;
  readonly note: string | null;
  readonly since: Date | null;
  readonly judgedAt: Date | null;
  readonly entries: number | null;
  readonly claimed: number | null;
  readonly lastGoodAt: Date | null;
  /** When the last batch was first seen. */
  readonly batchAt: Date | null;
  /** Attempts in a row that gave no full list. */
  readonly times: number;
  readonly troubleSince: Date | null;
  /** A person is to look at it. */
  readonly isAlert: boolean;
  readonly nextAskAt: Date | null;
  readonly nextAskWhy: string | null;
}

const healthColumns = [
  'outcome',
  'note',
  'since',
  'judged_at as judgedAt',
  'entries',
  'claimed',
  'last_good_at as lastGoodAt',
  'batch_at as batchAt',
  'trouble_count as times',
  'trouble_since as troubleSince',
  'next_ask_at as nextAskAt',
  'next_ask_why as nextAskWhy',
] as const;
const isAlert = sql<boolean>`coalesce(alert in ('due', 'told'), false)`.as('isAlert');

/** How one source stands; undefined before it was ever asked or read. */
export async function sourceHealth(
  db: Db,
  sourceId: SourceId,
): Promise<SourceHealthView | undefined> {
  return db
    .selectFrom('source_health')
    .where('source_id', '=', sourceId)
    .select(healthColumns)
    .select(isAlert)
    .executeTakeFirst();
}

/** Every source with what an operator asks first: how much it brought, its last page, and how it stands. */
export async function listSources(db: Db) {
  const sources = await db
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
  const healths = await db
    .selectFrom('source_health')
    .select('source_id')
    .select(healthColumns)
    .select(isAlert)
    .execute();
  const bySource = new Map(healths.map(({ source_id: id, ...health }) => [id, health]));
  return sources.map((source) => {
    const health: SourceHealthView | null = bySource.get(source.id) ?? null;
    return { ...source, health };
  });
}

/** What an operator may change of a source. */
export type SourceChange = Partial<
  Pick<
    Source,
    | 'title'
    | 'url'
    | 'format'
    | 'cron'
    | 'zone'
    | 'textPriority'
    | 'publishes'
    | 'essential'
    | 'state'
  >
>;

/** Changes a source. What decides its next time is decided afresh by whoever schedules it next. */
export async function changeSource(db: Db, id: SourceId, change: SourceChange): Promise<Source> {
  const { textPriority, ...rest } = change;
  return inTransaction(db, async (tx) => {
    if ('cron' in change || 'zone' in change || 'publishes' in change || 'url' in change) {
      await tx
        .updateTable('source_health')
        .where('source_id', '=', id)
        .set({ next_ask_at: null, next_ask_why: null, repeats: 0 })
        .execute();
    }
    return tx
      .updateTable('source')
      .where('id', '=', id)
      .set({ ...rest, ...(textPriority !== undefined && { text_priority: textPriority }) })
      .returning(columns)
      .executeTakeFirstOrThrow();
  });
}

/** Removes a source that never had a page; false, and nothing done, when it has one. */
export async function deleteSource(db: Db, id: SourceId): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const page = await tx
      .selectFrom('listing_page')
      .where('source_id', '=', id)
      .select('id')
      .limit(1)
      .executeTakeFirst();
    if (page) return false;
    await tx.deleteFrom('fetch').where('source_id', '=', id).execute();
    await tx.deleteFrom('source_health').where('source_id', '=', id).execute();
    await tx.deleteFrom('source').where('id', '=', id).execute();
    return true;
  });
}
