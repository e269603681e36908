import type { SubscriberId } from '@paperboy/core';
import {
  changeWishes,
  type Db,
  inTransaction,
  isSuppressed,
  leave,
  pauseReader,
  rejoin,
  type Subscriber,
} from '@paperboy/store';
import { type Context, Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { badLink, loadReader, maskedAddress } from '../reader-link.ts';
import { moment } from '../wording.ts';

const DAY_MS = 24 * 3600_000;
const UNDO_MS = DAY_MS;

/** What who has left may take in place of it: less mail. Each is offered where it would be less than before. */
const INSTEAD = {
  weekly: {
    label: 'Once a week',
    told: (to: Html) => html`From now on a digest goes to ${to} once a week, on Fridays.`,
    isLess: ({ schedule }: Subscriber) => schedule.cadence !== 'weekly',
  },
  fewer: {
    label: 'Five papers at most',
    told: (to: Html) => html`From now on a digest to ${to} has five papers at most.`,
    isLess: ({ maxPapers }: Subscriber) => maxPapers > 5,
  },
  pause: {
    label: 'A pause of 30 days',
    told: (to: Html) => html`Nothing goes to ${to} for 30 days; then your digests go on.`,
    isLess: () => true,
  },
} as const;
type Instead = keyof typeof INSTEAD;
const INSTEADS: readonly Instead[] = ['weekly', 'fewer', 'pause'];

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
    const token = c.req.param('token');
    const id = subscriberIn(links, token);
    const fields = await c.req.parseBody().catch(() => undefined);
    const instead = INSTEADS.find((one) => one === fields?.instead);
    await inTransaction(db, async (tx) => {
      const isBack = await rejoin(tx, id, { by: 'page', ...(instead && { instead }) });
      if (isBack && instead) await takeInstead(tx, id, instead, now());
    });
    const subscriber = await loadReader(db, id);
    if (subscriber.state === 'left') return c.html(tooLate(site, c.get('requestId')), 409);
    const isHeld = await isSuppressed(db, links.addressHash(subscriber.address));
    if (isHeld) return c.html(stillHeld(site, subscriber));
    return c.html(welcomeBack(site, subscriber, instead));
  });

  return routes;
}

function subscriberIn(links: WebDeps['links'], token: string): SubscriberId {
  const read = links.readToken('unsubscribe', token);
  if (read) return read.id;
  throw badLink();
}

async function takeInstead(db: Db, id: SubscriberId, instead: Instead, now: Date): Promise<void> {
  if (instead === 'pause') {
    await pauseReader(db, id, new Date(now.getTime() + 30 * DAY_MS));
    return;
  }
  const reader = await loadReader(db, id);
  await changeWishes(db, id, {
    ...reader,
    ...(instead === 'weekly'
      ? { schedule: { ...reader.schedule, cadence: 'weekly', weekdays: [5] } }
      : { maxPapers: Math.min(5, reader.maxPapers) }),
  });
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

function goodbye(site: Site, reader: Subscriber, token: string, now: Date): Html {
  const { address, leftAt } = reader;
  const until = new Date((leftAt?.getTime() ?? 0) + UNDO_MS);
  const canUndo = until.getTime() > now.getTime();
  return answerPage(
    site,
    'You have left',
    html`<p>No more digests will be sent to <strong>${maskedAddress(address)}</strong>. Thank you for reading.</p>
${
  canUndo
    ? html`<form method="post" action="/unsubscribe/${token}/undo"><p>Was it a slip, or did somebody else press the button in a mail you had passed on?</p><button class="second" type="submit">Undo and keep my digests</button>
<p>Or was it only too much? Then take less of it:</p>
<p class="feedback">${INSTEADS.filter((one) => INSTEAD[one].isLess(reader)).map((one) => html`<button class="second" type="submit" name="instead" value="${one}">${INSTEAD[one].label}</button> `)}</p></form>
<p class="small quiet">All of this works until ${moment(until)}.</p>`
    : ''
}`,
  );
}

function welcomeBack(site: Site, { address }: Subscriber, instead: Instead | undefined): Html {
  const to = html`<strong>${maskedAddress(address)}</strong>`;
  const told = instead
    ? INSTEAD[instead].told(to)
    : html`Digests go to ${to} as before; nothing was lost.`;
  return answerPage(
    site,
    'Welcome back',
    html`<p>${told}</p>
<p class="small quiet">More can be changed by the link “Preferences and pause” of any digest.</p>`,
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

function tooLate(site: Site, requestId: string): Html {
  return answerPage(
    site,
    'Too late to undo',
    html`<p>Leaving can be taken back for a day. After that a new sign-up is needed, so that nobody is mailed who does not want it.</p>
<p><a href="/subscribe">To the sign-up</a></p>`,
    requestId,
  );
}

function answerPage(site: Site, title: string, content: Html, requestId?: string): Html {
  const body = html`<article class="notice"><h1>${title}</h1>
${content}
</article>`;
  const frame: Site = { ...site, hasInbox: false, isOpen: false };
  return renderPage(frame, { title, width: 'narrow', requestId, body });
}
