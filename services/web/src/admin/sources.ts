import { PaperboyError } from '@paperboy/core';
import {
  changeSource,
  findSource,
  listFetches,
  listPages,
  listSources,
  type Source,
  saveNextAsk,
  sourceHealth,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html, safeUrl } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import {
  type AdminContext,
  adminButton,
  adminFacts,
  adminTable,
  answerLive,
  back,
  changing,
  mark,
} from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const SAID = {
  asked: 'It is asked as soon as a worker is free; what comes of it stands under Attempts.',
  paused: 'The source is left alone until it is resumed; what it brought stays.',
  resumed: 'The source is asked again; what it missed is made up for once.',
};
const TROUBLED = ['cut', 'stale', 'broken', 'partial', 'blocked', 'failed'];

type SourcesDeps = Pick<WebDeps, 'db' | 'queues' | 'log' | 'now'>;

/** Where papers come from: how each source stands, what its pages turned out to be, and when it is asked. */
export function sourcePages(
  { db, queues, log, now = () => new Date() }: SourcesDeps,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/sources', async (c) => {
    return answerLive(c, site, {
      ...{ title: 'Sources', place: 'sources' },
      figures: sourceTable,
      frame: (table) => html`<h1>Sources</h1>
<p class="lead">Where papers come from, and how each stands.</p>
${table}`,
    });
  });

  async function sourceTable(): Promise<Html> {
    const sources = (await listSources(db)).filter(({ state }) => state !== 'archived');
    const rows = sources.map(({ name, title, state, pages, health }) => [
      html`<a href="/admin/sources/${name}">${title}</a>`,
      state === 'paused' ? mark('paused', 'plain') : outcomeMark(health?.outcome),
      health?.note ?? '',
      Number(pages).toLocaleString('en-GB'),
      health?.lastGoodAt ? moment(health.lastGoodAt) : 'never',
      health?.nextAskAt ? moment(health.nextAskAt) : 'when asked to',
    ]);
    return adminTable(
      'Sources',
      ['Source', 'Last found', 'Because', 'Pages', 'Last whole list', 'Asked next'],
      rows,
      html`No source yet. Add one: <code>npm run -s paperboy -- source add</code>`,
    );
  }

  routes.get('/admin/sources/:name', async (c) => {
    const source = await findSource(db, c.req.param('name'));
    return answerLive(c, site, {
      ...{ title: source.title, place: 'sources', said: SAID },
      figures: () => whatCame(source),
      frame: (figures) => html`<h1>${source.title}</h1>
${actions(c, source)}
${figures}`,
    });
  });

  async function whatCame(source: Source): Promise<Html> {
    const [health, pages, fetches] = await Promise.all([
      sourceHealth(db, source.id),
      listPages(db, { sourceId: source.id, limit: 50 }),
      listFetches(db, { sourceId: source.id, limit: 20 }),
    ]);
    return html`${standing(source, health)}
<section><h2>Pages and verdicts</h2>${pageTable(pages)}</section>
<section><h2>Attempts</h2>${fetchTable(fetches)}</section>`;
  }

  routes.post('/admin/sources/:name/fetch', async (c) => {
    const { id, name, url, state } = await findSource(db, c.req.param('name'));
    if (url === null) throw new PaperboyError('USAGE', `${name} has no address to ask.`);
    if (state !== 'active')
      throw new PaperboyError('USAGE', `${name} is ${state}: resume it first.`);
    await changing({ db }, c, async (tx, note) => {
      await saveNextAsk(tx, id, { at: now(), why: 'asked for by an admin', repeats: 0 });
      await note('fetch', `source ${name}`);
    });
    // Only wakes: what the queue loses is found in the row.
    await queues
      .add('fetch-page', { sourceId: id }, { jobKey: `ask-${id}` })
      .catch((error: unknown) => log.warn('source.unqueued', { source: name, error }));
    return back(c, `/admin/sources/${name}`, 'asked');
  });

  routes.post('/admin/sources/:name/pause', (c) => turn(c, c.req.param('name'), 'paused'));
  routes.post('/admin/sources/:name/resume', (c) => turn(c, c.req.param('name'), 'active'));

  async function turn(c: AdminContext, name: string, to: 'paused' | 'active'): Promise<Response> {
    await changing({ db }, c, async (tx, note) => {
      const { id, state } = await findSource(tx, name);
      if (state === 'archived' && to === 'paused')
        throw new PaperboyError('USAGE', `${name} was removed.`);
      await changeSource(tx, id, { state: to });
      const action = to === 'paused' ? 'pause' : 'resume';
      await note(action, `source ${name}`, { was: state, became: to });
    });
    return back(c, `/admin/sources/${name}`, to === 'paused' ? 'paused' : 'resumed');
  }

  return routes;
}

function actions(c: AdminContext, { name, state, url }: Source): Html {
  const at = `/admin/sources/${name}`;
  return html`<div class="admin-presses">
${state === 'active' && url !== null ? adminButton(c, `${at}/fetch`, 'Ask it now', { isMain: true }) : ''}
${state === 'active' ? adminButton(c, `${at}/pause`, 'Pause') : adminButton(c, `${at}/resume`, 'Resume')}
</div>`;
}

function standing(source: Source, health: Awaited<ReturnType<typeof sourceHealth>>): Html {
  const address = source.url && safeUrl(source.url);
  return adminFacts([
    ['Name', source.name],
    ['State', source.state],
    ['Last found', health && outcomeMark(health.outcome)],
    ['Because', health?.note],
    ['So since', health?.since && moment(health.since)],
    ['Last whole list', health?.lastGoodAt && moment(health.lastGoodAt)],
    ['Without one, in a row', health?.times || null],
    [
      'Asked next',
      health?.nextAskAt && html`${moment(health.nextAskAt)}, ${health.nextAskWhy ?? ''}`,
    ],
    ['Schedule', source.cron && `${source.cron} (${source.zone})`],
    ['Format', source.format ?? 'told by each page'],
    ['Address', address ? html`<a href="${address}">${source.url ?? ''}</a>` : source.url],
    ['Digests wait for it', source.essential ? 'yes' : 'no'],
  ]);
}

function pageTable(pages: Awaited<ReturnType<typeof listPages>>): Html {
  const rows = pages.map((page) => [
    html`<a href="/admin/pages/${page.id}">${moment(page.seenAt)}</a>`,
    outcomeMark(page.verdict),
    page.listedOn ?? '',
    page.entries ?? '',
    page.new ?? '',
    page.recurring ?? '',
    page.revised ?? '',
    page.note ?? '',
  ]);
  return adminTable(
    'Pages and verdicts',
    ['Seen', 'Verdict', 'Of', 'Entries', 'New', 'Again', 'Revised', 'Because'],
    rows,
    'No page was captured yet.',
  );
}

function fetchTable(fetches: Awaited<ReturnType<typeof listFetches>>): Html {
  const rows = fetches.map(
    ({ startedAt, outcome, httpStatus, bodyBytes, durationMs, errorCode, detail }) => [
      moment(startedAt),
      mark(outcome, outcome === 'failed' || outcome === 'blocked' ? 'bad' : 'plain'),
      httpStatus ?? '',
      bodyBytes === null ? '' : `${Math.ceil(bodyBytes / 1024).toLocaleString('en-GB')} kB`,
      `${durationMs.toLocaleString('en-GB')} ms`,
      [errorCode, detail].filter((part) => part !== null).join(': '),
    ],
  );
  return adminTable(
    'Attempts',
    ['When', 'Outcome', 'Status', 'Size', 'Took', 'Detail'],
    rows,
    'It was never asked over the network.',
  );
}

/** How a source's last attempt ended, coloured by whether somebody should look. */
export function outcomeMark(outcome: string | null | undefined): Html {
  if (!outcome) return mark('not read', 'plain');
  const tone = TROUBLED.includes(outcome) ? 'bad' : 'good';
  return mark(outcome, tone);
}
