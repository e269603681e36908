import type { Context } from 'hono';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Whether an address the service listens on can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOST.test(host);
}

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Whether a request comes from a person at this machine. Listening on loopback is not enough: a proxy beside
 * us passes on the whole internet, and a page elsewhere can point a name of its own at 127.0.0.1.
 */
export function isLocalRequest(c: Context): boolean {
  const namesThisMachine = isLoopback(new URL(c.req.url).hostname);
  return namesThisMachine && FORWARDED.every((name) => c.req.header(name) === undefined);
}
