import type { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the services count. All names start with `paperboy_`; Node's own figures are included. */
export interface Metrics {
  countPage(verdict: string): void;
  /** `recurrence` is what the diff said: new, recurring, repeated or revised. */
  countPapers(recurrence: string, papers: number): void;
  /** `outcome`: done, retried or failed. */
  countJob(queue: string, job: string, outcome: string, durationMs: number): void;
  setQueueDepth(queue: string, state: string, jobs: number): void;
  /** `state` is the one a delivery just entered. */
  countDeliveries(state: string, deliveries: number): void;
  /** `route` is the pattern (`/papers/:id`), not the path, so that the number of series stays small. */
  observeRequest(method: string, route: string, status: number, durationMs: number): void;
  /** The text that Prometheus collects. */
  render(): Promise<string>;
  readonly contentType: string;
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
    countDeliveries: (state, deliveries) => of.deliveries.inc({ state }, deliveries),
    observeRequest: (method, route, status, durationMs) =>
      of.requests.observe({ method, route, status }, durationMs / 1_000),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
