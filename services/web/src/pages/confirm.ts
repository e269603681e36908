import { PaperboyError, printWeekdays } from '@paperboy/core';
import { confirmTokenHash } from '@paperboy/email';
import { confirmSignUp, findSignUp, type OpenSignUp } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { maskedAddress } from '../reader-link.ts';
import { counted } from '../wording.ts';

/**
 * The link of a confirmation. Reading it changes nothing, as mail scanners follow every link; its button makes the
 * wish true, once, and leads to the reader's own page.
 */
export function confirmPages(
  deps: Pick<WebDeps, 'db' | 'links' | 'topics' | 'log'>,
  site: Site,
): Hono {
  const { db, links, topics, log } = deps;
  const frame: Site = { ...site, hasInbox: false, isOpen: false };
  const routes = new Hono();

  const wishOf = async (token: string): Promise<{ hash: Buffer; open: OpenSignUp }> => {
    const hash = confirmTokenHash(token);
    const open = hash && (await findSignUp(db, hash));
    if (hash && open) return { hash, open };
    throw usedLink();
  };

  routes.get('/confirm/:token', async (c) => {
    const token = c.req.param('token');
    const { open } = await wishOf(token);
    return c.html(question(frame, token, open));
  });

  routes.post('/confirm/:token', async (c) => {
    const { hash, open } = await wishOf(c.req.param('token'));
    const found = await Promise.all(
      open.wish.topics.map(async ({ query, name }) => ({
        ...(await topics.findQuery(query)),
        name,
      })),
    );
    const id = await confirmSignUp(db, hash, found);
    // Somebody else pressed the same button first.
    if (!id) throw usedLink();
    // Not waited for: the reader's page says how it stands.
    topics.matchPast().catch((error: unknown) => log.warn('topics.unmatched', { error }));
    return c.redirect(`${links.preferences(id).pathname}?welcome`, 303);
  });

  return routes;
}

function usedLink(): PaperboyError {
  return new PaperboyError(
    'LINK_INVALID',
    'This link was used already, is older than two days, or is cut short. If you have confirmed, all is well; else sign up once more.',
  );
}

function question(site: Site, token: string, { address, wish }: OpenSignUp): Html {
  const { topics, schedule, maxPapers } = wish;
  const { cadence, weekdays, hour, zone } = schedule;
  const days = cadence === 'weekly' ? printWeekdays(weekdays) : '';
  const when =
    cadence === 'weekly'
      ? html`once a week (${days})`
      : weekdays.length === 7
        ? 'every day'
        : 'from Monday to Friday';
  const body = html`<article class="notice">
<p class="kicker">One button left</p>
<h1>Shall your papers be delivered?</h1>
<p>Digests will go to <strong>${maskedAddress(address)}</strong>, ${when} at ${String(hour).padStart(2, '0')}:00 ${zone}, with ${counted(maxPapers, 'paper')} at most, on ${counted(topics.length, 'topic')}:</p>
<ul class="plain">${topics.map(({ name }) => html`<li>${name}</li>`)}</ul>
<form method="post" action="/confirm/${token}"><button type="submit">Confirm</button></form>
<p class="small quiet">Nothing has changed yet. If it was not you who asked, close this page.</p>
</article>`;
  return renderPage(site, { title: 'Confirm', width: 'narrow', body });
}
