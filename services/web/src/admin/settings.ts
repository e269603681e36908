import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { html } from '../html.ts';
import type { Site } from '../layout.ts';
import { adminPage, adminTable, mark } from './shell.ts';
import type { AdminEnv } from './visitor.ts';

/** The settings in force, to look at: they come from the environment, and secrets are masked. */
export function settingsPages(
  { settingsInForce }: Pick<WebDeps, 'settingsInForce'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  routes.get('/admin/settings', (c) => {
    const rows = settingsInForce().map(({ variable, value, isDefault, help }) => [
      html`<code>${variable}</code>`,
      value === '' ? html`<span class="quiet">empty</span>` : html`<code>${value}</code>`,
      isDefault ? html`<span class="quiet">default</span>` : mark('set', 'plain'),
      help,
    ]);
    const body = html`<h1>Settings</h1>
<p class="lead">As this process was started with them. They are changed in its environment, and take effect with the next start.</p>
${adminTable('Settings', ['Setting', 'Value', 'From', 'Means'], rows, 'No settings.')}`;
    return c.html(adminPage(c, site, { title: 'Settings', place: 'settings', body }));
  });
  return routes;
}
