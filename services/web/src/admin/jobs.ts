import { JOB_STATES, PaperboyError, QUEUE_NAMES, type QueueName } from '@paperboy/core';
import type { JobView, QueueCounts } from '@paperboy/queue';
import { jobSubjects } from '@paperboy/store';
import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import type { Site } from '../layout.ts';
import { moment } from '../wording.ts';
import { idsIn, subjectOf } from './job-words.ts';
import {
  type AdminContext,
  adminButton,
  adminTable,
  answerLive,
  back,
  changing,
  field,
  mark,
} from './shell.ts';
import type { AdminEnv } from './visitor.ts';

const SAID = {
  retried: 'It runs again, with all its tries.',
  'retried-all': 'All failed jobs of the queue run again.',
  paused: 'The queue gives out no jobs until it is resumed; running ones go on.',
  resumed: 'The queue gives out jobs again.',
};

/** The queues as stories: what each job was about, why it failed, and another try. */
export function jobPages(
  { db, queues }: Pick<WebDeps, 'db' | 'queues'>,
  site: Site,
): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/admin/jobs', async (c) => {
    return answerLive(c, site, {
      ...{ title: 'Jobs', place: 'jobs', said: SAID },
      figures: () => work(c),
      frame: (figures) => html`<h1>Jobs</h1>
<p class="lead">Work that waits, runs or failed. A job only wakes a worker: what is to do stands in the database.</p>
${figures}
<p class="onward"><a href="/admin/queues">The same as the queue’s own board shows it</a></p>`,
    });
  });

  async function work(c: AdminContext): Promise<Html> {
    const queue = QUEUE_NAMES.find((name) => name === c.req.query('queue')) ?? QUEUE_NAMES[0];
    if (queue === undefined) throw new Error('there are no queues');
    const counts = await queues.queueCounts();
    const own = counts.find((one) => one.queue === queue);
    const asked = c.req.query('state');
    const state = JOB_STATES.find((one) => one === asked) ?? firstState(own);
    const jobs = await queues.listJobs(queue, state, { limit: 50 });
    const subjects = await jobSubjects(db, idsIn(jobs));
    const rows = jobs.map((job) => [
      job.job,
      subjectOf(job, subjects),
      moment(job.addedAt),
      `${job.attempt} of ${job.attempts}`,
      job.failedReason?.slice(0, 300) ??
        (job.tookMs === undefined ? '' : `took ${job.tookMs.toLocaleString('en-GB')} ms`),
      job.state === 'failed'
        ? adminButton(c, '/admin/jobs/retry', `Try ${job.id} again`, { fields: { id: job.id } })
        : '',
    ]);
    return html`${queueTable(c, counts)}
${tabs(queue, state, own)}
${adminTable('Jobs', ['Job', 'About', 'Added', 'Tries', 'How it went', 'Action'], rows, `No ${state} jobs of ${queue}.`)}`;
  }

  routes.post('/admin/jobs/retry', async (c) => {
    const id = await field(c, 'id');
    await changing({ db }, c, async (_, note) => {
      await note('retry', `job ${id}`);
      await queues.retryJob(id);
    });
    return back(c, `/admin/jobs?queue=${id.split('/')[0]}`, 'retried');
  });

  routes.post('/admin/jobs/retry-all', async (c) => {
    const queue = await queueIn(c);
    await changing({ db }, c, async (_, note) => {
      await note('retry', `queue ${queue}`, { became: 'all failed jobs run again' });
      await queues.retryFailed(queue);
    });
    return back(c, `/admin/jobs?queue=${queue}`, 'retried-all');
  });

  routes.post('/admin/jobs/pause', async (c) => {
    const queue = await queueIn(c);
    await changing({ db }, c, async (_, note) => {
      await note('pause', `queue ${queue}`);
      await queues.pause(queue);
    });
    return back(c, `/admin/jobs?queue=${queue}`, 'paused');
  });

  routes.post('/admin/jobs/resume', async (c) => {
    const queue = await queueIn(c);
    await changing({ db }, c, async (_, note) => {
      await note('resume', `queue ${queue}`);
      await queues.resume(queue);
    });
    return back(c, `/admin/jobs?queue=${queue}`, 'resumed');
  });

  return routes;
}

async function queueIn(c: AdminContext): Promise<QueueName> {
  const named = await field(c, 'queue');
  const queue = QUEUE_NAMES.find((name) => name === named);
  if (!queue) throw new PaperboyError('NOT_FOUND', 'There is no such queue.');
  return queue;
}

/** What needs a look first. */
function firstState(counts: QueueCounts | undefined): JobView['state'] {
  const order = ['failed', 'active', 'waiting', 'delayed'] as const;
  return order.find((state) => (counts?.[state] ?? 0) > 0) ?? 'completed';
}

function queueTable(c: AdminContext, counts: readonly QueueCounts[]): Html {
  const rows = counts.map(({ queue, paused, workers, failed, ...rest }) => [
    html`<a href="/admin/jobs?queue=${queue}">${queue}</a>`,
    paused
      ? mark('paused', 'bad')
      : workers === 0
        ? mark('nobody at work', 'bad')
        : `${workers} at work`,
    rest.waiting.toLocaleString('en-GB'),
    rest.delayed.toLocaleString('en-GB'),
    rest.active.toLocaleString('en-GB'),
    failed.toLocaleString('en-GB'),
    html`<div class="admin-presses">${paused ? adminButton(c, '/admin/jobs/resume', `Resume ${queue}`, { fields: { queue } }) : adminButton(c, '/admin/jobs/pause', `Pause ${queue}`, { fields: { queue } })}
${failed > 0 ? adminButton(c, '/admin/jobs/retry-all', `Try all failed of ${queue} again`, { fields: { queue } }) : ''}</div>`,
  ]);
  return adminTable(
    'Queues',
    ['Queue', 'Workers', 'Waiting', 'Later', 'Running', 'Failed', 'Action'],
    rows,
    'There are no queues.',
  );
}

function tabs(queue: QueueName, now: JobView['state'], counts: QueueCounts | undefined): Html {
  const tab = (state: JobView['state']) =>
    html`<li><a href="/admin/jobs?queue=${queue}&amp;state=${state}"${state === now ? raw(' aria-current="page"') : ''}>${state} ${counts?.[state].toLocaleString('en-GB')}</a></li>`;
  return html`<nav class="tabs" aria-label="Jobs of ${queue} by state"><ul>${JOB_STATES.map(tab)}</ul></nav>`;
}
