import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type AdminRole, type Db, SESSION_LIFE, sessionOwner } from '@paperboy/store';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { HTTPException } from 'hono/http-exception';
import type { WebSettings } from '../deps.ts';
import { type Html, html } from '../html.ts';

/** Who looks at an operator's page. */
export interface Visitor {
  /** As the audit log calls them. */
  readonly name: string;
  readonly role: AdminRole;
  /** Absent for whoever came in without a login, before there was an admin. */
  readonly session?: { readonly adminId: string; readonly token: string };
}

/** What the gate leaves for the pages behind it. */
export interface AdminEnv {
  Variables: {
    visitor: Visitor;
    /** What a form of this visitor has to bring back. */
    formToken: string;
  };
}

type CookieSettings = Pick<WebSettings, 'publicUrl'>;

/**
 * The cookies, by whether readers come by TLS: then their names make browsers refuse them from anybody but this very
 * host (RFC 6265bis, `__Host-`). Lax, so that a link to a page opens it; nothing is changed by following one.
 */
function cookies({ publicUrl }: CookieSettings) {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  const options = { httpOnly: true, sameSite: 'Lax', path: '/', secure } as const;
  return { session: `${prefix}paperboy_session`, form: `${prefix}paperboy_form`, options };
}

/** The admin whose session a request belongs to, if any. What a page asks by itself does not keep a session alive. */
export async function sessionVisitor(
  { db, settings }: { readonly db: Db; readonly settings: CookieSettings },
  c: Context,
): Promise<Visitor | undefined> {
  const token = getCookie(c, cookies(settings).session);
  if (token === undefined || !TOKEN.test(token)) return undefined;
  const owner = await sessionOwner(db, token, { isUse: !isLiveRequest(c) });
  if (!owner) return undefined;
  return { name: owner.name, role: owner.role, session: { adminId: owner.adminId, token } };
}

/** Whether a page asks for its figures by itself, as the script for them says. */
export const isLiveRequest = (c: Context) => c.req.header('Paperboy-Live') !== undefined;

const TOKEN = /^[\w-]{43}$/;

/** Gives a browser its session. */
export function setSession(c: Context, settings: CookieSettings, token: string): void {
  const { session, options } = cookies(settings);
  setCookie(c, session, token, { ...options, maxAge: SESSION_LIFE.wholeMs / 1_000 });
}

/** Has a browser forget its session. */
export function dropSession(c: Context, settings: CookieSettings): void {
  const { session, options } = cookies(settings);
  deleteCookie(c, session, options);
}

/**
 * What a form has to bring back: a function of the session, or of a cookie of its own for whoever has none. A page of
 * somebody else can make a browser send the cookie, but cannot read it.
 */
export function formTokenOf(c: Context, settings: CookieSettings, visitor?: Visitor): string {
  return tokenFrom(visitor?.session?.token ?? formCookie(c, settings));
}

function formCookie(c: Context, settings: CookieSettings): string {
  const { form, options } = cookies(settings);
  const held = getCookie(c, form);
  if (held !== undefined && TOKEN.test(held)) return held;
  const made = randomBytes(32).toString('base64url');
  setCookie(c, form, made, options);
  return made;
}

const tokenFrom = (key: string) =>
  createHmac('sha256', key).update('paperboy form').digest('base64url');

/** Throws 403 unless a form brings back what it was given; a body that is no form brings nothing back. */
export async function requireFormToken(c: Context, expected: string): Promise<void> {
  const form = await c.req.formData().catch(() => undefined);
  if (isFormToken(form?.get('form-token'), expected)) return;
  const message = 'This form is out of date. Go back, load the page again, and repeat it.';
  throw new HTTPException(403, { message });
}

/** The field that brings it back. */
export function formTokenField(token: string): Html {
  return html`<input type="hidden" name="form-token" value="${token}">`;
}

/** Compares in a time that does not tell how much is right. */
function isFormToken(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || given.length !== expected.length) return false;
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
