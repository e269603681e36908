import { idOf, type ListedOn, PaperboyError, placesClimbed, shorten } from '@paperboy/core';
import { emptyLine, HEADINGS, historyLine } from '@paperboy/email';
import {
  currentPaper,
  FEEDBACK_ACTIONS,
  type FeedbackAction,
  findSubscriber,
  giveFeedback,
  type TopicFollowed,
} from '@paperboy/store';
import { describeStored, parseQuery, wordsToDrop } from '@paperboy/topics';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { dotted, type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { linkMarks, upvoteMark } from '../paper-marks.ts';
import { shownText, shownTitle } from '../paper-words.ts';
import {
  type DigestPaper,
  loadReaderDigest,
  papersIn,
  type ReaderDigest,
} from '../reader-digest.ts';
import { authorsLine, counted, longDay, plainDay } from '../wording.ts';
import { feedbackForm, feedbackPage } from './feedback.ts';
import { relatedWordsPath } from './related-words.ts';

/** About three lines. */
const TEXT_LENGTH = 420;
/** Reasons told per paper, as in the mail. */
const WHY_LINES = 3;

/**
 * A digest online, by the signed link of its mail, and what its reader says of the papers. Reading changes
 * nothing, as mail scanners follow every link; a POST acts. The token alone decides whose digest it is.
 */
export function digestPages(deps: Pick<WebDeps, 'db' | 'links'>, site: Site): Hono {
  const routes = new Hono();
  // Whoever was passed the mail sees no way into the operator's pages.
  const frame: Site = { ...site, hasInbox: false, isOpen: false };

  routes.get('/digests/:token', async (c) => {
    const token = c.req.param('token');
    const digest = await loadReaderDigest(deps, token);
    const { topics } = await findSubscriber(deps.db, digest.subscriberId);
    return c.html(digestPage(frame, { token, topics }, digest));
  });

  routes.get('/digests/:token/papers/:paper', async (c) => {
    const { token, paper } = c.req.param();
    const id = await paperToday(deps.db, paper);
    const found = paperIn(await loadReaderDigest(deps, token), id);
    return c.html(
      feedbackPage(frame, {
        token,
        paper: found,
        wanted: actionIn(c.req.query('want')),
        done: actionIn(c.req.query('done')),
      }),
    );
  });

  routes.post('/digests/:token/papers/:paper', async (c) => {
    const { token, paper } = c.req.param();
    const digest = await loadReaderDigest(deps, token);
    const { card } = paperIn(digest, await paperToday(deps.db, paper));
    const fields = await c.req.parseBody().catch(() => undefined);
    const action = actionIn(fields?.action);
    if (action === undefined) {
      throw new PaperboyError('USAGE', 'Choose one of the buttons: like, not for me, save.');
    }
    await giveFeedback(
      deps.db,
      { subscriberId: digest.subscriberId, paperId: card.paperId },
      action,
    );
    const back = `/digests/${encodeURIComponent(token)}/papers/${card.paperId}?done=${action}`;
    return c.redirect(back, 303);
  });

  return routes;
}

function actionIn(text: unknown): FeedbackAction | undefined {
  return FEEDBACK_ACTIONS.find((action) => action === text);
}

/** A link of an older mail may name a paper that was merged since. */
async function paperToday(db: WebDeps['db'], text: string): Promise<string> {
  return /^[1-9]\d{0,17}$/.test(text) ? currentPaper(db, idOf('paper', text)) : text;
}

function paperIn(digest: ReaderDigest, id: string): DigestPaper {
  const found = papersIn(digest).find(({ card }) => card.paperId === id);
  if (found) return found;
  throw new PaperboyError('NOT_FOUND', 'This paper is not in the digest that the link is of.');
}

/** Whose digest it is, and the topics they follow now. */
interface ReaderOfPage {
  readonly token: string;
  readonly topics: readonly TopicFollowed[];
}

function digestPage(site: Site, reader: ReaderOfPage, digest: ReaderDigest): Html {
  const { day, cadence, newByTopic, recurringPapers, notes } = digest;
  const all = papersIn(digest).length;
  return renderPage(site, {
    title: 'Your digest',
    width: 'narrow',
    ...(day && { dateline: longDay(day) }),
    body: html`<article class="sheet digest">
<p class="kicker">${counted(all, 'paper')} for your topics</p>
<h1>Your digest${day ? html` of ${plainDay(day)}` : ''}</h1>
${all === 0 ? html`<p class="lead">${emptyLine(cadence, notes.length === 0)}</p>` : ''}
${newByTopic.length === 0 ? '' : html`<section><h2>${HEADINGS.new}</h2>${newByTopic.map(({ topic, papers }) => html`<h3 class="topic">${topic}</h3>${stories(papers, reader, { topic })}`)}</section>`}
${recurringPapers.length === 0 ? '' : html`<section><h2>${HEADINGS.recurring}</h2>${stories(recurringPapers, reader, { day })}</section>`}
${notes.length === 0 ? '' : html`<section><h2>${HEADINGS.sources}</h2><ul class="plain">${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`}
</article>`,
  });
}

/** Where papers stand: under a topic, or among those seen before the day of the digest. */
type Place =
  | { readonly topic: string }
  | { readonly topic?: never; readonly day: ListedOn | undefined };

function stories(papers: readonly DigestPaper[], reader: ReaderOfPage, place: Place): Html {
  const kind = place.topic === undefined ? ' recurring' : '';
  return html`<ol class="papers${kind}">${papers.map((paper) => story(paper, reader, place))}</ol>`;
}

function story(paper: DigestPaper, reader: ReaderOfPage, place: Place): Html {
  const { card, matches } = paper;
  const { text, textKind } = card;
  const title = html`<a href="/papers/${card.paperId}">${shownTitle(card.title)}</a>`;
  const authors = authorsLine(card.authors);
  const labels = new Set(matches.map(({ topicName }) => topicName));
  if (place.topic !== undefined) labels.delete(place.topic);
  const why = [...new Set(matches.flatMap(({ reasons }) => describeStored(reasons)))];
  return html`<li class="story">
${labels.size === 0 ? '' : html`<p class="kicker">${place.topic === undefined ? '' : 'Also: '}${[...labels].join(' · ')}</p>`}
${place.topic === undefined ? html`<h3>${title}</h3>` : html`<h4>${title}</h4>`}
${place.topic === undefined ? html`<p class="past">${historyOf(paper, place.day)}</p>` : ''}
${authors === '' ? '' : html`<p class="by">${authors}</p>`}
${text === null ? '' : html`<p class="text">${shownText({ text, textKind }, TEXT_LENGTH)}</p>`}
${why.slice(0, WHY_LINES).map((line) => html`<p class="reason">${line}</p>`)}
${relatedWordLinks(paper, reader)}
<p class="facts">${dotted([...linkMarks(card.links, shownTitle(card.title)), upvoteMark(card.upvotes)])}</p>
${feedbackForm(reader.token, paper)}
</li>`;
}

/** The way to drop each related word that a topic found the paper by. */
function relatedWordLinks({ matches }: DigestPaper, { token, topics }: ReaderOfPage): Html | '' {
  const links = matches.flatMap(({ topicId, topicName, reasons }) => {
    const parsed = parseQuery(topics.find((one) => one.topicId === topicId)?.query ?? '');
    if (!parsed.ok) return [];
    return wordsToDrop(parsed.query, [reasons]).map(
      (word) =>
        html`<a href="${relatedWordsPath('digests', token, topicId, word)}">${word}<span class="aside"> from ${shorten(topicName, 80)}</span></a>`,
    );
  });
  return links.length === 0 ? '' : html`<p class="facts">Drop a word: ${dotted(links)}</p>`;
}

/** As the mail tells it. */
function historyOf({ card }: DigestPaper, day: ListedOn | undefined): string {
  const { firstSeenOn, lastSeenBeforeOn, position, previousPosition } = card;
  const sighting = { listedOn: firstSeenOn, position };
  const climbed = placesClimbed(
    previousPosition === null ? sighting : { ...sighting, previousPosition },
  );
  return historyLine(
    {
      ...{ firstSeenOn, timesSeen: card.timesSeen },
      ...(lastSeenBeforeOn !== null && { lastSeenBeforeOn }),
      ...(climbed !== undefined && { climbed }),
    },
    day ?? firstSeenOn,
  );
}
