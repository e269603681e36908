import { idOf, type ListedOn } from '@paperboy/core';
import {
  listDays,
  type PageView,
  papersOfPages,
  recordedPage,
  recordedPages,
} from '@paperboy/store';
import { z } from 'zod';
import { cursorOf, partOf, readCursor } from './cursor.ts';
import { pageOf } from './papers.ts';
import { type ApiRoute, route } from './route.ts';
import { as, askedDay, cursor, day, instant, limit, listOf, rowId, slug } from './schemas.ts';

const Day = as(
  'Day',
  'A day on which something was listed.',
  z.object({
    day,
    newPapers: z.int().describe('Papers seen there for the first time.'),
    listed: z.int().describe('Entries over all sources; a paper on two lists counts twice.'),
  }),
);

const ListingPage = as(
  'ListingPage',
  'A listing page that was read and recorded.',
  z.object({
    id: rowId,
    day: day.describe('The day it names, or the one it was seen on.'),
    source: slug,
    sourceTitle: z.string(),
    verdict: z.string().describe('What it turned out to be: new-batch, grew, partial or cut.'),
    note: z.string().nullable(),
    newPapers: z.int(),
    recurringPapers: z.int(),
    seenAt: instant,
  }),
);

const ListedPaper = as(
  'ListedPaper',
  'A paper as it stands on a listing page.',
  z.object({
    paperId: rowId,
    url: z.url(),
    position: z.int(),
    previousPosition: z.int().nullable(),
    isNew: z.boolean().describe('First shown by this page.'),
    section: z.enum(['new', 'cross', 'replace', 'replace-cross', 'none']),
    upvotes: z.int().nullable(),
    title: z.string(),
    authors: z.array(z.string()),
    firstSeenOn: day,
    timesSeen: z.int().describe('Listings up to and with this day.'),
    lastSeenOn: day.nullable().describe('The last day before this one on which it was listed.'),
  }),
);

const part = 'Listing pages';
const pageParams = z.strictObject({ id: rowId });

function pageFrom({ sourceName, seenAt, ...page }: PageView): z.input<typeof ListingPage> {
  return { ...page, source: sourceName, seenAt: seenAt.toISOString() };
}

export const pageRoutes: readonly ApiRoute[] = [
  route({
    ...{ method: 'get', path: '/days', id: 'listDays', part },
    summary: 'Days on which something was listed, newest first',
    query: z.strictObject({ limit: limit(90, 366), cursor }),
    answer: listOf('DayList', 'A part of all days.', Day),
    async handle({ db }, { query }) {
      const before: ListedOn | undefined = readCursor(query.cursor, z.tuple([askedDay]))?.[0];
      const found = await listDays(db, { before, limit: query.limit + 1 });
      const { items, last } = partOf(found, query.limit);
      return { value: { items, next: last ? cursorOf([last.day]) : null } };
    },
  }),
  route({
    ...{ method: 'get', path: '/listing-pages', id: 'listListingPages', part },
    summary: 'Listing pages that were recorded, the one stored last first',
    query: z.strictObject({
      ...{ limit: limit(50, 200), cursor },
      day: askedDay.optional(),
      source: slug.optional().describe('The name of a source.'),
    }),
    answer: listOf('ListingPageList', 'A part of all listing pages.', ListingPage),
    async handle({ db }, { query }) {
      const before = readCursor(query.cursor, z.tuple([rowId]))?.[0];
      const found = await recordedPages(db, {
        ...{ limit: query.limit + 1, day: query.day, source: query.source },
        before: before === undefined ? undefined : idOf('listing-page', before),
      });
      const { items, last } = partOf(found, query.limit);
      return { value: { items: items.map(pageFrom), next: last ? cursorOf([last.id]) : null } };
    },
  }),
  route({
    ...{ method: 'get', path: '/listing-pages/{id}', id: 'getListingPage', part },
    summary: 'One listing page',
    params: pageParams,
    answer: ListingPage,
    problems: [404],
    async handle({ db }, { params }) {
      return { value: pageFrom(await recordedPage(db, idOf('listing-page', params.id))) };
    },
  }),
  route({
    ...{ method: 'get', path: '/listing-pages/{id}/papers', id: 'listPapersOfPage', part },
    summary: 'The papers of a listing page, in its order',
    params: pageParams,
    query: z.strictObject({ limit: limit(100, 400), cursor }),
    answer: listOf('ListedPaperList', 'A part of a listing page.', ListedPaper),
    problems: [404],
    async handle({ db, settings }, { params, query }) {
      const after = readCursor(query.cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0;
      const page = await recordedPage(db, idOf('listing-page', params.id));
      const found = await papersOfPages(db, {
        ...{ day: page.day, dayPages: [page.id], pages: [page.id] },
        ...{ perSection: query.limit + 1, after },
      });
      const inOrder = found.sort((one, other) => one.position - other.position);
      const { items, last } = partOf(inOrder, query.limit);
      return {
        value: {
          items: items.map(({ authors, ...paper }) => ({
            ...paper,
            url: pageOf(paper.paperId, settings.publicUrl),
            authors: authors ?? [],
          })),
          next: last ? cursorOf([last.position]) : null,
        },
      };
    },
  }),
];
