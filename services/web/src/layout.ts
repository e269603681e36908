import { raw } from 'hono/html';
import { styleUrl } from './assets.ts';
import { type Html, html } from './html.ts';

/** What the frame of every page depends on. */
export interface Site {
  /** The development inbox is there to look at. */
  readonly hasInbox: boolean;
  /** Whoever reads the page may also open the operator's pages without a password. */
  readonly isOpen: boolean;
  /** Mail goes out; else every page says that none does. */
  readonly isSending: boolean;
}

/** A feed of what a page shows, for feed readers to find. */
export interface FeedLink {
  readonly title: string;
  readonly type: string;
  readonly href: string;
}

export interface PageContent {
  readonly title: string;
  /** The entry of the navigation that the page is. */
  readonly place?:
    | 'latest'
    | 'days'
    | 'topics'
    | 'search'
    | 'trends'
    | 'subscribe'
    | 'inbox'
    | 'admin';
  readonly feeds?: readonly FeedLink[];
  /** Stands in the masthead under the name, such as the date. */
  readonly dateline?: Html;
  /** Narrow pages are for reading a text or answering a question. */
  readonly width?: 'wide' | 'narrow';
  /** A script of ours that adds comfort; the page works without it. */
  readonly script?: string;
  /** Where something went wrong: the number by which the log knows the request. */
  readonly requestId?: string | undefined;
  readonly body: Html;
}

/** A whole page. The name is a heading only on the pages that have none of their own. */
export function renderPage(site: Site, page: PageContent): Html {
  const { title, place, dateline, width = 'wide', feeds = [], script, requestId, body } = page;
  return html`${raw('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === 'Paperboy' ? title : `${title} · Paperboy`}</title>
<link rel="stylesheet" href="${styleUrl}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
${
  script === undefined
    ? ''
    : html`<script src="${script}" defer></script>
`
}${feeds.map(({ title, type, href }) => html`<link rel="alternate" type="${type}" title="${title}" href="${href}">\n`)}</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="masthead${place === 'latest' ? ' front' : ''}">
<p class="name"><a href="/">Paperboy</a></p>
<div class="folio">
<p class="dateline">${dateline ?? 'Your papers, delivered'}</p>
${navigation(site, place)}
</div>
</header>
<main id="content" class="${width}">
${
  site.isSending
    ? ''
    : html`<p class="note">No mail goes out right now: sending is switched off here. What you choose is kept, and digests come once it is on again.</p>
`
}${body}
${
  requestId === undefined
    ? ''
    : html`<p class="small quiet request">Request <code>${requestId}</code></p>
`
}</main>
<footer class="colophon">
<p>Paperboy reads listing pages of research papers, remembers every paper it has seen, and tells new from recurring.</p>
<nav aria-label="For programs"><ul>
<li><a href="/feed.atom">Feed</a></li>
<li><a href="/opml">Feeds of all topics</a></li>
<li><a href="/api">API</a></li>
</ul></nav>
</footer>
</body>
</html>
`;
}

function navigation({ hasInbox, isOpen }: Site, place: PageContent['place']): Html {
  const entry = (name: string, href: string, at: PageContent['place']) =>
    html`<li><a href="${href}"${at !== undefined && at === place ? raw(' aria-current="page"') : ''}>${name}</a></li>`;
  return html`<nav aria-label="Pages"><ul>
${entry('Latest', '/', 'latest')}
${entry('Days', '/days', 'days')}
${entry('Topics', '/topics', 'topics')}
${entry('Trends', '/trends', 'trends')}
${entry('Search', '/search', 'search')}
${entry('Subscribe', '/subscribe', 'subscribe')}
${hasInbox && isOpen ? entry('Inbox', '/inbox', 'inbox') : ''}
${isOpen || place === 'admin' ? entry('Admin', '/admin', 'admin') : ''}
</ul></nav>`;
}
