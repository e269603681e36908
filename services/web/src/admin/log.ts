import { listAudit } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { html } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import { adminPage, adminTable } from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const A_PAGE = 100;

/** Who changed what, newest first. */
export function logPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  routes.get('/admin/log', async (c) => {
    const { before } = c.req.query();
    const from = before !== undefined && /^[1-9]\d{0,17}$/.test(before) ? before : undefined;
    const found = await listAudit(db, { before: from, limit: A_PAGE + 1 });
    const shown = found.slice(0, A_PAGE);
    const rows = shown.map(({ happenedAt, actor, action, object, was, became }) => [
      moment(happenedAt),
      actor,
      action,
      object,
      [was, became].filter((text) => text !== null).join(' → '),
    ]);
    const older = found.length > A_PAGE ? shown.at(-1) : undefined;
    const body = html`<h1>Log</h1>
<p class="lead">What people changed, by these pages and by the command.</p>
${adminTable('Changes', ['When', 'Who', 'Did', 'To', 'Change'], rows, 'Nobody has changed anything yet.')}
${older ? html`<p class="onward"><a href="/admin/log?before=${older.id}">Older changes</a></p>` : ''}`;
    return c.html(adminPage(c, site, { title: 'Log', place: 'log', body }));
  });
  return routes;
}
