import {
  cleanText,
  idOf,
  type ListedOn,
  type PaperId,
  parseKey,
  parseListedOn,
} from '@paperboy/core';
import {
  type Db,
  findPaperByKey,
  listSources,
  type SearchResult,
  type Source,
  searchPapers,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { dotted, type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { counted } from '../wording.ts';
import { foundItem } from './found-item.ts';

const PART = 20;
const MOST_PARTS = 100;
/** Longer than any question; what it costs to look up grows with it. */
const MOST_CHARACTERS = 200;

/** What was asked for, as far as it can be read; `notes` say what cannot. */
interface Asked {
  readonly words: string;
  readonly from: ListedOn | undefined;
  readonly until: ListedOn | undefined;
  readonly source: string;
  readonly category: string;
  readonly order: 'best' | 'newest';
  readonly part: number;
  /** The newest paper there was when the first part was shown: what comes later shifts no part. */
  readonly newestId: PaperId | undefined;
  readonly notes: readonly string[];
}

/** Looks papers up by their words. */
export function searchPages({ db }: Pick<WebDeps, 'db'>, site: Site): Hono {
  const routes = new Hono();
  routes.get('/search', async (c) => {
    const sources = await listSources(db);
    const asked = readAsked((name) => c.req.query(name) ?? '', sources);
    // Endless combinations of filters are nothing for other search engines.
    c.header('X-Robots-Tag', 'noindex');
    const named = await paperNamed(db, asked.words);
    if (named !== undefined) return c.redirect(`/papers/${named}`, 302);
    return c.html(await searchPage(db, site, asked, sources));
  });
  return routes;
}

/** Whoever asks for an arXiv id, a DOI or the address of a paper wants that paper, if it was ever listed. */
async function paperNamed(db: Db, words: string): Promise<PaperId | undefined> {
  const key = parseKey(words);
  return key && findPaperByKey(db, key);
}

function readAsked(query: (name: string) => string, sources: readonly Source[]): Asked {
  const notes: string[] = [];
  const aside = (what: string) => void notes.push(`${what}, so that was left aside.`);
  const text = cleanText(query('q'));
  const words = [...text].slice(0, MOST_CHARACTERS).join('');
  if (words !== text)
    notes.push(`A search has at most ${MOST_CHARACTERS} characters; the rest was cut off.`);
  const dayOf = (name: string): ListedOn | undefined => {
    const typed = cleanText(query(name)).slice(0, 40);
    const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? parseListedOn(typed) : undefined;
    if (typed !== '' && day === undefined) aside(`“${typed}” is no day such as 2026-03-11`);
    return day;
  };
  const [from, until] = [dayOf('from'), dayOf('until')];
  const isBackwards = from !== undefined && until !== undefined && from > until;
  const source = cleanText(query('source')).slice(0, 64);
  const isKnown = source === '' || sources.some(({ name }) => name === source);
  if (!isKnown) aside(`No source is called “${source}”`);
  const newest = /^[1-9]\d{0,17}$/.exec(query('newest'))?.[0];
  const category = cleanText(query('category')).slice(0, 40);
  const isCategory = category === '' || /^[a-z][a-z-]*(?:\.[a-z-]+)?$/i.test(category);
  if (!isCategory) aside(`“${category}” is no category such as cs.CL`);
  return {
    words,
    ...(isBackwards ? { from: until, until: from } : { from, until }),
    source: isKnown ? source : '',
    category: isCategory ? category : '',
    order: query('order') === 'newest' ? 'newest' : 'best',
    part: Math.min(MOST_PARTS, Number(/^[1-9]\d{0,4}$/.exec(query('part'))?.[0] ?? 1)),
    newestId: newest === undefined ? undefined : idOf('paper', newest),
    notes,
  };
}

async function searchPage(
  db: Db,
  site: Site,
  asked: Asked,
  sources: readonly Source[],
): Promise<Html> {
  const { words, from, until, source, category, order, part, newestId } = asked;
  const sourceId = sources.find(({ name }) => name === source)?.id;
  const result = await searchPapers(db, {
    ...{ words, order, limit: PART, skip: (part - 1) * PART },
    ...(from && { from }),
    ...(until && { until }),
    ...(sourceId && { sourceId }),
    ...(category !== '' && { category }),
    ...(newestId && { newestId }),
  });
  const body = html`<h1>Search</h1>
${searchForm(asked, sources)}
${asked.notes.map((note) => html`<p class="note">${note}</p>`)}
${result.kind === 'found' ? resultList(result, asked) : tooLittle(result.why)}`;
  const title = words === '' ? 'Search' : `${words.slice(0, 80)}, search`;
  return renderPage(site, { title, place: 'search', width: 'narrow', body });
}

function searchForm(asked: Asked, sources: readonly Source[]): Html {
  const hasFilters =
    Boolean(asked.from ?? asked.until) || asked.source !== '' || asked.category !== '';
  const option = (value: string, name: string, chosen: string) =>
    value === chosen
      ? html`<option value="${value}" selected>${name}</option>`
      : html`<option value="${value}">${name}</option>`;
  const filters = html`<div class="filters">
<p><label class="asked" for="from">First listed from</label> <input type="date" id="from" name="from" value="${asked.from ?? ''}"></p>
<p><label class="asked" for="until">until</label> <input type="date" id="until" name="until" value="${asked.until ?? ''}"></p>
<p><label class="asked" for="source">Source</label> <select id="source" name="source">${option('', 'Any source', asked.source)}${sources.map(({ name, title }) => option(name, title, asked.source))}</select></p>
<p><label class="asked" for="category">Category</label> <input type="text" id="category" name="category" value="${asked.category}" placeholder="cs.CL" maxlength="40" autocapitalize="off" spellcheck="false"></p>
<p><label class="asked" for="order">Order</label> <select id="order" name="order">${option('best', 'Best first', asked.order)}${option('newest', 'Newest first', asked.order)}</select></p>
</div>`;
  return html`<form class="search" role="search" method="get" action="/search">
<p class="ask"><label class="asked" for="q">Words, “phrases in quotes”, or, -without</label>
<span><input type="search" id="q" name="q" value="${asked.words}" maxlength="${MOST_CHARACTERS}"><button class="go" type="submit">Search</button></span></p>
${hasFilters ? html`<details class="folded" open><summary>Narrow it down</summary>${filters}</details>` : html`<details class="folded"><summary>Narrow it down</summary>${filters}</details>`}
</form>`;
}

const TOO_LITTLE = {
  'no-words':
    'Every paper that was ever listed is found by the words of its title, its abstract and its authors.',
  'common-words': 'These words stand in nearly every paper. Add one that says more.',
  'only-without': 'Say also what is to be found: leaving words out alone leaves nearly everything.',
} as const;

function tooLittle(why: keyof typeof TOO_LITTLE): Html {
  return html`<p class="lead">${TOO_LITTLE[why]}</p>`;
}

/** What is said where there are more papers than were looked at. */
const PARTLY = {
  counted: 'These words are common: no more are listed. Name days to look further back.',
  ranked:
    'These words are common: only the newest papers were put in order. Name days to look further back, or choose newest first.',
  'looked-through':
    'These words are common: only the newest papers were looked through. Name days to look further back.',
} as const;

function resultList(result: SearchResult & { kind: 'found' }, asked: Asked): Html {
  const { papers, total, part } = result;
  if (total === 0)
    return html`<p class="lead">Nothing was found.</p>
<p class="onward">${helpAfterNothing(asked, part !== undefined)}</p>`;
  const count = counted(total, 'paper');
  return html`<section aria-labelledby="found">
<h2 id="found">${part === 'counted' ? `More than ${count}` : part ? `${count} of the newest` : count}</h2>
${part ? html`<p class="small quiet">${PARTLY[part]}</p>` : ''}
${papers.length === 0 ? html`<p class="onward">There are no more.</p>` : html`<ol class="papers">${papers.map(foundItem)}</ol>`}
</section>
${turner({ ...asked, newestId: result.newestId }, total)}`;
}

/** What to try next. An id is a whole one or none: there are no fewer words to it. */
function helpAfterNothing({ words }: Asked, isPartly: boolean): string {
  if (isPartly)
    return 'Only the newest papers with these words were looked through; name days to look further back.';
  return parseKey(words)
    ? 'No list that was read had the paper with this id. Words of its title find it if it came without one.'
    : 'Try fewer or other words, or take a filter away.';
}

function turner(asked: Asked, total: number): Html | string {
  const { part } = asked;
  const parts = Math.min(MOST_PARTS, Math.ceil(total / PART));
  if (parts < 2 && part === 1) return '';
  return html`<nav class="turner" aria-label="Other results"><ul>
${part > 1 ? html`<li><a rel="prev" href="${addressOf(asked, part - 1)}">← Before</a></li>` : ''}
<li class="quiet">${dotted([`Part ${part} of ${parts}`])}</li>
${part < parts ? html`<li><a rel="next" href="${addressOf(asked, part + 1)}">More →</a></li>` : ''}
</ul></nav>`;
}

function addressOf(asked: Asked, part: number): string {
  const query = new URLSearchParams({ q: asked.words });
  for (const name of ['from', 'until', 'source', 'category'] as const)
    if (asked[name]) query.set(name, asked[name]);
  if (asked.order !== 'best') query.set('order', asked.order);
  if (part > 1) query.set('part', `${part}`);
  if (asked.newestId) query.set('newest', asked.newestId);
  return `/search?${query}`;
}
