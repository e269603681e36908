import type { MiddlewareHandler } from 'hono';

/**
 * The policy of our own pages: one stylesheet, images of our own, forms that post to us, scripts from files of
 * ours that ask nobody else. The inbox frames a page of ours; nobody frames us.
 */
const OWN_PAGES = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * bull-board is a page of scripts and styles from its own package. Its template also asks a font host for
 * two fonts: this policy keeps that request from being made.
 */
export const QUEUE_BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** A mail as its sender wrote it: no script, no request to anywhere, links open in a tab of their own. */
export const MAIL_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** Headers of every answer; what a handler set itself stays. `https` tells whether readers come by TLS. */
export function securityHeaders({ https }: { readonly https: boolean }): MiddlewareHandler {
  const headers = Object.entries({
    'Content-Security-Policy': OWN_PAGES,
    'X-Content-Type-Options': 'nosniff',
    // A path may carry a token.
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'X-Frame-Options': 'DENY',
    ...(https && { 'Strict-Transport-Security': 'max-age=15552000' }),
  });
  return async (c, next) => {
    await next();
    for (const [name, value] of headers) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  };
}
