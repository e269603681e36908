import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { isRead } from '../admin-gate.ts';
import type { WebDeps } from '../deps.ts';
import { QUEUE_BOARD_POLICY } from '../security-headers.ts';
import { changing } from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const PATH = '/admin/queues';
/** Takes the note back of what the board did not do; its answer says why. */
const REFUSED = new Error('the board refused');

/** bull-board over all queues. It can retry and remove jobs, so it stands behind the gate of /admin. */
export function queueBoard({ db, queues }: Pick<WebDeps, 'db' | 'queues'>): Hono<AdminEnv> {
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(PATH);
  createBullBoard({
    queues: queues.boards().map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Paperboy queues' } },
  });
  const routes = new Hono<AdminEnv>();
  routes.use(`${PATH}/*`, async (c, next) => {
    if (isRead(c.req.method)) await next();
    else {
      const asked = c.req.path.slice(`${PATH}/api`.length);
      await changing({ db }, c, async (_, note) => {
        await note(c.req.method, `board ${asked}`);
        await next();
        if (!c.res.ok) throw REFUSED;
      }).catch((thrown: unknown) => {
        if (thrown !== REFUSED) throw thrown;
      });
    }
    c.res.headers.set('Content-Security-Policy', QUEUE_BOARD_POLICY);
  });
  // Its own routes know the path without the slash only.
  routes.get(`${PATH}/`, (c) => c.redirect(PATH));
  routes.route(PATH, adapter.registerPlugin());
  return routes;
}
