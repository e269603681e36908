import { audited, type NoteChange, type Tx } from '@paperboy/store';
import type { Context } from 'hono';
import { raw } from 'hono/html';
import { liveScript } from '../assets.ts';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { type AdminEnv, formTokenField, isLiveRequest } from './visitor.ts';

export type AdminContext = Context<AdminEnv>;

/** The pages of the navigation, in its order. */
const PLACES = {
  overview: ['/admin', 'Overview'],
  sources: ['/admin/sources', 'Sources'],
  editions: ['/admin/editions', 'Editions'],
  deliveries: ['/admin/deliveries', 'Deliveries'],
  subscribers: ['/admin/subscribers', 'Subscribers'],
  bounces: ['/admin/bounces', 'Bounces'],
  topics: ['/admin/topics', 'Topics'],
  jobs: ['/admin/jobs', 'Jobs'],
  settings: ['/admin/settings', 'Settings'],
  admins: ['/admin/admins', 'Admins'],
  log: ['/admin/log', 'Log'],
} as const;
type AdminPlace = keyof typeof PLACES;

export interface AdminPage {
  readonly title: string;
  readonly place: AdminPlace;
  readonly body: Html;
  /** Kept up to date by the script, where there is one. */
  readonly isLive?: boolean;
  /** Something was not done: the page says by which number the log knows the request. */
  readonly isRefusal?: boolean;
  /** What was just done, as `?said=` of the address names it. */
  readonly said?: Readonly<Record<string, string>>;
}

/** A page of the cockpit in its frame: where one is, who one is, and what was just done. */
export function adminPage(c: AdminContext, site: Site, page: AdminPage): Html {
  const { title, place, body, isLive, isRefusal, said = {} } = page;
  const key = c.req.query('said') ?? '';
  const message = Object.hasOwn(said, key) ? said[key] : undefined;
  const content = html`<div class="admin-bar">
<nav aria-label="Admin"><ul class="admin-nav">
${Object.entries(PLACES).map(([name, [href, label]]) => html`<li><a href="${href}"${name === place ? raw(' aria-current="page"') : ''}>${label}</a></li>\n`)}</ul></nav>
${whoami(c)}
</div>
${message === undefined ? '' : html`<p class="note" role="status">${message}</p>`}
${body}`;
  return renderPage(site, {
    title: `${title} · Admin`,
    place: 'admin',
    ...(isLive && { script: liveScript }),
    ...(isRefusal && { requestId: c.get('requestId') }),
    body: content,
  });
}

/**
 * Answers with a page whose figures are kept up to date while somebody looks, where script runs: it asks the page's own
 * address again and gets the figures alone. `frame` is the body around them.
 */
export async function answerLive(
  c: AdminContext,
  site: Site,
  page: Omit<AdminPage, 'body' | 'isLive'> & {
    readonly figures: () => Promise<Html>;
    readonly frame: (figures: Html) => Html | Promise<Html>;
  },
): Promise<Response> {
  const { figures, frame, ...rest } = page;
  const shown = await figures();
  if (isLiveRequest(c)) return c.html(shown);
  const body = await frame(html`<div data-live>${shown}</div>`);
  return c.html(adminPage(c, site, { ...rest, body, isLive: true }));
}

function whoami(c: AdminContext): Html {
  const { name, role, session } = c.get('visitor');
  if (session === undefined) {
    return html`<p class="admin-who">Open to ${name} until there is an admin. <a href="/admin/admins">Make one</a></p>`;
  }
  return html`<div class="admin-who"><p>${name}${role === 'read-only' ? ', to look only' : ''}</p>
${adminForm(c, '/admin/logout', html`<button class="second">Log out</button>`)}</div>`;
}

/** A form that changes something: it carries the token that its POST is refused without. */
export function adminForm(
  c: AdminContext,
  action: string,
  content: Html,
  options: { readonly isUpload?: boolean; readonly className?: string } = {},
): Html {
  const { isUpload = false, className = 'admin-form' } = options;
  return html`<form method="post" action="${action}" class="${className}"${isUpload ? raw(' enctype="multipart/form-data"') : ''}>
${formTokenField(c.get('formToken'))}
${content}
</form>`;
}

/** A form of one button, for whoever may press it: nothing for those who may only look. */
export function adminButton(
  c: AdminContext,
  action: string,
  label: string,
  options: { readonly fields?: Readonly<Record<string, string>>; readonly isMain?: boolean } = {},
): Html | '' {
  if (!mayChange(c)) return '';
  const { fields = {}, isMain = false } = options;
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return adminForm(
    c,
    action,
    html`${hidden}<button${isMain ? '' : raw(' class="second"')}>${label}</button>`,
    { className: 'admin-press' },
  );
}

/** Whether the visitor may do more than look. */
export function mayChange(c: AdminContext): boolean {
  return c.get('visitor').role === 'full';
}

/** Makes a change of the visitor's, which `note` writes down in the same transaction. */
export function changing<Result>(
  { db }: Pick<WebDeps, 'db'>,
  c: AdminContext,
  work: (tx: Tx, note: NoteChange) => Promise<Result>,
): Promise<Result> {
  return audited(db, c.get('visitor').name, work);
}

/** Back to a page that says what was done. */
export function back(c: AdminContext, path: string, said?: string): Response {
  return c.redirect(
    said === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}said=${said}`,
    303,
  );
}

/** The text of a form's field; empty where it is missing or no text. */
export async function field(c: AdminContext, name: string, longest = 1_000): Promise<string> {
  const value = (await c.req.formData()).get(name);
  return typeof value === 'string' ? value.slice(0, longest).trim() : '';
}

/**
 * A table, or what to say where it would be empty. On a phone each row is a list of its cells under their headings, as
 * the style has it; the roles stay what they are there.
 */
export function adminTable(
  label: string,
  headings: readonly string[],
  rows: readonly (readonly (string | number | Html | undefined)[])[],
  none: string | Html,
): Html {
  if (rows.length === 0) return html`<p class="admin-none">${none}</p>`;
  const cellOf = (cell: (typeof rows)[number][number], at: number) =>
    html`<td role="cell" data-heading="${headings[at] ?? ''}">${cell}</td>`;
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="admin-table" role="table">
<thead role="rowgroup"><tr role="row">${headings.map((heading) => html`<th scope="col" role="columnheader">${heading}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map((cells) => html`<tr role="row">${cells.map(cellOf)}</tr>\n`)}</tbody>
</table></div>`;
}

/** Names and values. */
export function adminFacts(
  facts: readonly (readonly [name: string, value: string | number | Html | undefined | null])[],
): Html {
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return html`<dl class="admin-facts">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value ?? ''}</dd></div>`)}</dl>`;
}

/** A state as a mark beside its word; `tone` says whether somebody should look. */
export function mark(word: string, tone: 'good' | 'bad' | 'plain'): Html {
  return html`<span class="admin-mark ${tone}">${word}</span>`;
}
