import type { Context, MiddlewareHandler } from 'hono';

/** A page as it was sent: its bytes, compressed where that was asked for. */
interface Kept {
  readonly at: number;
  readonly body: ArrayBuffer;
  /** All but the request's id. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Place {
  kept?: Kept;
  /** Somebody is making it right now. */
  making?: Promise<Kept | undefined>;
}

/** Pages kept at once; each is some 60 kB. The one that was asked for longest ago goes first. */
const MOST_PLACES = 64;
/** Longer addresses are nobody's but a machine's. */
const LONGEST_KEY = 200;

/**
 * Keeps whole answers for a moment, so that a page that many ask for at once is made once and not for each: nobody gets
 * one older than `keepMs`. From half of that age on the next reader has it made anew, and those who come meanwhile get
 * the one that is kept. Only for pages that are the same for all: whoever sends a cookie or credentials is not served
 * from here. Stands before what compresses and tags. Nothing is kept where `keepMs` is 0.
 */
export function keptPages(keepMs: number): MiddlewareHandler {
  if (keepMs === 0) return (_, next) => next();
  const places = new Map<string, Place>();

  function placeOf(key: string): Place {
    const place = places.get(key) ?? {};
    places.delete(key);
    places.set(key, place);
    const [oldest] = places.keys();
    if (places.size > MOST_PLACES && oldest !== undefined) places.delete(oldest);
    return place;
  }

  return async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    const key = `${pathname}${search} ${c.req.header('Accept-Encoding') ?? ''}`;
    const isOwn = ['Cookie', 'Authorization'].some((name) => c.req.header(name) !== undefined);
    if (c.req.method !== 'GET' || isOwn || key.length > LONGEST_KEY) return next();

    const place = placeOf(key);
    const age = performance.now() - (place.kept?.at ?? Number.NEGATIVE_INFINITY);
    const canServe = age < keepMs / 2 || (age < keepMs && place.making !== undefined);
    // Without a wait where nobody makes it: of several at once only one is to begin.
    const served = canServe ? place.kept : place.making && (await place.making);
    if (served) return answer(c, served);

    const making = Promise.withResolvers<Kept | undefined>();
    place.making = making.promise;
    try {
      const at = performance.now();
      await next();
      if (c.res.status === 200) {
        const body = await c.res.arrayBuffer();
        const { 'x-request-id': _, ...headers } = Object.fromEntries(c.res.headers);
        place.kept = { at, body, headers };
        c.res = new Response(body, c.res);
        making.resolve(place.kept);
      }
    } finally {
      // Of no use to others: a redirect, "not modified", a fault.
      making.resolve(undefined);
      delete place.making;
    }
  };
}

/** RFC 9110, 13.1.2: weak comparison, as of what is compressed. */
function answer(c: Context, { body, headers }: Kept): Response {
  const plain = (tag: string | undefined) => tag?.trim().replace(/^W\//, '');
  const known = c.req.header('If-None-Match')?.split(',').map(plain) ?? [];
  if (!known.includes(plain(headers.etag)) && !known.includes('*'))
    return c.body(body, 200, headers);
  const {
    'content-type': _,
    'content-encoding': __,
    'content-length': ___,
    ...unchanged
  } = headers;
  return c.body(null, 304, unchanged);
}
