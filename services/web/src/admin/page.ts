import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { idOf, PaperboyError } from '@paperboy/core';
import { entriesOfPage, loadPage, type PageEntry, pageResult, papersGone } from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { shownChange, shownTitle } from '../paper-words.ts';
import { moment } from '../wording.ts';
import { adminFacts, adminPage, adminTable, mark } from './shell.ts';
import { outcomeMark } from './sources.ts';
import type { AdminEnv } from './visitor.ts';

const unpack = promisify(gunzip);
const MOST_BYTES = 64 * 1024 * 1024;
const SHOWN_CHARACTERS = 100_000;
const SHOWN_ENTRIES = 500;

/** One captured page beside what was read from it, and what the diff made of that. */
export function capturedPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  routes.get('/admin/pages/:id', async (c) => {
    const given = c.req.param('id');
    if (!/^[1-9]\d{0,17}$/.test(given)) throw new PaperboyError('NOT_FOUND', `no page ${given}`);
    const id = idOf('listing-page', given);
    const [page, result, entries, gone] = await Promise.all([
      loadPage(db, id),
      pageResult(db, id),
      entriesOfPage(db, id, { limit: SHOWN_ENTRIES }),
      papersGone(db, id, { limit: SHOWN_ENTRIES }),
    ]);
    if (!page || !result) throw new PaperboyError('NOT_FOUND', `no page ${id}`);
    const title = `Page ${id} of ${page.sourceName}`;
    const body = html`<h1>Page ${id}</h1>
<p class="lead">Of <a href="/admin/sources/${page.sourceName}">${page.sourceName}</a>, seen ${moment(page.seenAt)}</p>
${adminFacts([
  ['Verdict', outcomeMark(result.verdict)],
  ['Because', result.note],
  ['Lists', result.listedOn],
  ['Read as', result.format],
  [
    'Entries',
    result.claimed === null ? result.entries : `${result.entries} of ${result.claimed} claimed`,
  ],
  ['New', result.new],
  ['Recurring', result.recurring],
  ['Repeated', result.repeated],
  ['Revised', result.revised],
  ['From', page.address],
  ['Warnings', result.warnings.join(' ')],
])}
<div class="admin-beside">
<section><h2>As it came</h2>${await stored(page.body)}</section>
<section><h2>As it was read</h2>${entryTable(entries)}</section>
</div>
<section><h2>No longer listed</h2>${adminTable(
      'No longer listed',
      ['Was at', 'Paper'],
      gone.map(({ paperId, title, position }) => [
        position,
        html`<a href="/papers/${paperId}">${shownTitle(title)}</a>`,
      ]),
      'Nothing of the list before is missing, or there was none.',
    )}</section>`;
    return c.html(adminPage(c, site, { title, place: 'sources', body }));
  });
  return routes;
}

/** The bytes as text, escaped: nothing of a page from outside is ever a page of ours. */
async function stored(body: Buffer): Promise<Html> {
  const bytes = await unpack(body, { maxOutputLength: MOST_BYTES }).catch(() => undefined);
  if (!bytes)
    return html`<p class="admin-none">The stored page is damaged, or too large to show.</p>`;
  const text = new TextDecoder().decode(bytes.subarray(0, SHOWN_CHARACTERS * 4));
  const shown = text.slice(0, SHOWN_CHARACTERS);
  const isCut = bytes.length > Buffer.byteLength(shown);
  return html`<p class="small">${bytes.length.toLocaleString('en-GB')} bytes${isCut ? ', the beginning of them' : ''}</p>
<pre class="mail-source" tabindex="0" role="region" aria-label="The page as it came"><code>${shown}</code></pre>`;
}

function entryTable(entries: readonly PageEntry[]): Html {
  const rows = entries.map((entry) => [
    entry.position,
    html`<a href="/papers/${entry.paperId}">${shownTitle(entry.title)}</a>${change(entry)}`,
    entry.isNew ? mark('new', 'good') : mark(entry.changed ? 'revised' : 'again', 'plain'),
    entry.hasAbstract ? '' : 'no abstract',
  ]);
  return adminTable(
    'As it was read',
    ['At', 'Entry', 'Diff', 'Missing'],
    rows,
    'No entry of this page was recorded.',
  );
}

function change({ changed, wasTitle, title }: PageEntry): Html | '' {
  if (!changed) return '';
  if (!changed.includes('title') || wasTitle === null)
    return html`<br><span class="quiet">new ${changed.join(' and ')}</span>`;
  return html`<br><span class="quiet">${shownChange(wasTitle, title)}</span>`;
}
