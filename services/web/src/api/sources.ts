import { PAGE_FORMATS } from '@paperboy/core';
import {
  askNow,
  countInBucket,
  findSource,
  listFetches,
  listSources,
  type Source,
  type SourceHealthView,
  sourceHealth,
} from '@paperboy/store';
import { z } from 'zod';
import { invalid, RequestError } from '../request-error.ts';
import { type ApiDeps, type ApiRoute, route } from './route.ts';
import { as, instant, line, slug } from './schemas.ts';

const SourceCard = as(
  'SourceCard',
  'A source, as everybody may know it.',
  z.object({
    name: slug,
    title: z.string(),
    state: z.enum(['active', 'paused', 'archived']),
    outcome: z.string().nullable().describe('Its last verdict, or `failed`; null: never judged.'),
    lastGoodAt: instant.nullable(),
  }),
);

const Fetch = as(
  'Fetch',
  'One attempt on a source.',
  z.object({
    startedAt: instant,
    durationMs: z.int(),
    outcome: z.string(),
    httpStatus: z.int().nullable(),
    errorCode: z.string().nullable(),
    detail: z.string().nullable(),
  }),
);

const SourceDetail = as(
  'SourceDetail',
  'A source, as its operator knows it.',
  z.object({
    ...SourceCard.shape,
    url: z.string().nullable(),
    format: z.string().nullable(),
    isDeclared: z.boolean().describe('Read by selectors of its own.'),
    cron: z.string().nullable(),
    zone: z.string(),
    textPriority: z.int(),
    publishes: z.string().nullable(),
    essential: z.boolean(),
    note: z.string().nullable().describe('Why it stands so.'),
    isAlert: z.boolean().describe('A person is to look at it.'),
    troubles: z.int().describe('Attempts in a row that gave no full list.'),
    troubleSince: instant.nullable(),
    nextAskAt: instant.nullable(),
    nextAskWhy: z.string().nullable(),
    fetches: z.array(Fetch).describe('The last ten, newest first.'),
  }),
);

const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .describe('Where its list is; `{date}` stands for the day in its zone.');
const cron = line(100).describe('Minute, hour, day, month, weekday, in `zone`.');
const wishes = {
  title: line(200),
  url: address,
  cron,
  zone: line(64),
  textPriority: z.int().min(1).max(1_000),
  publishes: line(100).describe('When it brings out new batches, as `cron`.'),
  essential: z.boolean().describe('Whether digests may be held while it is in trouble.'),
};

const NewSource = as(
  'NewSource',
  'A source to be watched. Without an address it is fed with saved pages.',
  z.strictObject({
    name: slug,
    ...wishes,
    url: wishes.url.optional(),
    cron: wishes.cron.optional(),
    zone: wishes.zone.optional(),
    textPriority: wishes.textPriority.optional(),
    publishes: wishes.publishes.optional(),
    essential: wishes.essential.optional(),
    format: z
      .enum(PAGE_FORMATS)
      .optional()
      .describe('Where the content does not tell. Selectors of one’s own come by the command.'),
  }),
);

const SourceWish = as(
  'SourceChange',
  'What is not named stays; null takes a schedule away.',
  z.strictObject({
    title: wishes.title.optional(),
    url: wishes.url.optional(),
    cron: wishes.cron.nullable().optional(),
    zone: wishes.zone.optional(),
    textPriority: wishes.textPriority.optional(),
    publishes: wishes.publishes.nullable().optional(),
    essential: wishes.essential.optional(),
    state: z.enum(['active', 'paused']).optional().describe('A paused source is not asked.'),
  }),
);

/** A source is asked as a guest would: whoever asks for more often is told to wait. */
const ASK_EVERY_MS = 60_000;
const FETCHES_SHOWN = 10;
const part = 'Sources';
const sourceParams = z.strictObject({ name: slug });

function cardFrom(
  { name, title, state }: Source,
  health: SourceHealthView | null | undefined,
): z.input<typeof SourceCard> {
  const lastGoodAt = health?.lastGoodAt?.toISOString() ?? null;
  return { name, title, state, outcome: health?.outcome ?? null, lastGoodAt };
}

async function detailOf({ db }: ApiDeps, source: Source): Promise<z.input<typeof SourceDetail>> {
  const [health, fetches] = await Promise.all([
    sourceHealth(db, source.id),
    listFetches(db, { sourceId: source.id, limit: FETCHES_SHOWN }),
  ]);
  const { declaration, ...told } = source;
  return {
    ...told,
    ...cardFrom(source, health),
    isDeclared: declaration !== null,
    note: health?.note ?? null,
    isAlert: health?.isAlert ?? false,
    troubles: health?.times ?? 0,
    troubleSince: health?.troubleSince?.toISOString() ?? null,
    nextAskAt: health?.nextAskAt?.toISOString() ?? null,
    nextAskWhy: health?.nextAskWhy ?? null,
    fetches: fetches.map(({ startedAt, ...fetch }) => ({
      ...fetch,
      startedAt: startedAt.toISOString(),
    })),
  };
}

export const sourceRoutes: readonly ApiRoute[] = [
  route({
    ...{ method: 'get', path: '/sources', id: 'listSources', part },
    summary: 'All sources, by name',
    answer: as('SourceList', 'All sources.', z.object({ items: z.array(SourceCard) })),
    async handle({ db }) {
      const sources = await listSources(db);
      return { value: { items: sources.map((source) => cardFrom(source, source.health)) } };
    },
  }),
  route({
    ...{ method: 'get', path: '/sources/{name}', id: 'getSource', part, access: 'read' },
    summary: 'One source with its address, schedule, health and last fetches',
    params: sourceParams,
    answer: SourceDetail,
    problems: [404],
    async handle(deps, { params }) {
      return { value: await detailOf(deps, await findSource(deps.db, params.name)) };
    },
  }),
  route({
    ...{ method: 'post', path: '/sources', id: 'addSource', part },
    ...{ access: 'write', effort: 'change' },
    summary: 'Watch a source',
    body: NewSource,
    status: 201,
    answer: SourceDetail,
    problems: [409],
    async handle(deps, { body }) {
      const source = await deps.sources.add(deps.db, given(body));
      return { value: await detailOf(deps, source), location: `/sources/${source.name}` };
    },
  }),
  route({
    ...{ method: 'patch', path: '/sources/{name}', id: 'changeSource', part },
    ...{ access: 'write', effort: 'change' },
    summary: 'Change a source, pause it or resume it',
    params: sourceParams,
    body: SourceWish,
    answer: SourceDetail,
    problems: [404],
    async handle(deps, { params, body }) {
      if (Object.keys(body).length === 0) throw invalid('body', 'nothing to change is named');
      const changed = await deps.sources.change(deps.db, params.name, given(body));
      return { value: await detailOf(deps, changed) };
    },
  }),
  route({
    ...{ method: 'post', path: '/sources/{name}/fetches', id: 'fetchSource', part },
    ...{ access: 'write', effort: 'change' },
    summary: 'Ask a source now, whatever its schedule says',
    about:
      'It is done by the ingest service; `fetches` and `nextAskAt` of the source show how it went. Once a minute.',
    params: sourceParams,
    status: 202,
    answer: as(
      'AskedSource',
      'The wish is written down.',
      z.object({ name: slug, askedAt: instant }),
    ),
    problems: [404],
    async handle({ db, queues, now = () => new Date() }, { params }) {
      const { id, name, url, state } = await findSource(db, params.name);
      if (url === null) throw invalid('path.name', 'this source has no address to ask');
      if (state !== 'active')
        throw invalid('path.name', `this source is ${state}: resume it first`);
      const turn = await countInBucket(db, {
        bucket: `ask ${id}`,
        most: 1,
        windowMs: ASK_EVERY_MS,
      });
      if (!turn.isWithin) {
        const retryAfterS = Math.max(1, Math.ceil(turn.endsInMs / 1_000));
        throw new RequestError('TOO_MANY_REQUESTS', 'It was asked for a moment ago.', {
          retryAfterS,
        });
      }
      const at = now();
      await askNow(db, id, at);
      return {
        value: { name, askedAt: at.toISOString() },
        wake: () => queues.add('fetch-page', { sourceId: id }, { jobKey: `ask-${id}` }),
      };
    },
  }),
];

/** Without the fields that were not given: to the store, a field that is there is a change. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  const those = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(those) as Given<Fields>;
}

type Given<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };
