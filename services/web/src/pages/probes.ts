import { Hono } from 'hono';
import { admits } from '../admin-gate.ts';
import type { WebDeps } from '../deps.ts';

/** The text format that Prometheus reads, version 0.0.4. */
const FIGURES_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** `/livez`: the process answers. `/readyz`: what it needs answers too, 503 if not. `/metrics`, for the operator. */
export function probes({
  health,
  metrics,
  settings,
}: Pick<WebDeps, 'health' | 'metrics' | 'settings'>): Hono {
  const routes = new Hono();
  routes.get('/livez', (c) => c.text('ok\n'));
  routes.get('/readyz', async (c) => {
    const { ok, checks } = await health.report();
    // Reasons name hosts and files: they are for the operator.
    const shown = Object.entries(checks).map(([name, { detail, ...check }]) => [
      name,
      { ...check, ...(detail !== undefined && admits(settings, c) && { detail }) },
    ]);
    return c.json({ ok, checks: Object.fromEntries(shown) }, ok ? 200 : 503);
  });
  routes.get('/metrics', async (c) =>
    c.body(await metrics.render(), 200, { 'Content-Type': FIGURES_TYPE }),
  );
  return routes;
}
