import { PaperboyError } from '@paperboy/core';

/** What the system says when nobody answers at the other end of a connection. */
const NO_ANSWER = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);
/** PostgreSQL ends the session: shut down by an operator, crashed, or not up yet (class 57 of its error codes). */
const SERVER_ENDS = new Set(['57P01', '57P02', '57P03']);
const FULL = new Set(['53100', 'ENOSPC', 'EDQUOT']);

/** A driver's error as one of ours, where what went wrong is the server or its disk; anything else as it came. */
export function namedFailure(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof PaperboyError) return thrown;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const detail = thrown.message || code;
  if (FULL.has(code)) return new PaperboyError('DISK_FULL', detail, { cause: thrown });
  const isGone = NO_ANSWER.has(code) || SERVER_ENDS.has(code) || code.startsWith('08');
  const isBroken = /^(?:Connection terminated|timeout exceeded when trying to connect)/.test(
    detail,
  );
  if (!isGone && !isBroken) return thrown;
  return new PaperboyError('POSTGRES_UNAVAILABLE', detail, { cause: thrown });
}
