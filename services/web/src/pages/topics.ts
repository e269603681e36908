import type { ListedOn } from '@paperboy/core';
import {
  type Db,
  listDays,
  type PublicTopic,
  papersOfTopic,
  publicTopic,
  publicTopics,
  weeksOfTopics,
} from '@paperboy/store';
import { parseQuery } from '@paperboy/topics';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { feedLinks, topicPath } from '../feeds/addresses.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { queryInWords } from '../query-words.ts';
import { inWords, sparkline, weeklyFigure } from '../weekly-chart.ts';
import { fillWeeks, type Week, weeksUpTo } from '../weeks.ts';
import { matchItem } from './match-item.ts';

/** Half a year: long enough to see a topic come or go. */
const WEEKS = 26;
/** Papers on one part of a topic's page. */
const PART = 30;
/** Further back there is the search. */
const MOST_PARTS = 40;

/** The public catalogue and each of its topics. */
export function topicPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono {
  const routes = new Hono();
  routes.get('/topics', async (c) => c.html(await cataloguePage(db, site)));
  routes.get('/topics/:topic', async (c) => {
    const asked = c.req.param('topic');
    const topic = await publicTopic(db, asked);
    // Found by its number: the slug is the address that lasts.
    if (topic.slug !== asked) return c.redirect(topicPath(topic), 302);
    const part = Number(/^[1-9]\d{0,2}$/.exec(c.req.query('part') ?? '')?.[0] ?? 1);
    return c.html(await topicPage(db, site, topic, Math.min(part, MOST_PARTS)));
  });
  return routes;
}

/** The weeks that charts show: up to the newest listing, so that they are not empty where nothing is watched now. */
async function shownWeeks(db: Db): Promise<ListedOn[]> {
  const [newest] = await listDays(db, { limit: 1 });
  return newest ? weeksUpTo(newest.day, WEEKS) : [];
}

async function cataloguePage(db: Db, site: Site): Promise<Html> {
  const [topics, weeks] = await Promise.all([publicTopics(db), shownWeeks(db)]);
  const [since] = weeks;
  const found = since ? await weeksOfTopics(db, { since }) : [];
  const byTopic = Map.groupBy(found, ({ topicId }) => topicId);
  const fields = [...Map.groupBy(topics, ({ field }) => field ?? 'Other topics')];
  const body = html`<h1>Topics</h1>
<p class="lead">${topics.length === 0 ? 'The catalogue is empty so far.' : 'What papers are about, and how much of it there is from week to week.'}</p>
${topics.length === 0 ? emptyCatalogue() : fieldList(fields.map(([field]) => field))}
${fields.map(
  ([field, inField], index) => html`<section aria-labelledby="field-${index + 1}">
<h2 id="field-${index + 1}">${field} <span class="count">${inField.length}</span></h2>
<ul class="catalogue">
${inField.map((topic) => topicEntry(topic, fillWeeks(weeks, byTopic.get(topic.id) ?? [])))}
</ul>
</section>`,
)}
${topics.length === 0 ? '' : html`<p class="onward">For feed readers: <a href="/opml">all topics as a reading list (OPML)</a>. For programs: <a href="/api">the API</a>.</p>`}`;
  const feeds = [{ title: 'All topics', type: 'text/x-opml', href: '/opml' }];
  return renderPage(site, { title: 'Topics', place: 'topics', feeds, body });
}

function fieldList(fields: readonly string[]): Html | string {
  if (fields.length < 2) return '';
  return html`<nav class="fields-of" aria-label="Fields"><ul>${fields.map((field, index) => html`<li><a href="#field-${index + 1}">${field}</a></li>`)}</ul></nav>`;
}

function topicEntry(topic: PublicTopic, weeks: readonly Week[]): Html {
  return html`<li>
<h3><a href="${topicPath(topic)}">${topic.name}</a></h3>
${topic.about === null ? '' : html`<p class="about">${topic.about}</p>`}
${weeks.length === 0 ? '' : html`${sparkline(weeks)}<p class="facts">${inWords(weeks)}</p>`}
</li>`;
}

function emptyCatalogue(): Html {
  return html`<p class="onward">To add a topic:</p>
<pre class="command" tabindex="0"><code>npm run -s paperboy -- topic add interpretability '"mechanistic interpretability"' --name Interpretability</code></pre>`;
}

async function topicPage(db: Db, site: Site, topic: PublicTopic, part: number): Promise<Html> {
  const [weeks, found] = await Promise.all([
    shownWeeks(db),
    papersOfTopic(db, topic.id, { limit: PART + 1, skip: (part - 1) * PART }),
  ]);
  const [since] = weeks;
  const volume = since ? await weeksOfTopics(db, { since, topicId: topic.id }) : [];
  const papers = found.slice(0, PART);
  const path = topicPath(topic);
  const body = html`<article class="sheet">
<p class="kicker">${topic.field ?? 'Topic'}</p>
<h1>${topic.name}</h1>
${topic.about === null ? '' : html`<p class="lead">${topic.about}</p>`}
<p class="sought">${wordsOf(topic.query)}</p>
<p class="facts"><a href="/subscribe?topic=${topic.slug}">Get it by mail<span class="aside">: ${topic.name}</span></a>, or follow it in a feed reader: <a href="${path}/feed.atom">Atom<span class="aside"> feed of ${topic.name}</span></a> or <a href="${path}/feed.json">JSON Feed<span class="aside"> of ${topic.name}</span></a></p>
${weeks.length === 0 || part > 1 ? '' : html`<section aria-labelledby="volume"><h2 id="volume">Papers per week</h2>${weeklyFigure(fillWeeks(weeks, volume), topic.name)}</section>`}
<section aria-labelledby="latest">
<h2 id="latest">${part === 1 ? 'Latest' : `Papers from no. ${(part - 1) * PART + 1}`}</h2>
${papers.length === 0 ? html`<p class="onward">${part === 1 ? 'No paper has been found for it yet. The next page that is read may bring one.' : 'There are no more.'}</p>` : html`<ol class="papers">${papers.map(matchItem)}</ol>`}
</section>
${partTurner(path, part, found.length > PART && part < MOST_PARTS)}
</article>`;
  const feeds = feedLinks(topic.name, `${path}/feed`);
  return renderPage(site, { title: topic.name, place: 'topics', width: 'narrow', feeds, body });
}

/** A query that another version wrote may be unreadable; then it stands as it is. */
function wordsOf(query: string): string {
  const parsed = parseQuery(query);
  return parsed.ok ? queryInWords(parsed.query) : query;
}

function partTurner(path: string, part: number, hasMore: boolean): Html {
  return html`<nav class="turner" aria-label="Other papers of the topic"><ul>
${part === 1 ? '' : html`<li><a rel="prev" href="${part === 2 ? path : `${path}?part=${part - 1}`}">← Later papers</a></li>`}
<li><a href="/topics">All topics</a></li>
${hasMore ? html`<li><a rel="next" href="${path}?part=${part + 1}">Earlier papers →</a></li>` : ''}
</ul></nav>`;
}
