import type { ListedOn } from '@paperboy/core';
import {
  type Db,
  firstListingDay,
  listDays,
  publicTopics,
  type RisingPaper,
  risingPapers,
  weeksOfPapers,
  weeksOfTopics,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { topicPath } from '../feeds/addresses.ts';
import { dotted, type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { shownTitle } from '../paper-words.ts';
import { hasEarlierPapers, type RisingTopic, risingTopics, TREND } from '../trends.ts';
import { inWords, sparkline } from '../weekly-chart.ts';
import { fillWeeks, weeksUpTo } from '../weeks.ts';
import { counted, plainDay } from '../wording.ts';

const WEEKS = TREND.earlierWeeks + TREND.recentWeeks;
const SHOWN = 12;

/** What takes more room on the lists than it did. */
export function trendPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono {
  const routes = new Hono();
  routes.get('/trends', async (c) => c.html(await trendsPage(db, site)));
  return routes;
}

async function trendsPage(db: Db, site: Site): Promise<Html> {
  const [[newest], first] = await Promise.all([listDays(db, { limit: 1 }), firstListingDay(db)]);
  const body = html`<h1>Trends</h1>
<p class="lead">What takes more room on the lists than it did${newest ? html`, as of ${plainDay(newest.day)}` : ''}.</p>
${newest && first ? await trends(db, newest.day, first) : html`<p class="onward">No listing page has been read yet.</p>`}`;
  return renderPage(site, { title: 'Trends', place: 'trends', width: 'narrow', body });
}

async function trends(db: Db, newest: ListedOn, first: ListedOn): Promise<Html> {
  const weeks = weeksUpTo(newest, WEEKS);
  const [since] = weeks;
  const recent = weeks.at(-TREND.recentWeeks);
  const before = weeks.at(-2 * TREND.recentWeeks);
  if (!since || !recent || !before) return html``;
  const papers = await risingPapers(db, {
    ...{ before, recent, leastDays: TREND.leastDays, limit: SHOWN },
  });
  // One earlier span of the same length is the least that a share can be compared with.
  const isOldEnough = first <= before;
  return html`<section aria-labelledby="topics">
<h2 id="topics">Rising topics</h2>
<p class="hint">The share of all new papers that a topic of the catalogue brought in the last ${TREND.recentWeeks} weeks, beside its share in the ${TREND.earlierWeeks} weeks before. It rises when that share grew by a quarter or more, with at least ${TREND.leastPapers} papers; what grew most comes first.</p>
${isOldEnough ? await topicList(db, weeks, since) : html`<p class="onward">That needs ${2 * TREND.recentWeeks} weeks of listings; the first is of ${plainDay(first)}.</p>`}
</section>
<section aria-labelledby="papers">
<h2 id="papers">Rising papers</h2>
<p class="hint">Papers that stood on a list on ${TREND.leastDays} days or more of the last ${TREND.recentWeeks} weeks, and on more days than in the ${TREND.recentWeeks} weeks before; those that gained the most days come first.</p>
${papers.length === 0 ? html`<p class="onward">No paper stayed that long.</p>` : html`<ol class="papers">${papers.map(paperEntry)}</ol>`}
</section>`;
}

async function topicList(db: Db, weeks: readonly ListedOn[], since: ListedOn): Promise<Html> {
  const [topics, all, found] = await Promise.all([
    publicTopics(db),
    weeksOfPapers(db, { since }),
    weeksOfTopics(db, { since }),
  ]);
  const byTopic = Map.groupBy(found, ({ topicId }) => topicId);
  const counts = topics.map((topic) => ({
    topic,
    weeks: fillWeeks(weeks, byTopic.get(topic.id) ?? []),
  }));
  const allWeeks = fillWeeks(weeks, all);
  if (!hasEarlierPapers(allWeeks))
    return html`<p class="onward">No list had a new paper in the ${TREND.earlierWeeks} weeks before, so there is nothing to compare with.</p>`;
  const rising = risingTopics(allWeeks, counts).slice(0, SHOWN);
  if (rising.length === 0)
    return html`<p class="onward">No topic of the catalogue rises right now.</p>`;
  return html`<ol class="catalogue">${rising.map(topicEntry)}</ol>`;
}

function topicEntry({ topic, weeks, recentShare, earlierShare }: RisingTopic): Html {
  return html`<li>
<h3><a href="${topicPath(topic)}">${topic.name}</a></h3>
<p class="about">${percent(recentShare)} of new papers, ${earlierShare === 0 ? 'none before' : `${percent(earlierShare)} before`}.</p>
${sparkline(weeks)}<p class="facts">${inWords(weeks)}</p>
</li>`;
}

function paperEntry(paper: RisingPaper): Html {
  const { days, daysBefore, sources, best, upvotes, firstSeenOn } = paper;
  return html`<li class="story">
<h3><a href="/papers/${paper.paperId}">${shownTitle(paper.title)}</a></h3>
<p class="facts">${dotted([
    `on ${counted(days, 'day')}, ${daysBefore === 0 ? 'none' : daysBefore} before`,
    sources > 1 && `on ${counted(sources, 'list')}`,
    `best no. ${best}`,
    upvotes !== null && counted(upvotes, 'upvote'),
    html`first seen ${plainDay(firstSeenOn)}`,
  ])}</p>
</li>`;
}

/** `3.2 %`, and never `0.0 %` of what is there. */
function percent(share: number): string {
  return share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`;
}
