import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { WebDeps } from './deps.ts';

/** Counts each request under its route: a path would be a series of its own, and may carry a token. */
export function observe({ metrics, log }: Pick<WebDeps, 'metrics' | 'log'>): MiddlewareHandler {
  return async (c, next) => {
    const start = performance.now();
    await next();
    const durationMs = performance.now() - start;
    const { method } = c.req;
    const { status } = c.res;
    const route = routeOf(c);
    metrics.observeRequest(method, route, status, durationMs);
    log.debug('request.answered', { method, route, status, durationMs: Math.round(durationMs) });
  };
}

/** The pattern that answered, such as `/papers/:id`. */
export function routeOf(c: Context): string {
  const route = routePath(c, -1);
  return route === '*' || route === '/*' ? 'unmatched' : route;
}
