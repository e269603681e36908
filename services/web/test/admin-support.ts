import { type AdminRole, acceptInvitation, beginSession, inviteAdmin } from '@paperboy/store';
import type { TestWeb } from './support.ts';

/** A browser that keeps its cookies, sends forms as browsers do, and follows nothing. */
export interface Visit {
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** The page at a path, which has to answer 200. */
  page(path: string): Promise<string>;
  /** Posts fields with the token that the page `from` carries; the path itself when left out. */
  post(path: string, fields?: Record<string, string | File>, from?: string): Promise<Response>;
  readonly cookies: Map<string, string>;
}

export function visit(get: TestWeb['get'], host = 'http://localhost:3080'): Visit {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) {
      headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const answer = await get(host + path, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    async page(path) {
      const answer = await ask(path);
      if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
      return answer.text();
    },
    async post(path, fields = {}, from = path) {
      const token = tokenIn(await (await ask(from)).text());
      const body = new FormData();
      for (const [name, value] of Object.entries({ 'form-token': token, ...fields })) {
        body.append(name, value);
      }
      // What browsers send for a form on a page without a referrer.
      const headers = { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' };
      return ask(path, { method: 'POST', body, headers });
    },
  };
}

export function tokenIn(page: string): string {
  return /name="form-token" value="([^"]*)"/.exec(page)?.[1] ?? '';
}

/** Somebody with a session, without the cost of a password. */
export async function loggedIn(
  web: TestWeb,
  { name, role = 'full' }: { readonly name: string; readonly role?: AdminRole },
): Promise<Visit> {
  const { db } = web.store;
  const { token } = await inviteAdmin(db, { role, by: 'a test' });
  const { id } = await acceptInvitation(db, token, { name, passwordHash: 'none' });
  const visitor = visit(web.get);
  visitor.cookies.set('paperboy_session', await beginSession(db, id));
  return visitor;
}
