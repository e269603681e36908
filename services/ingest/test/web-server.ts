import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** A real web server on loopback for one test. */
export interface WebServer {
  /** Such as `http://127.0.0.1:40213`. */
  readonly url: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** How many connections are open now. */
  connections(): Promise<number>;
}

/**
 * Starts one, on any free port if none is given; it and its connections end with the test. Without a robots.txt
 * of its own it has none, and who asks for that is not told.
 */
export async function serve(
  answer: RequestListener,
  { port = 0, robots }: { port?: number; robots?: RequestListener } = {},
): Promise<WebServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/robots.txt') {
      if (robots) robots(request, response);
      else response.writeHead(404).end();
      return;
    }
    asked.push(request.url ?? '');
    answer(request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const connections = () => promisify(server.getConnections.bind(server))();
  return { url: `http://127.0.0.1:${portOf(server.address())}`, asked, connections };
}

/** A server that answers with exactly these bytes, for what no honest server sends. Gives its address. */
export async function serveRaw(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (head) => {
      if (head.toString().startsWith('GET /robots.txt '))
        socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      else answer(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${portOf(server.address())}`;
}

/** The address of a port where nothing listens any more. */
export async function closedAddress(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
