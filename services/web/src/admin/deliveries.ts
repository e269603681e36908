import { DELIVERY_STATES, idOf } from '@paperboy/core';
import {
  type DeliveryFilter,
  type DeliveryView,
  listDeliveries,
  relayGate,
  retryHeldRelay,
} from '@paperboy/store';
import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import {
  type AdminContext,
  adminButton,
  adminTable,
  answerLive,
  back,
  changing,
  mark,
} from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const A_PAGE = 100;
const SAID = {
  retried: 'The relay is tried with one message; if it takes it, the others follow.',
  'not-held': 'The relay does not wait for anybody.',
};

/** The ledger: what is owed to whom and how it went, by state, edition, reader and domain. */
export function deliveryPages(
  { db, queues }: Pick<WebDeps, 'db' | 'queues'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/deliveries', async (c) => {
    const asked = c.req.query();
    const filter = filterOf(asked);
    return answerLive(c, site, {
      ...{ title: 'Deliveries', place: 'deliveries', said: SAID },
      figures: () => ledger(c, asked, filter),
      frame: (figures) => html`<h1>Deliveries</h1>
${filterForm(asked)}
${filter.state === 'uncertain' ? html`<p class="lead">The relay’s answer to these was lost, so nobody knows whether they arrived. Open one to see what is known, and to settle it.</p>` : ''}
${figures}`,
    });
  });

  async function ledger(
    c: AdminContext,
    asked: Readonly<Record<string, string>>,
    filter: DeliveryFilter,
  ): Promise<Html> {
    const [found, gate] = await Promise.all([
      listDeliveries(db, { ...filter, limit: A_PAGE + 1 }),
      relayGate(db),
    ]);
    const shown = found.slice(0, A_PAGE);
    const older = found.length > A_PAGE ? shown.at(-1) : undefined;
    const query = new URLSearchParams(asked);
    query.delete('said');
    if (older) query.set('before', older.id);
    const held =
      gate.kind === 'held'
        ? html`<div class="note" role="status"><p>The relay waits for a person: ${gate.code}: ${gate.detail}</p>
${adminButton(c, '/admin/relay/retry', 'It is mended: try it again')}</div>`
        : '';
    return html`${held}
${deliveryTable(shown, 'No delivery is like that.')}
${older ? html`<p class="onward"><a href="/admin/deliveries?${query.toString()}">Older deliveries</a></p>` : ''}`;
  }

  routes.post('/admin/relay/retry', async (c) => {
    const wasHeld = await changing({ db }, c, async (tx, note) => {
      const held = await retryHeldRelay(tx);
      if (held) await note('retry', 'relay', { was: 'held', became: 'open' });
      return held;
    });
    // Only wakes; should the queue be away, the next plan is a minute off.
    if (wasHeld) await queues.add('plan-editions', {}, { jobKey: 'plan' }).catch(() => undefined);
    return back(c, '/admin/deliveries', wasHeld ? 'retried' : 'not-held');
  });

  return routes;
}

/** Whatever the address asks for that is no such thing is left out. */
function filterOf(asked: Readonly<Record<string, string>>): DeliveryFilter {
  const id = (text: string | undefined) =>
    text && /^[1-9]\d{0,17}$/.test(text) ? text : undefined;
  const state = DELIVERY_STATES.find((one) => one === asked.state);
  const [edition, subscriber, before] = [id(asked.edition), id(asked.subscriber), id(asked.before)];
  const domain = asked.domain?.trim().toLowerCase();
  return {
    ...(state && { state }),
    ...(edition && { editionId: idOf('edition', edition) }),
    ...(subscriber && { subscriberId: idOf('subscriber', subscriber) }),
    ...(before && { before: idOf('delivery', before) }),
    ...(domain && { domain }),
  };
}

function filterForm(asked: Readonly<Record<string, string>>): Html {
  const kept = ['edition', 'subscriber'].flatMap((name) =>
    asked[name] ? [html`<input type="hidden" name="${name}" value="${asked[name]}">`] : [],
  );
  const isNarrowed = kept.length > 0 || Boolean(asked.state) || Boolean(asked.domain);
  return html`<form class="admin-filter" action="/admin/deliveries">
${kept}
<p><label for="state">State</label><select id="state" name="state"><option value="">any</option>${DELIVERY_STATES.map((state) => html`<option${state === asked.state ? raw(' selected') : ''}>${state}</option>`)}</select></p>
<p><label for="domain">Domain</label><input id="domain" name="domain" value="${asked.domain ?? ''}" autocapitalize="none"></p>
<button>Show</button>
${isNarrowed ? html`<p class="small"><a href="/admin/deliveries">All deliveries</a></p>` : ''}
</form>`;
}

/** Deliveries in rows with links to each and to its reader; `none` is said where there are none. */
export function deliveryTable(deliveries: readonly DeliveryView[], none: string): Html {
  const rows = deliveries.map(({ id, address, subscriberId, cadence, windowEnd, ...rest }) => [
    html`<a href="/admin/deliveries/${id}">${id}</a>`,
    html`<a href="/admin/subscribers/${subscriberId}">${address}</a>`,
    stateMark(rest.state),
    html`${cadence}, ${moment(windowEnd)}`,
    `${rest.newPapers} new, ${rest.recurringPapers} again`,
    (rest.reply ?? rest.smtpCode?.toString() ?? '').slice(0, 160),
  ]);
  return adminTable(
    'Deliveries',
    ['No.', 'To', 'State', 'Edition', 'Papers', 'Last answer'],
    rows,
    none,
  );
}

/** A state of a delivery, coloured by whether somebody should look. */
export function stateMark(state: DeliveryView['state']): Html {
  const tone = state === 'accepted' ? 'good' : 'plain';
  return mark(state, state === 'uncertain' || state === 'rejected' ? 'bad' : tone);
}
