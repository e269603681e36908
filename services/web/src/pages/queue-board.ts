import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { QUEUE_BOARD_POLICY } from '../security-headers.ts';

const PATH = '/admin/queues';

/** bull-board over all queues. It can retry and remove jobs, so it stands behind the gate of /admin. */
export function queueBoard({ queues }: Pick<WebDeps, 'queues'>): Hono {
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(PATH);
  createBullBoard({
    queues: queues.boards().map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Paperboy queues' } },
  });
  const routes = new Hono();
  routes.use(`${PATH}/*`, async (c, next) => {
    await next();
    c.res.headers.set('Content-Security-Policy', QUEUE_BOARD_POLICY);
  });
  routes.get('/admin', (c) => c.redirect(PATH));
  // Its own routes know the path without the slash only.
  routes.get(`${PATH}/`, (c) => c.redirect(PATH));
  routes.route(PATH, adapter.registerPlugin());
  return routes;
}
