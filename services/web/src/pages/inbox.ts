import { Resolver } from 'node:dns/promises';
import { asPaperboyError, PaperboyError } from '@paperboy/core';
import {
  checkMessage,
  findDkim,
  type ReceivedMessage,
  readMessage,
  spamScore,
} from '@paperboy/email';
import { activeChaos, findInboxMessage, type InboxEntry, listInboxMessages } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { MAIL_POLICY } from '../security-headers.ts';
import { moment } from '../wording.ts';
import { chaosBanner, chaosPages } from './inbox-chaos.ts';
import { isMessageView, type MessageView, messagePage } from './inbox-message.ts';

const A_PAGE = 40;
const MOST_OF_ADDRESS = 254;

/** What the development inbox took in place of a relay: the mails as their readers would see them. */
export function inboxPages({ db, settings }: Pick<WebDeps, 'db' | 'settings'>, site: Site): Hono {
  const routes = new Hono();
  routes.route('/', chaosPages({ db, settings }, site));

  routes.get('/inbox', async (c) => {
    const { before, to, q } = c.req.query();
    const from = before !== undefined && /^\d{1,18}$/.test(before) ? before : undefined;
    const part = q?.trim().slice(0, MOST_OF_ADDRESS) || undefined;
    const found = await listInboxMessages(db, {
      ...{ before: from, recipient: to, recipientPart: part },
      limit: A_PAGE + 1,
    });
    const entries = await Promise.all(found.slice(0, A_PAGE).map(readEntry));
    const isLast = found.length <= A_PAGE;
    const banner = chaosBanner(await activeChaos(db));
    return c.html(
      listPage(site, entries, { to, part, isFirst: from === undefined, isLast, banner }),
    );
  });

  routes.get('/inbox/:id', async (c) => c.html(await show(c.req.param('id'), 'html')));

  routes.get('/inbox/:id/message.eml', async (c) => {
    const { id, raw } = await findInboxMessage(db, c.req.param('id'));
    return c.body(new Uint8Array(raw), 200, {
      'Content-Type': 'message/rfc822',
      'Content-Disposition': `attachment; filename="message-${id}.eml"`,
    });
  });

  routes.get('/inbox/:id/body.html', async (c) => {
    const { raw } = await findInboxMessage(db, c.req.param('id'));
    const { html: body } = await readMessage(raw);
    if (body === undefined) throw new PaperboyError('NOT_FOUND', 'This message has no HTML part.');
    c.header('Content-Security-Policy', MAIL_POLICY);
    c.header('X-Frame-Options', 'SAMEORIGIN');
    return c.html(linksInNewTabs(body));
  });

  routes.get('/inbox/:id/:view', async (c) => {
    const view = c.req.param('view');
    if (!isMessageView(view)) throw new PaperboyError('NOT_FOUND', 'There is no such view.');
    return c.html(await show(c.req.param('id'), view, c.req.query('spam') === 'yes'));
  });

  async function show(id: string, view: MessageView, asksForSpam = false): Promise<Html> {
    const stored = await findInboxMessage(db, id);
    const { raw, mailFrom: from, recipients: to } = stored;
    // Verified where it is asked for: each signature takes a question to DNS.
    const dkim = view === 'checks' ? await findDkim(raw, textOfName) : undefined;
    const [message, checks, on] = await Promise.all([
      readMessage(raw),
      checkMessage(raw, { envelope: { from, to }, ...(dkim && { dkim }) }),
      activeChaos(db),
    ]);
    const spam = view === 'checks' && asksForSpam ? await spamScore(raw) : undefined;
    return messagePage(site, { stored, message, view, checks, spam, banner: chaosBanner(on) });
  }

  return routes;
}

const resolver = new Resolver({ timeout: 2_000, tries: 1 });

/** The TXT record of a name; undefined when there is none. Rejects where nobody answers in time. */
async function textOfName(name: string): Promise<string | undefined> {
  const found = await resolver.resolveTxt(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return [];
    throw error;
  });
  return found[0]?.join('');
}

/** A link of a mail opens beside it: within its frame our own pages refuse to be shown. */
function linksInNewTabs(body: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(body)
    ? body.replace(/<head[^>]*>/i, (head) => head + base)
    : base + body;
}

type ReadEntry = InboxEntry & { readonly message: Pick<ReceivedMessage, 'subject'> };

/** A message that does not parse is listed all the same. */
async function readEntry(entry: InboxEntry): Promise<ReadEntry> {
  try {
    return { ...entry, message: await readMessage(entry.head) };
  } catch (thrown) {
    return { ...entry, message: { subject: `Unreadable: ${asPaperboyError(thrown).detail}` } };
  }
}

interface ListPlace {
  readonly to: string | undefined;
  /** What addresses are to have in them. */
  readonly part: string | undefined;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly banner: Html | '';
}

function listPage(
  site: Site,
  entries: readonly ReadEntry[],
  { to, part, isFirst, isLast, banner }: ListPlace,
): Html {
  const last = entries.at(-1);
  const filter = [
    ...(to === undefined ? [] : [`to=${encodeURIComponent(to)}&`]),
    ...(part === undefined ? [] : [`q=${encodeURIComponent(part)}&`]),
  ].join('');
  const isAll = to === undefined && part === undefined;
  const body = html`<h1>Development inbox</h1>
<p class="lead">Mail that would have left, kept here instead. Nobody is mailed until <code>SMTP_URL</code> names a relay.</p>
${banner}
<p class="facts"><a href="/inbox/chaos">Chaos: let mail fail on purpose</a></p>
${isFirst && isAll && entries.length === 0 ? '' : searchForm(part)}
${isAll ? '' : html`<p class="facts">Only mail to ${to ?? html`addresses with “${part}”`} · <a href="/inbox">show all</a></p>`}
${entries.length === 0 ? emptyList({ isFirst, isAll }) : html`<ul class="mails">${entries.map(listEntry)}</ul>`}
${isLast || !last ? '' : html`<p class="onward"><a href="/inbox?${filter}before=${last.id}">Older mail</a></p>`}`;
  return renderPage(site, { title: 'Inbox', place: 'inbox', width: 'narrow', body });
}

function searchForm(part: string | undefined): Html {
  return html`<form class="search" role="search" action="/inbox">
<p class="ask"><label class="asked" for="q">Part of an address</label>
<span><input type="search" id="q" name="q" value="${part ?? ''}" maxlength="${MOST_OF_ADDRESS}" autocomplete="off"><button class="go" type="submit">Search</button></span></p>
</form>`;
}

function emptyList({
  isFirst,
  isAll,
}: {
  readonly isFirst: boolean;
  readonly isAll: boolean;
}): Html {
  if (!isFirst) return html`<p>No more mail.</p>`;
  if (!isAll) return html`<p>There is none.</p>`;
  return html`<p>Nothing has been sent yet. Digests arrive here at each subscriber’s hour; to plan and deliver what is due now:</p>
<pre class="command" tabindex="0"><code>npm run -s paperboy -- digest run</code></pre>`;
}

function listEntry({ id, recipients, receivedAt, message }: ReadEntry): Html {
  return html`<li>
<p class="subject"><a href="/inbox/${id}">${message.subject || 'No subject'}</a></p>
<p class="facts">${recipients.map((address, index) => html`${index === 0 ? '' : ', '}<a href="/inbox?to=${encodeURIComponent(address)}">${address}</a>`)} · ${moment(receivedAt)}</p>
</li>`;
}
