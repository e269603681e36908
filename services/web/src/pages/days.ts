import { type ListedOn, PaperboyError, parseListedOn } from '@paperboy/core';
import { type DaySummary, type Db, listDays } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { monthOf, plainDay } from '../wording.ts';
import { renderDay, renderFront, renderSourceDay } from './day.ts';

/** The newest listing day, every other one, and the list of all. */
export function dayPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono {
  const routes = new Hono();
  routes.get('/', async (c) => {
    const [newest] = await listDays(db, { limit: 1 });
    return c.html(newest ? await renderFront(db, site, newest.day) : emptyPage(site));
  });
  routes.get('/days', async (c) => {
    const before = c.req.query('before');
    return c.html(await daysPage(db, site, before === undefined ? undefined : dayIn(before)));
  });
  routes.get('/days/:day', async (c) => {
    const day = dayIn(c.req.param('day'));
    const source = c.req.query('source');
    if (source === undefined) {
      const { page, status } = await renderDay(db, site, day);
      return c.html(page, status);
    }
    const after = Number(/^\d{1,7}$/.exec(c.req.query('after') ?? '')?.[0] ?? 0);
    return c.html(await renderSourceDay(db, site, day, { source, after }));
  });
  return routes;
}

function dayIn(text: string): ListedOn {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseListedOn(text) : undefined;
  if (day === undefined)
    throw new PaperboyError('NOT_FOUND', 'There is no such day; write it as 2026-03-11.');
  return day;
}

const DAYS_A_PAGE = 90;

async function daysPage(db: Db, site: Site, before: ListedOn | undefined): Promise<Html> {
  const found = await listDays(db, { before, limit: DAYS_A_PAGE + 1 });
  const days = found.slice(0, DAYS_A_PAGE);
  const last = days.at(-1);
  const months = Map.groupBy(days, ({ day }) => monthOf(day));
  const body = html`<h1>Days</h1>
${days.length === 0 ? html`<p class="lead">${before ? 'Nothing was listed before.' : 'No listing page has been read yet.'}</p>` : ''}
${[...months].map(
  ([month, ofMonth]) => html`<section class="month">
<h2>${month}</h2>
<ul class="days">${ofMonth.map(dayEntry)}</ul>
</section>`,
)}
${found.length > days.length && last ? html`<p class="onward"><a href="/days?before=${last.day}">Earlier days</a></p>` : ''}`;
  return renderPage(site, { title: 'Days', place: 'days', width: 'narrow', body });
}

function dayEntry({ day, newPapers, listed }: DaySummary): Html {
  return html`<li><a href="/days/${day}">${plainDay(day)}</a> <span class="quiet">${newPapers} new of ${listed}</span></li>`;
}

function emptyPage(site: Site): Html {
  const body = html`<article class="notice">
<p class="kicker">No edition yet</p>
<h1>No listing page has been read yet</h1>
<p>The first one appears here as soon as a source has been fetched. To read one now:</p>
<pre class="command" tabindex="0"><code>npm run -s paperboy -- source list
npm run -s paperboy -- ingest seeds/listing-pages --source demo-listing</code></pre>
<p>The first command shows which sources are watched and when they are asked next; the second reads the pages that come with Paperboy.</p>
</article>`;
  return renderPage(site, { title: 'Paperboy', place: 'latest', width: 'narrow', body });
}
