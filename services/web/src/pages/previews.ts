import { type ListedOn, PaperboyError, parseListedOn, shorten, type TopicId } from '@paperboy/core';
import { type Db, listDays, newPapersByDay, takeFromBucket } from '@paperboy/store';
import type { Context } from 'hono';
import { networkOf } from '../asker.ts';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { forecastMails, type MailForecast } from '../mail-forecast.ts';
import { shownTitle } from '../paper-words.ts';
import { queryMistakes } from '../query-mistakes.ts';
import type { ReadTimes } from '../sign-up-fields.ts';
import type { QueryPreview } from '../topic-desk.ts';
import { counted } from '../wording.ts';

/** Previews of one network in ten minutes: each reads the papers of days. */
const MOST_ASKED = { most: 120, windowMs: 600_000 };
/** Queries of one's own that are tried at once. */
const MOST_QUERIES = 10;
/** How far back from the newest listing mails are counted. */
const DAYS = 7;
const DAY_MS = 24 * 3600_000;
const TITLES = 5;

/** A query of one's own with what it would have brought, or why it cannot be read. */
type TriedQuery =
  | { readonly query: string; readonly preview: QueryPreview }
  | { readonly query: string; readonly problem: Html };

/** What the topics and words of a form would have brought in the last days. */
export interface Previews {
  readonly queries: readonly TriedQuery[];
  /** All of it together, where any topic is named and any paper is known. */
  readonly together?: MailForecast & { readonly mostShown: number };
}

/** What a form names. */
interface Wanted {
  readonly queries: readonly string[];
  readonly topics: readonly TopicId[];
  /** Where the fields for them are right. */
  readonly times?: ReadTimes;
}

export const NO_PREVIEWS: Previews = { queries: [] };

/** Tries a form's own queries, and counts the mails that they and the topics would have come to. Stores nothing. */
export async function previewsOf(
  { db, topics }: Pick<WebDeps, 'db' | 'topics'>,
  c: Context,
  wanted: Wanted,
): Promise<Previews> {
  const own = [...new Set(wanted.queries)].slice(0, MOST_QUERIES);
  if (own.length + wanted.topics.length === 0) return NO_PREVIEWS;
  const bucket = `preview ${networkOf(c)}`;
  if (!(await takeFromBucket(db, { bucket, ...MOST_ASKED })))
    throw new PaperboyError(
      'TOO_MANY_REQUESTS',
      'Too much was tried from here lately. Try again in some minutes.',
    );
  const queries: TriedQuery[] = [];
  for (const query of own) {
    const problem = queryMistakes(query);
    queries.push(
      problem === undefined ? { query, preview: await topics.preview(query) } : { query, problem },
    );
  }
  const together = await forecast(db, wanted, queries);
  return { queries, ...(together && { together }) };
}

async function forecast(
  db: Db,
  { topics, times }: Wanted,
  queries: readonly TriedQuery[],
): Promise<Previews['together']> {
  const [newest] = await listDays(db, { limit: 1 });
  const since = newest && daysBefore(newest.day, DAYS - 1);
  if (!times || !since) return undefined;
  const papers = queries.flatMap((one) =>
    'preview' in one ? one.preview.found.map(({ paperId }) => paperId) : [],
  );
  const days = await newPapersByDay(db, { since, topics, papers });
  return { ...forecastMails(days, times.schedule), mostShown: times.maxPapers };
}

function daysBefore(day: ListedOn, days: number): ListedOn | undefined {
  return parseListedOn(new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10));
}

/** Also what the script of a page puts in its place. */
export function previewList({ queries, together }: Previews): Html {
  return html`${queries.map(
    (one) =>
      html`<section class="preview"><h2>${shorten(one.query, 80)}</h2>${'problem' in one ? html`<p class="note">${one.problem}</p>` : triedQuery(one.preview)}</section>`,
  )}${together ? html`<p class="together">${inMails(together)}</p>` : ''}`;
}

function inMails({ papers, mails, longest, mostShown }: NonNullable<Previews['together']>): Html {
  if (papers === 0)
    return html`The last ${DAYS} days would have brought <strong>no mail</strong>: no new paper fits.`;
  const over =
    longest > mostShown
      ? `; the longest shows ${mostShown} of its ${longest} papers, and the rest stands online`
      : '';
  return html`The last ${DAYS} days would have brought <strong>${counted(papers, 'new paper')} in ${counted(mails, 'mail')}</strong>${over}.`;
}

function triedQuery({ papers, days, found, isTooWide, narrower, wider }: QueryPreview): Html {
  if (papers === 0)
    return html`<p class="hint">No papers are known yet to try it on; it works from the first list on.</p>`;
  const perDay = days === 0 ? 0 : found.length / days;
  const daily = perDay >= 1 ? `about ${Math.round(perDay)} a day` : 'less than one a day';
  return html`<p class="hint">${found.length === 0 ? 'None' : counted(found.length, 'paper')} of the last ${papers} would have come${found.length === 0 ? '' : `, ${daily}`}.</p>
${isTooWide ? html`<p class="note">That is a large part of all papers.${narrower ? html` Narrower: <code>${narrower.query}</code>, ${counted(narrower.found, 'paper')}.` : ''}</p>` : ''}
${wider ? widerHints(wider) : ''}
${found.length === 0 ? '' : html`<ol class="plain">${found.slice(0, TITLES).map(({ paperId, title, reasons }) => html`<li><a href="/papers/${paperId}">${shownTitle(title, 160)}</a>${reasons.slice(0, 1).map((reason) => html`<span class="reason">${reason}</span>`)}</li>`)}</ol>`}`;
}

/** What to try where a query finds few: other queries with what they find, acronyms, and words that stand beside it. */
function widerHints({
  papers,
  queries,
  acronyms,
  related,
}: NonNullable<QueryPreview['wider']>): Html {
  const hints = [
    papers === 0 && html`No paper of the past weeks has its words. Is the spelling right?`,
    queries.length > 0 &&
      html`More is found by ${inRow(queries.map(({ query, found }) => html`<code>${query}</code> (${found})`))}.`,
    acronyms.length > 0 &&
      html`Short for it: ${inRow(acronyms.map(({ acronym, longForm }) => html`<code>${acronym}</code> (${longForm})`))}.`,
    related.length > 0 &&
      html`Papers also say ${inRow(related.map((word) => html`<code>${word}</code>`))}.`,
  ].filter((hint) => hint !== false);
  if (hints.length === 0)
    hints.push(html`Nothing near it is known yet; papers that say it will come.`);
  return html`<ul class="note plain">${hints.map((hint) => html`<li>${hint}</li>`)}</ul>`;
}

function inRow(pieces: readonly Html[]): Html {
  return html`${pieces.map((piece, index) => html`${index === 0 ? '' : ', '}${piece}`)}`;
}
