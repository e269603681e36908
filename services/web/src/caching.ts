import type { MiddlewareHandler } from 'hono';

/** For pages that are one person's or the operator's: in no cache and no index. */
export const privatePage: MiddlewareHandler = async (c, next) => {
  await next();
  c.res.headers.set('Cache-Control', 'no-store');
  c.res.headers.set('X-Robots-Tag', 'noindex, nofollow');
};

/** For what one person's program asks for again and again: kept by it alone, and asked about each time. */
export const privatelyKept: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-cache');
  headers.set('X-Robots-Tag', 'noindex, nofollow');
};

/** For public pages: kept, but asked about each time, which their ETag makes cheap. */
export const revalidated: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-cache');
};

/**
 * Answers 304 to who has seen an answer's `Last-Modified` and asks by date alone: an ETag, where one is sent, counts
 * for more (RFC 9110, 13.1.3). Stands before `etag`, whose tag the answer keeps.
 */
export const dated: MiddlewareHandler = async (c, next) => {
  await next();
  const changed = c.res.headers.get('Last-Modified');
  const since = c.req.header('If-Modified-Since');
  if (changed === null || since === undefined || c.res.status !== 200) return;
  if (c.req.header('If-None-Match') !== undefined) return;
  // What is no date compares as false.
  if (Date.parse(changed) <= Date.parse(since)) {
    const { headers } = c.res;
    for (const name of ['Content-Type', 'Content-Length', 'Content-Encoding']) headers.delete(name);
    c.res = new Response(null, { status: 304, headers });
  }
};
