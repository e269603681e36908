import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { adminPages } from './admin/routes.ts';
import { operatorGate } from './admin-gate.ts';
import { api } from './api/serve.ts';
import { assets } from './assets.ts';
import { dated, privatelyKept, privatePage, revalidated } from './caching.ts';
import type { WebDeps } from './deps.ts';
import { hookRoutes, MOST_HOOK_BYTES } from './hooks/routes.ts';
import { keptPages } from './kept-pages.ts';
import type { Site } from './layout.ts';
import { observe, routeOf } from './observe.ts';
import { apiPage } from './pages/api.ts';
import { confirmPages } from './pages/confirm.ts';
import { dayPages } from './pages/days.ts';
import { digestPages } from './pages/digest.ts';
import { erasePages } from './pages/erase.ts';
import { feedPages } from './pages/feeds.ts';
import { inboxPages } from './pages/inbox.ts';
import { paperPages } from './pages/paper.ts';
import { preferencesPages } from './pages/preferences.ts';
import { privateFeedPages } from './pages/private-feed.ts';
import { probes } from './pages/probes.ts';
import { relatedWordsPages } from './pages/related-words.ts';
import { searchPages } from './pages/search.ts';
import { subscribePages } from './pages/subscribe.ts';
import { topicPages } from './pages/topics.ts';
import { trendPages } from './pages/trends.ts';
import { unsubscribePages } from './pages/unsubscribe.ts';
import { answerProblem, NO_PAGE, problemOf } from './problems.ts';
import { securityHeaders } from './security-headers.ts';

/** No form of ours is larger, and one-click posts are a few bytes. */
const MOST_BODY_BYTES = 64 * 1024;
/** A list of readers that an admin brings along. */
const MOST_IMPORT_BYTES = 2 * 1024 * 1024;

/** Public pages beside the days and papers. */
const READING_PATHS = [
  ...['/topics', '/topics/*', '/trends', '/search', '/feed.atom', '/feed.json', '/opml'],
  ...['/api', '/api/v1/*', '/openapi.json'],
];
/**
 * Those that many ask for at once, and that are the same for all. Each matches a page once: `/days/*` is `/days` too,
 * and a page that is kept twice would wait for itself.
 */
const KEPT_PATHS = ['/', '/days/*', '/topics/*', '/trends', '/feed.atom', '/feed.json'];
const KEEP_MS = 1_000;
/** One person's pages, and what is true for a moment. */
const PRIVATE = [
  '/subscribe',
  '/subscribe/*',
  '/confirm/*',
  '/preferences/*',
  '/unsubscribe/*',
  '/digests/*',
  '/hooks/*',
  '/livez',
  '/readyz',
];

/** Every page and endpoint, as one fetch handler. Nothing listens yet. */
export function createWeb(deps: WebDeps): Hono {
  const { settings, log } = deps;
  const hasInbox = settings.smtpUrl === 'inbox';
  const isOpen = settings.adminPassword === '';
  const site: Site = { hasInbox, isOpen, isSending: settings.sending };
  const app = new Hono();

  app.use(requestId({ limitLength: 64 }));
  app.use(observe(deps));
  app.use(securityHeaders({ https: settings.publicUrl.startsWith('https:') }));
  const limit = bodyLimit({ maxSize: MOST_BODY_BYTES, onError: refuseBody });
  const hookLimit = bodyLimit({ maxSize: MOST_HOOK_BYTES, onError: refuseBody });
  const importLimit = bodyLimit({ maxSize: MOST_IMPORT_BYTES, onError: refuseBody });
  app.use((c, next) => {
    if (c.req.path === '/admin/subscribers/import') return importLimit(c, next);
    return (c.req.path.startsWith('/hooks/') ? hookLimit : limit)(c, next);
  });

  const gate = operatorGate(deps);
  for (const path of ['/inbox', '/inbox/*', '/metrics']) {
    app.use(path, privatePage, gate);
  }
  for (const path of PRIVATE) app.use(path, privatePage);
  const kept = keptPages(deps.keepPagesMs ?? KEEP_MS);
  for (const path of KEPT_PATHS) app.use(path, kept);
  for (const path of ['/', '/days', '/days/*', '/papers/*', ...READING_PATHS])
    app.use(path, revalidated, dated, compress(), etag());
  app.use('/feeds/*', privatelyKept, compress(), etag());
  app.use('/assets/*', compress());
  app.use('/subscribe', compress());

  app.route('/', dayPages(deps, site));
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
  app.route('/', probes(deps));
  app.route('/', assets());
  app.route('/', adminPages(deps, site));
  if (hasInbox) app.route('/', inboxPages(deps, site));

  app.notFound((c) => answerProblem(c, site, NO_PAGE));
  app.onError((thrown, c) => {
    const problem = problemOf(thrown);
    if (problem.status >= 500) {
      log.error('request.failed', {
        requestId: c.get('requestId'),
        route: routeOf(c),
        error: thrown,
      });
    }
    return answerProblem(c, site, problem);
  });
  return app;
}

function refuseBody(): never {
  throw new HTTPException(413, { message: 'The request is larger than anything asked for here.' });
}
