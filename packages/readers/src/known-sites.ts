import type { PageFormat } from '@paperboy/core';

/** How a list is best watched, as far as its address tells. */
export interface SourceProposal {
  /** May be another than the one that was given; `{date}` stands for the day. */
  readonly url: string;
  readonly name: string;
  readonly title: string;
  readonly format: PageFormat;
  readonly cron: string;
  /** When it brings out new lists, in `zone`; absent where that is to be learnt. */
  readonly publishes?: string;
  readonly zone: string;
  /** Whose wording of a paper is shown: arXiv's own before Hugging Face's, theirs before that of other feeds. */
  readonly textPriority: number;
}

type Habits = Pick<SourceProposal, 'cron' | 'publishes' | 'zone' | 'textPriority'>;

/**
 * When a format's lists change. arXiv announces at 20:00 Eastern from Sunday to Thursday; its feeds carry that from
 * midnight on, and have nothing on weekends. The later time is for a day on which arXiv is late.
 */
const HABITS: Readonly<Partial<Record<PageFormat, Habits>>> = {
  'arxiv-list': {
    cron: '30 20,22 * * sun-thu',
    publishes: '0 20 * * sun-thu',
    zone: 'America/New_York',
    textPriority: 80,
  },
  'arxiv-feed': {
    cron: '30 0,6 * * mon-fri',
    publishes: '0 0 * * mon-fri',
    zone: 'America/New_York',
    textPriority: 80,
  },
  'arxiv-api': { cron: '30 1,13 * * mon-fri', zone: 'America/New_York', textPriority: 90 },
  'openreview-api': { cron: '0 5,17 * * *', zone: 'UTC', textPriority: 70 },
  'hf-api': { cron: '0 8,12,16,20 * * mon-fri', zone: 'UTC', textPriority: 60 },
  'hf-page': { cron: '0 6,18 * * *', zone: 'UTC', textPriority: 40 },
  feed: { cron: '0 6,12,18 * * *', zone: 'UTC', textPriority: 30 },
};
const OTHER: Habits = { cron: '0 7 * * *', zone: 'UTC', textPriority: 20 };

/** When to look at lists of a format, and what their wording counts for. */
export function habitsOf(format: PageFormat | undefined): Habits {
  return (format && HABITS[format]) ?? OTHER;
}

type Site = (url: URL) => Omit<SourceProposal, keyof Habits> | undefined;

const SITES: readonly Site[] = [arxivLists, arxivQueries, huggingFace, preprintServers];

/** The best address for a list on a site whose ways are known; undefined for all others. */
export function knownSource(address: string): SourceProposal | undefined {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return undefined;
  for (const site of SITES) {
    const found = site(url);
    if (found) return { ...found, ...habitsOf(found.format) };
  }
  return undefined;
}

/** `cs.CL`, `math`, `astro-ph.GA`. */
const CATEGORY = String.raw`[a-z][a-z-]*(?:\.[A-Za-z-]{2,})?`;
const LIST_PATH = new RegExp(
  `^/(?:list|archive)/(${CATEGORY})(?:/(?:new|recent|pastweek|current))?/?$`,
);
const FEED_PATH = new RegExp(String.raw`^/(?:rss|atom)/(${CATEGORY}(?:\+${CATEGORY}){0,30})/?$`);

/** Listing pages and older addresses of feeds: a feed holds the same in less, and says when it is empty. */
function arxivLists({ hostname, pathname }: URL): ReturnType<Site> {
  const isPage = /^(?:www\.|export\.)?arxiv\.org$/.test(hostname);
  const list = isPage ? LIST_PATH.exec(pathname)?.[1] : undefined;
  const isFeed = /^(?:rss|export)\.arxiv\.org$/.test(hostname);
  const categories = list ?? (isFeed ? FEED_PATH.exec(pathname)?.[1] : undefined);
  if (categories === undefined) return undefined;
  const all = categories.replaceAll('+', ', ');
  return {
    url: `https://rss.arxiv.org/rss/${categories}`,
    name: nameFrom(`arxiv ${categories}`),
    title: `arXiv ${all.length > 80 ? `${all.slice(0, 80)}…` : all}`,
    format: 'arxiv-feed',
  };
}

function arxivQueries(url: URL): ReturnType<Site> {
  if (!/^(?:export\.)?arxiv\.org$/.test(url.hostname) || url.pathname !== '/api/query') {
    return undefined;
  }
  const query = url.searchParams.get('search_query') ?? url.searchParams.get('id_list') ?? '';
  const best = new URL(url);
  best.protocol = 'https:';
  best.hostname = 'export.arxiv.org';
  return {
    url: best.href,
    name: nameFrom(`arxiv ${query}`),
    title: `arXiv: ${query.slice(0, 80)}`,
    format: 'arxiv-api',
  };
}

/** Days are asked of the API by `{date}`: its bare page shows what the visitor last looked at. */
function huggingFace({ hostname, pathname, search, href }: URL): ReturnType<Site> {
  if (!/^(?:www\.)?huggingface\.co$/.test(hostname)) return undefined;
  if (/^\/papers\/trending\/?$/.test(pathname)) {
    const title = 'Hugging Face trending papers';
    return { url: href, name: 'hf-trending', title, format: 'hf-page' };
  }
  const isDay =
    (/^\/papers(?:\/date\/[\d-]+)?\/?$/.test(pathname) && !/[?&]q=/.test(search)) ||
    (/^\/api\/daily_papers\/?$/.test(pathname) &&
      !/[?&](?:week|month|submitter|sort)=/.test(search));
  if (!isDay) return undefined;
  return {
    url: 'https://huggingface.co/api/daily_papers?date={date}&limit=100',
    name: 'hf-daily',
    title: 'Hugging Face Daily Papers',
    format: 'hf-api',
  };
}

/** Collections of bioRxiv and medRxiv have feeds under other names on another host. */
function preprintServers({ hostname, pathname }: URL): ReturnType<Site> {
  const server = /^(?:www\.)?((?:bio|med)rxiv)\.org$/.exec(hostname)?.[1];
  const subject = /^\/(?:collection\/([a-z-]+))?\/?$/.exec(pathname);
  if (server === undefined || subject === null) return undefined;
  const name = subject[1] ?? 'all';
  const rxiv = server.replace('rxiv', 'Rxiv');
  return {
    url: `https://connect.${server}.org/${server}_xml.php?subject=${name.replaceAll('-', '_')}`,
    name: nameFrom(`${server} ${name}`),
    title: name === 'all' ? rxiv : `${rxiv}: ${name.replaceAll('-', ' ')}`,
    format: 'feed',
  };
}

/** A source's name made of a text: lower-case letters, digits and single hyphens. */
export function nameFrom(text: string): string {
  const letters = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
  const name = letters
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 48);
  return name.replace(/-$/, '') || 'source';
}
