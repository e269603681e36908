import { eraseReader, type Subscriber } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { loadReader, maskedAddress } from '../reader-link.ts';

/** Where a reader has everything about them erased, by the signed link of a mail. Reading it changes nothing. */
export function erasePages({ db, links }: Pick<WebDeps, 'db' | 'links'>, site: Site): Hono {
  const frame: Site = { ...site, hasInbox: false, isOpen: false };
  const routes = new Hono();
  const readerOf = (token: string) => loadReader(db, links.readToken('preferences', token)?.id);

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
