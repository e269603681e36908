import { Hono } from 'hono';
import { privatePage } from '../caching.ts';
import type { WebDeps } from '../deps.ts';
import type { Site } from '../layout.ts';
import { adminsPages } from './admins.ts';
import { bouncePages } from './bounces.ts';
import { deliveryPages } from './deliveries.ts';
import { deliveryPage } from './delivery.ts';
import { editionPages } from './editions.ts';
import { adminGate } from './gate.ts';
import { invitationPages } from './invitations.ts';
import { jobPages } from './jobs.ts';
import { logPages } from './log.ts';
import { loginPage, loginPages } from './login.ts';
import { overviewPages } from './overview.ts';
import { capturedPages } from './page.ts';
import { queueBoard } from './queue-board.ts';
import { settingsPages } from './settings.ts';
import { sourcePages } from './sources.ts';
import { subscriberPage } from './subscriber.ts';
import { importPages } from './subscriber-import.ts';
import { subscriberPages } from './subscribers.ts';
import { topicVolumePages } from './topics.ts';
import type { AdminEnv } from './visitor.ts';

/** Every page of /admin, all behind one gate. */
export function adminPages(deps: WebDeps, site: Site): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const gate = adminGate(deps, (c) => c.html(loginPage(c, site, { next: pathOf(c.req.url) }), 401));
  for (const path of ['/admin', '/admin/*']) routes.use(path, privatePage, gate);
  routes.route('/', loginPages(deps, site));
  routes.route('/', invitationPages(deps, site));
  routes.route('/', overviewPages(deps, site));
  routes.route('/', editionPages(deps, site));
  routes.route('/', sourcePages(deps, site));
  routes.route('/', capturedPages(deps, site));
  routes.route('/', deliveryPages(deps, site));
  routes.route('/', deliveryPage(deps, site));
  routes.route('/', subscriberPages(deps, site));
  routes.route('/', importPages(deps, site));
  routes.route('/', subscriberPage(deps, site));
  routes.route('/', bouncePages(deps, site));
  routes.route('/', topicVolumePages(deps, site));
  routes.route('/', settingsPages(deps, site));
  routes.route('/', jobPages(deps, site));
  routes.route('/', adminsPages(deps, site));
  routes.route('/', logPages(deps, site));
  routes.route('/', queueBoard(deps));
  return routes;
}

const pathOf = (url: string) => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};
