import { CHAOS_KINDS, type ChaosKind, PaperboyError } from '@paperboy/core';
import { parseAddress } from '@paperboy/email';
import {
  activeChaos,
  type ChaosSwitch,
  type ChaosWish,
  endChaos,
  startChaos,
} from '@paperboy/store';
import { type Context, Hono } from 'hono';
import { formTokenField, formTokenOf, requireFormToken, sessionVisitor } from '../admin/visitor.ts';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { moment } from '../wording.ts';

/** What each fault is, in the words of the page. */
const FAULTS: Readonly<Record<ChaosKind, { readonly name: string; readonly does: string }>> = {
  greylist: {
    name: 'Greylist',
    does: 'RCPT is answered 451: the delivery is deferred and tried again',
  },
  throttle: {
    name: 'Throttle',
    does: 'RCPT is answered 421 and the connection closed: too much mail',
  },
  reject: {
    name: 'Reject',
    does: 'RCPT is answered 550: the address is suppressed, as one that does not exist',
  },
  'drop-before-data': {
    name: 'Drop before DATA',
    does: 'the connection is gone before the message: it is sent again',
  },
  'drop-in-data': {
    name: 'Drop in DATA',
    does: 'the connection is gone while the message is under way',
  },
  'drop-after-dot': {
    name: 'Drop after the dot',
    does: 'the message is lost and so is the answer: the delivery is uncertain',
  },
  'drop-before-answer': {
    name: 'Drop before the answer',
    does: 'the message is kept and the answer lost: the delivery is uncertain, and the inbox knows that it came',
  },
  slow: { name: 'Slow', does: 'the answer to the message takes five seconds' },
};
const MOST = { count: 1_000, minutes: 120 } as const;

/** Faults of the development inbox: what is on, and how to switch it on and off. */
export function chaosPages(deps: Pick<WebDeps, 'db' | 'settings'>, site: Site): Hono {
  const { db, settings } = deps;
  const routes = new Hono();
  const formToken = async (c: Context) => formTokenOf(c, settings, await sessionVisitor(deps, c));

  routes.get('/inbox/chaos', async (c) => {
    const token = formTokenField(await formToken(c));
    return c.html(chaosPage(site, await activeChaos(db), token));
  });

  routes.post('/inbox/chaos', async (c) => {
    await requireFormToken(c, await formToken(c));
    await startChaos(db, wishIn(await c.req.parseBody()));
    return c.redirect('/inbox/chaos', 303);
  });

  routes.post('/inbox/chaos/end', async (c) => {
    await requireFormToken(c, await formToken(c));
    const { kind } = await c.req.parseBody();
    await endChaos(db, kind === undefined ? undefined : kindNamed(kind));
    return c.redirect('/inbox/chaos', 303);
  });

  return routes;
}

/** Stands on every page of the inbox while a fault is on, so that nobody looks for it elsewhere. */
export function chaosBanner(on: readonly ChaosSwitch[]): Html | '' {
  if (on.length === 0) return '';
  const names = on.map(({ kind }) => FAULTS[kind].name).join(', ');
  return html`<p class="note alarm" role="status"><strong>Chaos is on:</strong> ${names}. Mail fails on purpose. <a href="/inbox/chaos">See and end it</a></p>`;
}

function chaosPage(site: Site, on: readonly ChaosSwitch[], token: Html): Html {
  const body = html`<p class="kicker"><a href="/inbox">Inbox</a></p>
<h1>Chaos</h1>
<p class="lead">What real relays do to mail, on purpose: to see how deliveries wait, repeat and settle.</p>
${on.length === 0 ? html`<p class="facts">Nothing is on: all mail is taken.</p>` : whatIsOn(on, token)}
<section><h2>Switch on</h2>
<form class="fields" method="post" action="/inbox/chaos">${token}
<fieldset><legend>What happens</legend>
${Object.entries(FAULTS).map(
  ([kind, { name, does }], index) =>
    html`<label class="choice"><input type="radio" name="kind" value="${kind}"${index === 0 ? html` checked` : ''}> <span><strong>${name}</strong>: ${does}</span></label>`,
)}
</fieldset>
<p><label for="count">To how many mails</label> <input id="count" name="count" type="number" min="1" max="${MOST.count}" value="1" inputmode="numeric"><span class="hint">empty: to all until the time is up</span></p>
<p><label for="minutes">For how many minutes</label> <input id="minutes" name="minutes" type="number" min="1" max="${MOST.minutes}" value="10" required inputmode="numeric"></p>
<p><label for="recipient">To this address alone</label> <input id="recipient" name="recipient" type="email" autocomplete="off"><span class="hint">empty: to all</span></p>
<button type="submit">Switch on</button>
</form></section>`;
  return renderPage(site, { title: 'Chaos', place: 'inbox', width: 'narrow', body });
}

function whatIsOn(on: readonly ChaosSwitch[], token: Html): Html {
  return html`<section><h2>On now <span class="count">${on.length}</span></h2>
<ul class="checks">${on.map(
    ({
      kind,
      remaining,
      endsAt,
      recipient,
    }) => html`<li><strong>${FAULTS[kind].name}</strong>: ${FAULTS[kind].does}
<span class="found">${remaining === null ? 'All mails' : remaining === 1 ? 'The next mail' : `The next ${remaining} mails`}${recipient === null ? '' : ` to ${recipient}`}, until ${moment(endsAt)}</span>
<form method="post" action="/inbox/chaos/end">${token}<button class="second" type="submit" name="kind" value="${kind}">End<span class="aside"> ${FAULTS[kind].name}</span></button></form></li>`,
  )}</ul>
<form method="post" action="/inbox/chaos/end">${token}<button type="submit">End all</button></form></section>`;
}

type Body = Readonly<Record<string, unknown>>;

/** What a form asks for. Throws USAGE, and ADDRESS_INVALID. */
function wishIn({ kind, count, minutes, recipient }: Body): ChaosWish {
  const address = textOf(recipient);
  const read = address === '' ? undefined : parseAddress(address);
  if (read && 'problem' in read) throw new PaperboyError('ADDRESS_INVALID', read.problem);
  const times = textOf(count);
  return {
    kind: kindNamed(kind),
    forMs: 60_000 * numberIn(minutes, MOST.minutes, 'minutes'),
    ...(times !== '' && { count: numberIn(times, MOST.count, 'count') }),
    ...(read && { recipient: read.address }),
  };
}

function kindNamed(given: unknown): ChaosKind {
  const kind = CHAOS_KINDS.find((known) => known === given);
  if (!kind) throw new PaperboyError('USAGE', 'There is no such fault.');
  return kind;
}

function numberIn(given: unknown, most: number, name: string): number {
  const text = textOf(given);
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) {
    throw new PaperboyError('USAGE', `${name} has to be a whole number from 1 to ${most}.`);
  }
  return number;
}

function textOf(given: unknown): string {
  return typeof given === 'string' ? given.trim() : '';
}
