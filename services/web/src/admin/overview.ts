import {
  countHeldEditions,
  countOpenDeliveries,
  countUncertain,
  installationTotals,
  listEditions,
  relayGate,
  slowDomains,
  sourceTroubles,
  spentQuota,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import { attentionTo, type Standing } from './attention.ts';
import { editionTable } from './editions.ts';
import { adminFacts, answerLive } from './shell.ts';
import type { AdminEnv } from './visitor.ts';

type OverviewDeps = Pick<WebDeps, 'db' | 'queues' | 'settings' | 'now'>;

const SAID = { welcome: 'Welcome. You are an admin now; the link that made you one is used up.' };

/** What stops mail now, what there is to do, and the last editions; kept up to date where script runs. */
export function overviewPages(
  { db, queues, settings, now = () => new Date() }: OverviewDeps,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin', async (c) => {
    return answerLive(c, site, {
      ...{ title: 'How it stands', place: 'overview', said: SAID },
      figures,
      frame,
    });
  });

  async function frame(live: Html): Promise<Html> {
    const [editions, totals] = await Promise.all([
      listEditions(db, { limit: 5 }),
      installationTotals(db),
    ]);
    return html`<h1>How it stands</h1>
${live}
<section><h2>Last editions</h2>
${editionTable(editions)}
<p class="onward"><a href="/admin/editions">All editions</a></p></section>
<section><h2>In all</h2>
${adminFacts([
  ['Papers', totals.new.toLocaleString('en-GB')],
  ['Pages read', totals.pages.toLocaleString('en-GB')],
  ['Seen again', totals.recurring.toLocaleString('en-GB')],
  ['Readers', totals.subscribers.toLocaleString('en-GB')],
])}</section>`;
  }

  async function figures(): Promise<Html> {
    const { sending, mailPerHour: perHour, mailPerDay: perDay } = settings;
    const [relay, domains, quota, troubles, uncertain, heldEditions, counts, open] =
      await Promise.all([
        relayGate(db),
        slowDomains(db),
        spentQuota(db, { perHour, perDay }),
        sourceTroubles(db),
        countUncertain(db),
        countHeldEditions(db),
        // A queue that is away is what the page is to tell.
        queues.queueCounts().catch(() => undefined),
        countOpenDeliveries(db),
      ]);
    return standing(
      { sending, relay, domains, quota, troubles, uncertain, heldEditions, queues: counts },
      open,
      now(),
    );
  }

  return routes;
}

function standing(
  facts: Standing,
  open: { readonly due: number; readonly sending: number },
  at: Date,
): Html {
  const found = attentionTo(facts);
  const stops = found.filter(({ stopsMail }) => stopsMail);
  const others = found.filter(({ stopsMail }) => !stopsMail);
  const list = (items: typeof found) =>
    html`<ul class="admin-attention">${items.map(({ text, href }) => html`<li><a href="${href}">${text}</a></li>`)}</ul>`;
  const figure = (count: number) => count.toLocaleString('en-GB');
  return html`<section class="${stops.length > 0 ? 'admin-alarm' : 'admin-calm'}"><h2>${stops.length > 0 ? 'This stops mail' : 'Nothing stops mail'}</h2>
${stops.length > 0 ? list(stops) : html`<p>What is due goes out.</p>`}</section>
${others.length > 0 ? html`<section><h2>To look at</h2>${list(others)}</section>` : ''}
<section><h2>At work</h2>
<ul class="admin-figures">
<li><a href="/admin/deliveries?state=ready"><b>${figure(open.due)}</b> deliveries due</a></li>
<li><a href="/admin/deliveries?state=sending"><b>${figure(open.sending)}</b> on their way</a></li>
${(facts.queues ?? []).map(({ queue, waiting, delayed, active, workers }) => html`<li><a href="/admin/jobs?queue=${queue}"><b>${figure(waiting + delayed)}</b> ${queue} jobs wait, ${figure(active)} run, ${figure(workers)} at work</a></li>`)}
</ul>
<p class="small">As of ${moment(at)}</p></section>`;
}
