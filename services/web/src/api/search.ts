import { cleanText, idOf, PaperboyError, type PaperId, type SourceId } from '@paperboy/core';
import {
  type Db,
  findSource,
  MARK_END,
  MARK_START,
  type SearchPosition,
  searchPapers,
} from '@paperboy/store';
import { z } from 'zod';
import { invalid } from '../request-error.ts';
import { cursorOf, readCursor } from './cursor.ts';
import { pageOf } from './papers.ts';
import { type ApiRoute, route } from './route.ts';
import { as, askedDay, cursor, day, limit, rowId, score, slug } from './schemas.ts';

const FoundPaper = as(
  'FoundPaper',
  'A paper that a search found.',
  z.object({
    paperId: rowId,
    url: z.url(),
    title: z.string(),
    excerpt: z.string().describe('Where the words stand in the abstract, or its beginning.'),
    textKind: z.enum(['abstract', 'summary']),
    authors: z.array(z.string()),
    categories: z.array(z.string()),
    firstSeenOn: day,
  }),
);

/** The row that a part ended with, and the newest paper of when the first one was asked for. */
const position = z.tuple([score, askedDay, rowId, rowId]);

const WHY = {
  'no-words': 'name words, or a source or a category',
  'common-words': 'these words stand in nearly every paper; add one that says more',
  'only-without': 'say also what is to be found',
} as const;

export const searchRoutes: readonly ApiRoute[] = [
  route({
    ...{ method: 'get', path: '/search', id: 'searchPapers', part: 'Search' },
    effort: 'search',
    summary: 'Papers by their words',
    about:
      'Words in any of their forms, `"phrases"`, `or`, `-without`, in titles, authors and abstracts. Common words are looked for among the newest papers only; `part` says so, and days look further back.',
    query: z.strictObject({
      q: z.string().max(200).default(''),
      from: askedDay.optional().describe('First listed on this day or later.'),
      until: askedDay.optional().describe('And on this day or before.'),
      source: slug.optional(),
      category: z
        .string()
        .max(40)
        .regex(
          /^[a-z][a-z-]*(?:\.[a-z-]+)?$/i,
          'expected a category such as cs.CL, or cs for all of them',
        )
        .optional(),
      order: z.enum(['best', 'newest']).default('best'),
      ...{ limit: limit(20, 100), cursor },
    }),
    answer: as(
      'SearchResult',
      'A part of what was found.',
      z.object({
        items: z.array(FoundPaper),
        next: z.string().nullable(),
        total: z.int().describe('How many were found; with `part`, of those looked at.'),
        part: z.enum(['counted', 'ranked', 'looked-through']).nullable(),
      }),
    ),
    async handle({ db, settings }, { query }) {
      const { q, from, until, source, category, order } = query;
      const key = readCursor(query.cursor, position);
      const sourceId = source === undefined ? undefined : await sourceNamed(db, source);
      const result = await searchPapers(db, {
        ...{ words: cleanText(q), order, limit: query.limit },
        ...(key && partAt(key)),
        ...(from && { from }),
        ...(until && { until }),
        ...(sourceId && { sourceId }),
        ...(category !== undefined && { category }),
      });
      if (result.kind === 'too-little') throw invalid('query.q', WHY[result.why]);
      const { papers, total, part, next, newestId } = result;
      return {
        value: {
          items: papers.map(({ authors, categories, title, excerpt, ...paper }) => ({
            ...paper,
            ...{ title: unmarked(title), excerpt: unmarked(excerpt) },
            url: pageOf(paper.paperId, settings.publicUrl),
            authors: authors ?? [],
            categories: categories ?? [],
          })),
          next: next && newestId ? cursorOf(keyOf(next, newestId)) : null,
          ...{ total, part: part ?? null },
        },
      };
    },
  }),
];

const keyOf = ({ rank, firstSeenOn, paperId }: SearchPosition, newestId: PaperId) =>
  [rank, firstSeenOn, paperId, newestId] as const;

function partAt([rank, firstSeenOn, paperId, newestId]: z.output<typeof position>) {
  return {
    after: { rank, firstSeenOn, paperId: idOf('paper', paperId) },
    newestId: idOf('paper', newestId),
  };
}

async function sourceNamed(db: Db, name: string): Promise<SourceId> {
  const source = await findSource(db, name).catch((thrown: unknown) => {
    const isUnknown = thrown instanceof PaperboyError && thrown.code === 'NOT_FOUND';
    throw isUnknown ? invalid('query.source', `no source is named "${name}"`) : thrown;
  });
  return source.id;
}

const unmarked = (text: string) => text.replaceAll(MARK_START, '').replaceAll(MARK_END, '');
