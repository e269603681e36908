import { topicVolumes } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { html } from '../html.ts';
import type { Site } from '../layout.ts';
import { adminPage, adminTable } from './shell.ts';
import type { AdminEnv } from './visitor.ts';

/** What readers follow, and how much of it comes. */
export function topicVolumePages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  routes.get('/admin/topics', async (c) => {
    const topics = await topicVolumes(db, { limit: 200 });
    const rows = topics.map(({ slug, name, query, followers, papers }) => [
      slug === null ? name : html`<a href="/topics/${slug}">${name}</a>`,
      followers.toLocaleString('en-GB'),
      papers.toLocaleString('en-GB'),
      html`<code>${query.slice(0, 300)}</code>`,
    ]);
    const body = html`<h1>Topics</h1>
<p class="lead">By how many readers follow them; papers of the last 28 days, in the loosest strictness.</p>
${adminTable('Topics', ['Topic', 'Readers', 'Papers', 'Query'], rows, 'No topic yet.')}`;
    return c.html(adminPage(c, site, { title: 'Topics', place: 'topics', body }));
  });
  return routes;
}
