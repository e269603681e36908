import { createHash, timingSafeEqual } from 'node:crypto';
import { PaperboyError } from '@paperboy/core';
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { auth } from 'hono/utils/basic-auth';
import type { WebSettings } from './deps.ts';
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

/** Lets the operator in and sends everybody else away with 401; a change asked for by another site with 403. */
export function adminGate(settings: GateSettings): MiddlewareHandler {
  return async (c, next) => {
    if (!admits(settings, c)) {
      c.header('WWW-Authenticate', 'Basic realm="Paperboy", charset="UTF-8"');
      const message =
        settings.adminPassword === ''
          ? 'Without ADMIN_PASSWORD these pages open only on the machine that Paperboy runs on.'
          : `Log in as "${USER}" with the password that ADMIN_PASSWORD holds.`;
      throw new HTTPException(401, { message });
    }
    if (!isRead(c.req.method) && isForeign(settings, c)) {
      throw new HTTPException(403, { message: 'The request was made by another site.' });
    }
    await next();
  };
}

/** Equal length first, as the comparison needs it: digests are. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

const isRead = (method: string) => method === 'GET' || method === 'HEAD';

/** Browsers name the origin of everything that is not a plain read; tools name none. */
function isForeign({ publicUrl }: GateSettings, c: Context): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined) return c.req.header('sec-fetch-site') === 'cross-site';
  return origin !== new URL(c.req.url).origin && origin !== new URL(publicUrl).origin;
}
