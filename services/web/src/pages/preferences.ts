import { PaperboyError, type Strictness } from '@paperboy/core';
import {
  changeWishes,
  endFeed,
  eraseReader,
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
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { loadReader, maskedAddress } from '../reader-link.ts';
import {
  type FieldProblems,
  fieldsOfSchedule,
  NO_FIELDS,
  queriesProblem,
  readFields,
  timesOf,
} from '../sign-up-fields.ts';
import { preferencesForm } from './preferences-form.ts';
import { byName } from './subscribe-form.ts';

type PreferencesDeps = Pick<WebDeps, 'db' | 'links' | 'queues' | 'topics' | 'log' | 'now'>;

const STRICTNESS: readonly Strictness[] = ['wide', 'normal', 'strict'];
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
      problems = {},
      requestId,
    }: {
      readonly done?: string | undefined;
      readonly problems?: FieldProblems;
      readonly requestId?: string;
    },
  ): Promise<Html> => {
    const followed = new Set(reader.topics.map(({ topicId }) => topicId));
    const offered = (await publicTopics(db)).filter(({ id }) => !followed.has(id));
    const catalogue = byName(offered);
    const [digests, saved, feed, isFirst, past] = await Promise.all([
      readerDigests(db, reader.id, { limit: PAST_DIGESTS }),
      savedPapers(db, reader.id, { limit: SAVED }),
      feedOfReader(db, reader.id),
      hasDigests(db, reader.id).then((some) => !some),
      pastProgress(db, reader.id),
    ]);
    const body = preferencesForm({
      ...{ token, reader, catalogue, saved, isFirst, past, problems, done, pauses: PAUSES },
      digests: digests.map((one) => ({ ...one, path: links.digest(one.id).pathname })),
      feed: feed && links.feed(reader.id, feed.no).href,
      leavePath: links.unsubscribe(reader.id).pathname,
      fields: {
        ...NO_FIELDS,
        ...fieldsOfSchedule(reader.schedule),
        maxPapers: String(reader.maxPapers),
        recurring: reader.recurringPolicy,
        quiet: reader.quietDays,
        format: reader.mailFormat,
      },
    });
    return renderPage(frame, { title: 'Your digests', width: 'narrow', requestId, body });
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
        const problems = await save(reader, form);
        if (problems) {
          const requestId = c.get('requestId');
          return c.html(await show(token, reader, { problems, requestId }), 422);
        }
        return back('saved');
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

  const save = async (reader: Subscriber, form: FormData): Promise<FieldProblems | undefined> => {
    const fields = readFields(form);
    const keepsDays = fields.rhythm === 'as-now';
    const { rhythm, weekday } = keepsDays ? NO_FIELDS : fields;
    const times = timesOf({ ...fields, rhythm, weekday });
    const queries = queriesProblem(fields.queries);
    if ('problems' in times || queries !== undefined)
      return {
        ...('problems' in times && times.problems),
        ...(queries !== undefined && { queries }),
      };
    const kept = reader.topics
      .filter(({ topicId }) => form.get(`drop-${topicId}`) === null)
      .map((topic) => ({
        ...topic,
        strictness: strictnessIn(form, topic.topicId) ?? topic.strictness,
      }));
    const added = await Promise.all([...fields.chosen, ...fields.queries].map(topics.find));
    if (kept.length + added.length === 0)
      return { chosen: 'Keep one topic at least, or leave by the link below.' };
    const known = new Set(kept.map(({ topicId }) => topicId));
    const fresh = added.filter(({ topicId }) => !known.has(topicId));
    await changeWishes(db, reader.id, {
      ...times,
      schedule: keepsDays
        ? {
            ...times.schedule,
            cadence: reader.schedule.cadence,
            weekdays: reader.schedule.weekdays,
          }
        : times.schedule,
      topics: [...kept, ...fresh.map((topic) => ({ ...topic, strictness: 'normal' as const }))],
    });
    if (fresh.length > 0) await topics.matchPast();
    return undefined;
  };

  routes.get('/preferences/:token/export.json', async (c) => {
    const { id } = await readerOf(c.req.param('token'));
    c.header('Content-Disposition', 'attachment; filename="paperboy.json"');
    return c.json((await exportReader(db, id)) as object);
  });

  routes.get('/preferences/:token/erase', async (c) => {
    const token = c.req.param('token');
    return c.html(askToErase(frame, token, await readerOf(token)));
  });

  routes.post('/preferences/:token/erase', async (c) => {
    const { id } = await readerOf(c.req.param('token'));
    await eraseReader(db, id);
    return c.html(erased(frame));
  });

  return routes;
}

function strictnessIn(form: FormData, topicId: string): Strictness | undefined {
  return STRICTNESS.find((one) => one === form.get(`strictness-${topicId}`));
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

function askToErase(site: Site, token: string, { address }: Subscriber): Html {
  const body = html`<article class="notice">
<p class="kicker">This cannot be undone</p>
<h1>Erase everything about you?</h1>
<p>Address, topics, what you said of papers and how you agreed are deleted for <strong>${maskedAddress(address)}</strong>. A digest of the address stays, from which it cannot be read, so that nobody mails it again by mistake.</p>
<form method="post" action="/preferences/${token}/erase"><button type="submit">Erase everything</button></form>
<p class="small quiet"><a href="/preferences/${token}/export.json">Take a copy first</a>, or <a href="/preferences/${token}">go back</a>. Nothing has changed yet.</p>
</article>`;
  return renderPage(site, { title: 'Erase everything?', width: 'narrow', body });
}

function erased(site: Site): Html {
  const body = html`<article class="notice"><h1>Erased</h1><p>Nothing that names you is left. The links of your mails no longer work.</p></article>`;
  return renderPage(site, { title: 'Erased', width: 'narrow', body });
}
