import { SUBSCRIBER_STATES } from '@paperboy/core';
import { listSubscribers } from '@paperboy/store';
import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { exportReaders } from './export-readers.ts';
import { adminButton, adminPage, adminTable, changing, mark, mayChange } from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const A_PAGE = 100;

/** Who gets digests: by address, searched, and all of them as a file. */
export function subscriberPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/subscribers', async (c) => {
    const { state: asked, after } = c.req.query();
    const part = (c.req.query('part') ?? '').trim().slice(0, 254);
    const state = SUBSCRIBER_STATES.find((one) => one === asked);
    const wish = { ...(state && { state }), ...(part && { part }), ...(after && { after }) };
    const found = await listSubscribers(db, { ...wish, limit: A_PAGE + 1 });
    const shown = found.slice(0, A_PAGE);
    const rows = shown.map((reader) => [
      html`<a href="/admin/subscribers/${reader.id}">${reader.address}</a>`,
      readerMark(reader),
      `${reader.schedule.cadence}, ${String(reader.schedule.hour).padStart(2, '0')}:00 ${reader.schedule.zone}`,
      reader.topics.map(({ name }) => name).join(', '),
    ]);
    const last = found.length > A_PAGE ? shown.at(-1) : undefined;
    const next = new URLSearchParams({ part, state: state ?? '', after: last?.address ?? '' });
    const none = part === '' && !state ? 'Nobody has subscribed yet.' : 'Nobody is like that.';
    const body = html`<h1>Subscribers</h1>
${filterForm(part, state)}
${adminTable('Subscribers', ['Address', 'State', 'Digest', 'Topics'], rows, none)}
${last ? html`<p class="onward"><a href="/admin/subscribers?${next.toString()}">More</a></p>` : ''}
<div class="admin-presses">${mayChange(c) ? html`<p><a href="/admin/subscribers/import">Import from a file</a></p>` : ''}
${adminButton(c, '/admin/subscribers/export', 'Export all as CSV')}</div>`;
    return c.html(adminPage(c, site, { title: 'Subscribers', place: 'subscribers', body }));
  });

  // A POST, as whoever takes all addresses along is to be written down.
  routes.post('/admin/subscribers/export', async (c) => {
    const { csv, subscribers } = await exportReaders(db);
    await changing({ db }, c, (_, note) => note('export', `${subscribers} subscribers`));
    return c.body(csv, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="subscribers.csv"',
    });
  });

  return routes;
}

function filterForm(part: string, state: string | undefined): Html {
  return html`<form class="admin-filter" action="/admin/subscribers" role="search">
<p><label for="part">Part of the address</label><input id="part" name="part" type="search" value="${part}" autocapitalize="none"></p>
<p><label for="state">State</label><select id="state" name="state"><option value="">any</option>${SUBSCRIBER_STATES.map((one) => html`<option${one === state ? raw(' selected') : ''}>${one}</option>`)}</select></p>
<button>Find</button>
</form>`;
}

/** How a reader stands: why the address is suppressed, unless they left, or else their state. */
export function readerMark({
  state,
  suppressedFor,
}: {
  readonly state: string;
  readonly suppressedFor: string | null;
}): Html {
  if (suppressedFor !== null && suppressedFor !== 'left') return mark(suppressedFor, 'bad');
  return mark(state, state === 'active' ? 'good' : 'plain');
}
