import { PaperboyError } from '@paperboy/core';
import {
  changeWishes,
  endFeed,
  exportReader,
  feedOfReader,
  hasDigests,
  pastProgress,
  pauseReader,
  publicTopics,
  readerDigests,
  renewFeed,
  resumeReader,
  type Subscriber,
  savedPapers,
} from '@paperboy/store';
import { type Context, Hono } from 'hono';
import { script } from '../assets.ts';
import type { WebDeps } from '../deps.ts';
import { changedName, changedQuery, type FollowedField } from '../followed-fields.ts';
import type { Html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { keptFields, type PreferencesFields, readPreferences } from '../preferences-fields.ts';
import { mistakesIn } from '../query-mistakes.ts';
import { loadReader } from '../reader-link.ts';
import type { FieldProblems } from '../sign-up-fields.ts';
import { preferencesForm } from './preferences-form.ts';
import { NO_PREVIEWS, type Previews, previewList, previewsOf } from './previews.ts';

type PreferencesDeps = Pick<WebDeps, 'db' | 'links' | 'queues' | 'topics' | 'log' | 'now'>;

const DAY_MS = 24 * 3600_000;
/** Lengths of a pause that are offered, in days. */
const PAUSES = [7, 14, 30, 90];
const PAST_DIGESTS = 20;
const SAVED = 100;

/**
 * A reader's own page, by the signed link of any mail: the token alone decides whose. Reading changes nothing; each
 * change is a POST that answers with a redirect, so that a reload repeats nothing.
 */
export function preferencesPages(deps: PreferencesDeps, site: Site): Hono {
  const { db, links, queues, topics, now = () => new Date() } = deps;
  const frame: Site = { ...site, hasInbox: false, isOpen: false };
  const routes = new Hono();
  const readerOf = (token: string) => loadReader(db, links.readToken('preferences', token)?.id);

  const show = async (
    token: string,
    reader: Subscriber,
    {
      done,
      typed,
      previews = NO_PREVIEWS,
      problems = {},
      requestId,
    }: {
      readonly done?: string | undefined;
      /** Fields as they were sent; those of what is kept where left out. */
      readonly typed?: Pick<PreferencesFields, 'fields' | 'followed'>;
      readonly previews?: Previews;
      readonly problems?: FieldProblems;
      readonly requestId?: string;
    },
  ): Promise<Html> => {
    const known = new Set(reader.topics.map(({ topicId }) => topicId));
    const topicsKnown = await publicTopics(db);
    const catalogue = topicsKnown.filter(({ id }) => !known.has(id));
    const { fields, followed } = typed ?? keptFields(reader, topicsKnown);
    const [digests, saved, feed, isFirst, past] = await Promise.all([
      readerDigests(db, reader.id, { limit: PAST_DIGESTS }),
      savedPapers(db, reader.id, { limit: SAVED }),
      feedOfReader(db, reader.id),
      hasDigests(db, reader.id).then((some) => !some),
      pastProgress(db, reader.id),
    ]);
    const body = preferencesForm({
      ...{ token, reader, followed, fields, catalogue, previews, problems, done },
      ...{ saved, isFirst, past, pauses: PAUSES },
      digests: digests.map((one) => ({ ...one, path: links.digest(one.id).pathname })),
      feed: feed && links.feed(reader.id, feed.no).href,
      leavePath: links.unsubscribe(reader.id).pathname,
    });
    return renderPage(frame, { title: 'Your digests', width: 'narrow', script, requestId, body });
  };

  routes.get('/preferences/:token', async (c) => {
    const token = c.req.param('token');
    const done = Object.keys(DONE).find((said) => c.req.query(said) !== undefined);
    return c.html(await show(token, await readerOf(token), { done: done && DONE[done] }));
  });

  routes.post('/preferences/:token', async (c) => {
    const token = c.req.param('token');
    const reader = await readerOf(token);
    const form = await c.req.formData().catch(() => new FormData());
    const act = String(form.get('do') ?? '');
    const back = (said: string) =>
      c.redirect(`/preferences/${encodeURIComponent(token)}?${said}`, 303);
    switch (act) {
      case 'save': {
        const typed = await typedBy(reader, form);
        const problems = await save(reader, typed);
        if (problems) {
          const requestId = c.get('requestId');
          return c.html(await show(token, reader, { typed, problems, requestId }), 422);
        }
        return back('saved');
      }
      case 'preview': {
        const typed = await typedBy(reader, form);
        return c.html(await show(token, reader, { typed, previews: await tried(c, typed) }));
      }
      case 'pause': {
        const days = PAUSES.find((one) => String(one) === form.get('days'));
        if (days === undefined) throw new PaperboyError('USAGE', 'Choose how long the pause is.');
        const isDone = await pauseReader(db, reader.id, new Date(now().getTime() + days * DAY_MS));
        return back(isDone ? 'paused' : 'unchanged');
      }
      case 'feed':
        await renewFeed(db, reader.id);
        return back('feed');
      case 'no-feed':
        await endFeed(db, reader.id);
        return back('nofeed');
      case 'resume':
        return back((await resumeReader(db, reader.id)) ? 'resumed' : 'unchanged');
      case 'first':
        await queues.add(
          'plan-first-digest',
          { subscriberId: reader.id },
          { jobKey: `first-${reader.id}` },
        );
        return back('first');
      default:
        throw new PaperboyError('USAGE', 'Use one of the buttons of the page.');
    }
  });

  routes.post('/preferences/:token/preview', async (c) => {
    const reader = await readerOf(c.req.param('token'));
    const form = await c.req.formData().catch(() => new FormData());
    return c.html(previewList(await tried(c, await typedBy(reader, form))));
  });

  const typedBy = async (reader: Subscriber, form: FormData) =>
    readPreferences(reader, await publicTopics(db), form);

  const tried = (c: Context, { fields, followed, chosenIds, times }: PreferencesFields) => {
    const changed = followed.flatMap((field) => changedQuery(field) ?? []);
    const kept = followed.filter((field) => !field.isDropped && changedQuery(field) === undefined);
    const queries = [...changed, ...fields.queries];
    const ids = [...kept.map(({ topicId }) => topicId), ...chosenIds];
    return previewsOf(deps, c, { queries, topics: ids, ...('schedule' in times && { times }) });
  };

  const save = async (
    reader: Subscriber,
    { fields, followed, times }: PreferencesFields,
  ): Promise<FieldProblems | undefined> => {
    const queries = mistakesIn(fields.queries);
    const edits = mistakesIn(followed.flatMap((field) => changedQuery(field) ?? []));
    if ('problems' in times || queries !== undefined || edits !== undefined)
      return {
        ...('problems' in times && times.problems),
        ...(queries !== undefined && { queries }),
        ...(edits !== undefined && { edits }),
      };
    const kept = await Promise.all(followed.filter(({ isDropped }) => !isDropped).map(follow));
    const added = await Promise.all([
      ...fields.chosen.map(topics.find),
      // Tried as a query, so followed as one: a word of it may be the slug of another topic.
      ...fields.queries.map(topics.findQuery),
    ]);
    if (kept.length + added.length === 0)
      return { chosen: 'Keep one topic at least, or leave by the link below.' };
    const known = new Set(kept.map(({ topicId }) => topicId));
    const fresh = added.filter(({ topicId }) => !known.has(topicId));
    await changeWishes(db, reader.id, {
      ...times,
      topics: [...kept, ...fresh.map((topic) => ({ ...topic, strictness: 'normal' as const }))],
    });
    if (fresh.length > 0 || kept.some(({ isEdited }) => isEdited)) await topics.matchPast();
    return undefined;
  };

  /** The topic itself, or the one of the query that stands in its place now. */
  const follow = async (field: FollowedField) => {
    const { topicId, name, strictness } = field;
    const wanted = changedQuery(field);
    if (wanted === undefined) return { topicId, name, strictness, isEdited: false };
    const found = await topics.findQuery(wanted);
    return { ...found, name: changedName(field, wanted), strictness, isEdited: true };
  };

  routes.get('/preferences/:token/export.json', async (c) => {
    const { id } = await readerOf(c.req.param('token'));
    c.header('Content-Disposition', 'attachment; filename="paperboy.json"');
    return c.json((await exportReader(db, id)) as object);
  });

  return routes;
}

const DONE: Readonly<Record<string, string>> = {
  welcome:
    'Confirmed. Your digests are on their way from now on; this page is yours to change them.',
  saved: 'Saved. Your next digest is made by it.',
  paused: 'Paused. Nothing is sent until then, and nothing piles up.',
  resumed: 'Welcome back. The next digest comes at its usual hour.',
  first:
    'Your first digest is being made; it takes a minute. Without a paper for your topics there is none.',
  feed: 'Your feed has a new address, which stands below; one it had before leads nowhere now.',
  nofeed: 'Your feed is ended. Its address leads nowhere now.',
  unchanged: 'Nothing was to be changed.',
};
