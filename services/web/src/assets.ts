import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';

/** The files of styles/ in the order they are joined in: of two rules that weigh the same, the later one holds. */
const SHEETS = [
  ...['tokens', 'base', 'frame', 'type', 'day', 'tables', 'paper', 'forms', 'digest'],
  ...['subscribe', 'topics', 'charts', 'search', 'inbox', 'reference', 'admin', 'print'],
];

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const STYLE = SHEETS.map((sheet) => read(`styles/${sheet}.css`)).join('');
const FAVICON = read('favicon.svg');
const SCRIPT = read('comfort.js');
const LIVE = read('admin/live.js');
const versionOf = (text: string) =>
  createHash('sha256').update(text).digest('base64url').slice(0, 12);
const VERSION = versionOf(STYLE);
const SCRIPT_VERSION = versionOf(SCRIPT);
const LIVE_VERSION = versionOf(LIVE);

/** The stylesheet under the version of its content, so that browsers keep it until it changes. */
export const styleUrl = `/assets/paperboy.css?v=${VERSION}`;

/** The script of the forms about digests, likewise. */
export const script = `/assets/comfort.js?v=${SCRIPT_VERSION}`;

/** The script that keeps the operator's figures up to date, likewise. */
export const liveScript = `/assets/live.js?v=${LIVE_VERSION}`;

const FOR_EVER = 'public, max-age=31536000, immutable';

/** The stylesheet, the icon and the one script; there is nothing else to load. */
export function assets(): Hono {
  const routes = new Hono();
  routes.get('/assets/paperboy.css', (c) => {
    // An older page may ask for another version: it gets today's, and asks again next time.
    const cache = c.req.query('v') === VERSION ? FOR_EVER : 'no-cache';
    return c.body(STYLE, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': cache,
    });
  });
  routes.get('/assets/comfort.js', (c) => {
    const cache = c.req.query('v') === SCRIPT_VERSION ? FOR_EVER : 'no-cache';
    return c.body(SCRIPT, 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': cache,
    });
  });
  routes.get('/assets/live.js', (c) => {
    const cache = c.req.query('v') === LIVE_VERSION ? FOR_EVER : 'no-cache';
    return c.body(LIVE, 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': cache,
    });
  });
  routes.get('/favicon.svg', (c) =>
    c.body(FAVICON, 200, {
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'public, max-age=86400',
    }),
  );
  return routes;
}
