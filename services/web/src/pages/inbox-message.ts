import type { ChecklistRow, ReceivedMessage, SpamVerdict } from '@paperboy/email';
import type { InboxMessage } from '@paperboy/store';
import { raw } from 'hono/html';
import { type Html, html, safeUrl } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { moment } from '../wording.ts';
import { checksSummary, checksView } from './inbox-checks.ts';

/** The ways to look at a message, each at an address of its own so that no script is needed. */
const VIEWS = {
  html: 'HTML',
  phone: 'Phone',
  text: 'Text',
  checks: 'Checks',
  headers: 'Headers',
  source: 'Source',
} as const;
export type MessageView = keyof typeof VIEWS;

export function isMessageView(name: string): name is MessageView {
  return Object.hasOwn(VIEWS, name);
}

export interface ShownMessage {
  readonly stored: InboxMessage;
  readonly message: ReceivedMessage;
  readonly view: MessageView;
  readonly checks: readonly ChecklistRow[];
  /** Undefined until it is asked for. */
  readonly spam: SpamVerdict | undefined;
  /** Stands above everything while mail is made to fail. */
  readonly banner: Html | '';
}

/** A message of the development inbox in one of its views. */
export function messagePage(site: Site, shown: ShownMessage): Html {
  const { stored, message, view, checks, banner } = shown;
  const { listUnsubscribe } = message;
  const leave = listUnsubscribe && safeUrl(listUnsubscribe.href);
  const body = html`<p class="kicker"><a href="/inbox">Inbox</a></p>
<h1>${message.subject || 'No subject'}</h1>
${banner}
<dl class="envelope">
<dt>From</dt><dd>${message.from}</dd>
<dt>To</dt><dd>${stored.recipients.join(', ')}</dd>
<dt>Received</dt><dd>${moment(stored.receivedAt)}</dd>
<dt>Size</dt><dd>${(message.size / 1024).toFixed(1)} KiB, <a href="/inbox/${stored.id}/message.eml">download</a></dd>
${leave ? html`<dt>List-Unsubscribe</dt><dd><a class="long" href="${leave}">${leave}</a></dd>` : ''}
<dt>Checks</dt><dd><a href="/inbox/${stored.id}/checks">${checksSummary(checks)}</a></dd>
</dl>
<nav class="tabs" aria-label="Views of the message"><ul>${Object.entries(VIEWS).map(([name, label]) => tab(stored.id, name, label, view))}</ul></nav>
${contentOf(shown)}`;
  return renderPage(site, { title: message.subject || 'No subject', place: 'inbox', body });
}

function tab(id: string, name: string, label: string, view: MessageView): Html {
  const href = name === 'html' ? `/inbox/${id}` : `/inbox/${id}/${name}`;
  return html`<li><a href="${href}"${name === view ? raw(' aria-current="page"') : ''}>${label}</a></li>`;
}

/** Longest source shown; the whole message can be downloaded. */
const SOURCE_SHOWN = 300_000;

function contentOf({ stored, message, view, checks, spam }: ShownMessage): Html {
  switch (view) {
    case 'html':
    case 'phone':
      if (message.html === undefined)
        return html`<p class="quiet">This message has no HTML part.</p>${message.text === undefined ? '' : html`<pre class="mail-text" tabindex="0">${message.text}</pre>`}`;
      return html`<iframe class="mail ${view}" src="/inbox/${stored.id}/body.html" title="The message as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`;
    case 'text':
      if (message.text === undefined)
        return html`<p class="quiet">This message has no text part.</p>`;
      return html`<pre class="mail-text" tabindex="0">${message.text}</pre>`;
    case 'checks': {
      const htmlBytes = message.html === undefined ? undefined : Buffer.byteLength(message.html);
      return checksView({ id: stored.id, rows: checks, htmlBytes, spam });
    }
    case 'headers':
      return html`<dl class="headers">${message.headers.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
    case 'source':
      // Bytes above ASCII stay visible one by one; a mail of ours has none.
      return html`<pre class="mail-source" tabindex="0">${stored.raw.subarray(0, SOURCE_SHOWN).toString('latin1')}</pre>`;
  }
}
