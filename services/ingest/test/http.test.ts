import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { PaperboyError } from '@paperboy/core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createHttp, type Http, type HttpOptions } from '../src/index.ts';
import { closedAddress, serve, serveRaw } from './web-server.ts';

const MIB = 1024 * 1024;

/** A client that may ask loopback, where these servers are. */
function client(options: Partial<HttpOptions> = {}) {
  const http = createHttp({ timeoutMs: 5_000, maxBytes: MIB, privateNetworks: true, ...options });
  onTestFinished(() => http.close());
  return http;
}
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const rejects = (promise: Promise<unknown>) => expect(promise).rejects;

describe('a page', () => {
  test('comes with its bytes, content type and address', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8').end('<p>Papers</p>');
    });
    const answer = await client().get(`${url}/list?day=1`);
    expect({ ...answer, bytes: text(answer.bytes) }).toEqual({
      status: 200,
      bytes: '<p>Papers</p>',
      contentType: 'text/html; charset=utf-8',
      isKnown: false,
      address: `${url}/list?day=1`,
    });
  });

  test.each([undefined, 'image/svg+xml', 'application/octet-stream', 'nonsense'])(
    'may be of content type %s',
    async (type) => {
      const { url } = await serve((_request, response) => {
        if (type !== undefined) response.setHeader('content-type', type);
        response.end('Papers');
      });
      const { bytes, contentType } = await client().get(url);
      expect([text(bytes), contentType]).toEqual(['Papers', type]);
    },
  );

  test('may be empty', async () => {
    const { url } = await serve((_request, response) => response.end());
    expect((await client().get(url)).bytes).toHaveLength(0);
  });

  test('may come without a length, ended by the end of the connection', async () => {
    const url = await serveRaw((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nPapers'));
    expect(text((await client().get(url)).bytes)).toBe('Papers');
  });

  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['identity', (bytes: Buffer) => bytes],
  ])('is unpacked from %s', async (coding, pack) => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', coding).end(pack(Buffer.from('Papers '.repeat(999))));
    });
    expect(text((await client().get(url)).bytes)).toBe('Papers '.repeat(999));
  });

  test.each(['zstd', 'gzip, gzip', 'compress'])(
    'packed as %s is not guessed at',
    async (coding) => {
      const { url } = await serve((_request, response) => {
        response.setHeader('content-encoding', coding).end(gzipSync('Papers'));
      });
      await rejects(client().get(url)).toMatchObject({ code: 'PAGE_UNREADABLE' });
    },
  );

  test('is asked for in the name of this version, with an address to complain to', async () => {
    const headers: unknown[] = [];
    const { url } = await serve((request, response) => {
      headers.push(request.headers['user-agent'], request.headers['accept-encoding']);
      response.end();
    });
    await client({ contact: 'https://papers.example/bot\r\nx: Zoë' }).get(url);
    const { version } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
    );
    expect(headers).toEqual([
      `Paperboy/${version} (self-hosted paper digest; +https://papers.example/bot x: Zo )`,
      'gzip, br',
    ]);
  });

  test.each([204, 206, 304, 401, 403, 404, 410, 429, 500, 503])(
    'that is answered by status %i has no bytes, whatever the server goes on to send',
    async (status) => {
      const { url } = await serve((_request, response) => {
        response.writeHead(status);
        if (status === 204 || status === 304) response.end();
        else response.write('Please come back later, we are at lunch.');
      });
      const answer = await client().get(url);
      expect(answer).toMatchObject({ status, address: `${url}/` });
      expect(answer.bytes).toHaveLength(0);
    },
  );
});

describe('size is capped', () => {
  test('at exactly the limit, for plain pages and packed ones', async () => {
    const { url } = await serve((request, response) => {
      const page = Buffer.alloc(Number(request.url?.slice(2)), 'x');
      if (request.url?.startsWith('/p')) response.end(page);
      else response.setHeader('content-encoding', 'gzip').end(gzipSync(page));
    });
    for (const kind of ['p', 'g']) {
      expect((await client().get(`${url}/${kind}${MIB}`)).bytes).toHaveLength(MIB);
      await rejects(client().get(`${url}/${kind}${MIB + 1}`)).toMatchObject({
        code: 'PAGE_TOO_LARGE',
        detail: `over ${MIB} bytes`,
      });
    }
  });

  test('while chunks come without end, and the connection is closed', async () => {
    const server = await serve((_request, response) => pour(response, Buffer.alloc(65_536, 'x')));
    await rejects(client().get(server.url)).toMatchObject({ code: 'PAGE_TOO_LARGE' });
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(256 * MIB))],
    ['br', brotliCompressSync(Buffer.alloc(64 * MIB))],
    ['deflate', deflateSync(Buffer.alloc(64 * MIB))],
  ])('while a bomb in %s unpacks, in little memory', async (coding, bomb) => {
    expect(bomb.length).toBeLessThan(MIB);
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', coding).end(bomb);
    });
    const most = await mostMemory(() =>
      rejects(client().get(url)).toMatchObject({ code: 'PAGE_TOO_LARGE' }),
    );
    expect(most).toBeLessThan(24 * MIB);
  });

  test('while an endless gzip stream unpacks to nothing', async () => {
    const empty = gzipSync('');
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      pour(response, Buffer.concat(Array.from({ length: 4_000 }, () => empty)));
    });
    await rejects(client().get(url)).toMatchObject({ code: 'PAGE_TOO_LARGE' });
  });

  test('while a bomb is poured without end', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      const bomb = createGzip();
      bomb.pipe(response);
      pour(bomb, Buffer.alloc(MIB));
    });
    const most = await mostMemory(() =>
      rejects(client().get(url)).toMatchObject({ code: 'PAGE_TOO_LARGE' }),
    );
    expect(most).toBeLessThan(32 * MIB);
  });
});

describe('time is capped', () => {
  const hurried = { timeoutMs: 300 };
  const inTime = async (fetching: Promise<unknown>) => {
    const startedAt = Date.now();
    await rejects(fetching).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      detail: expect.stringMatching(/^127\.0\.0\.1:\d+: no answer in time$/),
    });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  };

  test('when a server takes the connection and says nothing', async () => {
    await inTime(client(hurried).get(await serveRaw(() => {})));
  });

  test('when headers drip', async () => {
    const url = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(socket, 'X-Slow: yes\r\n');
    });
    await inTime(client(hurried).get(url));
  });

  test.each(['identity', 'gzip'])('when a body drips, byte by byte, in %s', async (coding) => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', coding);
      response.write(coding === 'gzip' ? gzipSync('Papers').subarray(0, 10) : 'P');
      if (coding === 'identity') drip(response, 'x');
    });
    await inTime(client(hurried).get(url));
  });

  test('over all redirects together', async () => {
    const { url } = await serve((_request, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 100);
    });
    await inTime(client(hurried).get(url));
  });

  test('by whoever asked, whose reason is thrown as it is', async () => {
    const url = await serveRaw(() => {});
    const stopping = new AbortController();
    const fetching = client().get(url, { signal: stopping.signal });
    const reason = new Error('the service stops');
    setTimeout(() => stopping.abort(reason), 50);
    await rejects(fetching).toBe(reason);
    await rejects(client().get(url, { signal: stopping.signal })).toBe(reason);
  });

  test('by closing the client', async () => {
    const http = createHttp({ timeoutMs: 5_000, maxBytes: MIB, privateNetworks: true });
    const fetching = http.get(await serveRaw(() => {}));
    const failed = rejects(fetching).toMatchObject({ code: 'PAGE_UNREACHABLE' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await http.close();
    await failed;
  });
});

test.each([
  ['read', 200, 'identity', 'fulfilled'],
  ['refused by status', 403, 'identity', 'fulfilled'],
  ['too large', 200, 'identity', 'rejected'],
  ['compressed in a way that is not known', 200, 'zstd', 'rejected'],
  ['redirected elsewhere', 302, 'identity', 'rejected'],
])('no connection outlives a page that is %s', async (title, status, coding, outcome) => {
  const { url, connections } = await serve((_request, response) => {
    response.writeHead(status, {
      'content-encoding': coding,
      ...(status === 302 && { location: 'x:y' }),
    });
    if (title === 'read') response.end('Papers');
    else pour(response, Buffer.alloc(65_536));
  });
  const [ended] = await Promise.allSettled([client().get(url)]);
  expect(ended.status).toBe(outcome);
  await expect.poll(connections).toBe(0);
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('%i is followed to the page', async (status) => {
    const server = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(status, { location: 'new?x=1#y' });
      response.end('Papers');
    });
    const answer = await client().get(`${server.url}/old`);
    expect([text(answer.bytes), answer.address]).toEqual(['Papers', `${server.url}/new?x=1#y`]);
    expect(server.asked).toEqual(['/old', '/new?x=1']);
  });

  test('is followed five times and not a sixth', async () => {
    const { url, asked } = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` });
      response.end('Papers');
    });
    expect((await client().get(`${url}/5`)).address).toBe(`${url}/0`);
    expect(asked).toHaveLength(6);
    await rejects(client().get(`${url}/6`)).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      detail: expect.stringContaining('more than 5 redirects'),
    });
    expect(asked).toHaveLength(12);
  });

  test('in a loop ends', async () => {
    const { url, asked } = await serve((_request, response) => {
      response.writeHead(302, { location: '/' }).end();
    });
    await rejects(client().get(url)).toMatchObject({ code: 'PAGE_UNREACHABLE' });
    expect(asked).toHaveLength(6);
  });

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    'http://a:b@127.0.0.1/',
    'http://',
  ])('to %s is refused, in private networks too', async (location) => {
    const { url } = await serve((_request, response) => {
      response.writeHead(302, { location }).end();
    });
    await rejects(client().get(url)).toMatchObject({ code: 'PAGE_FORBIDDEN' });
  });

  test('whose own body never ends does not hold up the next', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/page') response.end('Papers');
      else {
        response.writeHead(302, { location: '/page' });
        pour(response, Buffer.alloc(65_536));
      }
    });
    expect(text((await client({ timeoutMs: 2_000 }).get(url)).bytes)).toBe('Papers');
  });

  test('without an address is an answer', async () => {
    const { url } = await serve((_request, response) => response.writeHead(302).end('where?'));
    expect((await client().get(url)).status).toBe(302);
  });
});

describe('a broken answer is no page:', () => {
  const isBrokenOff = (fetching: Promise<unknown>) =>
    rejects(fetching).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      detail: expect.stringMatching(/^127\.0\.0\.1:\d+: broke the connection off$/),
    });

  const notHttp = {
    code: 'PAGE_UNREACHABLE',
    detail: expect.stringMatching(/^127\.0\.0\.1:\d+: its answer is cut short, or not HTTP$/),
  };

  test('connection refused', async () => {
    await rejects(client().get(await closedAddress())).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      detail: expect.stringMatching(/^127\.0\.0\.1:\d+: refuses connections$/),
    });
  });

  test('closed before it answers', async () => {
    await isBrokenOff(client().get(await serveRaw((socket) => socket.destroy())));
  });

  test('shorter than its Content-Length, with nothing of it', async () => {
    const url = await serveRaw((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n');
    });
    await isBrokenOff(client().get(url));
  });

  test.each([
    ['gzip', 'damaged'],
    ['br', 'ERR__ERROR_FORMAT'],
  ])('a body that is no %s at all', async (coding, words) => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', coding).end('Papers');
    });
    await rejects(client().get(url)).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      detail: expect.stringContaining(words),
    });
  });

  test('not HTTP', async () => {
    const url = await serveRaw((socket) => socket.end('220 mail.example ESMTP\r\n'));
    await rejects(client().get(url)).toMatchObject(notHttp);
  });

  test('a name that does not exist', async () => {
    await rejects(client().get('http://nothing.invalid/')).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      detail: expect.stringMatching(/^nothing\.invalid: its name/),
    });
  });

  test('an address that is none', async () => {
    await rejects(client().get('papers of today')).toMatchObject({ code: 'PAGE_FORBIDDEN' });
  });

  test('longer than its Content-Length: what was promised counts', async () => {
    const url = await serveRaw((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPapers and more');
    });
    expect(text((await client().get(url)).bytes)).toBe('Papers');
  });
});

describe('a page that breaks off is kept as far as it came, with the reason, and without validators:', () => {
  const page = `Papers ${Array.from({ length: 999 }, (_, n) => Math.sin(n)).join(' ')}`;
  const isCut = async (fetching: ReturnType<Http['get']>, reason: RegExp) => {
    const answer = await fetching;
    expect(answer.cutBecause).toMatch(/^ends after \d+ bytes: /);
    expect(answer.cutBecause).toMatch(reason);
    expect(answer.validators).toBeUndefined();
    expect(page.startsWith(text(answer.bytes).slice(0, 6))).toBe(true);
    expect(answer.bytes.length).toBeGreaterThan(0);
    expect(answer.bytes.length).toBeLessThanOrEqual(page.length);
  };
  const etag = 'ETag: "papers"\r\n';

  test('in the middle of a chunked body', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('etag', '"papers"').write('Papers');
      setTimeout(() => response.destroy(), 20);
    });
    await isCut(client().get(url), /cut short, or not HTTP/);
  });

  test('shorter than its Content-Length', async () => {
    const url = await serveRaw((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\n${etag}Content-Length: 100\r\n\r\nPapers`);
    });
    await isCut(client().get(url), /^ends after 6 bytes: broke the connection off$/);
  });

  test.each([
    ['gzip', gzipSync(page).subarray(0, -12)],
    ['br', brotliCompressSync(page).subarray(0, -3)],
  ])('in %s, by its end', async (coding, body) => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding, etag: '"papers"' }).end(body);
    });
    await isCut(client().get(url), /the compressed page is cut short/);
  });

  test('in gzip, by its connection: what was compressed so far is unpacked', async () => {
    const body = gzipSync(page).subarray(0, -12);
    const url = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999\r\n\r\n');
      socket.end(body);
    });
    await isCut(client().get(url), /broke the connection off/);
  });
});

describe('what is no text is refused:', () => {
  test.each(['image/png', 'application/pdf', 'Application/ZIP; x=y', 'video/mp4'])(
    'by its content type %s, before it is read',
    async (type) => {
      const { url, connections } = await serve((_request, response) => {
        pour(response.setHeader('content-type', type), Buffer.alloc(65_536));
      });
      await rejects(client().get(url)).toMatchObject({
        code: 'PAGE_UNREADABLE',
        detail: `served as ${type}, not text`,
      });
      await expect.poll(connections).toBe(0);
    },
  );

  test('by its first bytes, whatever it is served as', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-type', 'text/html').end('%PDF-1.7');
    });
    await rejects(client().get(url)).toMatchObject({
      code: 'PAGE_UNREADABLE',
      detail: 'the page is a PDF document, not text',
    });
  });
});

describe('a redirect to a sign-in is a refusal:', () => {
  test.each(['/login', '/users/sign_in?next=/list', '/auth/', '/Login.aspx', '/oauth2/authorize'])(
    '%s, which is not asked for',
    async (location) => {
      const { url, asked } = await serve((_request, response) => {
        response.writeHead(302, { location }).end();
      });
      await rejects(client().get(`${url}/list`)).toMatchObject({ code: 'PAGE_REFUSED' });
      expect(asked).toEqual(['/list']);
    },
  );

  test('unless that is what was asked for', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/login') response.writeHead(302, { location: '/login/page' });
      response.end('Papers');
    });
    expect(text((await client().get(`${url}/login`)).bytes)).toBe('Papers');
  });

  test.each(['/catalogue', '/authors', '/list/login-systems', '/assorted'])(
    '%s is a page like others',
    async (location) => {
      const { url } = await serve((request, response) => {
        if (request.url === '/') response.writeHead(302, { location });
        response.end('Papers');
      });
      expect(text((await client().get(url)).bytes)).toBe('Papers');
    },
  );
});

describe('what was known of a page', () => {
  const known = (answeredAddress: string) => ({
    answeredAddress,
    etag: 'W/"papers"',
    lastModified: 'Tue, 10 Mar 2026 08:00:00 GMT',
  });
  const conditions = (headers: IncomingHttpHeaders) => [
    headers['if-none-match'],
    headers['if-modified-since'],
  ];

  test('is asked for by, where it came from and nowhere else', async () => {
    const seen: unknown[] = [];
    const { url } = await serve((request, response) => {
      seen.push([request.url, ...conditions(request.headers)]);
      if (request.url === '/today') response.writeHead(302, { location: '/list' }).end();
      else response.writeHead(request.headers['if-none-match'] ? 304 : 200).end();
    });
    const answer = await client().get(`${url}/today`, { known: known(`${url}/list`) });
    expect(answer).toMatchObject({ status: 304, isKnown: true });
    const other = await client().get(`${url}/today`, { known: known(`${url}/list/yesterday`) });
    expect(other).toMatchObject({ status: 200, isKnown: false });
    expect(seen).toEqual([
      ['/today', undefined, undefined],
      ['/list', 'W/"papers"', 'Tue, 10 Mar 2026 08:00:00 GMT'],
      ['/today', undefined, undefined],
      ['/list', undefined, undefined],
    ]);
  });

  test('is what no server can claim that was not asked by it', async () => {
    const { url } = await serve((_request, response) => response.writeHead(304).end());
    expect(await client().get(url)).toMatchObject({ status: 304, isKnown: false });
  });
});

describe('whoever asks can be made to wait before each request', () => {
  test("redirects included, and the time is not the server's", async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/new' });
      response.end('Papers');
    });
    const before: string[] = [];
    const answer = await client({ timeoutMs: 500 }).get(`${url}/old`, {
      before: async ({ pathname }) => {
        before.push(pathname);
        await new Promise((resolve) => setTimeout(resolve, 350));
      },
    });
    expect([before, text(answer.bytes)]).toEqual([['/old', '/new'], 'Papers']);
  });

  test('and what that throws ends the fetch before anything is asked', async () => {
    const { url, asked } = await serve((_request, response) => response.end('Papers'));
    const refusal = new PaperboyError('PAGE_REFUSED', 'not here');
    const before = () => Promise.reject(refusal);
    await rejects(client().get(url, { before })).toBe(refusal);
    expect(asked).toEqual([]);
  });
});

describe('without leave for private networks', () => {
  const isForbidden = (fetching: Promise<unknown>) =>
    rejects(fetching).toMatchObject({ code: 'PAGE_FORBIDDEN' });

  test('loopback is refused and never asked', async () => {
    const server = await serve((_request, response) => response.end('secret'));
    const { port } = new URL(server.url);
    const http = client({ privateNetworks: false });
    for (const host of ['127.0.0.1', '2130706433', '127.1', 'localhost', '[::ffff:127.0.0.1]'])
      await isForbidden(http.get(`http://${host}:${port}/`));
    expect(server.asked).toEqual([]);
  });

  test('a public name that resolves to loopback is refused before it is connected to', async () => {
    const asked: string[] = [];
    const http = client({
      privateNetworks: false,
      resolve: async (hostname) => {
        asked.push(hostname);
        return [
          { address: '127.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ];
      },
    });
    for (const scheme of ['http', 'https'])
      await rejects(http.get(`${scheme}://papers.example/`)).toMatchObject({
        code: 'PAGE_FORBIDDEN',
        detail: 'papers.example resolves into a private network',
      });
    expect(asked).toEqual(['papers.example', 'papers.example']);
  });

  test('a public page that leads on into a private network is left there, however that is spelled', async () => {
    const inner = await serve((_request, response) => response.end('secret'));
    const { port } = new URL(inner.url);
    let leadsTo = '';
    const page = await serve((request, response) => {
      if (request.url === '/end') response.end('Papers');
      else response.writeHead(302, { location: leadsTo }).end();
    });
    const dialled = connectPublicTo(new URL(page.url));
    const http = client({
      privateNetworks: false,
      resolve: async (name) => {
        const address = name === 'inner.example' ? '127.0.0.1' : PUBLIC;
        return [{ address, family: 4 }];
      },
    });
    leadsTo = 'http://others.example/end';
    expect(text((await http.get('http://papers.example/')).bytes)).toBe('Papers');
    const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]', 'localhost'];
    const inside = [...hosts, 'inner.example', `papers.example:${port}`, '169.254.169.254'];
    for (const host of inside) {
      leadsTo = `http://${host}/`;
      await isForbidden(http.get('http://papers.example/'));
    }
    // As often as the public page was asked, and nowhere else.
    expect(dialled).toEqual(page.asked.map(() => PUBLIC));
    expect(page.asked).toHaveLength(2 + inside.length);
    expect(inner.asked).toEqual([]);
  });

  test('a name is looked up anew for each request, so that an answer is never trusted twice', async () => {
    const answers = [['10.0.0.1'], ['169.254.169.254']];
    const http = client({
      privateNetworks: false,
      resolve: async () => (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
    });
    await isForbidden(http.get('http://papers.example/'));
    await isForbidden(http.get('http://papers.example/'));
    expect(answers).toEqual([]);
  });

  test('a lookup that hangs is given up in time, or when whoever asked gives up', async () => {
    const resolve = () => new Promise<never>(() => {});
    const hurried = client({ privateNetworks: false, timeoutMs: 200, resolve });
    await rejects(hurried.get('http://papers.example/')).toMatchObject({
      code: 'PAGE_UNREACHABLE',
      detail: 'papers.example: no answer in time',
    });
    const patient = client({ privateNetworks: false, timeoutMs: 20_000, resolve });
    const stopping = new AbortController();
    const reason = new Error('the service stops');
    const startedAt = Date.now();
    setTimeout(() => stopping.abort(reason), 50);
    await rejects(patient.get('http://papers.example/', { signal: stopping.signal })).toBe(reason);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });
});

/** An address of the public network that nobody is asked at here. */
const PUBLIC = '93.184.215.14';

/**
 * Joins that address to a server on loopback as a cable would: connections are made as the client wants them, its own
 * look at the name's addresses included, and then end there. Gives the addresses that were connected to.
 */
function connectPublicTo({ hostname, port }: URL): string[] {
  const dialled: string[] = [];
  const { connect } = net;
  const dial = (options: net.TcpNetConnectOpts) => {
    const lookup: net.LookupFunction = (name, wish, found) => {
      options.lookup?.(name, wish, (error, addresses, family) => {
        if (error) return found(error, addresses, family);
        const [first] = Array.isArray(addresses) ? addresses : [{ address: addresses, family: 4 }];
        dialled.push(first?.address ?? '');
        if (first?.address !== PUBLIC) return found(new Error('not public'), '', 4);
        found(null, wish.all ? [{ address: hostname, family: 4 }] : hostname, 4);
      });
    };
    return connect({ ...options, port: Number(port), lookup });
  };
  const spy = vi.spyOn(net, 'connect').mockImplementation(dial as typeof net.connect);
  onTestFinished(() => spy.mockRestore());
  return dialled;
}

/** Writes the same bytes for ever, as fast as they are taken. */
function pour(to: NodeJS.WritableStream, bytes: Buffer): void {
  const fill = () => {
    while (to.writable && to.write(bytes));
  };
  to.on('error', () => {}).on('drain', fill);
  fill();
}

/** Writes a little every 20 ms. */
function drip(to: NodeJS.WritableStream, words: string): void {
  to.on('error', () => {});
  const timer = setInterval(() => to.write(words), 20);
  onTestFinished(() => clearInterval(timer));
}

/** By how much memory outside and inside the heap grew at most while `work` ran. */
async function mostMemory(work: () => Promise<unknown>): Promise<number> {
  const used = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, used());
  }, 1);
  await work();
  clearInterval(timer);
  return Math.max(most, used()) - before;
}
