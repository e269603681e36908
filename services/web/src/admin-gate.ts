import { createHash, timingSafeEqual } from 'node:crypto';
import { PaperboyError } from '@paperboy/core';
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { auth } from 'hono/utils/basic-auth';
import { sessionVisitor } from './admin/visitor.ts';
import type { WebDeps, WebSettings } from './deps.ts';
import { isLocalRequest, isLoopback } from './local-requests.ts';

type GateSettings = Pick<WebSettings, 'adminPassword' | 'httpHost' | 'publicUrl'>;

const USER = 'admin';

/** Refuses to start where anybody could open the operator's pages. Throws SETTING_INVALID. */
export function requireAdminPassword({ adminPassword, httpHost }: GateSettings): void {
  if (adminPassword !== '' || isLoopback(httpHost)) return;
  throw new PaperboyError(
    'SETTING_INVALID',
    `HTTP_HOST is ${httpHost}, so ADMIN_PASSWORD must be set: /admin and /inbox would be open to all`,
  );
}

/** Whether a request may see the operator's pages: by the password, or without one from this machine. */
export function admits(settings: GateSettings, c: Context): boolean {
  const { adminPassword, httpHost } = settings;
  if (adminPassword === '') return isLoopback(httpHost) && isLocalRequest(c);
  const given = auth(c.req.raw);
  return given !== undefined && given.username === USER && isEqual(given.password, adminPassword);
}

/**
 * Lets operators to what is no page of /admin: by the rule above or by the session of an admin. Others are sent away
 * with 401; a change asked for by another site with 403.
 */
export function operatorGate(deps: Pick<WebDeps, 'db' | 'settings'>): MiddlewareHandler {
  const { settings } = deps;
  return async (c, next) => {
    if (!admits(settings, c) && !(await sessionVisitor(deps, c))) refuseVisitor(settings, c);
    if (!isRead(c.req.method) && isForeign(settings, c)) {
      throw new HTTPException(403, { message: 'The request was made by another site.' });
    }
    await next();
  };
}

/** Sends somebody away who is not let in without a session. */
export function refuseVisitor({ adminPassword }: GateSettings, c: Context): never {
  c.header('WWW-Authenticate', 'Basic realm="Paperboy", charset="UTF-8"');
  const message =
    adminPassword === ''
      ? 'Without ADMIN_PASSWORD these pages open only on the machine that Paperboy runs on.'
      : `Log in as "${USER}" with the password that ADMIN_PASSWORD holds.`;
  throw new HTTPException(401, { message });
}

/** Equal length first, as the comparison needs it: digests are. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

export const isRead = (method: string) => method === 'GET' || method === 'HEAD';

/** Whether a request says of itself that a page of somebody else made it; tools say nothing. */
export function isForeign(settings: GateSettings, c: Context): boolean {
  if (isOwn(settings, c)) return false;
  return c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') === 'cross-site';
}

/**
 * Whether a request says of itself that a page of ours made it. Browsers alone write the first header; the second is
 * `null` for forms of pages without a referrer, which ours are.
 */
export function isOwn({ publicUrl }: GateSettings, c: Context): boolean {
  if (c.req.header('sec-fetch-site') === 'same-origin') return true;
  const origin = c.req.header('origin');
  return origin === new URL(c.req.url).origin || origin === new URL(publicUrl).origin;
}
