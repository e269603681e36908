import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type Http2Bindings, type HttpBindings } from '@hono/node-server';
import { PaperboyError } from '@paperboy/core';
import type { Service } from '@paperboy/runtime';
import type { Hono } from 'hono';
import { requireAdminPassword } from './admin-gate.ts';
import type { FirstDeps, WebDeps } from './deps.ts';
import { firstPages, isFirstPage } from './first-pages.ts';
import { framed, siteOf } from './frame.ts';

export interface WebService extends Service {
  /** Where it listens, such as `http://127.0.0.1:3080`. */
  readonly url: string;
  /** Resolves with the first answer; after 100 ms where nobody asks. */
  readonly firstAnswer: Promise<void>;
  /** Loads and makes all other pages; whoever asks for one of them before waits for it. Rejects as `later` does. */
  complete(): Promise<void>;
}

/** What only the other pages need. */
export type LaterDeps = Omit<WebDeps, keyof FirstDeps>;

/** How long slow clients are waited for, in milliseconds. */
interface Patience {
  /** For all of their headers. */
  readonly headersTimeout: number;
  /** For their whole request. */
  readonly requestTimeout: number;
  /** For their next one. */
  readonly keepAliveTimeout: number;
  /** While nothing moves on their connection, such as an answer that they do not read. */
  readonly timeout: number;
  /** How often it is looked who is too late; Node looks every 30 s if not told. */
  readonly connectionsCheckingInterval: number;
}

const PATIENCE: Patience = {
  ...{ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000, timeout: 60_000 },
  connectionsCheckingInterval: 2_000,
};
/** Whoever waits for the port to open asks within some milliseconds, and loading would keep the answer back. */
const FIRST_ANSWER_MS = 100;
/** Longest wait for answers under way when the service stops. */
const DRAIN_MS = 5_000;

/**
 * Listens and answers until stopped, the first pages at once, the others when `later` has given what they need: to load
 * those takes longer than all that the first ones need. Throws SETTING_INVALID where the operator's pages would be open to all or
 * the address cannot be had, PORT_IN_USE where something else listens.
 */
export async function startWeb(
  deps: FirstDeps,
  later: () => Promise<LaterDeps>,
  patience = PATIENCE,
): Promise<WebService> {
  const { settings } = deps;
  requireAdminPassword(settings);
  const first = framed(deps).route('/', firstPages(deps, siteOf(settings)));
  let whole: Hono | undefined;
  let loading: Promise<Hono> | undefined;
  const load = () => {
    loading ??= later().then(async (rest) => {
      whole = await loadWeb({ ...rest, ...deps });
      return whole;
    });
    return loading;
  };
  const atFirst = async (request: Request, env: HttpBindings | Http2Bindings) => {
    const app = isFirstPage(new URL(request.url).pathname) ? first : await load();
    return app.fetch(request, env);
  };
  const listener = getRequestListener((request, env) =>
    whole ? whole.fetch(request, env) : atFirst(request, env),
  );
  const server = createServer(patience, listener);
  server.timeout = patience.timeout;
  const { port } = await listen(server, settings.httpHost, settings.httpPort);
  const host = settings.httpHost.includes(':') ? `[${settings.httpHost}]` : settings.httpHost;
  return {
    name: 'web',
    url: `http://${host}:${port}`,
    firstAnswer: firstAnswer(server),
    complete: async () => void (await load()),
    stop: () => drain(server),
  };
}

/** Every page and endpoint, as one fetch handler; their files are loaded now. */
export async function loadWeb(deps: WebDeps): Promise<Hono> {
  const { createWeb } = await import('./app.ts');
  return createWeb(deps);
}

function firstAnswer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FIRST_ANSWER_MS);
    server.once('request', (_, answer) => answer.once('close', resolve));
  });
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
      else resolve(address);
    });
  });
}

/** A driver's error as one sentence with what can be done about it. */
function listenError(cause: Error, host: string, port: number): PaperboyError {
  const at = `${host}:${port}`;
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new PaperboyError('PORT_IN_USE', `something else listens on ${at}`, { cause });
  }
  const reason = code === 'EACCES' ? 'this user may not listen there' : cause.message;
  return new PaperboyError('SETTING_INVALID', `HTTP_HOST and HTTP_PORT: ${at}: ${reason}`, {
    cause,
  });
}

/** Takes no more connections, lets answers under way end, and closes what is kept open for a next request. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that was busy at the call of `close` becomes idle and stays open without this.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const giveUp = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(giveUp);
      resolve();
    });
  });
}
