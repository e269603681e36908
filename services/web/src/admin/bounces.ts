import { PaperboyError } from '@paperboy/core';
import { parseAddress } from '@paperboy/email';
import {
  complaintShare,
  liftSuppression,
  listReturns,
  listSuppressions,
  suppress,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { html } from '../html.ts';
import type { Site } from '../layout.ts';
import { counted, moment } from '../wording.ts';
import {
  adminButton,
  adminForm,
  adminPage,
  adminTable,
  back,
  changing,
  field,
  mark,
  mayChange,
} from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const SAID = {
  suppressed: 'The address is not mailed any more, whether anybody subscribed it or not.',
  'lifted-mailed': 'Taken back: digests go there again.',
  lifted: 'Taken back. Nobody is mailed there now: they left, or never subscribed.',
};

/** What came back, and who is not mailed for it. */
export function bouncePages(
  { db, links }: Pick<WebDeps, 'db' | 'links'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/bounces', async (c) => {
    const [returns, barred, share] = await Promise.all([
      listReturns(db, { limit: 100 }),
      listSuppressions(db, { limit: 200 }),
      complaintShare(db),
    ]);
    const came = returns.map((one) => [
      moment(one.happenedAt),
      html`<a href="/admin/subscribers/${one.subscriberId}">${one.address}</a>`,
      mark(one.kind, one.kind === 'complaint' ? 'bad' : 'plain'),
      one.reason,
      inItsWords(one).slice(0, 160),
      one.effect ?? '',
      html`<a href="/admin/deliveries/${one.deliveryId}">Delivery ${one.deliveryId}</a>`,
    ]);
    const closed = barred.map(({ address, hash, reason, since, probeAt }) => [
      address ?? html`<span class="quiet">nobody known (${hash})</span>`,
      reason,
      since ? moment(since) : '',
      probeAt ? moment(probeAt) : '',
      address && reason !== 'left'
        ? adminButton(c, '/admin/suppressions/remove', `Mail ${address} again`, {
            fields: { address },
          })
        : '',
    ]);
    const body = html`<h1>Bounces and suppression</h1>
<p class="lead">${counted(share.complaints, 'complaint')} of ${counted(share.accepted, 'message')} accepted in the last day.</p>
<section><h2>What came back</h2>${adminTable('What came back', ['When', 'From', 'Kind', 'Reason', 'In its words', 'So', 'Of'], came, 'Nothing came back yet.')}</section>
<section><h2>Not mailed</h2>
${mayChange(c) ? adminForm(c, '/admin/suppressions/add', html`<p><label for="address">Address never to be mailed</label><input id="address" name="address" type="email" required maxlength="254" autocomplete="off"></p><button class="second">Suppress it</button>`, { className: 'admin-filter' }) : ''}
${adminTable('Not mailed', ['Address', 'Reason', 'Since', 'Tried again', 'Action'], closed, 'Everybody may be mailed.')}</section>`;
    return c.html(
      adminPage(c, site, { title: 'Bounces and suppression', place: 'bounces', body, said: SAID }),
    );
  });

  routes.post('/admin/suppressions/add', async (c) => {
    const hash = hashOf(await field(c, 'address', 300));
    await changing({ db }, c, async (tx, note) => {
      await suppress(tx, hash, 'operator');
      await note('suppress', `address ${shortHash(hash)}`);
    });
    return back(c, '/admin/bounces', 'suppressed');
  });

  routes.post('/admin/suppressions/remove', async (c) => {
    const hash = hashOf(await field(c, 'address', 300));
    const isMailed = await changing({ db }, c, async (tx, note) => {
      const { suppression, pause, ...lifted } = await liftSuppression(tx, hash);
      const was = [suppression, pause].filter(Boolean).join(' and ');
      await note('lift suppression', `address ${shortHash(hash)}`, { was });
      return lifted.isMailed;
    });
    return back(c, '/admin/bounces', isMailed ? 'lifted-mailed' : 'lifted');
  });

  function hashOf(text: string): Buffer {
    const read = parseAddress(text);
    if ('problem' in read) throw new PaperboyError('ADDRESS_INVALID', read.problem);
    return links.addressHash(read.address);
  }

  return routes;
}

/** The server's words, after its status unless they begin with it. */
function inItsWords({ status, words }: Awaited<ReturnType<typeof listReturns>>[number]): string {
  if (status === null || words?.includes(status)) return words ?? '';
  return words === null ? status : `${status} ${words}`;
}

/** As a list names an address that was erased. */
const shortHash = (hash: Buffer) => hash.toString('hex').slice(0, 12);
