import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeApiToken } from '@paperboy/email';
import {
  addApiToken,
  addSource,
  ensureTopic,
  gatherWords,
  revokeApiToken,
  saveMatches,
} from '@paperboy/store';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenApi } from '../src/api/openapi.ts';
import { recordDay } from './listings.ts';
import { textOf } from './markup.ts';
import { openWeb, rowsDigest, type TestWeb } from './support.ts';

const HOSTILE = `"><script>alert(1)</script> ' or true -- \u{1f4f0}`;

let web: TestWeb;
const tokens = { read: '', write: '', revoked: '', expired: '' };
beforeAll(async () => {
  web = await openWeb();
  const { db } = web.store;
  const dunes = {
    title: 'Dunes on the move',
    abstract: 'Sand moves in waves.',
    authors: ['Ada', 'Bo'],
    categories: ['cs.CL'],
    ids: { arxiv: '2603.00001' },
    links: [
      { rel: 'page', url: 'https://example.org/dunes' },
      { rel: 'other', url: 'javascript:alert(1)' },
    ],
  } as const;
  await recordDay(web.store, {
    day: '2026-03-10',
    entries: [dunes, { title: 'A bare title', ids: { openreview: 'AbCdEfGh12' } }],
  });
  await recordDay(web.store, {
    day: '2026-03-11',
    entries: [
      { title: HOSTILE, abstract: `Sand: ${HOSTILE}` },
      { ...dunes, abstract: 'Sand moves in long waves.', upvotes: 7 },
    ],
  });
  const topicId = await ensureTopic(db, {
    query: 'sand',
    queryHash: createHash('sha256').update('sand').digest(),
    ...{ slug: 'sand', name: 'Sand', about: 'How sand moves.', field: 'Earth' },
  });
  const papers = await db
    .selectFrom('paper')
    .innerJoin('paper_text', 'paper_text.id', 'paper.text_id')
    .select(['paper.id', 'abstract'])
    .where('abstract', 'like', 'Sand%')
    .execute();
  const reasons = [{ kind: 'phrase', typed: 'sand', inTitle: 0, inAbstract: 1, quotes: [] }];
  await saveMatches(
    db,
    papers.map(({ id }, at) => ({
      ...{ topicId, paperId: id, strength: 0.7 - at / 10, isCertain: true, reasons },
    })),
  );
  await web.store.pool.query('update listing_page set ready_no = id');
  await gatherWords(db);
  await addSource(db, { name: 'lab', title: 'Lab', url: 'https://lab.example.org/' });
  for (const scope of ['read', 'write'] as const) tokens[scope] = await tokenOf(scope, scope);
  tokens.revoked = await tokenOf('revoked', 'write');
  await revokeApiToken(db, 'revoked');
  tokens.expired = await tokenOf('expired', 'write', new Date(Date.now() - 1_000));
});
afterAll(() => web.close());
beforeEach(async () => {
  await web.store.pool.query('truncate rate_bucket');
});

async function tokenOf(name: string, scope: 'read' | 'write', expiresAt?: Date): Promise<string> {
  const { token, hash } = makeApiToken();
  await addApiToken(web.store.db, { name, scope, hash, ...(expiresAt && { expiresAt }) });
  return token;
}

interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the API as a program does. */
function call(method: string, path: string, { token, body, headers }: Call = {}) {
  return web.get(`/api/v1${path}`, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** An answer as an object, whatever it is of. */
async function read(answer: Response | Promise<Response>) {
  return JSON.parse(await (await answer).text());
}

/** How each operation is called so that it succeeds, and where it then meets nothing, or what is there already. */
const EXAMPLES: Readonly<
  Record<string, { readonly path: string; readonly body?: object; readonly missing?: string }>
> = {
  listPapers: { path: '/papers?limit=2' },
  getPaper: { path: '/papers/1', missing: '/papers/999' },
  listAppearancesOfPaper: {
    path: '/papers/1/appearances?limit=1',
    missing: '/papers/999/appearances',
  },
  listMatchesOfPaper: { path: '/papers/1/matches', missing: '/papers/999/matches' },
  listRevisionsOfPaper: { path: '/papers/1/revisions', missing: '/papers/999/revisions' },
  listDays: { path: '/days?limit=1' },
  listListingPages: { path: '/listing-pages?source=daily&day=2026-03-11' },
  getListingPage: { path: '/listing-pages/1', missing: '/listing-pages/999' },
  listPapersOfPage: { path: '/listing-pages/2/papers?limit=1', missing: '/listing-pages/9/papers' },
  listTopics: { path: '/topics' },
  getTopic: { path: '/topics/sand', missing: '/topics/mud' },
  listMatchesOfTopic: { path: '/topics/sand/matches?limit=1', missing: '/topics/mud/matches' },
  addTopic: {
    path: '/topics',
    body: { slug: 'water', query: '"water waves"', name: 'Water', field: 'Earth' },
  },
  changeTopic: {
    path: '/topics/sand',
    body: { name: 'Sand and dunes', about: null },
    missing: '/topics/mud',
  },
  previewTopic: { path: '/topic-previews', body: { query: 'sand -water' } },
  searchPapers: { path: '/search?source=daily&limit=1' },
  listSources: { path: '/sources' },
  getSource: { path: '/sources/lab', missing: '/sources/nobody' },
  addSource: {
    path: '/sources',
    body: {
      ...{ name: 'group', title: 'Group', url: 'https://group.example.org/{date}' },
      ...{ cron: '30 6 * * *', zone: 'Europe/Berlin', essential: false },
    },
  },
  changeSource: {
    path: '/sources/lab',
    body: { title: 'The lab', textPriority: 70 },
    missing: '/sources/nobody',
  },
  fetchSource: { path: '/sources/lab/fetches', missing: '/sources/nobody/fetches' },
  getToken: { path: '/token' },
};

test('every documented route answers every documented status, each in its documented form', async () => {
  const document: OpenApi = await read(web.get('/openapi.json'));
  expect(document).toEqual(await read(web.get('/api/v1/openapi.json')));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'paperboy', components: document.components });
  const bucketsFull = `insert into rate_bucket (bucket, count)
    select 'api ' || effort || ' ' || who, 100000 from unnest(array['read', 'search', 'change']) effort,
      unnest(array['unknown', 'token 1', 'token 2']) who`;
  const called: string[] = [];
  const documented: string[] = [];
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const { operationId, responses, security } = operation;
      const example = EXAMPLES[operationId];
      if (!example) throw new Error(`${method} ${path} has no example`);
      documented.push(...Object.keys(responses).map((status) => `${operationId} ${status}`));
      const [scope] = security[0]?.token ?? [];
      const token = scope && { token: scope === 'read' ? tokens.read : tokens.write };
      const body = example.body && { body: example.body };
      const check = async (answer: Response, expected: number | string) => {
        const { status, headers } = answer;
        expect([operationId, status]).toEqual([operationId, Number(expected)]);
        called.push(`${operationId} ${status}`);
        const [[type, told] = []] = Object.entries(responses[status]?.content ?? {});
        if (type === undefined || told === undefined) return expect(await answer.text()).toBe('');
        expect(headers.get('Content-Type')).toBe(type);
        const schema = { $ref: `paperboy${told.schema.$ref}` };
        const isValid = ajv.validate(schema, await answer.json());
        expect([operationId, status, isValid, ajv.errorsText()]).toEqual([
          ...[operationId, status, true],
          'No errors',
        ]);
        for (const name of Object.keys(responses[status]?.headers ?? {}))
          expect(headers.get(name)).not.toBeNull();
      };
      const ask = (at: string, more: Call = {}) =>
        call(method.toUpperCase(), at, { ...token, ...body, ...more });
      for (const status of Object.keys(responses)) {
        await web.store.pool.query('truncate rate_bucket');
        switch (status) {
          case '304': {
            const etag = (await ask(example.path)).headers.get('ETag') ?? '';
            await check(await ask(example.path, { headers: { 'If-None-Match': etag } }), status);
            break;
          }
          case '400': {
            const joint = example.path.includes('?') ? '&' : '?';
            await check(await ask(`${example.path}${joint}surprise=1`), status);
            break;
          }
          case '401':
            await check(await ask(example.path, { token: `${tokens.write}x` }), status);
            break;
          case '403':
            await check(await ask(example.path, { token: tokens.read }), status);
            break;
          case '404':
            await check(await ask(example.missing ?? 'no example of what is missing'), status);
            break;
          case '409':
            await ask(example.path);
            await check(await ask(example.path), status);
            break;
          case '415':
            await check(
              await ask(example.path, { headers: { 'Content-Type': 'text/plain' } }),
              status,
            );
            break;
          case '429':
            await web.store.pool.query(bucketsFull);
            await check(await ask(example.path), status);
            break;
          default:
            await check(await ask(example.path), status);
        }
      }
    }
  }
  expect(called).toEqual(documented);
  expect(Object.keys(EXAMPLES).sort()).toEqual(
    [...new Set(documented.map((one) => one.split(' ')[0]))].sort(),
  );
  expect(web.errors).toEqual([]);
});

describe('lists', () => {
  test('are walked by their cursors, each row once, also while rows come', async () => {
    for (const path of [
      '/papers',
      '/papers/1/appearances',
      '/days',
      '/listing-pages',
      '/topics/sand/matches',
      '/listing-pages/2/papers',
      '/search?source=daily',
    ]) {
      const all = await read(call('GET', path));
      expect(all.next).toBeNull();
      const walked: unknown[] = [];
      let at: string | undefined = `${path}${path.includes('?') ? '&' : '?'}limit=1`;
      while (at !== undefined) {
        const answer = await call('GET', at);
        walked.push(...(await read(answer)).items);
        expect(walked.length).toBeLessThan(20);
        at = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(answer.headers.get('Link') ?? '')?.[1];
      }
      expect([path, walked]).toEqual([path, all.items]);
      expect([path, all.items.length > 1]).toEqual([path, true]);
    }
    const first = await read(call('GET', '/papers?limit=2'));
    await recordDay(web.store, {
      source: 'late',
      day: '2026-03-12',
      entries: [{ title: 'Came meanwhile' }],
    });
    const second = await read(call('GET', `/papers?limit=2&cursor=${first.next}`));
    expect(second.items.map(({ title }: { title: string }) => title)).not.toContain(
      'Came meanwhile',
    );
    expect(second.items).toHaveLength(1);
  });

  test('begin at the filter that was asked for', async () => {
    const found = async (path: string) => (await read(call('GET', path))).items;
    expect(await found('/papers?key=arxiv:2603.00001')).toMatchObject([
      {
        id: '1',
        title: 'Dunes on the move',
        authors: ['Ada', 'Bo'],
        // Addresses that no link may have are not told.
        links: [{ rel: 'page', url: 'https://example.org/dunes' }],
        url: 'http://localhost:3080/papers/1',
        daysSeen: 2,
      },
    ]);
    expect(await found('/papers?key=doi:10.1000/none')).toEqual([]);
    // Of these ids case counts.
    for (const key of ['openreview:AbCdEfGh12', 'https://openreview.net/forum?id=AbCdEfGh12'])
      expect(await found(`/papers?key=${encodeURIComponent(key)}`)).toMatchObject([{ id: '2' }]);
    expect(await found('/listing-pages?day=2026-03-10')).toMatchObject([
      { id: '1', source: 'daily', newPapers: 2, recurringPapers: 0, verdict: 'new-batch' },
    ]);
    expect(await found('/listing-pages?source=nobody')).toEqual([]);
    expect(await found('/papers/1/appearances')).toMatchObject([
      { seenOn: '2026-03-11', source: 'daily', position: 2, previousPosition: 1, upvotes: 7 },
      { seenOn: '2026-03-10', position: 1, previousPosition: null },
    ]);
    expect(await found('/papers/1/matches')).toMatchObject([{ topic: 'sand' }]);
    expect(await found('/papers/1/revisions')).toMatchObject([{ changed: ['abstract'] }]);
  });

  test('a search finds words, as text without marks', async () => {
    const result = await read(call('GET', '/search?q=dunes'));
    expect(result).toMatchObject({
      ...{ total: 1, part: null, next: null },
      items: [{ paperId: '1', title: 'Dunes on the move', excerpt: 'Sand moves in long waves.' }],
    });
  });
});

describe('bad input', () => {
  const problemOf = async (answer: Response) => {
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    const problem = await read(answer);
    expect(problem.status).toBe(answer.status);
    return problem;
  };

  const QUERIES: readonly [string, string][] = [
    ['/papers?limit=0', 'query.limit'],
    ['/papers?limit=201', 'query.limit'],
    ['/papers?limit=', 'query.limit'],
    ['/papers?limit=1.5', 'query.limit'],
    ['/papers?limit=Infinity', 'query.limit'],
    [`/papers?limit=${'9'.repeat(400)}`, 'query.limit'],
    ['/papers?limit=1&limit=2', 'query.limit'],
    ['/papers?cursor=', 'query.cursor'],
    ['/papers?cursor=WyIxIl', 'query.cursor'],
    [`/papers?cursor=${Buffer.from('["1 or 1=1"]').toString('base64url')}`, 'query.cursor'],
    [`/papers?cursor=${'A'.repeat(8_000)}`, 'query.cursor'],
    ...['[20]', '[1e300,"2026-03-11","1","1"]', '[1e-300,"2026-03-11","1","1"]'].map(
      (key): [string, string] => [
        `/search?q=dunes&cursor=${Buffer.from(key).toString('base64url')}`,
        'query.cursor',
      ],
    ),
    [
      `/topics/sand/matches?cursor=${Buffer.from('["2026-03-11",1e300,"1"]').toString('base64url')}`,
      'query.cursor',
    ],
    ['/papers?key=%00', 'query.key'],
    ['/papers?key=dunes', 'query.key'],
    ['/papers?key=%ff', 'query'],
    ['/papers?key=%', 'query'],
    ['/papers?%ff=1', 'query'],
    ['/papers?key=%ED%A0%80', 'query'],
    ['/papers?__proto__=1', 'query'],
    ['/papers/0', 'path.id'],
    ['/papers/-1', 'path.id'],
    ['/papers/1%00', 'path.id'],
    ['/papers/9999999999999999999', 'path.id'],
    ['/papers/%2e%2e%2fadmin', 'path.id'],
    ['/listing-pages?day=2026-02-30', 'query.day'],
    ['/listing-pages?source=%27--', 'query.source'],
    ['/topics/%3Cscript%3E', 'path.topic'],
    [`/topics/${'a'.repeat(5_000)}`, 'path.topic'],
    ['/search', 'query.q'],
    ['/search?q=the', 'query.q'],
    ['/search?q=-dunes', 'query.q'],
    [`/search?q=${'x'.repeat(201)}`, 'query.q'],
    ['/search?q=dunes&source=nobody', 'query.source'],
    ['/search?q=dunes&order=sideways', 'query.order'],
    ["/search?q=dunes&category='--", 'query.category'],
  ];
  test('of the address is named, and no fault of ours', async () => {
    for (const [path, at] of QUERIES) {
      const problem = await problemOf(await call('GET', path));
      expect([path, problem.code, problem.errors[0].at]).toEqual([path, 'REQUEST_INVALID', at]);
    }
    expect((await call('GET', '/search?q=%00dunes')).status).toBe(200);
    expect(web.errors).toEqual([]);
  });

  const BODIES: readonly [string, unknown, string][] = [
    ['/topics', '{', 'body'],
    ['/topics', Buffer.from([0x7b, 0xff]).toString('latin1'), 'body'],
    ['/topics', 'null', 'body'],
    ['/topics', [], 'body'],
    ['/topics', {}, 'body.slug'],
    ['/topics', { slug: 'a', query: 'x', name: 'n\u0000' }, 'body.name'],
    ['/topics', { slug: 'a', query: 'x', name: '\ud800' }, 'body.name'],
    ['/topics', { slug: 'a', query: 'x', name: 'two\nlines' }, 'body.name'],
    ['/topics', { slug: 'a', query: 'x', name: '\u202e' }, 'body.name'],
    ['/topics', { slug: 'A b', query: 'x', name: 'n' }, 'body.slug'],
    ['/topics', { slug: 'a', query: 'x'.repeat(2_001), name: 'n' }, 'body.query'],
    ['/topics', { slug: 'a', query: 'x', name: 7 }, 'body.name'],
    ['/topics', { slug: 'a', query: 'x', name: 'n', id: '1' }, 'body'],
    ['/topics', '{"slug":"a","query":"x","name":"n","__proto__":{"id":1}}', 'body'],
    ['/sources', { name: 's', title: 't', url: 'file:///etc/passwd' }, 'body.url'],
    ['/sources', { name: 's', title: 't', url: 'javascript:alert(1)' }, 'body.url'],
    ['/sources', { name: '../s', title: 't' }, 'body.name'],
    ['/sources', { name: 's', title: 't', textPriority: 1e9 }, 'body.textPriority'],
    ['/sources', { name: 's', title: 't', state: 'archived' }, 'body'],
  ];
  test('of a body is named, and nothing is changed', async () => {
    const before = await changeless();
    for (const [path, body, at] of BODIES) {
      const problem = await problemOf(await call('POST', path, { token: tokens.write, body }));
      expect([body, problem.code, problem.errors[0].at]).toEqual([body, 'REQUEST_INVALID', at]);
    }
    for (const path of ['/topics/sand', '/sources/lab']) {
      const body = {};
      expect((await call('PATCH', path, { token: tokens.write, body })).status).toBe(400);
    }
    const huge = { slug: 'a', query: 'x', name: 'n'.repeat(70_000) };
    const refused = await call('POST', '/topics', { token: tokens.write, body: huge });
    expect((await problemOf(refused)).status).toBe(413);
    expect(await changeless()).toBe(before);
    expect(web.errors).toEqual([]);
  });

  test('of a token is refused before anything else is looked at, and nothing is changed', async () => {
    const before = await changeless();
    const wrong = [
      tokens.revoked,
      tokens.expired,
      tokens.write.slice(0, -1),
      `${tokens.write}A`,
      tokens.write.toLowerCase(),
      tokens.write.slice(3),
      `pb_${'A'.repeat(43)}`,
      'pb_',
      '',
      'a'.repeat(5_000),
      "' or true --",
    ];
    for (const token of wrong) {
      for (const [method, path] of [
        ['POST', '/topics'],
        ['GET', '/papers'],
      ] as const) {
        const answer = await call(method, path, { token, ...(method === 'POST' && { body: '{' }) });
        expect([token, (await problemOf(answer)).code]).toEqual([token, 'TOKEN_INVALID']);
        expect(answer.headers.get('WWW-Authenticate')).toContain('Bearer realm="Paperboy"');
      }
    }
    const none = await call('POST', '/topics', { body: {} });
    expect([none.status, none.headers.get('WWW-Authenticate')]).toEqual([
      401,
      'Bearer realm="Paperboy"',
    ]);
    const reading = await call('POST', '/topics', { token: tokens.read, body: {} });
    expect(reading.headers.get('WWW-Authenticate')).toContain('insufficient_scope');
    // A browser may send the operator's password along; a token in the address is none.
    const basic = { headers: { Authorization: 'Basic YWRtaW46eA==' } };
    expect((await call('GET', '/papers', basic)).status).toBe(200);
    expect((await call('GET', `/token?token=${tokens.read}`)).status).toBe(401);
    expect(await changeless()).toBe(before);
  });

  test('no token with a letter changed gets in', async () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
    const changes = fc.record({
      at: fc.integer({ min: 3, max: 45 }),
      letter: fc.constantFrom(...letters),
    });
    await fc.assert(
      fc.asyncProperty(changes, async ({ at, letter }) => {
        fc.pre(tokens.write[at] !== letter);
        const token = `${tokens.write.slice(0, at)}${letter}${tokens.write.slice(at + 1)}`;
        expect((await call('GET', '/token', { token })).status).toBe(401);
      }),
      { numRuns: 40 },
    );
  });

  test('of the path or the method says what there is', async () => {
    const nowhere = await call('GET', '/nothing');
    expect(await problemOf(nowhere)).toMatchObject({ status: 404, title: 'Not found' });
    for (const [method, path, allowed] of [
      ['DELETE', '/papers/1', 'GET, HEAD, OPTIONS'],
      ['PUT', '/sources', 'GET, POST, HEAD, OPTIONS'],
      ['GET', '/topic-previews', 'POST, OPTIONS'],
    ] as const) {
      const answer = await call(method, path);
      expect([answer.status, answer.headers.get('Allow')]).toEqual([405, allowed]);
      await problemOf(answer);
    }
    const page = await web.get('/api/v1/papers/999', { headers: { Accept: 'text/html' } });
    expect((await problemOf(page)).type).toBe('/api#NOT_FOUND');
  });
});

/** All rows but the counts of requests and when a token was used. */
async function changeless(): Promise<string> {
  await web.store.pool.query('truncate rate_bucket; update api_token set last_used_at = now()');
  await web.store.pool.query("update api_token set last_used_at = '2026-03-11'");
  return (await rowsDigest(web.store)).replace(/^(?:api_token|rate_bucket) .*$/gm, '');
}

test('requests are counted over processes, by network and by token, and then told how long to wait', async () => {
  const other = web.under({});
  const ask = async (at: { get: TestWeb['get'] }, token?: string) =>
    at.get('/api/v1/search?source=daily', {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });
  const first = await ask(web);
  expect(first.headers.get('RateLimit-Policy')).toBe('"search";q=60;w=60');
  expect(first.headers.get('RateLimit')).toMatch(/^"search";r=59;t=60$/);
  await web.store.pool.query('update rate_bucket set count = 59');
  expect((await ask(web)).status).toBe(200);
  const refused = await ask(other);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(await read(refused)).toMatchObject({ code: 'TOO_MANY_REQUESTS', retry: true });
  // Others are not held up by it: other work, and whoever has a token.
  expect((await call('GET', '/papers')).status).toBe(200);
  expect((await ask(other, tokens.read)).status).toBe(200);
  await web.store.pool.query(`update rate_bucket set since = now() - interval '61 seconds'`);
  expect((await ask(web)).status).toBe(200);
});

test('a source is asked at the wish of an operator, once a minute, and not while it rests', async () => {
  const as = { token: tokens.write };
  const asked = await call('POST', '/sources/lab/fetches', as);
  expect(asked.status).toBe(202);
  expect(await read(call('GET', '/sources/lab', as))).toMatchObject({ nextAskWhy: 'asked for' });
  const again = await call('POST', '/sources/lab/fetches', as);
  expect([again.status, Number(again.headers.get('Retry-After')) <= 60]).toEqual([429, true]);
  const paused = await read(call('PATCH', '/sources/lab', { ...as, body: { state: 'paused' } }));
  expect(paused.state).toBe('paused');
  await web.store.pool.query('truncate rate_bucket');
  const resting = await read(call('POST', '/sources/lab/fetches', as));
  expect(resting).toMatchObject({
    status: 400,
    detail: expect.stringContaining('resume it first'),
  });
  await call('PATCH', '/sources/lab', { ...as, body: { state: 'active' } });
  const { rows } = await web.store.pool.query(
    'select actor, action, object, became from audit_event order by id desc limit 2',
  );
  expect(rows).toEqual([
    {
      ...{ actor: 'token write', action: 'changeSource', object: '/sources/lab' },
      became: '{"state":"active"}',
    },
    expect.objectContaining({ became: '{"state":"paused"}' }),
  ]);
  const saved = await read(call('POST', '/sources/daily/fetches', as));
  expect(saved).toMatchObject({ status: 400, detail: expect.stringContaining('no address') });
});

test('what everybody may read, pages of other sites may read on a public host, and never with a token', async () => {
  const open = web.under({ publicUrl: 'https://papers.example.org' });
  const ask = (at: { get: TestWeb['get'] }, path: string, method = 'GET') =>
    at.get(`/api/v1${path}`, { method, headers: { Origin: 'https://elsewhere.example' } });
  const origin = ({ headers }: Response) => headers.get('Access-Control-Allow-Origin');
  expect(origin(await ask(open, '/papers'))).toBe('*');
  expect(origin(await ask(open, '/papers/999'))).toBe('*');
  expect(origin(await ask(open, '/sources/lab'))).toBeNull();
  expect(origin(await ask(web, '/papers'))).toBeNull();
  const preflight = await ask(open, '/sources', 'OPTIONS');
  expect([preflight.status, preflight.headers.get('Access-Control-Allow-Headers')]).toEqual([
    204,
    'If-None-Match',
  ]);
  expect(preflight.headers.get('Access-Control-Allow-Methods')).toBeNull();
  expect(preflight.headers.get('Access-Control-Allow-Credentials')).toBeNull();
});

test('what needs a token is kept by no cache; the rest is asked about again', async () => {
  const kept = async (path: string, token?: string) =>
    (await call('GET', path, token === undefined ? {} : { token })).headers.get('Cache-Control');
  expect(await kept('/sources/lab', tokens.read)).toBe('private, no-store');
  expect(await kept('/papers')).toBe('no-cache');
});

test('the page of the API tells of every route, schema and problem, without script', async () => {
  const page = await web.page('/api');
  const text = textOf(page);
  const document = await read(web.get('/openapi.json'));
  for (const path of Object.keys(document.paths)) expect(text).toContain(`/api/v1${path}`);
  for (const name of Object.keys(document.components.schemas))
    expect(page).toContain(`id="schema-${name}"`);
  const anchors = [...page.matchAll(/href="#([^"]+)"/g)].map(([, anchor = '']) => anchor);
  expect(anchors.length).toBeGreaterThan(30);
  for (const anchor of anchors) expect(page).toContain(`id="${anchor}"`);
  expect(page).toContain('id="TOKEN_INVALID"');
  expect(page).not.toContain('<script');
});

test('the examples of docs/api.md do what they are shown for', async () => {
  await web.store.pool.query(
    `delete from source_health where source_id in (select id from source where name = 'lab')`,
  );
  await web.store.pool.query(`delete from source where name = 'lab'`);
  const doc = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  // Of the topics that come with Paperboy this database has none.
  const lines = [
    ...doc.replaceAll('/topics/interpretability', '/topics/sand').matchAll(/^ {4}curl (.+)$/gm),
  ].map(([, line = '']) => line);
  expect(lines.length).toBeGreaterThan(12);
  for (const line of lines) {
    const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
      ([, single, double, bare]) => single ?? double?.replace('$TOKEN', tokens.write) ?? bare ?? '',
    );
    const after = (flag: string) => words.filter((_, at) => words[at - 1] === flag);
    const [body] = after('-d');
    const url = new URL(words.at(-1) ?? '');
    const answer = await web.get(url.pathname + url.search, {
      method: after('-X')[0] ?? (body === undefined ? 'GET' : 'POST'),
      headers: after('-H').map((header): [string, string] => {
        const [name = '', value = ''] = header.split(': ');
        return [name, value];
      }),
      ...(body !== undefined && { body }),
    });
    expect([line, answer.status, await answer.text()]).toEqual([
      line,
      expect.toSatisfy((status: number) => status < 300),
      expect.not.stringContaining('"items":[]'),
    ]);
  }
});
