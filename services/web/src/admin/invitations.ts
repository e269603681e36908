import { PaperboyError } from '@paperboy/core';
import {
  type AdminRole,
  acceptInvitation,
  audited,
  beginSession,
  invitationRole,
  takeFromBucket,
} from '@paperboy/store';
import { Hono } from 'hono';
import { networkOf } from '../asker.ts';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { hashPassword, passwordProblem } from './password.ts';
import { type AdminContext, adminForm, back, field } from './shell.ts';
import { type AdminEnv, setSession } from './visitor.ts';

/** What a one-time link opens: a form for a name and a password, and once it is sent, the cockpit. */
export function invitationPages(
  { db, settings, passwordCost }: Pick<WebDeps, 'db' | 'settings' | 'passwordCost'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/invitations/:token', async (c) => {
    const role = await roleOf(c);
    return c.html(formPage(c, site, { role, name: '' }));
  });

  routes.post('/admin/invitations/:token', async (c) => {
    const role = await roleOf(c);
    const name = await field(c, 'name', 200);
    const form = await c.req.formData();
    const [password, again] = ['password', 'again'].map((key) => String(form.get(key) ?? ''));
    const problem =
      nameProblem(name) ??
      passwordProblem(password ?? '', name) ??
      (password === again ? undefined : 'The two passwords differ.');
    if (problem !== undefined) return c.html(formPage(c, site, { role, name, problem }), 400);
    try {
      const passwordHash = await hashPassword(password ?? '', passwordCost);
      const session = await audited(db, name, async (tx, note) => {
        const admin = await acceptInvitation(tx, c.req.param('token'), { name, passwordHash });
        await note('join', `admin ${name}`, { became: admin.role });
        return beginSession(tx, admin.id);
      });
      setSession(c, settings, session);
      return back(c, '/admin', 'welcome');
    } catch (thrown) {
      if (!(thrown instanceof PaperboyError) || thrown.code !== 'ALREADY_EXISTS') throw thrown;
      const taken = 'Somebody has this name already. Choose another one.';
      return c.html(formPage(c, site, { role, name, problem: taken }), 409);
    }
  });

  /** Throws LINK_INVALID for links that are forged, used or too old, in the same words; TOO_MANY_REQUESTS for guessing. */
  async function roleOf(c: AdminContext): Promise<AdminRole> {
    const role = await invitationRole(db, c.req.param('token') ?? '');
    if (role !== undefined) return role;
    const limit = { bucket: `admin-invitation ${networkOf(c)}`, most: 30, windowMs: 3600_000 };
    if (!(await takeFromBucket(db, limit)))
      throw new PaperboyError('TOO_MANY_REQUESTS', 'Too many links that open nothing.');
    const detail =
      'This invitation opens nothing: it was used, is too old, or is not whole. Ask for a new one.';
    throw new PaperboyError('LINK_INVALID', detail);
  }

  return routes;
}

function nameProblem(name: string): string | undefined {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(name))
    return 'A name has up to 64 letters, digits, blanks and . _ @ -';
  if (/^(?:the command|the password|this machine)$/i.test(name))
    return 'The log already calls something else by this name.';
  return undefined;
}

interface Form {
  readonly role: AdminRole;
  readonly name: string;
  readonly problem?: string;
}

function formPage(c: AdminContext, site: Site, { role, name, problem }: Form): Html {
  const may =
    role === 'full'
      ? 'You will be able to look at everything and to change it.'
      : 'You will be able to look at everything, and to change nothing.';
  const body = html`<article class="notice">
<p class="kicker">Invitation</p>
<h1>Become an admin</h1>
<p>${may} The link works once.</p>
${problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`}
${adminForm(
  c,
  c.req.path,
  html`<div class="fields">
<p><label for="name">Name</label><input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" required maxlength="64"></p>
<p><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="new-password" required minlength="12" aria-describedby="rule"></p>
<p class="hint" id="rule">At least 12 characters; a sentence is best.</p>
<p><label for="again">Once more</label><input id="again" name="again" type="password" autocomplete="new-password" required minlength="12"></p>
</div>
<button>Become an admin</button>`,
)}
</article>`;
  return renderPage(site, {
    title: 'Become an admin',
    width: 'narrow',
    place: 'admin',
    requestId: problem === undefined ? undefined : c.get('requestId'),
    body,
  });
}
