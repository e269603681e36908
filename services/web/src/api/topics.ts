import { idOf } from '@paperboy/core';
import {
  changeTopic,
  type PublicTopic,
  papersOfTopic,
  publicTopic,
  publicTopics,
} from '@paperboy/store';
import { describeStored, QUERY_MAX_CHARACTERS } from '@paperboy/topics';
import { z } from 'zod';
import { topicPath } from '../feeds/addresses.ts';
import { invalid } from '../request-error.ts';
import { cursorOf, partOf, readCursor } from './cursor.ts';
import { Paper, paperFrom } from './papers.ts';
import { type ApiRoute, route } from './route.ts';
import {
  as,
  askedDay,
  cursor,
  instant,
  limit,
  line,
  listOf,
  rowId,
  score,
  slug,
} from './schemas.ts';

const Topic = as(
  'Topic',
  'A topic of the public catalogue.',
  z.object({
    id: rowId,
    slug,
    url: z.url().describe('Its page here; `/feed.atom` and `/feed.json` below it are its feeds.'),
    name: z.string(),
    about: z.string().nullable(),
    field: z.string().nullable().describe('The heading it stands under.'),
    query: z.string(),
    createdAt: instant,
  }),
);

const Match = as(
  'Match',
  'A paper that a topic found.',
  z.object({
    paper: Paper,
    strength: z.number().describe('1 is as good as the best of the weeks before.'),
    reasons: z.array(z.string()).describe('A line each.'),
  }),
);

const NewTopic = as(
  'NewTopic',
  'A topic for the catalogue.',
  z.strictObject({
    slug,
    query: line(QUERY_MAX_CHARACTERS).describe('In the language of docs/topics.md.'),
    name: line(120),
    about: line(500).optional(),
    field: line(80).optional(),
  }),
);

const TopicChange = as(
  'TopicChange',
  'What is not named stays; null takes it away. A query never changes: those who follow it chose that one.',
  z.strictObject({
    name: line(120).optional(),
    about: line(500).nullable().optional(),
    field: line(80).nullable().optional(),
  }),
);

const TopicPreview = as(
  'TopicPreview',
  'What a query would have brought in the last days, at the normal strictness.',
  z.object({
    papers: z.int().describe('Papers listed in that time.'),
    days: z.int().describe('Days with listings in that time.'),
    found: z.int(),
    best: z
      .array(z.object({ paperId: rowId, title: z.string(), reasons: z.array(z.string()) }))
      .describe('The best 20.'),
    isTooWide: z.boolean(),
    narrower: z.object({ query: z.string(), found: z.int() }).nullable(),
    broader: z
      .array(z.object({ query: z.string(), found: z.int() }))
      .describe('Queries that find more, where it finds few; the nearest to it first.'),
    wider: z
      .array(z.string())
      .describe('Acronyms of it and words that papers use beside it, where it finds few.'),
  }),
);

const MOST_PREVIEWED = 20;
const part = 'Topics';
/** A catalogue topic by its slug; its id does as well. */
const topicParams = z.strictObject({ topic: slug });

function topicFrom(topic: PublicTopic, publicUrl: string): z.input<typeof Topic> {
  return {
    ...topic,
    url: new URL(topicPath(topic), publicUrl).href,
    createdAt: topic.createdAt.toISOString(),
  };
}

export const topicRoutes: readonly ApiRoute[] = [
  route({
    ...{ method: 'get', path: '/topics', id: 'listTopics', part },
    summary: 'The whole catalogue, by field and name',
    answer: as('TopicList', 'All topics of the catalogue.', z.object({ items: z.array(Topic) })),
    async handle({ db, settings }) {
      const topics = await publicTopics(db);
      return { value: { items: topics.map((topic) => topicFrom(topic, settings.publicUrl)) } };
    },
  }),
  route({
    ...{ method: 'get', path: '/topics/{topic}', id: 'getTopic', part },
    summary: 'One topic, by its slug or its id',
    params: topicParams,
    answer: Topic,
    problems: [404],
    async handle({ db, settings }, { params }) {
      return { value: topicFrom(await publicTopic(db, params.topic), settings.publicUrl) };
    },
  }),
  route({
    ...{ method: 'get', path: '/topics/{topic}/matches', id: 'listMatchesOfTopic', part },
    summary: 'Papers that a topic found, newest first',
    about: 'What a subscription of normal strictness would be sent.',
    params: topicParams,
    query: z.strictObject({ limit: limit(50, 200), cursor }),
    answer: listOf('MatchList', 'A part of what a topic found.', Match),
    problems: [404],
    async handle({ db, settings }, { params, query }) {
      const key = readCursor(query.cursor, z.tuple([askedDay, score, rowId]));
      const topic = await publicTopic(db, params.topic);
      const found = await papersOfTopic(db, topic.id, {
        limit: query.limit + 1,
        after: key && { firstSeenOn: key[0], strength: key[1], paperId: idOf('paper', key[2]) },
      });
      const { items, last } = partOf(found, query.limit);
      return {
        value: {
          items: items.map((card) => ({
            paper: paperFrom(card, settings.publicUrl),
            strength: card.strength ?? 0,
            reasons: describeStored(card.reasons),
          })),
          next: last ? cursorOf([last.firstSeenOn, last.strength ?? 0, last.paperId]) : null,
        },
      };
    },
  }),
  route({
    ...{ method: 'post', path: '/topics', id: 'addTopic', part },
    ...{ access: 'write', effort: 'change' },
    summary: 'Add a topic to the catalogue; papers of the past weeks are matched in the background',
    body: NewTopic,
    status: 201,
    answer: Topic,
    problems: [409],
    async handle({ db, topics, settings }, { body }) {
      await topics.add(db, body);
      const topic = topicFrom(await publicTopic(db, body.slug), settings.publicUrl);
      return { value: topic, location: `/topics/${body.slug}`, wake: () => topics.matchPast() };
    },
  }),
  route({
    ...{ method: 'patch', path: '/topics/{topic}', id: 'changeTopic', part },
    ...{ access: 'write', effort: 'change' },
    summary: 'Word a topic anew: its name, what it is about, its heading',
    params: topicParams,
    body: TopicChange,
    answer: Topic,
    problems: [404],
    async handle({ db, settings }, { params, body }) {
      const { name, about, field } = body;
      const words = {
        ...(name !== undefined && { name }),
        ...(about !== undefined && { about }),
        ...(field !== undefined && { field }),
      };
      if (Object.keys(words).length === 0) throw invalid('body', 'nothing to change is named');
      const { slug: known } = await publicTopic(db, params.topic);
      await changeTopic(db, known, words);
      return { value: topicFrom(await publicTopic(db, known), settings.publicUrl) };
    },
  }),
  route({
    ...{ method: 'post', path: '/topic-previews', id: 'previewTopic', part },
    ...{ access: 'read', effort: 'change' },
    summary: 'Try a query on the papers of the last days; nothing is stored',
    body: as('TopicToPreview', 'A query.', z.strictObject({ query: NewTopic.shape.query })),
    answer: TopicPreview,
    async handle({ topics }, { body }) {
      const { found, narrower, wider, ...facts } = await topics.preview(body.query);
      return {
        value: {
          ...facts,
          found: found.length,
          best: found
            .slice(0, MOST_PREVIEWED)
            .map(({ paperId, title, reasons }) => ({ paperId, title, reasons: [...reasons] })),
          narrower: narrower ?? null,
          broader: [...(wider?.queries ?? [])],
          wider: [
            ...(wider?.acronyms.map(({ acronym }) => acronym) ?? []),
            ...(wider?.related ?? []),
          ],
        },
      };
    },
  }),
];
