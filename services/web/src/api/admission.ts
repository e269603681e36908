import { apiTokenHash } from '@paperboy/email';
import { countInBucket, findApiToken } from '@paperboy/store';
import type { Context } from 'hono';
import { networkOf } from '../asker.ts';
import { RequestError } from '../request-error.ts';
import type { ApiDeps, ApiRoute, Asked, Effort } from './route.ts';

const WINDOW_MS = 60_000;
/** Requests in a minute, of one network without a token. */
const OPEN_LIMITS: Readonly<Record<Effort, number>> = { read: 300, search: 60, change: 30 };
/** And with one token. */
const TOKEN_LIMITS: Readonly<Record<Effort, number>> = { read: 1_200, search: 240, change: 120 };

/**
 * Lets a request in. Counted first by its token, or by its network where it has none in force, so that trying tokens is
 * limited too; in the database, so that all processes count together. Throws TOKEN_INVALID, TOKEN_SCOPE and
 * TOO_MANY_REQUESTS.
 */
export async function admit(
  { db }: Pick<ApiDeps, 'db'>,
  c: Context,
  { access, effort }: Pick<ApiRoute, 'access' | 'effort'>,
): Promise<Pick<Asked<unknown, unknown, unknown>, 'token'>> {
  const given = bearerIn(c.req.header('Authorization'));
  const hash = given === undefined ? undefined : apiTokenHash(given);
  const token = hash && (await findApiToken(db, hash));
  const who = token ? `token ${token.id}` : networkOf(c);
  const most = (token ? TOKEN_LIMITS : OPEN_LIMITS)[effort];
  const count = await countInBucket(db, {
    bucket: `api ${effort} ${who}`,
    most,
    windowMs: WINDOW_MS,
  });
  const endsInS = Math.max(1, Math.ceil(count.endsInMs / 1_000));
  c.header('RateLimit-Policy', `"${effort}";q=${most};w=${WINDOW_MS / 1_000}`);
  c.header('RateLimit', `"${effort}";r=${count.left};t=${endsInS}`);
  if (!count.isWithin) {
    throw new RequestError('TOO_MANY_REQUESTS', `More than ${most} requests in a minute.`, {
      retryAfterS: endsInS,
    });
  }
  if (given !== undefined && !token) {
    c.header('WWW-Authenticate', 'Bearer realm="Paperboy", error="invalid_token"');
    throw new RequestError(
      'TOKEN_INVALID',
      'This token is unknown, revoked, expired or cut short.',
    );
  }
  if (access === 'everybody') return { token };
  if (!token) {
    c.header('WWW-Authenticate', 'Bearer realm="Paperboy"');
    throw new RequestError('TOKEN_INVALID', 'This needs a token.');
  }
  if (access === 'write' && token.scope !== 'write') {
    c.header(
      'WWW-Authenticate',
      'Bearer realm="Paperboy", error="insufficient_scope", scope="write"',
    );
    throw new RequestError('TOKEN_SCOPE', 'This token may only read.');
  }
  return { token };
}

/**
 * The token of a header (RFC 6750, 2.1). Other schemes are not for us: a browser that knows the operator's password may
 * send it along everywhere.
 */
function bearerIn(header: string | undefined): string | undefined {
  const [scheme, token = ''] = (header ?? '').split(/ +/, 2);
  return /^bearer$/i.test(scheme ?? '') ? token : undefined;
}
