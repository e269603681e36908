import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { operatorGate } from './admin-gate.ts';
import { dated, privatelyKept, privatePage, revalidated } from './caching.ts';
import type { FirstDeps } from './deps.ts';
import { keptPages } from './kept-pages.ts';
import type { Site } from './layout.ts';
import { observe, routeOf } from './observe.ts';
import { answerProblem, NO_PAGE, problemOf } from './problems.ts';
import { securityHeaders } from './security-headers.ts';

/** No form of ours is larger, and one-click posts are a few bytes. */
const MOST_BODY_BYTES = 64 * 1024;
/** The largest batch that a provider of mail posts. */
const MOST_HOOK_BYTES = 2 ** 20;
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

/** What stands around every page: limits, gates, caching, headers, and what is answered when one fails. */
export function framed(deps: FirstDeps): Hono {
  const { settings, log } = deps;
  const site = siteOf(settings);
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

/** What pages show by the settings. */
export function siteOf({ smtpUrl, adminPassword, sending }: FirstDeps['settings']): Site {
  return { hasInbox: smtpUrl === 'inbox', isOpen: adminPassword === '', isSending: sending };
}

function refuseBody(): never {
  throw new HTTPException(413, { message: 'The request is larger than anything asked for here.' });
}
