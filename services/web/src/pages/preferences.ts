import { dayIn, PaperboyError, parseListedOn } from '@paperboy/core';
import {
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
import { changedQuery } from '../followed-fields.ts';
import type { Html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { keptFields, type PreferencesFields, readPreferences } from '../preferences-fields.ts';
import { loadReader } from '../reader-link.ts';
import { savePreferences } from '../save-preferences.ts';
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
  const { db, links } = deps;
  const frame: Site = { ...site, hasInbox: false, isOpen: false };
  const routes = new Hono();
  const readerOf = (token: string) => loadReader(db, links.readToken('preferences', token)?.id);
  const formOf = (c: Context) => c.req.formData().catch(() => new FormData());
  const typedBy = async (reader: Subscriber, form: FormData) =>
    readPreferences(reader, await publicTopics(db), form);

  routes.get('/preferences/:token', async (c) => {
    const token = c.req.param('token');
    const done = Object.keys(DONE).find((said) => c.req.query(said) !== undefined);
    const reader = await readerOf(token);
    return c.html(await pageOf(deps, frame, { token, reader, done: done && DONE[done] }));
  });

  routes.post('/preferences/:token', async (c) => {
    const token = c.req.param('token');
    const reader = await readerOf(token);
    const form = await formOf(c);
    const back = (said: string) =>
      c.redirect(`/preferences/${encodeURIComponent(token)}?${said}`, 303);
    switch (form.get('do')) {
      case 'save': {
        const typed = await typedBy(reader, form);
        const problems = await savePreferences(deps, reader, typed);
        if (!problems) return back('saved');
        const requestId = c.get('requestId');
        const shown = { token, reader, typed, problems, requestId };
        return c.html(await pageOf(deps, frame, shown), 422);
      }
      case 'preview': {
        const typed = await typedBy(reader, form);
        const previews = await tried(deps, c, typed);
        return c.html(await pageOf(deps, frame, { token, reader, typed, previews }));
      }
      default:
        return back(await press(deps, reader, form));
    }
  });

  routes.post('/preferences/:token/preview', async (c) => {
    const reader = await readerOf(c.req.param('token'));
    return c.html(previewList(await tried(deps, c, await typedBy(reader, await formOf(c)))));
  });

  routes.get('/preferences/:token/export.json', async (c) => {
    const { id } = await readerOf(c.req.param('token'));
    c.header('Content-Disposition', 'attachment; filename="paperboy.json"');
    return c.json((await exportReader(db, id)) as object);
  });

  return routes;
}

interface Shown {
  readonly token: string;
  readonly reader: Subscriber;
  /** What was done a moment ago, in a sentence. */
  readonly done?: string | undefined;
  /** Fields as they were sent; those of what is kept where left out. */
  readonly typed?: Pick<PreferencesFields, 'fields' | 'followed'>;
  readonly previews?: Previews;
  readonly problems?: FieldProblems;
  readonly requestId?: string;
}

async function pageOf(
  { db, links }: PreferencesDeps,
  frame: Site,
  { token, reader, done, typed, previews = NO_PREVIEWS, problems = {}, requestId }: Shown,
): Promise<Html> {
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
    digests: digests.flatMap(({ id, windowEnd, papers }) => {
      const day = parseListedOn(dayIn(reader.schedule.zone, windowEnd));
      return day ? { day, papers, path: links.digest(id).pathname } : [];
    }),
    feed: feed && links.feed(reader.id, feed.no).href,
    leavePath: links.unsubscribe(reader.id).pathname,
  });
  return renderPage(frame, { title: 'Your digests', width: 'narrow', script, requestId, body });
}

/** Does what a button stands for, which says nothing of the fields; gives the key of `DONE` that tells of it. */
async function press(
  { db, queues, now = () => new Date() }: PreferencesDeps,
  { id }: Subscriber,
  form: FormData,
): Promise<string> {
  switch (form.get('do')) {
    case 'pause': {
      const days = PAUSES.find((one) => String(one) === form.get('days'));
      if (days === undefined) throw new PaperboyError('USAGE', 'Choose how long the pause is.');
      const isDone = await pauseReader(db, id, new Date(now().getTime() + days * DAY_MS));
      return isDone ? 'paused' : 'unchanged';
    }
    case 'resume':
      return (await resumeReader(db, id)) ? 'resumed' : 'unchanged';
    case 'feed':
      await renewFeed(db, id);
      return 'feed';
    case 'no-feed':
      await endFeed(db, id);
      return 'nofeed';
    case 'first':
      await queues.add('plan-first-digest', { subscriberId: id }, { jobKey: `first-${id}` });
      return 'first';
    default:
      throw new PaperboyError('USAGE', 'Use one of the buttons of the page.');
  }
}

function tried(
  deps: PreferencesDeps,
  c: Context,
  { fields, followed, chosenIds, times }: PreferencesFields,
): Promise<Previews> {
  const changed = followed.flatMap((field) => changedQuery(field) ?? []);
  const kept = followed.filter((field) => !field.isDropped && changedQuery(field) === undefined);
  const queries = [...changed, ...fields.queries];
  const ids = [...kept.map(({ topicId }) => topicId), ...chosenIds];
  return previewsOf(deps, c, { queries, topics: ids, ...('schedule' in times && { times }) });
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
