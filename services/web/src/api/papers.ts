import { idOf, parseKey } from '@paperboy/core';
import {
  aliasesOf,
  appearancesOfPaper,
  catalogueTopicsOfPaper,
  currentPaper,
  findPaperByKey,
  loadPaperView,
  newestPapers,
  type PaperCard,
  paperCard,
  revisionsOfPaper,
  wordingsOfPaper,
} from '@paperboy/store';
import { describeStored } from '@paperboy/topics';
import { z } from 'zod';
import { safeUrl } from '../html.ts';
import { readLinks } from '../paper-marks.ts';
import { invalid } from '../request-error.ts';
import { cursorOf, partOf, readCursor } from './cursor.ts';
import { type ApiDeps, type ApiRoute, route } from './route.ts';
import { as, askedDay, cursor, day, instant, limit, line, listOf, rowId, slug } from './schemas.ts';

const textKind = z
  .enum(['abstract', 'summary'])
  .describe("Whether `abstract` is the authors' own, or somebody's summary.");
const names = z.array(z.string());
const Link = as(
  'Link',
  'A page of a paper elsewhere.',
  z.object({ rel: z.string().describe('page, pdf, code, project or other.'), url: z.url() }),
);

/** What every form of a paper has. */
const paperFields = {
  id: rowId,
  url: z.url().describe('Its page here.'),
  title: z.string().describe('As its source wrote it, with its TeX.'),
  abstract: z.string().nullable().describe('As its source wrote it, with its TeX.'),
  textKind,
  authors: names,
  categories: names,
  links: z.array(Link),
  firstSeenOn: day,
};

export const Paper = as(
  'Paper',
  'A paper under the wording of its foremost source.',
  z.object({
    ...paperFields,
    lastSeenOn: day,
    daysSeen: z.int().describe('Days on which it was listed.'),
    foundAt: instant.describe('When the page that showed it first was seen.'),
    updatedAt: instant.describe('That, or when its title or abstract last changed.'),
  }),
);

const PaperDetail = as(
  'PaperDetail',
  'A paper with all that names and words it.',
  z.object({
    ...paperFields,
    publishedAt: instant.nullable(),
    timesSeen: z.int(),
    keys: names.describe(
      'What it is known by: `arxiv:2603.00001`, `doi:…`, `openreview:…`, `title:…`.',
    ),
    mergedIds: z.array(rowId).describe('Papers that were merged into it; their ids lead here.'),
    wordings: z.array(
      z.object({
        sourceTitle: z.string(),
        isShown: z.boolean().describe('Whether this is the wording shown above.'),
        textKind,
        title: z.string(),
        abstract: z.string().nullable(),
        authors: names,
        seenOn: day,
      }),
    ),
  }),
);

const Appearance = as(
  'Appearance',
  'One time that a paper was listed.',
  z.object({
    listingPageId: rowId,
    seenOn: day,
    source: slug,
    sourceTitle: z.string(),
    position: z.int(),
    previousPosition: z
      .int()
      .nullable()
      .describe("Its position on the source's page before; null where it was not there."),
    section: z.enum(['new', 'cross', 'replace', 'replace-cross', 'none']),
    upvotes: z.int().nullable(),
    arxivVersion: z.int().nullable(),
  }),
);

const Revision = as(
  'Revision',
  'What one source changed of its wording.',
  z.object({
    seenOn: day,
    sourceTitle: z.string(),
    changed: names.describe('Some of title, abstract and links.'),
    from: z.object({ title: z.string(), abstract: z.string().nullable() }),
    to: z.object({ title: z.string(), abstract: z.string().nullable() }),
  }),
);

const TopicOfPaper = as(
  'TopicOfPaper',
  'A topic of the catalogue that found a paper.',
  z.object({ topic: slug, name: z.string(), query: z.string(), reasons: names }),
);

const paperParams = z.strictObject({ id: rowId });
const part = 'Papers';

/** A paper that was merged answers as what it became. Throws NOT_FOUND. */
const paperOf = ({ db }: ApiDeps, { id }: z.output<typeof paperParams>) =>
  currentPaper(db, idOf('paper', id));

/** A card as the API gives it. */
export function paperFrom(card: PaperCard, publicUrl: string): z.input<typeof Paper> {
  return {
    ...common({ ...card, id: card.paperId }, publicUrl),
    lastSeenOn: card.lastSeenOn,
    daysSeen: card.daysSeen,
    foundAt: card.foundAt.toISOString(),
    updatedAt: card.updatedAt.toISOString(),
  };
}

type Common = Pick<
  PaperCard,
  'title' | 'abstract' | 'textKind' | 'authors' | 'categories' | 'links' | 'firstSeenOn'
> & { readonly id: string };

function common(paper: Common, publicUrl: string) {
  const { id, title, abstract, textKind: kind, authors, categories, firstSeenOn } = paper;
  return {
    ...{ id, url: pageOf(id, publicUrl), title, abstract, textKind: kind, firstSeenOn },
    authors: authors ?? [],
    categories: categories ?? [],
    links: readLinks(paper.links).flatMap(({ rel, url }) => {
      const address = safeUrl(url);
      return address === undefined ? [] : [{ rel, url: address }];
    }),
  };
}

/** The page of a paper, as people open it. */
export const pageOf = (id: string, publicUrl: string) => new URL(`/papers/${id}`, publicUrl).href;

export const paperRoutes: readonly ApiRoute[] = [
  route({
    ...{ method: 'get', path: '/papers', id: 'listPapers', part },
    summary: 'Papers, the one found last first',
    about:
      'With `key` the one paper of that key, or none: `arxiv:2603.00001`, `doi:10.1000/xyz`, `openreview:AbCdEfGh12`, or the address of such a page.',
    query: z.strictObject({ limit: limit(50, 200), cursor, key: line(300).optional() }),
    answer: listOf('PaperList', 'A part of all papers.', Paper),
    async handle({ db, settings: { publicUrl } }, { query }) {
      if (query.key !== undefined) {
        const key = parseKey(query.key);
        if (key === undefined)
          throw invalid('query.key', 'expected a key such as arxiv:2603.00001');
        const id = await findPaperByKey(db, key);
        const card = id && (await paperCard(db, await currentPaper(db, id)));
        return { value: { items: card ? [paperFrom(card, publicUrl)] : [], next: null } };
      }
      const before = readCursor(query.cursor, z.tuple([rowId]))?.[0];
      const found = await newestPapers(db, {
        limit: query.limit + 1,
        before: before === undefined ? undefined : idOf('paper', before),
      });
      const { items, last } = partOf(found, query.limit);
      return {
        value: {
          items: items.map((card) => paperFrom(card, publicUrl)),
          next: last ? cursorOf([last.paperId]) : null,
        },
      };
    },
  }),
  route({
    ...{ method: 'get', path: '/papers/{id}', id: 'getPaper', part },
    summary: 'One paper with all its names and wordings',
    about:
      'A paper that was merged into another answers as that one: `id` and `Content-Location` say which.',
    params: paperParams,
    answer: PaperDetail,
    problems: [404],
    async handle(deps, { params }) {
      const { db, settings } = deps;
      const id = await paperOf(deps, params);
      const [paper, wordings, mergedIds] = await Promise.all([
        loadPaperView(db, id),
        wordingsOfPaper(db, id),
        aliasesOf(db, id),
      ]);
      const value = {
        ...common(paper, settings.publicUrl),
        publishedAt: paper.publishedAt?.toISOString() ?? null,
        ...{ timesSeen: paper.timesSeen, keys: paper.keys, mergedIds },
        wordings: wordings.map(({ isCanonical, authors, ...wording }) => ({
          ...wording,
          ...{ isShown: isCanonical, authors: authors ?? [] },
        })),
      };
      return { value, ...(id !== params.id && { location: `/papers/${id}` }) };
    },
  }),
  route({
    ...{ method: 'get', path: '/papers/{id}/appearances', id: 'listAppearancesOfPaper', part },
    summary: 'Each time a paper was listed, newest first',
    params: paperParams,
    query: z.strictObject({ limit: limit(100, 400), cursor }),
    answer: listOf('AppearanceList', "A part of a paper's appearances.", Appearance),
    problems: [404],
    async handle(deps, { params, query }) {
      const id = await paperOf(deps, params);
      const key = readCursor(query.cursor, z.tuple([askedDay, rowId]));
      const found = await appearancesOfPaper(deps.db, id, {
        limit: query.limit + 1,
        after: key && { seenOn: key[0], listingPageId: idOf('listing-page', key[1]) },
      });
      const { items, last } = partOf(found, query.limit);
      return {
        value: {
          items: items.map(({ sourceName, ...seen }) => ({ ...seen, source: sourceName })),
          next: last ? cursorOf([last.seenOn, last.listingPageId]) : null,
        },
      };
    },
  }),
  route({
    ...{ method: 'get', path: '/papers/{id}/matches', id: 'listMatchesOfPaper', part },
    summary: 'Topics of the catalogue that found a paper, the strongest first',
    about: 'What subscribers typed is theirs and not told.',
    params: paperParams,
    answer: as('TopicOfPaperList', 'All of them.', z.object({ items: z.array(TopicOfPaper) })),
    problems: [404],
    async handle(deps, { params }) {
      const topics = await catalogueTopicsOfPaper(deps.db, await paperOf(deps, params));
      const items = topics.map(({ slug: topic, name, query, reasons }) => ({
        ...{ topic, name, query, reasons: describeStored(reasons) },
      }));
      return { value: { items } };
    },
  }),
  route({
    ...{ method: 'get', path: '/papers/{id}/revisions', id: 'listRevisionsOfPaper', part },
    summary: 'What sources changed of a paper, the last 100, newest first',
    params: paperParams,
    answer: as('RevisionList', 'All of them.', z.object({ items: z.array(Revision) })),
    problems: [404],
    async handle(deps, { params }) {
      return { value: { items: await revisionsOfPaper(deps.db, await paperOf(deps, params)) } };
    },
  }),
];
