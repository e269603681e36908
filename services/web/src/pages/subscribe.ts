import { PaperboyError } from '@paperboy/core';
import { parseAddress } from '@paperboy/email';
import { askToConfirm, type PublicTopic, publicTopics, takeFromBucket } from '@paperboy/store';
import { QUERY_MAX_CHARACTERS, titleOfQuery } from '@paperboy/topics';
import { type Context, Hono } from 'hono';
import { networkOf } from '../asker.ts';
import { script } from '../assets.ts';
import type { WebDeps } from '../deps.ts';
import { html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { mistakesIn } from '../query-mistakes.ts';
import {
  addressProblem,
  type DigestFields,
  type FieldProblems,
  NO_FIELDS,
  readFields,
  timesOf,
} from '../sign-up-fields.ts';
import { NO_PREVIEWS, previewList, previewsOf } from './previews.ts';
import { subscribeForm } from './subscribe-form.ts';

/** Changes when the words that people agree to do. */
const FORM_VERSION = '2026-11';
/** Nobody fills the form in faster. */
const LEAST_FILLING_MS = 1_500;
const HOUR_MS = 3600_000;
/** Sign-ups of one network, and of everybody, in an hour. */
const NETWORK_LIMIT = 20;
const TOTAL_LIMIT = 500;

type SubscribeDeps = Pick<WebDeps, 'db' | 'links' | 'queues' | 'topics' | 'log' | 'now'>;

/**
 * Signing up. A post answers the same whoever the address belongs to, and stores a wish that only the link of a mail
 * makes true. It works without script; with it, previews come while one types.
 */
export function subscribePages(deps: SubscribeDeps, site: Site): Hono {
  const { now = () => new Date() } = deps;
  const routes = new Hono();

  const answer = async (
    c: Context,
    fields: DigestFields,
    problems: FieldProblems = {},
    previews = NO_PREVIEWS,
  ) => {
    const form = { fields, problems, previews, openedAt: now().getTime() };
    const isWrong = Object.keys(problems).length > 0;
    const body = subscribeForm({ ...form, catalogue: await publicTopics(deps.db) });
    const page = renderPage(site, {
      title: 'Subscribe',
      place: 'subscribe',
      width: 'narrow',
      script,
      ...(isWrong && { requestId: c.get('requestId') }),
      body,
    });
    return c.html(page, isWrong ? 422 : 200);
  };

  const tried = async (c: Context, fields: DigestFields) => {
    const catalogue = await publicTopics(deps.db);
    const chosen = catalogue.filter(({ slug }) => fields.chosen.includes(slug));
    const times = timesOf(fields);
    return previewsOf(deps, c, {
      queries: fields.queries,
      topics: chosen.map(({ id }) => id),
      ...('schedule' in times && { times }),
    });
  };

  routes.get('/subscribe', (c) => {
    const chosen = c.req.queries('topic')?.slice(0, 10) ?? [];
    const queries =
      c.req.queries('query')?.map((query) => query.slice(0, QUERY_MAX_CHARACTERS)) ?? [];
    return answer(c, { ...NO_FIELDS, chosen, queries: queries.slice(0, 3) });
  });

  routes.post('/subscribe', async (c) => {
    const form = await formOf(c);
    const fields = readFields(form);
    // Who presses Enter before giving an address wants to see what the words bring.
    if (form.get('do') === 'preview' || (form.get('do') === 'enter' && fields.address === '')) {
      return answer(c, fields, {}, await tried(c, fields));
    }
    const times = timesOf(fields);
    const catalogue = await publicTopics(deps.db);
    const problems = {
      ...problemsOf(catalogue, fields),
      ...('problems' in times && times.problems),
    };
    if ('problems' in times || Object.keys(problems).length > 0) return answer(c, fields, problems);
    if (isByMachine(form, now())) return c.html(checkMail(site));
    const network = networkOf(c);
    await takeTurn(deps, { bucket: `sign-up ${network}`, most: NETWORK_LIMIT });
    await takeTurn(deps, { bucket: 'sign-up', most: TOTAL_LIMIT });
    const topics = topicsOf(catalogue, fields);
    const mailbox = parseAddress(fields.address);
    if ('problem' in mailbox) throw new PaperboyError('ADDRESS_INVALID', mailbox.problem);
    await askToConfirm(deps.db, {
      ...mailbox,
      addressHash: deps.links.addressHash(mailbox.address),
      wish: { topics, ...times },
      consent: { form: FORM_VERSION, network, askedAt: now().toISOString() },
    });
    // Only wakes: what the queue loses is found in the rows.
    await deps.queues
      .add('send-confirmations', {}, { jobKey: 'confirmations' })
      .catch((error: unknown) => deps.log.warn('sign-up.unqueued', { error }));
    return c.html(checkMail(site));
  });

  routes.post('/subscribe/preview', async (c) => {
    return c.html(previewList(await tried(c, readFields(await formOf(c)))));
  });

  return routes;
}

/** A body that is no form is an empty one. */
async function formOf(c: Context): Promise<FormData> {
  return c.req.formData().catch(() => new FormData());
}

function problemsOf(catalogue: readonly PublicTopic[], fields: DigestFields): FieldProblems {
  const address = addressProblem(fields.address);
  const queries = mistakesIn(fields.queries);
  const unknown = fields.chosen.find((slug) => !catalogue.some((topic) => topic.slug === slug));
  const none = fields.chosen.length + fields.queries.length === 0;
  const chosen = none
    ? 'Choose a topic, or write a query below.'
    : unknown && `There is no topic “${unknown}” any more.`;
  return {
    ...(address !== undefined && { address }),
    ...(queries !== undefined && { queries }),
    ...(chosen !== undefined && { chosen }),
  };
}

/** What is kept of a topic until it is confirmed: no topic is made for a wish that nobody stands behind. */
function topicsOf(catalogue: readonly PublicTopic[], { chosen, queries }: DigestFields) {
  return [
    ...catalogue
      .filter(({ slug }) => chosen.includes(slug))
      .map(({ query, name }) => ({ query, name })),
    ...queries.map((query) => ({ query, name: titleOfQuery(query) })),
  ];
}

/** A field that people do not see was filled in, or the form was sent as soon as it was there. */
function isByMachine(form: FormData, now: Date): boolean {
  const opened = Number(form.get('opened'));
  const isFast = Number.isFinite(opened) && opened > 0 && now.getTime() - opened < LEAST_FILLING_MS;
  return Boolean(form.get('website')) || isFast;
}

async function takeTurn(
  { db }: SubscribeDeps,
  { bucket, most }: { readonly bucket: string; readonly most: number },
): Promise<void> {
  if (await takeFromBucket(db, { bucket, most, windowMs: HOUR_MS })) return;
  throw new PaperboyError(
    'TOO_MANY_REQUESTS',
    'Too much was asked for from here lately. Try again in an hour.',
  );
}

function checkMail(site: Site) {
  const body = html`<article class="notice">
<p class="kicker">Nearly there</p>
<h1>Look into your mail</h1>
<p>If the address can be mailed, a link is on its way to it. Open it within two days and press its button: that is all.</p>
<p class="small quiet">Nothing came? Look where unwanted mail goes. The same address is asked once a day at most, three times in all.</p>
<p><a href="/">To the latest listing</a></p>
</article>`;
  return renderPage(site, { title: 'Look into your mail', width: 'narrow', body });
}
