import { hasAdmins } from '@paperboy/store';
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { admits, isForeign, isOwn, isRead, refuseVisitor } from '../admin-gate.ts';
import type { WebDeps } from '../deps.ts';
import {
  type AdminEnv,
  formTokenOf,
  requireFormToken,
  sessionVisitor,
  type Visitor,
} from './visitor.ts';

type GateDeps = Pick<WebDeps, 'db' | 'settings'>;

/** Where somebody without a session comes in. */
const isEntrance = (path: string) =>
  path === '/admin/login' || /^\/admin\/invitations\/[^/]+$/.test(path);
/** What whoever may change nothing may still do: to their own login. */
const OWN_LOGIN = ['/admin/logout', '/admin/logout-everywhere', '/admin/password'];
/** bull-board's own script asks there, and knows no tokens of ours. */
const isBoard = (path: string) => path.startsWith('/admin/queues/');

/**
 * Lets admins in by their session. Until there is one the pages open as the inbox does: to the password of the
 * settings, or to this machine. A change needs the role for it, a request of our own pages and the token of the form.
 */
export function adminGate(
  { db, settings }: GateDeps,
  askToLogIn: (c: Context<AdminEnv>) => Response | Promise<Response>,
): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const { path, method } = c.req;
    const visitor = await visitorOf({ db, settings }, c);
    c.set('formToken', formTokenOf(c, settings, visitor));
    if (visitor) c.set('visitor', visitor);
    else if (!isEntrance(path)) {
      if (!(await hasAdmins(db))) refuseVisitor(settings, c);
      if (isRead(method) && !isBoard(path)) return askToLogIn(c);
      throw new HTTPException(401, { message: 'Log in first: the session is over, or never was.' });
    }
    if (!isRead(method)) await refuseChange(settings, c, visitor);
    await next();
  };
}

async function visitorOf({ db, settings }: GateDeps, c: Context): Promise<Visitor | undefined> {
  const known = await sessionVisitor({ db, settings }, c);
  if (known || !admits(settings, c) || (await hasAdmins(db))) return known;
  return { name: settings.adminPassword === '' ? 'this machine' : 'the password', role: 'full' };
}

async function refuseChange(
  settings: GateDeps['settings'],
  c: Context<AdminEnv>,
  visitor: Visitor | undefined,
): Promise<void> {
  const { path } = c.req;
  if (isForeign(settings, c))
    throw new HTTPException(403, { message: 'The request was made by another site.' });
  const mayOnlyRead =
    visitor?.role === 'read-only' && !OWN_LOGIN.includes(path) && !isEntrance(path);
  if (mayOnlyRead) {
    const message = 'You may look at everything here, and change nothing.';
    throw new HTTPException(403, { message });
  }
  if (isBoard(path)) {
    if (visitor?.session === undefined || isOwn(settings, c)) return;
    throw new HTTPException(403, { message: 'The request does not tell where it comes from.' });
  }
  await requireFormToken(c, c.get('formToken'));
}
