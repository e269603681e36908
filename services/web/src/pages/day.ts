import { type ListedOn, PaperboyError } from '@paperboy/core';
import {
  countPapersOfPages,
  type DayPage,
  type DaySummary,
  type Db,
  listDays,
  neighbourDays,
  pagesOfDay,
  papersOfPages,
  sourceTroubles,
} from '@paperboy/store';
import { groupPapers, type PaperGroup, type SourceList, sourceLists } from '../day-lists.ts';
import { LISTING_FEED } from '../feeds/addresses.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { monthAfter, monthCalendar } from '../month-calendar.ts';
import { counted, dayText, longDay, shortDay } from '../wording.ts';
import { type ItemContext, leadItem, newItem, recurringItem } from './day-items.ts';
import { pageNotes, troubleNotes } from './day-notes.ts';

/** Papers of a section that a day shows of each page, before it leads to that source's own list. */
const SHOWN = 100;
/** Positions on one part of a source's own list. */
const PART = 200;
const DAYS_BELOW = 14;

/** The newest day, with the state of the sources and the days before it. */
export async function renderFront(db: Db, site: Site, day: ListedOn): Promise<Html> {
  const pages = await pagesOfDay(db, day);
  const dayPages = pages.map(({ id }) => id);
  const [counts, papers, troubles, days] = await Promise.all([
    countPapers(db, pages, pages),
    papersOfPages(db, { day, dayPages, pages: dayPages, perSection: SHOWN }),
    sourceTroubles(db),
    listDays(db, { before: day, limit: DAYS_BELOW }),
  ]);
  const lists = sourceLists(pages);
  const groups = groupPapers(papers, lists, SHOWN);
  const body = html`<h1 class="aside">Papers of ${longDay(day)}</h1>
<p class="lead">${leadLine(counts, lists)}</p>
${listsOfDay(lists, day)}
${[...troubleNotes(troubles), ...pageNotes(pages, troubles)]}
${sections(groups, { day, lists, counts, hasLead: true })}
${daysBelow(days, day)}`;
  return renderPage(site, {
    title: 'Paperboy',
    place: 'latest',
    feeds: LISTING_FEED,
    dateline: longDay(day),
    body,
  });
}

/** Any day, as it was listed; one on which nothing was leads to those before and after it. */
export async function renderDay(
  db: Db,
  site: Site,
  day: ListedOn,
): Promise<{ readonly page: Html; readonly status: 200 | 404 }> {
  const pages = await pagesOfDay(db, day);
  if (pages.length === 0) return { page: await emptyDay(db, site, day), status: 404 };
  const dayPages = pages.map(({ id }) => id);
  const [counts, papers, neighbours, month] = await Promise.all([
    countPapers(db, pages, pages),
    papersOfPages(db, { day, dayPages, pages: dayPages, perSection: SHOWN }),
    neighbourDays(db, day),
    listDays(db, { before: monthAfter(day), limit: 31 }),
  ]);
  const lists = sourceLists(pages);
  const body = html`<h1>${longDay(day)}</h1>
<p class="lead">${leadLine(counts, lists)}</p>
${listsOfDay(lists, day)}
${pageNotes(pages, [])}
${sections(groupPapers(papers, lists, SHOWN), { day, lists, counts, hasLead: false })}
${dayTurner(neighbours, day)}
${monthCalendar(day, month)}`;
  return { page: renderPage(site, { title: dayText(day), place: 'days', body }), status: 200 };
}

async function emptyDay(db: Db, site: Site, day: ListedOn): Promise<Html> {
  const [neighbours, month] = await Promise.all([
    neighbourDays(db, day),
    listDays(db, { before: monthAfter(day), limit: 31 }),
  ]);
  const body = html`<h1>${longDay(day)}</h1>
<p class="lead">Nothing was listed that day.</p>
${dayTurner(neighbours, day)}
${monthCalendar(day, month)}`;
  return renderPage(site, { title: dayText(day), place: 'days', body });
}

/** One source's list of a day in full, in parts. Throws NOT_FOUND where it listed nothing. */
export async function renderSourceDay(
  db: Db,
  site: Site,
  day: ListedOn,
  { source, after }: { readonly source: string; readonly after: number },
): Promise<Html> {
  const pages = await pagesOfDay(db, day);
  const list = sourceLists(pages).find(({ name }) => name === source);
  if (!list) throw nothingListed(day);
  const [counts, papers] = await Promise.all([
    countPapers(db, pages, list.pages),
    papersOfPages(db, {
      day,
      dayPages: pages.map(({ id }) => id),
      pages: list.pages.map(({ id }) => id),
      perSection: PART,
      after,
      upTo: after + PART,
    }),
  ]);
  const isLast = list.pages.every(({ lastPosition }) => lastPosition <= after + PART);
  const body = html`<h1>${list.title}, ${longDay(day)}</h1>
<p class="lead">${leadLine(counts, [list])}</p>
${pageNotes(list.pages, [])}
${sections(groupPapers(papers, [list], PART), { day, lists: sourceLists(pages), counts, hasLead: false, isWhole: true })}
<p class="onward">${isLast ? '' : html`<a href="/days/${day}?source=${source}&amp;after=${after + PART}">Positions from ${after + PART + 1}</a> `}<a href="/days/${day}">All lists of the day</a></p>`;
  return renderPage(site, { title: `${list.title}, ${dayText(day)}`, place: 'days', body });
}

function nothingListed(day: ListedOn): PaperboyError {
  return new PaperboyError('NOT_FOUND', `Nothing was listed there on ${dayText(day)}.`);
}

/** A page alone in its day has counted its papers itself; on several pages each paper counts once. */
async function countPapers(
  db: Db,
  day: readonly DayPage[],
  shown: readonly DayPage[],
): Promise<Counts> {
  const [only] = day;
  if (only && day.length === 1) return only;
  const ids = (pages: readonly DayPage[]) => pages.map(({ id }) => id);
  return countPapersOfPages(db, { dayPages: ids(day), pages: ids(shown) });
}

interface Counts {
  readonly newPapers: number;
  readonly recurringPapers: number;
}

function leadLine({ newPapers, recurringPapers }: Counts, lists: readonly SourceList[]): string {
  const names = lists.map(({ title }) => title);
  const from = names.length > 3 ? `${names.length} lists` : names.join(' and ');
  if (newPapers + recurringPapers === 0) return `${from}: no papers that day.`;
  if (recurringPapers === 0) return `${counted(newPapers, 'new paper')} from ${from}.`;
  const fresh = newPapers === 0 ? 'Nothing new' : counted(newPapers, 'new paper');
  return `${fresh} and ${recurringPapers} seen before, from ${from}.`;
}

/** The way to each list by itself, where a day has several. */
function listsOfDay(lists: readonly SourceList[], day: ListedOn): Html | string {
  if (lists.length < 2) return '';
  return html`<nav class="fields-of" aria-label="Lists of the day"><ul>${lists.map(({ name, title, papers }) => html`<li><a href="/days/${day}?source=${name}">${title}</a> <span class="quiet">${papers}</span></li>`)}</ul></nav>`;
}

interface SectionContext {
  readonly day: ListedOn;
  /** All lists of the day. */
  readonly lists: readonly SourceList[];
  readonly counts: Counts;
  readonly hasLead: boolean;
  /** One source's own list: nothing is left out. */
  readonly isWhole?: boolean;
}

function sections(
  groups: { readonly new: readonly PaperGroup[]; readonly recurring: readonly PaperGroup[] },
  context: SectionContext,
): Html {
  return html`${section('New', groups.new, context)}
${section('Recurring', groups.recurring, context)}`;
}

function section(
  name: 'New' | 'Recurring',
  groups: readonly PaperGroup[],
  context: SectionContext,
): Html | string {
  if (groups.length === 0) return '';
  const id = name.toLowerCase();
  const { newPapers, recurringPapers } = context.counts;
  const count = counted(name === 'New' ? newPapers : recurringPapers, 'paper');
  return html`<section class="${id}" aria-labelledby="${id}">
<h2 id="${id}">${name} <span class="count">${count}</span></h2>
${groups.map((group, index) => groupOf(name, group, context, context.hasLead && index === 0))}
</section>`;
}

function groupOf(
  name: 'New' | 'Recurring',
  { list, papers, isCut }: PaperGroup,
  { day, lists, isWhole }: SectionContext,
  isFirst: boolean,
): Html {
  const hasHeading = lists.length > 1 && !isWhole;
  const show = (paper: PaperGroup['papers'][number], index: number) => {
    const context: ItemContext = {
      day,
      sourceTitle: list.title,
      alsoOn: lists
        .filter(
          ({ name, pages }) =>
            name !== list.name && pages.some(({ id }) => paper.alsoOn.includes(id)),
        )
        .map(({ title }) => title),
      level: hasHeading ? 4 : 3,
    };
    if (name === 'Recurring') return recurringItem(paper, context);
    return isFirst && index === 0 ? leadItem(paper, context) : newItem(paper, context);
  };
  return html`${hasHeading ? html`<h3 class="source">${list.title}</h3>` : ''}
<ol class="papers">
${papers.map(show)}
</ol>
${isCut && !isWhole ? html`<p class="onward"><a href="/days/${day}?source=${list.name}">All of ${list.title}, ${counted(list.papers, 'paper')}</a></p>` : ''}`;
}

function daysBelow(days: readonly DaySummary[], today: ListedOn): Html | string {
  if (days.length === 0) return '';
  return html`<nav class="earlier" aria-labelledby="earlier">
<h2 id="earlier">Earlier</h2>
<ul>${days.map(({ day, newPapers }) => html`<li><a href="/days/${day}">${shortDay(day, today)}</a> <span class="quiet">${newPapers} new</span></li>`)}
<li><a href="/days">All days</a></li></ul>
</nav>`;
}

function dayTurner(
  { earlier, later }: { readonly earlier: ListedOn | null; readonly later: ListedOn | null },
  day: ListedOn,
): Html {
  return html`<nav class="turner" aria-label="Other days"><ul>
${earlier ? html`<li><a rel="prev" href="/days/${earlier}">← ${shortDay(earlier, day)}</a></li>` : ''}
<li><a href="/days">All days</a></li>
${later ? html`<li><a rel="next" href="/days/${later}">${shortDay(later, day)} →</a></li>` : ''}
</ul></nav>`;
}
