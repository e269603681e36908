import { hasAdmins, inviteAdmin, inviteFirstAdmin, listAudit } from '@paperboy/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWeb } from '../src/app.ts';
import { loggedIn, tokenIn, visit } from './admin-support.ts';
import { elementsOf, textOf } from './markup.ts';
import { openWeb, rowsDigest, type TestWeb } from './support.ts';

const PASSWORD = 'a sentence that I know';

let web: TestWeb;
beforeAll(async () => {
  web = await openWeb();
});
afterAll(() => web.close());
afterEach(() =>
  run('truncate admin, admin_invitation, admin_session, audit_event, rate_bucket cascade'),
);

const run = (statement: string) => web.store.pool.query(statement);
const invited = async (role: 'full' | 'read-only' = 'full') => {
  const { token } = await inviteAdmin(web.store.db, { role, by: 'a test' });
  return `/admin/invitations/${token}`;
};
const joining = (name: string) => ({ name, password: PASSWORD, again: PASSWORD });
/** Of the board, which is loaded when it is first asked for and so stands in no list of routes. */
const BOARD_ROUTES = ['pause', 'resume', '1/pause', '1/promote', '1/retry/failed', '1/1/retry']
  .map((path) => `PUT /admin/queues/api/queues/${path}`)
  .concat('POST /admin/queues/api/queues/1/add');
const age = (table: string, column: string, by: string) =>
  run(`update ${table} set ${column} = ${column} - interval '${by}'`);

describe('before there is an admin', () => {
  test('this machine may do everything, and nobody from elsewhere may', async () => {
    const here = visit(web.get);
    expect(textOf(await here.page('/admin'))).toContain('Open to this machine until there is');
    expect(
      await (await here.post('/admin/admins/invite', { role: 'full' }, '/admin/admins')).text(),
    ).toContain('/admin/invitations/');
    const away = await visit(web.get, 'http://paperboy.example.org').get('/admin');
    expect(away.status).toBe(401);
    expect(await listAudit(web.store.db, { limit: 9 })).toMatchObject([
      { actor: 'this machine', action: 'invite', object: 'full admin' },
    ]);
  });

  test('the password of the settings opens the pages from anywhere', async () => {
    const { get } = web.under({ adminPassword: 'correct horse', httpHost: '0.0.0.0' });
    const away = visit(get, 'https://paperboy.example.org');
    const login = `Basic ${Buffer.from('admin:correct horse').toString('base64')}`;
    expect((await away.get('/admin', { Authorization: login })).status).toBe(200);
    expect((await away.get('/admin')).headers.get('www-authenticate')).toContain('Basic');
  });
});

describe('a one-time link', () => {
  test('makes an admin, logs them in, and then opens nothing, as forged and old ones do', async () => {
    const link = await invited();
    const ada = visit(web.get, 'http://paperboy.example.org');
    elementsOf(await ada.page(link));
    const joined = await ada.post(link, joining('Ada'));
    expect([joined.status, joined.headers.get('location')]).toEqual([303, '/admin?said=welcome']);
    const cookie = joined.headers.getSetCookie().find((line) => line.includes('session')) ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(textOf(await ada.page('/admin?said=welcome'))).toContain('You are an admin now');

    const old = await invited();
    await age('admin_invitation', 'expires_at', '25 hours');
    const refused = new Set<string>();
    for (const dead of [
      link,
      old,
      `/admin/invitations/${'A'.repeat(43)}`,
      `${link.slice(0, -1)}`,
    ]) {
      const other = visit(web.get, 'http://paperboy.example.org');
      const [page, post] = [
        await other.get(dead),
        await other.post(dead, joining('Eve'), '/admin/login'),
      ];
      expect([page.status, post.status]).toEqual([404, 404]);
      refused.add(textOf(await page.text()).replace(/Request \S+/, ''));
    }
    expect(refused.size).toBe(1);
    const { rows } = await web.store.pool.query('select name, role from admin');
    expect(rows).toEqual([{ name: 'Ada', role: 'full' }]);
  });

  test('taken up by two at once makes one admin', async () => {
    const link = await invited();
    const answers = await Promise.all(
      ['Ada', 'Bo', 'Cy'].map((name) => visit(web.get).post(link, joining(name))),
    );
    // Who looked when it was taken up already found no form, and so sent no token: 403.
    const statuses = answers.map(({ status }) => (status === 403 ? 404 : status));
    expect(statuses.sort()).toEqual([303, 404, 404]);
  });

  test('stays good when what was filled in is not', async () => {
    const link = await invited('read-only');
    const reader = visit(web.get);
    for (const [fields, problem] of [
      [{ ...joining('Ada'), again: 'another sentence' }, 'The two passwords differ.'],
      [{ name: 'Ada', password: 'short', again: 'short' }, 'at least 12 characters'],
      [joining('<script>'), 'A name has up to 64'],
      [joining('The command'), 'something else by this name'],
    ] as const) {
      const answer = await reader.post(link, fields);
      expect(answer.status).toBe(400);
      const page = await answer.text();
      elementsOf(page);
      expect(textOf(page)).toContain(problem);
      expect(page).toContain(`<code>${answer.headers.get('x-request-id')}</code>`);
    }
    expect(await hasAdmins(web.store.db)).toBe(false);
    expect((await reader.post(link, joining('Ada'))).status).toBe(303);
    const second = await invited();
    expect((await visit(web.get).post(second, joining('ADA'))).status).toBe(409);
    expect((await visit(web.get).get(second)).status).toBe(200);
  });

  test('that a start showed is over once somebody is an admin, and no start shows another', async () => {
    const { db } = web.store;
    const shown = [await inviteFirstAdmin(db), await inviteFirstAdmin(db)];
    const [link, other] = shown.map((one) => `/admin/invitations/${one?.token}`);
    expect((await visit(web.get).post(link ?? '', joining('Ada'))).status).toBe(303);
    expect((await visit(web.get).get(other ?? '')).status).toBe(404);
    expect(await inviteFirstAdmin(db)).toBeUndefined();
  });

  test('is kept as a hash alone', async () => {
    const link = await invited();
    const token = link.split('/').at(-1) ?? '';
    const { rows } = await web.store.pool.query(
      'select row_to_json(i)::text as row from admin_invitation i',
    );
    expect(rows[0].row).not.toContain(token);
    expect(rows[0].row).not.toContain(Buffer.from(token).toString('hex'));
  });
});

describe('once there is an admin', () => {
  test('the pages ask everybody else to log in, and the inbox still opens to this machine', async () => {
    await loggedIn(web, { name: 'Ada' });
    const here = visit(web.get);
    for (const path of [
      '/admin',
      '/admin/log',
      '/admin/admins',
      '/admin/queues',
      '/admin/nothing',
    ]) {
      const answer = await here.get(path);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(textOf(await answer.text())).toContain('Log in');
    }
    expect((await here.get('/admin/queues/api/queues')).status).toBe(401);
    expect((await here.post('/admin/admins/invite', { role: 'full' }, '/admin')).status).toBe(401);
    expect((await here.get('/inbox')).status).toBe(200);
    expect((await visit(web.get, 'http://paperboy.example.org').get('/inbox')).status).toBe(401);
  });

  test('name and password let in, wrong ones and unknown names are refused in the same words', async () => {
    await visit(web.get).post(await invited(), joining('Ada'));
    const ada = visit(web.get, 'http://paperboy.example.org');
    const texts = new Set<string>();
    for (const [name, password] of [
      ['Ada', 'a sentence that I kno'],
      ['Eve', PASSWORD],
      ["Ada' or 1=1", PASSWORD],
      ['', ''],
    ] as const) {
      const answer = await ada.post('/admin/login', { name, password });
      expect(answer.status).toBe(401);
      const requestId = answer.headers.get('x-request-id') ?? '';
      const page = (await answer.text()).replaceAll(requestId, '');
      texts.add(textOf(page.replace(/value="[^"]*"/g, '')));
    }
    expect(texts.size).toBe(1);
    const answer = await ada.post('/admin/login', {
      name: 'ada',
      password: PASSWORD,
      next: '/admin/log',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/log']);
    expect(textOf(await ada.page('/admin/log'))).toContain('log in admin Ada');
    expect((await ada.get('/inbox')).status).toBe(200);
  });

  test('after the login nobody is sent to another site', async () => {
    await visit(web.get).post(await invited(), joining('Ada'));
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/admin//evil',
      '/subscribe',
      '/admin/logout',
    ]) {
      const answer = await visit(web.get).post('/admin/login', {
        name: 'Ada',
        password: PASSWORD,
        next,
      });
      expect([next, answer.headers.get('location')]).toEqual([next, '/admin']);
    }
  });

  test('tries are counted over processes, by network and by name, also of names that nobody has', async () => {
    await loggedIn(web, { name: 'Ada' });
    const other = createWeb(web.deps);
    const get = [web.get, async (path: string, init?: RequestInit) => other.request(path, init)];
    const statuses: number[] = [];
    for (let number = 0; number < 12; number++) {
      const from = get[number % 2] ?? web.get;
      statuses.push(
        (await visit(from).post('/admin/login', { name: 'Eve', password: 'x' })).status,
      );
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    await run(`update rate_bucket set since = since - interval '16 minutes'`);
    expect((await visit(web.get).post('/admin/login', { name: 'Eve', password: 'x' })).status).toBe(
      401,
    );
    await run(`update rate_bucket set count = 30 where bucket like 'admin-login-name %'`);
    expect((await visit(web.get).post('/admin/login', { name: 'EVE', password: 'x' })).status).toBe(
      429,
    );
  });

  test('guessing invitations ends in a refusal', async () => {
    const guesser = visit(web.get);
    for (let number = 0; number < 30; number++) await guesser.get(`/admin/invitations/${number}`);
    expect((await guesser.get('/admin/invitations/31')).status).toBe(429);
  });
});

describe('a session', () => {
  test('ends when it is idle, when it is old, and at a logout', async () => {
    const ada = await loggedIn(web, { name: 'Ada' });
    await age('admin_session', 'seen_at', '7 hours 59 minutes');
    expect((await ada.get('/admin')).status).toBe(200);
    // That was a use of it.
    await age('admin_session', 'seen_at', '7 hours 59 minutes');
    const live = await ada.get('/admin', { 'Paperboy-Live': 'yes' });
    expect([live.status, (await live.text()).includes('<h1>')]).toEqual([200, false]);
    // What the page asks by itself was none.
    await age('admin_session', 'seen_at', '2 minutes');
    expect((await ada.get('/admin')).status).toBe(401);

    const bo = await loggedIn(web, { name: 'Bo' });
    await age('admin_session', 'created_at', '7 days 1 minute');
    expect((await bo.get('/admin')).status).toBe(401);

    const cy = await loggedIn(web, { name: 'Cy' });
    const held = new Map(cy.cookies);
    expect((await cy.post('/admin/logout', {}, '/admin')).status).toBe(303);
    expect(cy.cookies.has('paperboy_session')).toBe(false);
    for (const [name, value] of held) cy.cookies.set(name, value);
    expect((await cy.get('/admin')).status).toBe(401);
  });

  test('ends everywhere by one button, and with a new password', async () => {
    const one = visit(web.get);
    await one.post(await invited(), joining('Ada'));
    const other = visit(web.get);
    const login = (password: string) => other.post('/admin/login', { name: 'Ada', password });
    await login(PASSWORD);
    await one.post('/admin/logout-everywhere', {}, '/admin/admins');
    expect((await other.get('/admin')).status).toBe(401);
    await login(PASSWORD);
    const change = (held: string, wanted: string) =>
      other.post('/admin/password', { held, wanted }, '/admin/admins');
    expect((await change('wrong', 'another sentence of mine')).status).toBe(400);
    expect((await change(PASSWORD, 'short')).status).toBe(400);
    expect((await change(PASSWORD, 'another sentence of mine')).status).toBe(303);
    expect((await other.get('/admin')).status).toBe(401);
    expect((await login(PASSWORD)).status).toBe(401);
    expect((await login('another sentence of mine')).status).toBe(303);
  });

  test('ends with the admin; the last one who may change something stays', async () => {
    const ada = await loggedIn(web, { name: 'Ada' });
    const bo = await loggedIn(web, { name: 'Bo', role: 'read-only' });
    const remove = (name: string) => ada.post('/admin/admins/remove', { name }, '/admin/admins');
    expect((await remove('Ada')).status).toBe(400);
    expect((await remove('bo')).status).toBe(303);
    expect((await bo.get('/admin')).status).toBe(401);
    expect((await remove('Bo')).status).toBe(404);
  });

  test('its cookie is one that only this host can set where readers come by TLS', async () => {
    const { get } = web.under({ publicUrl: 'https://paperboy.example.org' });
    const link = await invited();
    const joined = await visit(get, 'https://paperboy.example.org').post(link, joining('Ada'));
    const [cookie] = joined.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-paperboy_session=[\w-]{43};.*Path=\/.*Secure/);
    expect(cookie).not.toMatch(/Domain/i);
  });

  test('forged, cut, swapped and doubled cookies open nothing', async () => {
    const ada = await loggedIn(web, { name: 'Ada' });
    const token = ada.cookies.get('paperboy_session') ?? '';
    for (const forged of [
      '',
      'x',
      token.slice(1),
      `${token}A`,
      'A'.repeat(43),
      `${token.slice(0, -1)}%00`,
    ]) {
      const eve = visit(web.get);
      eve.cookies.set('paperboy_session', forged);
      expect([forged, (await eve.get('/admin')).status]).toEqual([forged, 401]);
    }
  });
});

describe('a change', () => {
  /** Every route of the operator's pages that is no plain read, as the app itself knows them. */
  const changes = () => {
    const found = createWeb(web.deps).routes.filter(
      ({ path, method }) => path.startsWith('/admin') && !['GET', 'ALL', 'HEAD'].includes(method),
    );
    const routes = found.map(
      ({ path, method }) => `${method} ${path.replace(/:\w+(\{[^}]*\})?/g, '1')}`,
    );
    return [...new Set(routes), ...BOARD_ROUTES];
  };
  const ownLogin = /^POST \/admin\/(?:login|logout|logout-everywhere|password|invitations\/1)$/;

  test('is refused to whoever may only look, on every route there is, and nothing has changed', async () => {
    const bo = await loggedIn(web, { name: 'Bo', role: 'read-only' });
    const token = tokenIn(await bo.page('/admin'));
    const cookie = `paperboy_session=${bo.cookies.get('paperboy_session')}`;
    const before = await rowsDigest(web.store);
    const routes = changes();
    expect(routes.length).toBeGreaterThan(6);
    for (const route of routes.filter((one) => !ownLogin.test(one))) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await web.get(`http://localhost:3080${path}`, {
        method,
        headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' },
        body: new URLSearchParams({ 'form-token': token }),
      });
      expect([route, answer.status]).toEqual([route, 403]);
    }
    expect(await rowsDigest(web.store)).toBe(before);
    for (const path of ['/admin', '/admin/admins']) {
      const forms = elementsOf(await bo.page(path)).filter(({ name }) => name === 'form');
      for (const { attributes } of forms)
        expect(attributes.get('action') ?? '').toMatch(
          /^\/admin\/(?:logout|logout-everywhere|password)$/,
        );
    }
  });

  test('without the token of the form, with that of another, or from another site, is refused on every route', async () => {
    const ada = await loggedIn(web, { name: 'Ada' });
    const bo = await loggedIn(web, { name: 'Bo' });
    const [own, others] = [tokenIn(await ada.page('/admin')), tokenIn(await bo.page('/admin'))];
    expect(own).not.toBe(others);
    const Cookie = `paperboy_session=${ada.cookies.get('paperboy_session')}`;
    const before = await rowsDigest(web.store);
    const send = (route: string, token: string, headers: Record<string, string>) => {
      const [method = '', path = ''] = route.split(' ');
      const body = new URLSearchParams({ 'form-token': token });
      return web.get(`http://localhost:3080${path}`, {
        method,
        headers: { Cookie, ...headers },
        body,
      });
    };
    for (const route of changes()) {
      const isBoard = route.includes('/admin/queues/');
      const tries: [string, Record<string, string>][] = [
        [own, { Origin: 'https://evil.example' }],
        [own, { Origin: 'null' }],
        [own, { 'Sec-Fetch-Site': 'cross-site' }],
        ...(isBoard
          ? ([['', {}]] as [string, Record<string, string>][])
          : (['', others, `${own}A`, own.slice(1)].map((token) => [
              token,
              { 'Sec-Fetch-Site': 'same-origin' },
            ]) as [string, Record<string, string>][])),
      ];
      for (const [token, headers] of tries) {
        expect([route, headers, (await send(route, token, headers)).status]).toEqual([
          route,
          headers,
          403,
        ]);
      }
    }
    expect(await rowsDigest(web.store)).toBe(before);
  });

  test('to a queue by the board is for admins, and our own origin', async () => {
    const ada = await loggedIn(web, { name: 'Ada' });
    const Cookie = `paperboy_session=${ada.cookies.get('paperboy_session')}`;
    const put = (headers: Record<string, string>) =>
      web.get('http://localhost:3080/admin/queues/api/queues/ingest/resume', {
        method: 'PUT',
        headers,
      });
    expect((await put({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(401);
    expect((await put({ Cookie, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    expect(await listAudit(web.store.db, { limit: 1 })).toMatchObject([
      { actor: 'Ada', action: 'PUT', object: 'board /queues/ingest/resume' },
    ]);
  });
});
