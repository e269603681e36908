import type { Hono } from 'hono';
import { adminPages } from './admin/routes.ts';
import { api } from './api/serve.ts';
import type { WebDeps } from './deps.ts';
import { firstPages } from './first-pages.ts';
import { framed, siteOf } from './frame.ts';
import { hookRoutes } from './hooks/routes.ts';
import { apiPage } from './pages/api.ts';
import { confirmPages } from './pages/confirm.ts';
import { digestPages } from './pages/digest.ts';
import { erasePages } from './pages/erase.ts';
import { feedPages } from './pages/feeds.ts';
import { inboxPages } from './pages/inbox.ts';
import { paperPages } from './pages/paper.ts';
import { preferencesPages } from './pages/preferences.ts';
import { privateFeedPages } from './pages/private-feed.ts';
import { relatedWordsPages } from './pages/related-words.ts';
import { searchPages } from './pages/search.ts';
import { subscribePages } from './pages/subscribe.ts';
import { topicPages } from './pages/topics.ts';
import { trendPages } from './pages/trends.ts';
import { unsubscribePages } from './pages/unsubscribe.ts';

/** Every page and endpoint, as one fetch handler. Nothing listens yet. */
export function createWeb(deps: WebDeps): Hono {
  const site = siteOf(deps.settings);
  const app = framed(deps);
  app.route('/', firstPages(deps, site));
  app.route('/', paperPages(deps, site));
  app.route('/', topicPages(deps, site));
  app.route('/', trendPages(deps, site));
  app.route('/', searchPages(deps, site));
  app.route('/', feedPages(deps));
  app.route('/', privateFeedPages(deps));
  app.route('/', api(deps));
  app.route('/', apiPage(deps, site));
  app.route('/', subscribePages(deps, site));
  app.route('/', confirmPages(deps, site));
  app.route('/', preferencesPages(deps, site));
  app.route('/', erasePages(deps, site));
  app.route('/', unsubscribePages(deps, site));
  app.route('/', digestPages(deps, site));
  app.route('/', relatedWordsPages(deps, site));
  app.route('/', hookRoutes(deps));
  app.route('/', adminPages(deps, site));
  if (site.hasInbox) app.route('/', inboxPages(deps, site));
  return app;
}
