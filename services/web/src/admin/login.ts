import {
  audited,
  beginSession,
  endSession,
  endSessionsOf,
  findAdmin,
  takeFromBucket,
} from '@paperboy/store';
import { Hono } from 'hono';
import { networkOf } from '../asker.ts';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { isPassword } from './password.ts';
import { type AdminContext, adminForm, back, changing, field } from './shell.ts';
import { type AdminEnv, dropSession, setSession } from './visitor.ts';

type LoginDeps = Pick<WebDeps, 'db' | 'settings' | 'log' | 'passwordCost'>;

const MINUTE_MS = 60_000;

/** Logging in and out. Tries are counted over all processes: by network, and by name wherever they come from. */
export function loginPages(
  { db, settings, log, passwordCost }: LoginDeps,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/login', (c) => {
    if (c.get('visitor')) return c.redirect('/admin');
    return c.html(loginPage(c, site, { next: c.req.query('next') ?? '/admin' }));
  });

  routes.post('/admin/login', async (c) => {
    const [name, next] = [await field(c, 'name', 64), await field(c, 'next')];
    const password = String((await c.req.formData()).get('password') ?? '');
    const network = networkOf(c);
    if (!(await mayTry(network, name))) {
      log.warn('admin.login-limited', { network });
      const problem = 'Too many tries. Wait a quarter of an hour.';
      return c.html(loginPage(c, site, { next, name, problem }), 429);
    }
    const admin = await findAdmin(db, name);
    if (!(await isPassword(password, admin?.passwordHash, passwordCost)) || !admin) {
      log.warn('admin.login-refused', { network });
      const problem = 'This name and password do not belong together.';
      return c.html(loginPage(c, site, { next, name, problem }), 401);
    }
    const session = await audited(db, admin.name, async (tx, note) => {
      await note('log in', `admin ${admin.name}`);
      return beginSession(tx, admin.id);
    });
    setSession(c, settings, session);
    return c.redirect(ownPath(next), 303);
  });

  routes.post('/admin/logout', async (c) => {
    const { session } = c.get('visitor');
    if (session) await endSession(db, session.token);
    dropSession(c, settings);
    return back(c, '/admin/login');
  });

  routes.post('/admin/logout-everywhere', async (c) => {
    const { session, name } = c.get('visitor');
    if (session) {
      await changing({ db }, c, async (tx, note) => {
        await endSessionsOf(tx, session.adminId);
        await note('log out everywhere', `admin ${name}`);
      });
    }
    dropSession(c, settings);
    return back(c, '/admin/login');
  });

  /** Counted before the password is looked at, whether the name is known or not. */
  async function mayTry(network: string, name: string): Promise<boolean> {
    const windowMs = 15 * MINUTE_MS;
    const byNetwork = { bucket: `admin-login ${network}`, most: 10, windowMs };
    const byName = { bucket: `admin-login-name ${name.toLowerCase()}`, most: 30, windowMs };
    return (await takeFromBucket(db, byNetwork)) && (await takeFromBucket(db, byName));
  }

  return routes;
}

interface LoginTry {
  readonly next: string;
  readonly name?: string;
  readonly problem?: string;
}

/** The form to log in by; shown with 401 wherever somebody has to. */
export function loginPage(
  c: AdminContext,
  site: Site,
  { next, name = '', problem }: LoginTry,
): Html {
  const body = html`<article class="notice">
<h1>Log in</h1>
<p>These are the pages of whoever runs this Paperboy.</p>
${problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`}
${adminForm(
  c,
  '/admin/login',
  html`<input type="hidden" name="next" value="${ownPath(next)}">
<div class="fields">
<p><label for="name">Name</label><input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" required maxlength="64"></p>
<p><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required></p>
</div>
<button>Log in</button>`,
)}
<p class="hint">No login yet, or the password is lost? On the machine that runs it: <code>npm run -s paperboy -- admin invite</code></p>
</article>`;
  const requestId = problem === undefined ? undefined : c.get('requestId');
  return renderPage(site, { title: 'Log in', width: 'narrow', place: 'admin', requestId, body });
}

/** A page of the operator's; anything else, such as another site, becomes the overview. */
function ownPath(next: string): string {
  const isOurs = /^\/(?:admin|inbox)(?:[/?][\w\-./?=&%@+:]*)?$/.test(next) && !next.includes('//');
  return isOurs && !/^\/admin\/log(?:in|out)/.test(next) ? next : '/admin';
}
