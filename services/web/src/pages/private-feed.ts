import { countInBucket, feedOfReader, papersOfReader } from '@paperboy/store';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { WebDeps } from '../deps.ts';
import { printAtom } from '../feeds/atom.ts';
import { feedOf } from '../feeds/feed.ts';
import { printJsonFeed } from '../feeds/json-feed.ts';
import { type Html, html } from '../html.ts';
import { badLink } from '../reader-link.ts';
import { RequestError } from '../request-error.ts';

const FEED_PAPERS = 100;
/** More often than any feed reader asks; who shares the link shares the count. */
const MOST_IN_AN_HOUR = 60;
const HOUR_MS = 3600_000;
const FORMS = {
  atom: { print: printAtom, type: 'application/atom+xml; charset=utf-8' },
  json: { print: printJsonFeed, type: 'application/feed+json; charset=utf-8' },
} as const;

/**
 * The papers of a reader's own topics as a feed, for whoever has its signed link. The link reads this and changes
 * nothing, and the feed names neither the reader nor itself: what a feed reader passes on leads nobody back to it.
 */
export function privateFeedPages({
  db,
  links,
  settings,
}: Pick<WebDeps, 'db' | 'links' | 'settings'>): Hono {
  const routes = new Hono();
  routes.get('/feeds/:file', async (c) => {
    const [token = '', form, ...more] = c.req.param('file').split('.');
    const read = more.length === 0 && isForm(form) ? links.readFeedToken(token) : undefined;
    if (!read || !isForm(form)) throw badLink();
    const limit = { bucket: `feed ${read.id}`, most: MOST_IN_AN_HOUR, windowMs: HOUR_MS };
    const turn = await countInBucket(db, limit);
    if (!turn.isWithin) {
      throw new RequestError('TOO_MANY_REQUESTS', 'This feed was asked for too often lately.', {
        retryAfterS: Math.max(1, Math.ceil(turn.endsInMs / 1_000)),
      });
    }
    const feed = await feedOfReader(db, read.id);
    if (feed?.no !== read.no) {
      // Feed readers that are told so stop asking.
      const message =
        'This feed was ended, or has another address now: see the page of your digests.';
      throw new HTTPException(410, { message });
    }
    const papers = await papersOfReader(db, read.id, { limit: FEED_PAPERS });
    const { print, type } = FORMS[form];
    const content = feedOf(papers, {
      ...{ publicUrl: settings.publicUrl, name: `readers/${read.id}`, home: '/' },
      title: 'Paperboy: your topics',
      about: 'Papers that your topics found, newest first.',
      since: feed.since,
    });
    // No date: a paper goes when a topic is dropped, and then nothing in the list is newer than before.
    return c.body(print(content), 200, { 'Content-Type': type });
  });
  return routes;
}

function isForm(text: string | undefined): text is keyof typeof FORMS {
  return text !== undefined && Object.hasOwn(FORMS, text);
}

/** On the page of a reader's digests: the links of the feed, or how to have one. `address` is without its ending. */
export function feedSection(action: string, address: string | undefined): Html {
  const press = (what: string, label: string) =>
    html`<button class="second" type="submit" name="do" value="${what}">${label}</button>`;
  return html`<section><h2>Your feed</h2>
${
  address === undefined
    ? html`<p>The papers of your topics for a feed reader, also those that a digest has no room for.</p>
<form method="post" action="${action}">${press('feed', 'Make a feed')}</form>`
    : html`<ul class="plain"><li><a href="${address}.atom" rel="nofollow">Atom</a></li><li><a href="${address}.json" rel="nofollow">JSON Feed</a></li></ul>
<p class="hint">Whoever has its address reads along, and can do nothing else. If it got about, a new address ends this one at once.</p>
<form method="post" action="${action}">${press('feed', 'Make a new address')} ${press('no-feed', 'End the feed')}</form>`
}
</section>`;
}
