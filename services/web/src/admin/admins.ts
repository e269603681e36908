import { PaperboyError } from '@paperboy/core';
import {
  ADMIN_ROLES,
  changePassword,
  findAdmin,
  hasAdmins,
  inviteAdmin,
  listAdmins,
  removeAdmin,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import { invitationLink } from './invitation-link.ts';
import { hashPassword, isPassword, passwordProblem } from './password.ts';
import {
  type AdminContext,
  adminButton,
  adminForm,
  adminPage,
  adminTable,
  back,
  changing,
  field,
  mayChange,
} from './shell.ts';
import { type AdminEnv, dropSession } from './visitor.ts';

const SAID = {
  removed: 'The admin is removed, and logged out everywhere.',
};

/** Who may come in: the admins, invitations for more, and one's own login. */
export function adminsPages(
  { db, settings, passwordCost }: Pick<WebDeps, 'db' | 'settings' | 'passwordCost'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/admins', async (c) => c.html(await page(c)));

  routes.post('/admin/admins/invite', async (c) => {
    const asked = await field(c, 'role');
    const role = ADMIN_ROLES.find((one) => one === asked);
    if (!role) throw new PaperboyError('USAGE', 'An admin is full or read-only.');
    const { token, expiresAt } = await changing({ db }, c, async (tx, note) => {
      await note('invite', `${role} admin`);
      return inviteAdmin(tx, { role, by: c.get('visitor').name });
    });
    // Shown once, in the answer itself: it is kept nowhere.
    const link = invitationLink(settings.publicUrl, token);
    const news = html`<div class="note" role="status"><p>Hand this link to the new admin. It works once, until ${moment(expiresAt)}, and is not shown again.</p>
<p class="long"><code><a href="${link}">${link}</a></code></p></div>`;
    return c.html(await page(c, news));
  });

  routes.post('/admin/admins/remove', async (c) => {
    const name = await field(c, 'name');
    await changing({ db }, c, async (tx, note) => {
      const { role } = await removeAdmin(tx, name);
      await note('remove', `admin ${name}`, { was: role });
    });
    return back(c, '/admin/admins', 'removed');
  });

  routes.post('/admin/password', async (c) => {
    const { session, name } = c.get('visitor');
    if (!session)
      throw new PaperboyError('USAGE', 'There is no login whose password could change.');
    const form = await c.req.formData();
    const [held = '', wanted = ''] = ['held', 'wanted'].map((key) => String(form.get(key) ?? ''));
    const admin = await findAdmin(db, name);
    const problem = (await isPassword(held, admin?.passwordHash, passwordCost))
      ? passwordProblem(wanted, name)
      : 'The present password is another one.';
    if (problem !== undefined) {
      const told = html`<p class="problem" role="alert">${problem}</p>`;
      return c.html(await page(c, told, { isRefusal: true }), 400);
    }
    const passwordHash = await hashPassword(wanted, passwordCost);
    await changing({ db }, c, async (tx, note) => {
      await changePassword(tx, session.adminId, passwordHash);
      await note('change password', `admin ${name}`);
    });
    dropSession(c, settings);
    return back(c, '/admin/login');
  });

  async function page(
    c: AdminContext,
    news: Html | '' = '',
    { isRefusal = false }: { readonly isRefusal?: boolean } = {},
  ): Promise<Html> {
    const visitor = c.get('visitor');
    const [admins, isClosed] = await Promise.all([listAdmins(db), hasAdmins(db)]);
    const rows = admins.map(({ name, role, createdAt, sessions, lastSeenAt }) => [
      name,
      role,
      moment(createdAt),
      lastSeenAt ? moment(lastSeenAt) : 'not logged in',
      String(sessions),
      mayChange(c)
        ? adminButton(c, '/admin/admins/remove', `Remove ${name}`, { fields: { name } })
        : '',
    ]);
    const body = html`<h1>Admins</h1>
${news}
${isClosed ? '' : html`<p class="lead">Nobody is an admin yet, so these pages open to whoever may open the inbox. With the first admin they close to everybody else.</p>`}
${adminTable('Admins', ['Name', 'May', 'Since', 'Last seen', 'Sessions', 'Action'], rows, 'No admins yet.')}
${mayChange(c) ? inviteForm(c) : ''}
${visitor.session ? ownLogin(c) : ''}`;
    return adminPage(c, site, { title: 'Admins', place: 'admins', isRefusal, body, said: SAID });
  }

  return routes;
}

function inviteForm(c: AdminContext): Html {
  return html`<section><h2>Invite</h2>
${adminForm(
  c,
  '/admin/admins/invite',
  html`<div class="fields"><p><label for="role">They may</label><select id="role" name="role"><option value="read-only">look at everything</option><option value="full">look and change</option></select></p></div>
<button>Make a one-time link</button>`,
)}</section>`;
}

function ownLogin(c: AdminContext): Html {
  return html`<section><h2>Your login</h2>
${adminForm(
  c,
  '/admin/password',
  html`<div class="fields">
<p><label for="held">Present password</label><input id="held" name="held" type="password" autocomplete="current-password" required></p>
<p><label for="wanted">New password</label><input id="wanted" name="wanted" type="password" autocomplete="new-password" required minlength="12"></p>
</div>
<button class="second">Change it, and log out everywhere</button>`,
)}
${adminForm(c, '/admin/logout-everywhere', html`<button class="second">Log out everywhere</button>`)}
</section>`;
}
