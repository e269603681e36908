import { audited } from '@paperboy/store';
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { admit } from './admission.ts';
import { openApiDocument } from './openapi.ts';
import { isOpenToOrigins } from './origins.ts';
import { pageRoutes } from './pages.ts';
import { paperRoutes } from './papers.ts';
import { readRequest } from './read-request.ts';
import type { Answer, ApiDeps, ApiRoute, Asked } from './route.ts';
import { searchRoutes } from './search.ts';
import { sourceRoutes } from './sources.ts';
import { tokenRoutes } from './tokens.ts';
import { topicRoutes } from './topics.ts';

export const API_ROUTES: readonly ApiRoute[] = [
  ...paperRoutes,
  ...pageRoutes,
  ...topicRoutes,
  ...searchRoutes,
  ...sourceRoutes,
  ...tokenRoutes,
];

/** Below the site's root. */
export const API_BASE = '/api/v1';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The API and the document that tells of it. Problems are thrown, for the app to answer. */
export function api(deps: ApiDeps): Hono {
  const routes = new Hono();
  const isOpen = isOpenToOrigins(deps.settings.publicUrl);
  let document: string | undefined;
  for (const path of ['/openapi.json', `${API_BASE}/openapi.json`]) {
    routes.get(path, (c) => {
      if (isOpen) openTo(c);
      // Made for whoever asks first: it takes longer than all else that is made at a start.
      document ??= JSON.stringify(openApiDocument(API_ROUTES, deps.settings.publicUrl));
      return c.body(document, 200, { 'Content-Type': 'application/json' });
    });
  }
  for (const [path, there] of Map.groupBy(API_ROUTES, (one) => one.path)) {
    const at = API_BASE + path.replaceAll(/\{(\w+)\}/g, ':$1');
    const allowed = allowedOf(there);
    const isForOrigins = isOpen && there.some(({ access }) => access === 'everybody');
    routes.options(at, (c) => {
      if (isForOrigins) openTo(c);
      return c.body(null, 204, { Allow: allowed });
    });
    for (const method of METHODS) {
      const one = there.find((served) => served.method === method);
      routes.on(method.toUpperCase(), at, one ? answering(deps, one, isOpen) : refusing(allowed));
    }
  }
  return routes;
}

function allowedOf(routes: readonly ApiRoute[]): string {
  const methods = routes.map(({ method }) => method.toUpperCase());
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

const refusing = (allowed: string) => (c: Context) => {
  c.header('Allow', allowed);
  throw new HTTPException(405, { message: `This address takes ${allowed}.` });
};

function answering(deps: ApiDeps, one: ApiRoute, isOpen: boolean) {
  return async (c: Context) => {
    if (one.access !== 'everybody') c.header('Cache-Control', 'private, no-store');
    else if (isOpen) openTo(c);
    const { token } = await admit(deps, c, one);
    const asked = await readRequest(c, one);
    const { value, location, wake } = await done(deps, c, one, { ...asked, token });
    await wake?.().catch((error: unknown) => deps.log.warn('api.unwoken', { id: one.id, error }));
    const shaped = one.answer.parse(value);
    if (location !== undefined)
      c.header(one.status === 201 ? 'Location' : 'Content-Location', `${API_BASE}${location}`);
    linkNext(c, shaped);
    return c.json(shaped, one.status);
  };
}

/** What a route answers; one that writes makes its change and the note of it in one transaction. */
function done(
  deps: ApiDeps,
  c: Context,
  one: ApiRoute,
  asked: Asked<unknown, unknown, unknown>,
): Promise<Answer<unknown>> {
  if (one.access !== 'write') return one.handle(deps, asked);
  return audited(deps.db, `token ${asked.token?.name}`, async (tx, note) => {
    const answer = await one.handle({ ...deps, db: tx }, asked);
    const became = asked.body === undefined ? undefined : JSON.stringify(asked.body);
    await note(one.id, c.req.path.slice(API_BASE.length), { became });
    return answer;
  });
}

/** Pages of other sites may read this answer, and ask whether it changed; they may not send a token. */
function openTo(c: Context): void {
  c.header('Access-Control-Allow-Origin', '*');
  c.header('Access-Control-Allow-Headers', 'If-None-Match');
  c.header('Access-Control-Expose-Headers', 'ETag, Link, Content-Location, RateLimit, Retry-After');
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** RFC 8288: the address of what follows, for those who walk without reading. */
function linkNext(c: Context, shaped: unknown): void {
  if (typeof shaped !== 'object' || shaped === null || !('next' in shaped)) return;
  if (typeof shaped.next !== 'string') return;
  const query = new URLSearchParams(new URL(c.req.url).search);
  query.set('cursor', shaped.next);
  c.header('Link', `<${c.req.path}?${query}>; rel="next"`);
}
