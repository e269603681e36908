import { asPaperboyError, type ErrorCode, PaperboyError } from '@paperboy/core';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { html } from './html.ts';
import { renderPage, type Site } from './layout.ts';

/** What went wrong with a request, as it is told to whoever asked. */
export interface Problem {
  readonly status: ContentfulStatusCode;
  readonly code?: ErrorCode;
  readonly title: string;
  readonly detail: string;
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
  POSTGRES_UNAVAILABLE: 503,
  QUEUE_UNAVAILABLE: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'This cannot be read',
  401: 'For the operator',
  403: 'Not from here',
  404: 'Not found',
  405: 'Not that way',
  413: 'Too much',
  429: 'Slowly, please',
  503: 'Back in a moment',
};

/** The problem an error stands for. Faults of ours are told without their detail: that is for the log. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof HTTPException) {
    const detail = thrown.message || 'The request was refused.';
    return { status: thrown.status, title: titleOf(thrown.status), detail };
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
    const detail = 'This is a fault in Paperboy, and its log says more under the number below.';
    return { status, code: 'INTERNAL', title: titleOf(status), detail };
  }
  return { status, code, title: titleOf(status), detail: error.detail };
}

/** Answers with a problem: as a page, or as `application/problem+json` (RFC 9457) where JSON is asked for. */
export function answerProblem(
  c: Context,
  site: Site,
  problem: Problem,
): Response | Promise<Response> {
  const { status, code, title, detail } = problem;
  const requestId: string = c.get('requestId') ?? '';
  if (status === 503) c.header('Retry-After', '60');
  if (status === 429) c.header('Retry-After', '3600');
  c.header('Cache-Control', 'no-store');
  c.header('X-Robots-Tag', 'noindex');
  if (wantsJson(c)) {
    const body = JSON.stringify({ type: 'about:blank', title, status, detail, code, requestId });
    return c.body(body, status, { 'Content-Type': 'application/problem+json' });
  }
  const body = html`<article class="notice">
<p class="kicker">${status}</p>
<h1>${title}</h1>
<p>${detail}</p>
<p><a href="/">To the latest listing</a></p>
${status >= 500 ? html`<p class="small">Request <code>${requestId}</code></p>` : ''}
</article>`;
  return c.html(renderPage(site, { title, width: 'narrow', body }), status);
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

function wantsJson(c: Context): boolean {
  const supports = ['text/html', 'application/json', 'application/problem+json'];
  return accepts(c, { header: 'Accept', supports, default: 'text/html' }) !== 'text/html';
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
