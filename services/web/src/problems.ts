import { asPaperboyError, ERROR_CATALOGUE, type ErrorCode, PaperboyError } from '@paperboy/core';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Html, html } from './html.ts';
import { renderPage, type Site } from './layout.ts';
import { RequestError, type RequestFault } from './request-error.ts';

/** What went wrong with a request, as it is told to whoever asked. */
export interface Problem {
  readonly status: ContentfulStatusCode;
  readonly code?: ErrorCode;
  readonly title: string;
  readonly detail: string;
  /** Parts of the request that are wrong. */
  readonly faults?: readonly RequestFault[];
  /** In seconds. */
  readonly retryAfterS?: number;
}

const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  NOT_FOUND: 404,
  LINK_INVALID: 404,
  USAGE: 400,
  QUERY_INVALID: 400,
  ADDRESS_INVALID: 400,
  SCHEDULE_INVALID: 400,
  ALREADY_EXISTS: 409,
  TOO_MANY_REQUESTS: 429,
  REQUEST_INVALID: 400,
  TOKEN_INVALID: 401,
  TOKEN_SCOPE: 403,
  POSTGRES_UNAVAILABLE: 503,
  QUEUE_UNAVAILABLE: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'This cannot be read',
  401: 'For the operator',
  403: 'Not from here',
  404: 'Not found',
  405: 'Not that way',
  410: 'No longer there',
  413: 'Too much',
  415: 'Not in this form',
  429: 'Slowly, please',
  503: 'Back in a moment',
};

/** The problem an error stands for. Faults of ours are told without their detail: that is for the log. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof HTTPException) {
    const detail = thrown.message || 'The request was refused.';
    return { status: thrown.status, title: titleOf(thrown.status), detail };
  }
  if (isUnstorable(thrown)) {
    const detail = 'A text of this request holds a sign that no text may have (U+0000).';
    return { status: 400, code: 'REQUEST_INVALID', title: titleOf(400), detail };
  }
  const error = isConnectionLost(thrown)
    ? new PaperboyError('POSTGRES_UNAVAILABLE', 'no connection', { cause: thrown })
    : asPaperboyError(thrown);
  const { code } = error;
  const status = STATUS[code] ?? 500;
  if (status === 503) {
    const detail = 'A part of Paperboy does not answer right now. Try again in a minute.';
    return { status, code, title: titleOf(status), detail };
  }
  if (status === 500) {
    const detail =
      'This is a fault in Paperboy, not in what you did. Its log says more under the number below.';
    return { status, code: 'INTERNAL', title: titleOf(status), detail };
  }
  const more =
    error instanceof RequestError
      ? {
          ...(error.faults.length > 0 && { faults: error.faults }),
          ...(error.retryAfterS !== undefined && { retryAfterS: error.retryAfterS }),
        }
      : {};
  return { status, code, title: titleOf(status), detail: error.detail, ...more };
}

/**
 * Answers with a problem: as a page, as `application/problem+json` (RFC 9457) where JSON is asked for, and to a feed
 * reader as a few lines of text.
 */
export function answerProblem(
  c: Context,
  site: Site,
  problem: Problem,
): Response | Promise<Response> {
  const { status, code, title, detail, faults, retryAfterS } = problem;
  const requestId: string = c.get('requestId') ?? '';
  if (status === 503) c.header('Retry-After', '60');
  if (status === 429) c.header('Retry-After', String(retryAfterS ?? 3_600));
  c.header('Cache-Control', 'no-store');
  c.header('X-Robots-Tag', 'noindex');
  const form = formFor(c);
  if (form === 'json') {
    const known = code && { code, retry: ERROR_CATALOGUE[code].retry };
    const type = code === undefined ? 'about:blank' : `/api#${code}`;
    const told = { type, title, status, detail, ...known, errors: faults, requestId };
    return c.body(JSON.stringify(told), status, { 'Content-Type': 'application/problem+json' });
  }
  if (form === 'text') return c.text(`${title}\n${detail}\nRequest ${requestId}\n`, status);
  const body = html`<article class="notice">
<p class="kicker">${status}</p>
<h1>${title}</h1>
<p>${detail}</p>
${wayOn(c, status)}
</article>`;
  return c.html(renderPage(site, { title, width: 'narrow', requestId, body }), status);
}

/** Codes that a request may end in, with their statuses. */
export const REQUEST_CODES = Object.entries(STATUS).flatMap(([code, status]) => {
  return isCode(code) ? [{ code, status }] : [];
});

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code);
}

/** A page that is not there. */
export const NO_PAGE: Problem = {
  status: 404,
  title: 'Not found',
  detail: 'There is no page at this address.',
};

function titleOf(status: number): string {
  return TITLES[status] ?? (status >= 500 ? 'Something broke' : 'This did not work');
}

/** Where we failed other pages may fail too: the same one is the best there is. */
function wayOn(c: Context, status: number): Html {
  if (status < 500) return html`<p><a href="/">To the latest listing</a></p>`;
  // An empty address is that of the page itself (RFC 3986, 4.4), with nothing of the request repeated.
  if (c.req.method === 'GET') return html`<p><a href="">Try again</a></p>`;
  return html`<p>What you sent may not have been kept: go back and look before you send it again.</p>`;
}

const JSON_TYPES = ['application/json', 'application/problem+json'];
const FEED_TYPES = ['application/atom+xml', 'application/rss+xml', 'application/xml', 'text/xml'];

/** What whoever asks can read. A browser may ask for a feed, and says that it takes pages. */
function formFor(c: Context): 'page' | 'json' | 'text' {
  const { path } = c.req;
  // Providers show the answer to a hook as it came.
  if (/^\/(?:api|hooks)\//.test(path)) return 'json';
  const own = path.endsWith('.json') ? 'json' : /\.atom$|^\/opml$/.test(path) ? 'text' : 'page';
  const supports = ['text/html', ...JSON_TYPES, ...(own === 'page' ? [] : FEED_TYPES)];
  const taken = accepts(c, { header: 'Accept', supports, default: '' });
  if (taken === 'text/html') return 'page';
  return JSON_TYPES.includes(taken) ? 'json' : own;
}

/** SQLSTATE 22021: what we store is stripped of it, so it came with the request. */
function isUnstorable(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === '22021';
}

/** What the driver throws when the server is away, restarting or full (SQLSTATE classes 08, 53, 57P). */
function isConnectionLost(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown ? String(thrown.code) : '';
  return (
    /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|08...|53...|57P..)$/.test(code) ||
    /^(?:Connection terminated|timeout exceeded when trying to connect)/.test(thrown.message)
  );
}
