import {
  type EditionId,
  idOf,
  type ListingPageId,
  PaperboyError,
  type QueueName,
  type SourceId,
  type SubscriberId,
} from '@paperboy/core';

/** What each job carries: ids and dates, nothing else. All else is read from Postgres by the handler. */
export interface Payloads {
  /** Fetch one source now. */
  'fetch-page': { readonly sourceId: SourceId };
  /** Read, judge and diff one stored page, and record its papers. */
  'record-page': { readonly listingPageId: ListingPageId };
  /** Match the papers that one page brought against every topic. */
  'match-papers': { readonly listingPageId: ListingPageId };
  /** Ask the embedding service about texts that it was not asked about yet. */
  'embed-texts': Readonly<Record<never, never>>;
  /** Learn topics from newer papers, and match the papers of the past weeks for topics that came after them. */
  'match-past': Readonly<Record<never, never>>;
  /** Plan the digests that are due at `at` (an instant such as `2026-06-05T07:00:00Z`; now if absent). */
  'plan-editions': { readonly at?: string };
  /** Deliver the next batch of one edition. */
  'deliver-batch': { readonly editionId: EditionId };
  /** Send the mails that ask new readers to confirm. */
  'send-confirmations': Readonly<Record<never, never>>;
  /** Plan the first digest of a reader who wants it at once. */
  'plan-first-digest': { readonly subscriberId: SubscriberId };
}
export type JobName = keyof Payloads;

/** How a queue is worked. A job of a killed worker runs again within `lockMs + stalledCheckMs`. */
export const QUEUES = {
  // A large page may hold the event loop for seconds, and a lock that lapses runs the job twice.
  ingest: { concurrency: 4, lockMs: 30_000, stalledCheckMs: 10_000 },
  mailer: { concurrency: 2, lockMs: 15_000, stalledCheckMs: 5_000 },
} as const satisfies Readonly<Record<QueueName, unknown>>;

interface JobSpec<J extends JobName> {
  readonly queue: QueueName;
  /** Runs at most, the first included; `backoffMs` before the second run, twice that before each next. */
  readonly attempts: number;
  readonly backoffMs: number;
  /** Narrows what a queue handed over. Throws a plain Error that says what is wrong with it. */
  readonly read: (fields: Fields) => Payloads[J];
}
type Fields = Readonly<Record<string, unknown>>;

export const JOBS = {
  'fetch-page': {
    queue: 'ingest',
    attempts: 4,
    backoffMs: 60_000,
    read: (fields) => ({ sourceId: idOf('source', text(only(fields, 'sourceId'))) }),
  },
  'record-page': {
    queue: 'ingest',
    attempts: 6,
    backoffMs: 1_000,
    read: (fields) => ({
      listingPageId: idOf('listing-page', text(only(fields, 'listingPageId'))),
    }),
  },
  'match-papers': {
    queue: 'ingest',
    attempts: 6,
    backoffMs: 1_000,
    read: (fields) => ({
      listingPageId: idOf('listing-page', text(only(fields, 'listingPageId'))),
    }),
  },
  'embed-texts': {
    queue: 'ingest',
    attempts: 3,
    backoffMs: 60_000,
    read: nothing,
  },
  'match-past': {
    queue: 'ingest',
    attempts: 6,
    backoffMs: 1_000,
    read: nothing,
  },
  'plan-editions': {
    queue: 'mailer',
    attempts: 3,
    backoffMs: 10_000,
    read: (fields) => {
      const at = only(fields, 'at');
      return at === undefined ? {} : { at: instant(at) };
    },
  },
  'deliver-batch': {
    queue: 'mailer',
    attempts: 5,
    backoffMs: 15_000,
    read: (fields) => ({ editionId: idOf('edition', text(only(fields, 'editionId'))) }),
  },
  'send-confirmations': {
    queue: 'mailer',
    attempts: 3,
    backoffMs: 5_000,
    read: nothing,
  },
  'plan-first-digest': {
    queue: 'mailer',
    attempts: 3,
    backoffMs: 5_000,
    read: (fields) => ({ subscriberId: idOf('subscriber', text(only(fields, 'subscriberId'))) }),
  },
} as const satisfies { readonly [J in JobName]: JobSpec<J> };

type JobsByQueue = {
  [Q in QueueName]: { [J in JobName]: (typeof JOBS)[J]['queue'] extends Q ? J : never }[JobName];
};
/** The jobs of one queue. */
export type JobsOf<Q extends QueueName> = JobsByQueue[Q];

export const JOB_NAMES: readonly JobName[] = [
  'fetch-page',
  'record-page',
  'match-papers',
  'embed-texts',
  'match-past',
  'plan-editions',
  'deliver-batch',
  'send-confirmations',
  'plan-first-digest',
];

/** Whether `name` is a job of `queue`; a queue may hold jobs of a newer version. */
export function isJobOf<Q extends QueueName>(queue: Q, name: string): name is JobsOf<Q> {
  return JOB_NAMES.some((job) => job === name && JOBS[job].queue === queue);
}

const specs: { readonly [J in JobName]: JobSpec<J> } = JOBS;

/** The payload of a `job`, checked field by field. Anything else than the catalogue's fields is JOB_INVALID. */
export function readPayload<J extends JobName>(job: J, payload: unknown): Payloads[J] {
  try {
    if (!isFields(payload)) throw new TypeError('the payload is not an object');
    return specs[job].read(payload);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PaperboyError('JOB_INVALID', `${job}: ${problem}`, { cause });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nothing(fields: Fields): Readonly<Record<never, never>> {
  const [extra] = Object.keys(fields);
  if (extra !== undefined) throw new TypeError(`unexpected field ${extra}`);
  return {};
}

/** The one field a payload may have: a second one is how an address would get into a queue. */
function only(fields: Fields, name: string): unknown {
  const extra = Object.keys(fields).find((field) => field !== name);
  if (extra !== undefined) throw new TypeError(`unexpected field ${extra}`);
  return fields[name];
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('an id is missing or not a string');
  return value;
}

function instant(value: unknown): string {
  const isInstant =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(value);
  if (!isInstant || Number.isNaN(Date.parse(value))) {
    throw new TypeError('at is not an instant such as 2026-06-05T07:00:00Z');
  }
  return value;
}
