import { idOf, PaperboyError, type PaperKey, parseKey } from '@paperboy/core';
import {
  type AppearanceView,
  appearancesOfPaper,
  catalogueTopicsOfPaper,
  currentPaper,
  type Db,
  findPaperByKey,
  loadPaperView,
  namesakesOfPaper,
  type PaperView,
  revisionsOfPaper,
  type SimilarPaper,
  similarPapers,
  type TopicOfPaper,
  type WordingView,
  wordingsOfPaper,
} from '@paperboy/store';
import { describeStored } from '@paperboy/topics';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { topicPath } from '../feeds/addresses.ts';
import { historyFigures } from '../history-chart.ts';
import { dotted, type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { linkMarks, moveMark } from '../paper-marks.ts';
import { shownText, shownTitle } from '../paper-words.ts';
import { counted, dayText, fullDay, plainDay, sectionName, times } from '../wording.ts';
import { revisionList } from './paper-revisions.ts';

/** A paper that stands on a list daily for a year has no more; older ones are counted. */
const APPEARANCES_SHOWN = 400;
const SIMILAR_SHOWN = 6;

/** A paper with everything that is known of it. */
export function paperPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono {
  const routes = new Hono();
  routes.get('/papers/:id', async (c) => {
    const named = c.req.param('id');
    if (!/^[1-9]\d{0,17}$/.test(named)) return c.redirect(await addressOfKey(db, named), 302);
    const id = idOf('paper', named);
    const current = await currentPaper(db, id);
    // For now only: a merge can be undone.
    if (current !== id) return c.redirect(`/papers/${current}`, 302);
    const paper = await loadPaperView(db, id);
    const [appearances, wordings, revisions, topics, namesakes, similar] = await Promise.all([
      appearancesOfPaper(db, id, { limit: APPEARANCES_SHOWN }),
      wordingsOfPaper(db, id),
      revisionsOfPaper(db, id),
      catalogueTopicsOfPaper(db, id),
      namesakesOfPaper(db, id),
      similarPapers(db, id, { limit: SIMILAR_SHOWN }),
    ]);
    const body = html`<article class="sheet">
${opening(paper, wordings)}
${topicList(topics)}
${appearanceTable(paper, appearances)}
${revisionList(revisions)}
${otherWordings(wordings)}
${otherPapers(
  'Also listed under the same title',
  namesakes.map(({ id: paperId, ...other }) => ({ paperId, ...other })),
)}
${otherPapers('Similar papers', similar, 'They share words with it that few other papers use.')}
${keyList(paper.keys)}
</article>`;
    return c.html(renderPage(site, { title: shownTitle(paper.title, 120), width: 'narrow', body }));
  });
  // A key may hold slashes: `doi:10.1000/xyz`.
  routes.get('/papers/:kind/:rest{.+}', async (c) => {
    const { kind, rest } = c.req.param();
    return c.redirect(await addressOfKey(db, `${kind}/${rest}`), 302);
  });
  return routes;
}

/** Where the paper is that a key names, such as `2410.13859` or `doi:10.1000/xyz`. Throws NOT_FOUND. */
async function addressOfKey(db: Db, name: string): Promise<string> {
  const key = parseKey(name);
  const id = key && (await findPaperByKey(db, key));
  if (id === undefined) throw new PaperboyError('NOT_FOUND', 'There is no such paper.');
  return `/papers/${id}`;
}

function opening(paper: PaperView, wordings: readonly WordingView[]): Html {
  const authors = (paper.authors ?? []).join(', ');
  const { abstract: text, textKind } = paper;
  return html`<p class="kicker">${dotted([
    html`First seen ${plainDay(paper.firstSeenOn)}`,
    `seen ${times(paper.timesSeen)}`,
    paper.categories?.join(', '),
  ])}</p>
<h1>${shownTitle(paper.title, Number.POSITIVE_INFINITY)}</h1>
${authors === '' ? '' : html`<p class="by">${authors}</p>`}
<p class="facts">${dotted(linkMarks(paper.links, shownTitle(paper.title)))}</p>
${text === null ? html`<p class="quiet">No abstract has been listed.</p>` : html`<p class="abstract">${shownText({ text, textKind })}</p>`}
${wordings.length > 1 ? html`<p class="small quiet">In the words of ${paper.sourceTitle}.</p>` : ''}`;
}

function topicList(topics: readonly TopicOfPaper[]): Html | string {
  if (topics.length === 0) return '';
  return html`<section>
<h2>Topics</h2>
<dl class="topics">${topics.map(({ slug, name, reasons }) => html`<dt><a href="${topicPath({ slug })}">${name}</a></dt><dd>${describeStored(reasons).map((line) => html`<span class="reason">${line}</span>`)}</dd>`)}</dl>
</section>`;
}

function appearanceTable(paper: PaperView, appearances: readonly AppearanceView[]): Html {
  const shown = appearances.length;
  const hasVotes = appearances.some(({ upvotes }) => upvotes !== null);
  const hasParts = appearances.some(({ section }) => sectionName(section) !== '');
  return html`<section>
<h2>Where it was listed</h2>
${historyFigures(appearances)}
<div class="scroll" role="region" aria-label="Appearances" tabindex="0"><table>
<thead><tr><th scope="col">Day</th><th scope="col">Source</th><th scope="col" class="figure">Position</th><th scope="col">Change</th>${hasVotes ? html`<th scope="col" class="figure">Upvotes</th>` : ''}${hasParts ? html`<th scope="col">Section</th>` : ''}</tr></thead>
<tbody>${appearances.map(
    (seen) =>
      html`<tr><td><a href="/days/${seen.seenOn}">${fullDay(seen.seenOn)}</a></td><td>${seen.sourceTitle}</td><td class="figure">${seen.position}</td><td>${moveMark(seen) ?? html`<span class="quiet">new on this list</span>`}</td>${hasVotes ? html`<td class="figure">${seen.upvotes ?? ''}</td>` : ''}${hasParts ? html`<td>${sectionName(seen.section)}${seen.arxivVersion === null ? '' : ` v${seen.arxivVersion}`}</td>` : ''}</tr>`,
  )}</tbody>
</table></div>
${paper.timesSeen > shown ? html`<p class="small quiet">${counted(paper.timesSeen - shown, 'earlier appearance')} not shown.</p>` : ''}
</section>`;
}

/** The texts of the other sources, where they say something else. */
function otherWordings(wordings: readonly WordingView[]): Html | string {
  const [canonical, ...others] = wordings;
  const differing = others.filter(
    ({ title, abstract }) =>
      title !== canonical?.title || (abstract !== null && abstract !== canonical.abstract),
  );
  if (differing.length === 0) return '';
  return html`<section>
<h2>As other sources have it</h2>
${differing.map(
  ({ sourceTitle, title, abstract, textKind, seenOn }) => html`<details>
<summary>${sourceTitle}${textKind === 'summary' ? ', a summary' : ''} <span class="quiet">since ${dayText(seenOn)}</span></summary>
<p class="wording-title">${shownTitle(title)}</p>
${abstract === null ? '' : html`<p class="abstract">${shownText({ text: abstract, textKind: 'abstract' })}</p>`}
</details>`,
)}
</section>`;
}

/** Leads to other papers, nothing where there are none; `why` says what they have to do with this one. */
function otherPapers(
  heading: string,
  papers: readonly Pick<SimilarPaper, 'paperId' | 'title' | 'firstSeenOn'>[],
  why?: string,
): Html | string {
  if (papers.length === 0) return '';
  return html`<section><h2>${heading}</h2>${why === undefined ? '' : html`<p class="hint">${why}</p>`}<ul class="plain">${papers.map(({ paperId, title, firstSeenOn }) => html`<li><a href="/papers/${paperId}">${shownTitle(title)}</a> <span class="quiet">first seen ${plainDay(firstSeenOn)}</span></li>`)}</ul></section>`;
}

/** The names the paper is known by; titles only reduced to letters say nothing to a reader. */
function keyList(keys: readonly PaperKey[]): Html | string {
  const ids = keys.filter((key) => !key.startsWith('title:'));
  if (ids.length === 0) return '';
  return html`<section><h2>Known as</h2><p class="keys">${ids.map((key) => html`<code>${key}</code> `)}</p></section>`;
}
