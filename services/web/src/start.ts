import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { PaperboyError } from '@paperboy/core';
import type { Service } from '@paperboy/runtime';
import { requireAdminPassword } from './admin-gate.ts';
import { createWeb } from './app.ts';
import type { WebDeps } from './deps.ts';

export interface WebService extends Service {
  /** Where it listens, such as `http://127.0.0.1:3080`. */
  readonly url: string;
}

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
/** Longest wait for answers under way when the service stops. */
const DRAIN_MS = 5_000;

/**
 * Listens and answers until stopped. Throws SETTING_INVALID where the operator's pages would be open to all or
 * the address cannot be had, PORT_IN_USE where something else listens.
 */
export async function startWeb(deps: WebDeps, patience = PATIENCE): Promise<WebService> {
  const { settings } = deps;
  requireAdminPassword(settings);
  const { fetch } = createWeb(deps);
  const server = createServer(patience, getRequestListener(fetch));
  server.timeout = patience.timeout;
  const { port } = await listen(server, settings.httpHost, settings.httpPort);
  const host = settings.httpHost.includes(':') ? `[${settings.httpHost}]` : settings.httpHost;
  return { name: 'web', url: `http://${host}:${port}`, stop: () => drain(server) };
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
