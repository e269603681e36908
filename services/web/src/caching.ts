import type { MiddlewareHandler } from 'hono';

/** For pages that are one person's or the operator's: in no cache and no index. */
export const privatePage: MiddlewareHandler = async (c, next) => {
  await next();
  c.res.headers.set('Cache-Control', 'no-store');
  c.res.headers.set('X-Robots-Tag', 'noindex, nofollow');
};

/** For public pages: kept, but asked about each time, which their ETag makes cheap. */
export const revalidated: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-cache');
};
