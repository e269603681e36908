import type { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the services count. All names start with `paperboy_`; Node's own figures are included. */
export interface Metrics {
  countPage(verdict: string): void;
  /** `recurrence` is what the diff said: new, recurring, repeated or revised. */
  countPapers(recurrence: string, papers: number): void;
  /** `outcome`: done, retried or failed. */
  countJob(queue: string, job: string, outcome: string, durationMs: number): void;
  setQueueDepth(queue: string, state: string, jobs: number): void;
  /** How all sources stand; one that is gone since the last call is gone from the figures. */
  setSources(sources: readonly SourceFigures[]): void;
  /** How mail stands, of all mailers together. */
  setMail(mail: MailFigures): void;
  /** `state` is the one a delivery just entered. */
  countDeliveries(state: string, deliveries: number): void;
  /** `route` is the pattern (`/papers/:id`), not the path, so that the number of series stays small. */
  observeRequest(method: string, route: string, status: number, durationMs: number): void;
  /** The text that Prometheus collects. */
  render(): Promise<string>;
}

interface SourceFigures {
  readonly source: string;
  /** The last verdict, or `failed`, or `none`. */
  readonly outcome: string;
  /** Attempts in a row that gave no full list. */
  readonly troubles: number;
  /** A person is to look at it. */
  readonly isAlert: boolean;
  readonly lastGoodAt: Date | null;
}

const RELAY_STATES = ['closed', 'open', 'held'] as const;

interface MailFigures {
  readonly isSending: boolean;
  /** Of the breaker: closed lets mail through, open tries again by itself, held waits for a person. */
  readonly relay: (typeof RELAY_STATES)[number];
  readonly restingDomains: number;
  /** Deliveries that are not at their end: `uncertain` ones and those that are due or being sent. */
  readonly open: Readonly<Record<'due' | 'sending' | 'uncertain', number>>;
}

/** A registry of its own for this process. The library is loaded here, because most commands count nothing. */
export async function createMetrics(): Promise<Metrics> {
  const client = await import('prom-client');
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  const on = { registers: [registry] };
  const metric = (name: string, help: string) => ({ name: `paperboy_${name}`, help, ...on });

  return expose(registry, {
    pages: new client.Counter({
      ...metric('pages_total', 'Pages by verdict'),
      labelNames: ['verdict'],
    }),
    papers: new client.Counter({
      ...metric('papers_total', 'Entries by what the diff said of them'),
      labelNames: ['recurrence'],
    }),
    jobs: new client.Histogram({
      ...metric('job_seconds', 'Jobs and how long they took'),
      labelNames: ['queue', 'job', 'outcome'],
      buckets: [0.01, 0.05, 0.25, 1, 5, 20, 60, 300],
    }),
    depth: new client.Gauge({
      ...metric('queue_jobs', 'Jobs that wait or run'),
      labelNames: ['queue', 'state'],
    }),
    sourceOutcome: new client.Gauge({
      ...metric('source_outcome', 'How each source stands: 1 for its last outcome'),
      labelNames: ['source', 'outcome'],
    }),
    sourceTroubles: new client.Gauge({
      ...metric('source_troubles', 'Attempts in a row that gave no full list'),
      labelNames: ['source'],
    }),
    sourceAlert: new client.Gauge({
      ...metric('source_alert', '1 for a source that a person is to look at'),
      labelNames: ['source'],
    }),
    sourceLastGood: new client.Gauge({
      ...metric('source_last_good_seconds', 'When a source last gave a full list, in Unix time'),
      labelNames: ['source'],
    }),
    sending: new client.Gauge(metric('sending', '0 while PAPERBOY_SENDING keeps all mail back')),
    relay: new client.Gauge({
      ...metric(
        'relay',
        '1 for how the relay stands: closed (mail goes through), open (tried again by itself) or held (for a person)',
      ),
      labelNames: ['state'],
    }),
    restingDomains: new client.Gauge(
      metric('resting_domains', 'Domains that take no mail for a while'),
    ),
    openDeliveries: new client.Gauge({
      ...metric('deliveries_open', 'Deliveries that are due, being sent, or uncertain'),
      labelNames: ['state'],
    }),
    deliveries: new client.Counter({
      ...metric('deliveries_total', 'Deliveries by the state they entered'),
      labelNames: ['state'],
    }),
    requests: new client.Histogram({
      ...metric('http_request_seconds', 'HTTP requests and how long they took'),
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    }),
  });
}

interface Instruments {
  readonly pages: Counter<'verdict'>;
  readonly papers: Counter<'recurrence'>;
  readonly jobs: Histogram<'queue' | 'job' | 'outcome'>;
  readonly depth: Gauge<'queue' | 'state'>;
  readonly sourceOutcome: Gauge<'source' | 'outcome'>;
  readonly sourceTroubles: Gauge<'source'>;
  readonly sourceAlert: Gauge<'source'>;
  readonly sourceLastGood: Gauge<'source'>;
  readonly sending: Gauge;
  readonly relay: Gauge<'state'>;
  readonly restingDomains: Gauge;
  readonly openDeliveries: Gauge<'state'>;
  readonly deliveries: Counter<'state'>;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
}

function expose(registry: Registry, of: Instruments): Metrics {
  return {
    countPage: (verdict) => of.pages.inc({ verdict }),
    countPapers: (recurrence, papers) => of.papers.inc({ recurrence }, papers),
    countJob: (queue, job, outcome, durationMs) =>
      of.jobs.observe({ queue, job, outcome }, durationMs / 1_000),
    setQueueDepth: (queue, state, jobs) => of.depth.set({ queue, state }, jobs),
    setSources: (sources) => setSources(of, sources),
    setMail: (mail) => setMail(of, mail),
    countDeliveries: (state, deliveries) => of.deliveries.inc({ state }, deliveries),
    observeRequest: (method, route, status, durationMs) =>
      of.requests.observe({ method, route, status }, durationMs / 1_000),
    render: () => registry.metrics(),
  };
}

function setSources(of: Instruments, sources: readonly SourceFigures[]): void {
  const { sourceOutcome, sourceTroubles, sourceAlert, sourceLastGood } = of;
  for (const gauge of [sourceOutcome, sourceTroubles, sourceAlert, sourceLastGood]) gauge.reset();
  for (const { source, outcome, troubles, isAlert, lastGoodAt } of sources) {
    sourceOutcome.set({ source, outcome }, 1);
    sourceTroubles.set({ source }, troubles);
    sourceAlert.set({ source }, isAlert ? 1 : 0);
    if (lastGoodAt) sourceLastGood.set({ source }, lastGoodAt.getTime() / 1_000);
  }
}

function setMail(of: Instruments, { isSending, relay, restingDomains, open }: MailFigures): void {
  of.sending.set(isSending ? 1 : 0);
  for (const state of RELAY_STATES) of.relay.set({ state }, state === relay ? 1 : 0);
  of.restingDomains.set(restingDomains);
  for (const [state, deliveries] of Object.entries(open))
    of.openDeliveries.set({ state }, deliveries);
}
