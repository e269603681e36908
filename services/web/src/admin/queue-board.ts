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
  let board: Promise<Hono> | undefined;
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
  routes.all(`${PATH}/*`, async (c) => {
    board ??= openBoard(queues);
    const answer = await (await board).fetch(c.req.raw, c.env);
    // A bare answer of another application would come without the headers that all of ours have.
    return c.newResponse(answer.body, answer);
  });
  return routes;
}

/** Its sixty files are read when somebody first looks at it: no start waits for them. */
async function openBoard(queues: WebDeps['queues']): Promise<Hono> {
  const [{ createBullBoard }, { BullMQAdapter }, { HonoAdapter }, { serveStatic }] =
    await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/hono'),
      import('@hono/node-server/serve-static'),
    ]);
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(PATH);
  createBullBoard({
    queues: queues.boards().map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Paperboy queues',
        boardLogo: { path: '/favicon.svg', width: 26, height: 26 },
        favIcon: { default: '/favicon.svg', alternative: '/favicon.svg' },
        // The board has no place of its own among our pages, so it gets a way back to them.
        miscLinks: [{ text: 'Back to Paperboy’s jobs', url: '/admin/jobs' }],
        hideDocsLink: true,
      },
    },
  });
  return new Hono().route(PATH, adapter.registerPlugin());
}
