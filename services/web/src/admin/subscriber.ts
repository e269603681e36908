import { PaperboyError } from '@paperboy/core';
import { readableAddress } from '@paperboy/email';
import {
  consentEvents,
  type Db,
  eraseReader,
  findSubscriber,
  leave,
  listDeliveries,
  pauseReader,
  rejoin,
  resumeReader,
  type Subscriber,
  type Tx,
} from '@paperboy/store';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import { deliveryTable } from './deliveries.ts';
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
import { readerMark } from './subscribers.ts';
import type { AdminEnv } from './visitor.ts';

const SAID = {
  paused: 'Digests are held back until then.',
  resumed: 'Digests come again, from the next one on.',
  removed: 'No digest goes there any more. It can be taken back for a day.',
  rejoined: 'Taken back: digests come again.',
  erased: 'Erased. What stays is the digest of the address, under which nothing is sent.',
};
const DAY_MS = 24 * 3600_000;
/** By their ISO number. */
const DAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** One reader: what they get, how they agreed, what was sent, and what an admin may do about it. */
export function subscriberPage(
  { db, now = () => new Date() }: Pick<WebDeps, 'db' | 'now'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/subscribers/:id{[0-9]+}', async (c) => {
    const reader = await readerOf(db, c);
    const [events, deliveries] = await Promise.all([
      consentEvents(db, reader.id),
      listDeliveries(db, { subscriberId: reader.id, limit: 20 }),
    ]);
    const readable = readableAddress(reader.address);
    const body = html`<h1>${reader.address}</h1>
${readable ? html`<p class="lead">reads ${readable}</p>` : ''}
${facts(reader)}
${mayChange(c) ? actions(c, reader) : ''}
<section><h2>Topics</h2>${adminTable(
      'Topics',
      ['Called', 'Query', 'Strictness'],
      reader.topics.map(({ name, query, strictness }) => [
        name,
        html`<code>${query}</code>`,
        strictness,
      ]),
      'They follow no topic.',
    )}</section>
<section><h2>How they agreed</h2>${adminTable(
      'How they agreed',
      ['When', 'What', 'Detail'],
      events.map((event) => [moment(event.happenedAt), event.kind, detailOf(event)]),
      'Nothing is on record.',
    )}</section>
<section><h2>Last digests</h2>${deliveryTable(deliveries, 'No digest was planned for them yet.')}
<p class="onward"><a href="/admin/deliveries?subscriber=${reader.id}">All of their deliveries</a></p></section>`;
    return c.html(
      adminPage(c, site, { title: reader.address, place: 'subscribers', body, said: SAID }),
    );
  });

  routes.post('/admin/subscribers/:id/pause', (c) =>
    change(c, 'pause', 'paused', async (tx, { id }) => {
      const days = Number(await field(c, 'days'));
      if (!Number.isInteger(days) || days < 1 || days > 365)
        throw new PaperboyError('USAGE', 'A pause lasts 1 to 365 days.');
      return pauseReader(tx, id, new Date(now().getTime() + days * DAY_MS));
    }),
  );
  routes.post('/admin/subscribers/:id/resume', (c) =>
    change(c, 'resume', 'resumed', (tx, { id }) => resumeReader(tx, id)),
  );
  routes.post('/admin/subscribers/:id/remove', (c) =>
    change(c, 'remove', 'removed', (tx, { id }) => leave(tx, id, { by: 'operator' })),
  );
  routes.post('/admin/subscribers/:id/rejoin', (c) =>
    change(c, 'rejoin', 'rejoined', (tx, { id }) => rejoin(tx, id, { by: 'operator' })),
  );
  routes.post('/admin/subscribers/:id/erase', (c) =>
    change(c, 'erase', 'erased', async (tx, { id }) => {
      if ((await field(c, 'sure')) !== 'yes')
        throw new PaperboyError('USAGE', 'Tick the box: an erasure cannot be taken back.');
      return eraseReader(tx, id);
    }),
  );

  /** Does something to a reader and writes it down; USAGE where their state does not allow it. */
  async function change(
    c: AdminContext,
    action: string,
    said: keyof typeof SAID,
    work: (tx: Tx, reader: Subscriber) => Promise<boolean>,
  ): Promise<Response> {
    const id = await changing({ db }, c, async (tx, note) => {
      const reader = await readerOf(tx, c);
      if (!(await work(tx, reader))) {
        throw new PaperboyError(
          'USAGE',
          `The subscriber is ${reader.state}: ${action} is not possible now.`,
        );
      }
      const { state: became } = await readerOf(tx, c);
      await note(action, `subscriber ${reader.id}`, { was: reader.state, became });
      return reader.id;
    });
    return back(c, `/admin/subscribers/${id}`, said);
  }

  async function readerOf(from: Db, c: AdminContext): Promise<Subscriber> {
    const id = c.req.param('id') ?? '';
    if (!/^[1-9]\d{0,17}$/.test(id)) throw new PaperboyError('NOT_FOUND', 'no such subscriber');
    return findSubscriber(from, id);
  }

  return routes;
}

function facts(reader: Subscriber): Html {
  const { cadence, weekdays, hour, zone } = reader.schedule;
  return adminFacts([
    ['State', readerMark(reader)],
    ['Suppressed for', reader.suppressedFor],
    ['Paused until', reader.pausedUntil && moment(reader.pausedUntil)],
    ['Left', reader.leftAt && moment(reader.leftAt)],
    [
      'Digest',
      `${cadence}, ${weekdays.map((day) => DAYS[day]).join(' ')}, ${String(hour).padStart(2, '0')}:00 ${zone}`,
    ],
    ['Papers at most', reader.maxPapers],
    ['Recurring papers', reader.recurringPolicy],
    ['Without a paper', reader.quietDays],
    ['Mail as', reader.mailFormat],
    ['Planned until', moment(reader.plannedUntil)],
    ['Here since', moment(reader.createdAt)],
  ]);
}

function actions(c: AdminContext, { id, state, pausedUntil, suppressedFor }: Subscriber): Html {
  const at = `/admin/subscribers/${id}`;
  const pause = adminForm(
    c,
    `${at}/pause`,
    html`<p><label for="days">For days</label><input id="days" name="days" type="number" min="1" max="365" value="30" required></p><button class="second">Pause</button>`,
    { className: 'admin-filter' },
  );
  const erase = adminForm(
    c,
    `${at}/erase`,
    html`<label class="choice"><input type="checkbox" name="sure" value="yes" required><span>Erase all that is kept about them; it cannot be taken back.</span></label><button class="second">Erase</button>`,
  );
  const isPaused = state === 'paused' && pausedUntil !== null;
  return html`<section><h2>Change</h2>
${state === 'active' || isPaused ? pause : ''}
<div class="admin-presses">${isPaused ? adminButton(c, `${at}/resume`, 'Resume') : ''}
${state === 'left' ? adminButton(c, `${at}/rejoin`, 'Take the leaving back') : adminButton(c, `${at}/remove`, 'Remove from all digests')}</div>
${suppressedFor !== null && suppressedFor !== 'left' ? html`<p class="small">Suppressed addresses are lifted under <a href="/admin/bounces">Bounces</a>.</p>` : ''}
<details><summary>Erase</summary>${erase}</details></section>`;
}

/** `state accepted, code 250`: what an event holds, without what is empty. */
function detailOf({ detail }: { readonly detail: unknown }): string {
  if (typeof detail !== 'object' || detail === null) return '';
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ')
    .slice(0, 400);
}
