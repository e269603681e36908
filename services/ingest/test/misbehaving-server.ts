import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** What a request asked for. */
interface Asked {
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  /** How many requests for pages came before. */
  readonly before: number;
}

type Answer = (to: Socket, asked: Asked) => void;

/** How a fetch of it has to end. */
type Ending =
  | { readonly kind: 'stored'; readonly verdict: string; readonly note?: RegExp }
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'blocked' | 'failed';
      readonly code: string;
      readonly detail: RegExp;
      readonly retryAfterMs?: number;
    };

export interface Misbehaviour {
  readonly page: Answer;
  /** It has none when left out. */
  readonly robots?: Answer;
  /** What is asked for; `/list` when left out. */
  readonly path?: string;
  /** How often it is fetched; the last ending counts. Once when left out. */
  readonly times?: number;
  /** It never comes to an end: 300 ms are enough to see that. */
  readonly isSlow?: true;
  readonly ends: Ending;
}

/** A server on loopback that misbehaves in one way, until it is closed. */
export async function misbehave({ page, robots = notFound }: Misbehaviour) {
  const sockets = new Set<Socket>();
  const asked: Asked[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let head = '';
    socket.on('data', function read(chunk) {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      const [first = '', ...lines] = head.split('\r\n');
      head = '';
      const path = first.split(' ')[1] ?? '';
      const headers = new Map(
        lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.replace(/^.*?: ?/, '')]),
      );
      if (path === '/robots.txt') robots(socket, { path, headers, before: 0 });
      else {
        const request = { path, headers, before: asked.length };
        asked.push(request);
        page(socket, request);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const PAPERS = 4;
const list = (from = 0) =>
  JSON.stringify(
    Array.from({ length: PAPERS }, (_, index) => ({
      paper: {
        id: `2603.${10_000 + from + index}`,
        title: `Reading Page ${from + index} Café`,
        summary: `What paper ${from + index} is about, in a sentence of its own. `.repeat(4),
      },
    })),
  );
const LIST = list();
const HALF = LIST.slice(0, Math.floor(LIST.length * 0.6));
const CHALLENGE =
  '<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/x.js"></script>';

type Headers = Readonly<Record<string, string | number>>;

function head(status: number, headers: Headers = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`;
}
/** A whole answer, after which the connection is closed. */
const says =
  (status: number, body: string | Buffer = '', headers: Headers = {}): Answer =>
  (to) => {
    to.write(head(status, { 'content-length': Buffer.byteLength(body), ...headers }));
    to.end(body);
  };
/** Exactly these bytes, and the end. */
const raw =
  (...bytes: (string | Buffer)[]): Answer =>
  (to) => {
    for (const some of bytes) to.write(some);
    to.end();
  };
/** A head, then the same bytes for ever. */
const pours =
  (start: string, bytes: string | Buffer): Answer =>
  (to) => {
    to.write(start);
    const fill = () => {
      while (to.writable && to.write(bytes));
    };
    to.on('drain', fill);
    fill();
  };
/** A head, then a few bytes now and then. */
const drips =
  (start: string, bytes: string): Answer =>
  (to) => {
    to.write(start);
    const timer = setInterval(() => to.write(bytes), 20);
    to.on('close', () => clearInterval(timer));
  };
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const notFound = says(404);
const leadsTo = (location: string) => says(302, '', { location });
/** An API that serves page after page. */
const paged =
  (rest: Answer): Answer =>
  (to, asked) =>
    asked.path.includes('p=') ? rest(to, asked) : says(200, LIST)(to, asked);
const PAGED = `/api/daily_papers?date=2026-03-10&limit=${PAPERS}`;

const isNew = { kind: 'stored', verdict: 'new-batch' } as const;
const isCut = (note: RegExp) => ({ kind: 'stored', verdict: 'cut', note }) as const;
const failed = (code: string, detail: RegExp) => ({ kind: 'failed', code, detail }) as const;
const unreachable = (detail: RegExp) => failed('PAGE_UNREACHABLE', detail);
const refused = (status: number) => failed('PAGE_REFUSED', new RegExp(`^status ${status}$`));
const blocked = (detail: RegExp, more: { retryAfterMs?: number } = {}) =>
  ({ kind: 'blocked', code: 'PAGE_REFUSED', detail, ...more }) as const;

/** Every way, by name, with how a fetch has to end. Pages of up to 100 kB are taken. */
export const MISBEHAVIOURS: Readonly<Record<string, Misbehaviour>> = {
  // Too much
  'a body without end': {
    page: pours(head(200), Buffer.alloc(65_536, 'x')),
    ends: failed('PAGE_TOO_LARGE', /over 100000 bytes/),
  },
  'chunks without end': {
    page: pours(head(200, { 'transfer-encoding': 'chunked' }), chunk('x'.repeat(9_999))),
    ends: failed('PAGE_TOO_LARGE', /over/),
  },
  'a gzip bomb': {
    page: says(200, gzipSync(Buffer.alloc(20_000_000)), { 'content-encoding': 'gzip' }),
    ends: failed('PAGE_TOO_LARGE', /over/),
  },
  'a brotli bomb': {
    page: says(200, brotliCompressSync(Buffer.alloc(20_000_000)), { 'content-encoding': 'br' }),
    ends: failed('PAGE_TOO_LARGE', /over/),
  },
  'a flood of headers': {
    page: pours('HTTP/1.1 200 OK\r\n', 'x-more: and more\r\n'.repeat(999)),
    ends: unreachable(/headers are too large/),
  },
  'a header of 100 MB': {
    page: pours('HTTP/1.1 200 OK\r\nx-long: ', Buffer.alloc(65_536, 'x')),
    ends: unreachable(/headers are too large/),
  },
  // Too slow
  silence: { page: () => {}, isSlow: true, ends: unreachable(/no answer in time/) },
  'headers that drip': {
    page: drips('HTTP/1.1 200 OK\r\n', 'x-slow: yes\r\n'),
    isSlow: true,
    ends: unreachable(/no answer in time/),
  },
  'a body that drips': {
    page: drips(head(200), 'x'),
    isSlow: true,
    ends: unreachable(/no answer in time/),
  },
  // Not what it says it is
  'gzip in gzip, called gzip': {
    page: says(200, gzipSync(gzipSync(LIST)), { 'content-encoding': 'gzip' }),
    ends: failed('PAGE_UNREADABLE', /a gzip file/),
  },
  'gzip in gzip, called both': {
    page: says(200, gzipSync(gzipSync(LIST)), { 'content-encoding': 'gzip, gzip' }),
    ends: failed('PAGE_UNREADABLE', /compressed as/),
  },
  'text that is called gzip': {
    page: says(200, LIST, { 'content-encoding': 'gzip' }),
    ends: unreachable(/damaged/),
  },
  'a compression that nobody asked for': {
    page: says(200, LIST, { 'content-encoding': 'zstd' }),
    ends: failed('PAGE_UNREADABLE', /zstd/),
  },
  'UTF-8 that is called UTF-16': {
    page: says(200, LIST, { 'content-type': 'application/json; charset=utf-16' }),
    ends: isNew,
  },
  'latin letters that are called so in the header alone': {
    page: says(200, Buffer.from(LIST, 'latin1'), { 'content-type': 'text/plain; charset=latin1' }),
    ends: isNew,
  },
  'a list that is called a web page': {
    page: says(200, LIST, { 'content-type': 'text/html' }),
    ends: isNew,
  },
  'a list that is called an image': {
    page: says(200, LIST, { 'content-type': 'image/png' }),
    ends: failed('PAGE_UNREADABLE', /served as image\/png/),
  },
  'a PDF that is called a web page': {
    page: says(200, '%PDF-1.7 and more', { 'content-type': 'text/html' }),
    ends: failed('PAGE_UNREADABLE', /a PDF document/),
  },
  'a zip file that is called a list': {
    page: says(200, 'PK\u0003\u0004 and more', { 'content-type': 'application/json' }),
    ends: failed('PAGE_UNREADABLE', /a zip file/),
  },
  nothing: { page: says(200), ends: { kind: 'stored', verdict: 'broken' } },
  'a challenge, called a page': {
    page: says(200, CHALLENGE),
    ends: { kind: 'stored', verdict: 'blocked' },
  },
  'a challenge, called forbidden': { page: says(403, CHALLENGE), ends: blocked(/403/) },
  'no sign where a sign has to be': {
    page: says(200, LIST.replace('[', '[\0')),
    ends: { kind: 'stored', verdict: 'broken' },
  },
  // Too little
  'half a list, by its length': {
    page: says(200, HALF, { 'content-length': LIST.length }),
    ends: isCut(/ends after \d+ bytes/),
  },
  'half a list, in chunks': {
    page: raw(head(200, { 'transfer-encoding': 'chunked' }), chunk(HALF)),
    ends: isCut(/ends after \d+ bytes/),
  },
  'half a list, in gzip': {
    page: says(200, gzipSync(LIST, { level: 0 }).subarray(0, HALF.length), {
      'content-encoding': 'gzip',
    }),
    ends: isCut(/ends after \d+ bytes/),
  },
  'half a list, and a reset': {
    page: (to) => {
      to.write(head(200, { 'content-length': LIST.length }) + HALF);
      setTimeout(() => to.resetAndDestroy(), 100);
    },
    ends: isCut(/ends after \d+ bytes/),
  },
  'the first letters of a list': {
    page: says(200, LIST.slice(0, 9), { 'content-length': LIST.length }),
    ends: unreachable(/ends after 9 bytes/),
  },
  'a reset before it answers': {
    page: (to) => to.resetAndDestroy(),
    ends: unreachable(/broke the connection off/),
  },
  'an end within the headers': {
    page: raw('HTTP/1.1 200 OK\r\nContent-Le'),
    ends: unreachable(/broke|cut short/),
  },
  // Not HTTP
  'a page without HTTP': { page: raw(LIST), ends: unreachable(/not HTTP/) },
  'another protocol': { page: raw('220 mail.example ESMTP\r\n'), ends: unreachable(/not HTTP/) },
  'two lengths': {
    page: raw(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\n${LIST}`),
    ends: unreachable(/not HTTP/),
  },
  'a length below zero': {
    page: raw(`HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n${LIST}`),
    ends: unreachable(/not HTTP/),
  },
  'a chunk as long as no memory': {
    page: raw(`${head(200, { 'transfer-encoding': 'chunked' })}fffffffffffffffff\r\n${LIST}`),
    ends: unreachable(/not HTTP/),
  },
  'more than it promised': {
    page: raw(head(200, { 'content-length': Buffer.byteLength(LIST) }), LIST, 'and more'),
    ends: isNew,
  },
  'an end where it promised to stay': {
    page: says(200, LIST, { connection: 'keep-alive', 'keep-alive': 'timeout=60' }),
    ends: isNew,
  },
  'hints before the answer': {
    page: raw(head(103, { link: '</x>; rel=preload' }).repeat(3), head(200), LIST),
    ends: isNew,
  },
  // Elsewhere
  'a redirect in a circle': { page: leadsTo('/list'), ends: unreachable(/redirects/) },
  'a redirect into the file system': {
    page: leadsTo('file:///etc/passwd'),
    ends: failed('PAGE_FORBIDDEN', /file:/),
  },
  'a redirect with a login in it': {
    page: leadsTo('http://reader:secret@127.0.0.1/'),
    ends: failed('PAGE_FORBIDDEN', /login/),
  },
  'a redirect to nowhere': { page: says(302), ends: refused(302) },
  'a redirect to a sign-in': {
    page: leadsTo('/login?next=/list'),
    ends: blocked(/leads to a sign-in \(\/login\)/),
  },
  'a redirect to where nobody listens': {
    page: leadsTo('http://127.0.0.1:9/list'),
    ends: unreachable(/refuses connections/),
  },
  // Other statuses
  'not modified, unasked': { page: says(304), ends: refused(304) },
  'no content': { page: says(204), ends: refused(204) },
  'a piece of the page': { page: says(206, HALF), ends: refused(206) },
  'not without a login': { page: says(401, LIST), ends: blocked(/401/) },
  'not found': { page: says(404, LIST), ends: refused(404) },
  gone: { page: says(410, LIST), ends: refused(410) },
  'too many requests, for an hour': {
    page: says(429, '', { 'retry-after': '3600' }),
    ends: blocked(/429/, { retryAfterMs: 3_600_000 }),
  },
  'too many requests, until a date': {
    page: says(429, '', {
      date: 'Tue, 10 Mar 2026 08:00:00 GMT',
      'retry-after': 'Tue, 10 Mar 2026 08:30:00 GMT',
    }),
    ends: blocked(/429/, { retryAfterMs: 1_800_000 }),
  },
  'a fault of its own': { page: says(500, LIST), ends: blocked(/500/) },
  'out of service, for ever': {
    page: says(503, LIST, { 'retry-after': '99999999999' }),
    ends: blocked(/503/, { retryAfterMs: 86_400_000 }),
  },
  'a status that does not exist': { page: says(299, LIST), ends: refused(299) },
  // robots.txt
  'a robots.txt that says no': {
    page: says(200, LIST),
    robots: says(200, 'User-agent: *\nDisallow: /list'),
    ends: blocked(/^robots\.txt disallows \/list/),
  },
  'a robots.txt that hangs': {
    page: says(200, LIST),
    robots: () => {},
    isSlow: true,
    ends: unreachable(/no answer in time \(robots\.txt\)/),
  },
  'a robots.txt that breaks off': {
    page: says(200, LIST),
    robots: says(200, 'User-agent: *\nAllow: /', { 'content-length': 99 }),
    ends: unreachable(/ends after .* \(robots\.txt\)/),
  },
  'a robots.txt in a circle': {
    page: says(200, LIST),
    robots: leadsTo('/robots.txt'),
    ends: isNew,
  },
  'a robots.txt without end that says no at once': {
    page: says(200, LIST),
    robots: pours(`${head(200)}User-agent: *\nDisallow: /\n`, '# and more\n'.repeat(999)),
    ends: blocked(/robots\.txt disallows/),
  },
  'a robots.txt without end that says nothing': {
    page: says(200, LIST),
    robots: pours(head(200), '\0\ufffd# and more\n'.repeat(999)),
    ends: isNew,
  },
  'a robots.txt of faults': {
    page: says(200, LIST),
    robots: says(500),
    ends: blocked(/robots\.txt cannot be had, status 500/),
  },
  'a robots.txt that nobody may read': {
    page: says(200, LIST),
    robots: says(403, 'User-agent: *\nDisallow: /'),
    ends: isNew,
  },
  'a robots.txt that is a page, called an image': {
    page: says(200, LIST),
    robots: says(200, `<title>Papers</title>${LIST}`, { 'content-type': 'image/png' }),
    ends: isNew,
  },
  // Validators
  'an ETag that lies': {
    page: (to, asked) =>
      asked.headers.has('if-none-match')
        ? says(304)(to, asked)
        : says(200, list(10 * asked.before), { etag: '"forever"' })(to, asked),
    times: 2,
    ends: { kind: 'unchanged' },
  },
  'an ETag that is none': {
    page: (to, asked) =>
      says(asked.headers.has('if-none-match') ? 304 : 200, LIST, { etag: 'forever' })(to, asked),
    times: 2,
    ends: { kind: 'unchanged' },
  },
  'a new ETag for the same page': {
    page: (to, asked) => says(200, LIST, { etag: `W/"${asked.before}"` })(to, asked),
    times: 3,
    ends: { kind: 'unchanged' },
  },
  // Lists in parts
  'a next page that is the page before': {
    path: PAGED,
    page: paged(says(200, LIST)),
    ends: isCut(/part 2 is missing: it repeats an earlier part/),
  },
  'next pages without end': {
    path: PAGED,
    page: (to, asked) => says(200, list(10 * asked.before))(to, asked),
    ends: isCut(/the list goes on at .*p=20/),
  },
  'a next page that is out of service': {
    path: PAGED,
    page: paged(says(503)),
    ends: isCut(/part 2 is missing: status 503/),
  },
  'a next page that breaks off': {
    path: PAGED,
    page: paged(says(200, list(10).slice(0, 500), { 'content-length': 9_999 })),
    ends: isCut(/part 2: ends after \d+ bytes/),
  },
  'a challenge for a next page': {
    path: PAGED,
    page: paged(says(200, CHALLENGE)),
    ends: isCut(/part 2 is missing: /),
  },
};
