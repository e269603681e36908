import { Hono } from 'hono';
import { assets } from './assets.ts';
import type { FirstDeps } from './deps.ts';
import type { Site } from './layout.ts';
import { dayPages } from './pages/days.ts';
import { probes } from './pages/probes.ts';

/** What the routes below answer. */
const PATHS = /^\/(?:$|days$|days\/|livez$|readyz$|metrics$|assets\/|favicon\.svg$)/;

/** What is asked for first after a start. It takes a third of the files of the whole: none of the API, forms or mails. */
export function firstPages(deps: FirstDeps, site: Site): Hono {
  const routes = new Hono();
  routes.route('/', dayPages(deps, site));
  routes.route('/', probes(deps));
  routes.route('/', assets());
  return routes;
}

/** Whether the first pages answer there; all else waits for the whole. */
export function isFirstPage(path: string): boolean {
  return PATHS.test(path);
}
