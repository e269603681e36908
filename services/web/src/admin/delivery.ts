import { PaperboyError, RESOLUTIONS, type Resolution, tellStep } from '@paperboy/core';
import {
  type DeliveryDetail,
  type DeliveryEvent,
  resolveDelivery,
  showDelivery,
  unresolveDelivery,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { shownTitle } from '../paper-words.ts';
import { moment } from '../wording.ts';
import { stateMark } from './deliveries.ts';
import {
  type AdminContext,
  adminButton,
  adminFacts,
  adminForm,
  adminPage,
  adminTable,
  back,
  changing,
  field,
  mayChange,
} from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const SAID = {
  resolved: 'Settled by your word. It can be taken back until something else happens to it.',
  undone: 'Taken back: it is uncertain again, as it was.',
};

/** What settling means, in the order offered. */
const MEANS: Readonly<Record<Resolution, string>> = {
  accepted: 'It arrived: it is not sent again, and its papers count as shown.',
  ready:
    'Send it once more, with the same Message-ID and date; if it had arrived, it arrives twice.',
  rejected: 'It did not arrive and is not sent again; its papers count as not shown.',
};

/** One delivery with all that is known of it, and a person's word where nobody can know. */
export function deliveryPage(
  { db, queues, settings }: Pick<WebDeps, 'db' | 'queues' | 'settings'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/deliveries/:id', async (c) => {
    const delivery = await showDelivery(db, c.req.param('id'));
    const title = `Delivery ${delivery.id}`;
    const body = whole(c, delivery, settings.uncertainPolicy === 'resend');
    return c.html(adminPage(c, site, { title, place: 'deliveries', body, said: SAID }));
  });

  routes.post('/admin/deliveries/:id/resolve', async (c) => {
    const asked = await field(c, 'as');
    const as = RESOLUTIONS.find((one) => one === asked);
    if (!as) throw new PaperboyError('USAGE', 'Choose what became of the delivery.');
    const id = await changing({ db }, c, async (tx, note) => {
      const { id: settled, from, to } = await resolveDelivery(tx, c.req.param('id'), as);
      await note('resolve', `delivery ${settled}`, { was: from, became: to });
      return settled;
    });
    if (as === 'ready') await wakeMailer(id);
    return back(c, `/admin/deliveries/${id}`, 'resolved');
  });

  routes.post('/admin/deliveries/:id/undo', async (c) => {
    const id = await changing({ db }, c, async (tx, note) => {
      const { id: undone, from, to } = await unresolveDelivery(tx, c.req.param('id'));
      await note('undo', `delivery ${undone}`, { was: from, became: to });
      return undone;
    });
    return back(c, `/admin/deliveries/${id}`, 'undone');
  });

  /** At once instead of within a minute; should the queue be away, the reconciler finds the row. */
  async function wakeMailer(id: string): Promise<void> {
    const { editionId } = await showDelivery(db, id);
    await queues.add('deliver-batch', { editionId }).catch(() => undefined);
  }

  return routes;
}

function whole(c: AdminContext, delivery: DeliveryDetail, mayResend: boolean): Html {
  const { id, address, subscriberId, state, events, papers } = delivery;
  const isByWord = isOperators(events.at(-1)) && state !== 'uncertain';
  return html`<h1>Delivery ${id}</h1>
<p class="lead">To <a href="/admin/subscribers/${subscriberId}">${address}</a></p>
${adminFacts([
  ['State', stateMark(state)],
  [
    'Edition',
    html`<a href="/admin/deliveries?edition=${delivery.editionId}">${delivery.cadence}, ${moment(delivery.windowEnd)}</a>`,
  ],
  ['Tries', delivery.attempt],
  ['Accepted', delivery.acceptedAt && moment(delivery.acceptedAt)],
  ['Sent again', delivery.resentAt && moment(delivery.resentAt)],
  ['Due', state === 'ready' || state === 'deferred' ? moment(delivery.nextAt) : null],
  ['Last answer', delivery.reply ?? delivery.smtpCode],
  ['Message-ID', delivery.messageId],
  ['The relay’s number', delivery.relayId],
])}
${state === 'uncertain' && mayChange(c) ? settle(c, delivery, mayResend) : ''}
${isByWord ? html`<div class="admin-presses">${adminButton(c, `/admin/deliveries/${id}/undo`, 'Take the word back')}</div>` : ''}
<section><h2>What happened</h2>
${adminTable(
  'What happened',
  ['When', 'What', 'Detail'],
  events.map((event) => [moment(event.happenedAt), event.kind, tellStep(event)]),
  'Nothing yet: no mailer has taken it up.',
)}</section>
<section><h2>Papers</h2>
<ol class="plain">${papers.map(({ paperId, title, section }) => html`<li><a href="/papers/${paperId}">${shownTitle(title)}</a> <span class="quiet">${section}</span></li>`)}</ol></section>`;
}

function settle(
  c: AdminContext,
  { id, nextAt, resentAt }: DeliveryDetail,
  mayResend: boolean,
): Html {
  const choices = RESOLUTIONS.map(
    (one) =>
      html`<label class="choice"><input type="radio" name="as" value="${one}" required><span><b>${one}</b>: ${MEANS[one]}</span></label>`,
  );
  return html`<section><h2>What became of it?</h2>
<p>The relay’s answer was lost. The history below is what is known; the relay’s own log may know more, by the Message-ID.</p>
<p>${mayResend && resentAt === null ? html`By itself it is sent once more, from ${moment(nextAt)} on, unless the answer is known by then.` : 'Nothing happens by itself: it waits for your word.'}</p>
${adminForm(c, `/admin/deliveries/${id}/resolve`, html`<fieldset class="fields"><legend>By your word</legend>${choices}</fieldset><button>Settle it</button>`)}</section>`;
}

function isOperators(event: DeliveryEvent | undefined): boolean {
  const { detail } = event ?? {};
  return (
    typeof detail === 'object' && detail !== null && 'by' in detail && detail.by === 'operator'
  );
}
