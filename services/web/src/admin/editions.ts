import { listEditions } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import { adminTable, answerLive, mark } from './shell.ts';
import type { AdminEnv } from './visitor.ts';

type Editions = Awaited<ReturnType<typeof listEditions>>;

/** Every run of digests with how its deliveries went, newest first. */
export function editionPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  routes.get('/admin/editions', async (c) => {
    return answerLive(c, site, {
      ...{ title: 'Editions', place: 'editions' },
      figures: async () => editionTable(await listEditions(db, { limit: 100 })),
      frame: (table) => html`<h1>Editions</h1>
<p class="lead">Each run of digests, newest first, with how its deliveries went.</p>
${table}`,
    });
  });
  return routes;
}

/** Editions as rows; what went wrong with a source is told under its edition. */
export function editionTable(editions: Editions): Html {
  const rows = editions.map(({ id, cadence, windowEnd, state, notes, deliveries }) => [
    html`<a href="/admin/deliveries?edition=${id}">${moment(windowEnd)}</a>`,
    cadence,
    mark(state, state === 'held' ? 'bad' : 'plain'),
    Object.keys(deliveries).length === 0 ? 'none' : html`${outcomes(id, deliveries)}`,
    notes.join('; '),
  ]);
  return adminTable(
    'Editions',
    ['Up to', 'Cadence', 'State', 'Deliveries', 'Told to readers'],
    rows,
    html`No edition was planned yet. The first comes at the hour of the first reader.`,
  );
}

function outcomes(id: string, deliveries: Readonly<Record<string, number>>): Html[] {
  return Object.entries(deliveries).map(
    ([state, count], at) =>
      html`${at === 0 ? '' : ', '}<a href="/admin/deliveries?edition=${id}&amp;state=${state}">${count.toLocaleString('en-GB')} ${state}</a>`,
  );
}
