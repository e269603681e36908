import type { SubscriberId } from '@paperboy/core';
import { isSuppressed, leave, rejoin, type Subscriber } from '@paperboy/store';
import { type Context, Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { badLink, loadReader, maskedAddress } from '../reader-link.ts';
import { moment } from '../wording.ts';

const UNDO_MS = 24 * 3600_000;

/**
 * Leaving by the link of a mail. Reading the page changes nothing, as mail scanners follow every link; a POST
 * acts at once, whether it comes from the page's button or from a mail client (RFC 8058). The token alone
 * decides: no cookie, no Origin, and nothing in the body is needed.
 */
export function unsubscribePages(deps: Pick<WebDeps, 'db' | 'links' | 'now'>, site: Site): Hono {
  const { db, links, now = () => new Date() } = deps;
  const routes = new Hono();

  routes.get('/unsubscribe/:token', async (c) => {
    const token = c.req.param('token');
    const subscriber = await loadReader(db, subscriberIn(links, token));
    const hasLeft = subscriber.state === 'left';
    return c.html(
      hasLeft ? goodbye(site, subscriber, token, now()) : question(site, subscriber, token),
    );
  });

  routes.post('/unsubscribe/:token', async (c) => {
    const token = c.req.param('token');
    const id = subscriberIn(links, token);
    await leave(db, id, { by: (await isOneClick(c)) ? 'one-click' : 'page' });
    return c.html(goodbye(site, await loadReader(db, id), token, now()));
  });

  // Somebody reloads the page that undoing showed.
  routes.get('/unsubscribe/:token/undo', (c) =>
    c.redirect(`/unsubscribe/${encodeURIComponent(c.req.param('token'))}`),
  );

  routes.post('/unsubscribe/:token/undo', async (c) => {
    const id = subscriberIn(links, c.req.param('token'));
    await rejoin(db, id, { by: 'page' });
    const subscriber = await loadReader(db, id);
    if (subscriber.state === 'left') return c.html(tooLate(site), 409);
    const isHeld = await isSuppressed(db, links.addressHash(subscriber.address));
    return c.html(isHeld ? stillHeld(site, subscriber) : welcomeBack(site, subscriber));
  });

  return routes;
}

function subscriberIn(links: WebDeps['links'], token: string): SubscriberId {
  const read = links.readToken('unsubscribe', token);
  if (read) return read.id;
  throw badLink();
}

/** A body that cannot be read is no reason to keep mailing somebody. */
async function isOneClick(c: Context): Promise<boolean> {
  const fields = await c.req.parseBody().catch(() => undefined);
  return fields?.['List-Unsubscribe'] === 'One-Click';
}

function question(site: Site, { address }: Subscriber, token: string): Html {
  return answerPage(
    site,
    'Leave Paperboy?',
    html`<p>No more digests will be sent to <strong>${maskedAddress(address)}</strong>.</p>
<form method="post" action="/unsubscribe/${token}"><button type="submit">Unsubscribe</button></form>
<p class="small quiet">Nothing has changed yet.</p>`,
  );
}

function goodbye(site: Site, { address, leftAt }: Subscriber, token: string, now: Date): Html {
  const until = new Date((leftAt?.getTime() ?? 0) + UNDO_MS);
  const canUndo = until.getTime() > now.getTime();
  return answerPage(
    site,
    'You have left',
    html`<p>No more digests will be sent to <strong>${maskedAddress(address)}</strong>. Thank you for reading.</p>
${
  canUndo
    ? html`<form method="post" action="/unsubscribe/${token}/undo"><p>Was it a slip, or did somebody else press the button in a mail you had passed on?</p><button class="second" type="submit">Undo and keep my digests</button></form>
<p class="small quiet">Until ${moment(until)}.</p>`
    : ''
}`,
  );
}

function welcomeBack(site: Site, { address }: Subscriber): Html {
  return answerPage(
    site,
    'Welcome back',
    html`<p>Digests go to <strong>${maskedAddress(address)}</strong> as before; nothing was lost.</p>`,
  );
}

/** Leaving is undone, but a complaint or a bounce stands, and no reader can lift that. */
function stillHeld(site: Site, { address }: Subscriber): Html {
  return answerPage(
    site,
    'Kept, but not mailed',
    html`<p>Your topics and times are as before. Yet nothing is sent to <strong>${maskedAddress(address)}</strong>: a mail to it came back, or was reported as unwanted. Only who runs this Paperboy can lift that.</p>`,
  );
}

function tooLate(site: Site): Html {
  return answerPage(
    site,
    'Too late to undo',
    html`<p>Leaving can be taken back for a day. After that a new sign-up is needed, so that nobody is mailed who does not want it.</p>`,
  );
}

function answerPage(site: Site, title: string, content: Html): Html {
  const body = html`<article class="notice"><h1>${title}</h1>
${content}
</article>`;
  return renderPage({ ...site, hasInbox: false, isOpen: false }, { title, width: 'narrow', body });
}
