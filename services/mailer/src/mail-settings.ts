import type { Settings } from '@paperboy/runtime';

/** What the mailer reads of the settings. */
export type MailSettings = Pick<
  Settings,
  | 'publicUrl'
  | 'mailFrom'
  | 'bounceDomain'
  | 'bounceListen'
  | 'bounceTlsCert'
  | 'bounceTlsKey'
  | 'hookPostmarkPassword'
  | 'mailPrecedence'
  | 'postalAddress'
  | 'mailTemplates'
  | 'smtpUrl'
  | 'smtpTimeoutMs'
  | 'smtpConnections'
  | 'dkim'
  | 'dkimDomain'
  | 'dkimSelector'
  | 'dkimKey'
  | 'uncertainPolicy'
  | 'whenSourceFails'
  | 'digestGraceMs'
  | 'sending'
  | 'mailPerSecond'
  | 'mailPerHour'
  | 'mailPerDay'
>;

const MINUTE = 60_000;

/** The rules of sending: batches, leases, waits and pauses. */
export const SENDING = {
  /** Deliveries claimed together, and so what one job does. */
  batch: 500,
  /** Deliveries marked together right before they are handed over: as many are in doubt after a crash at most. */
  group: 50,
  /** Messages of one claim that are staged and not at their end; they are kept in memory. */
  mostStaged: 100,
  /** Editions are delivered by so many claims at a time: while one is sent, the next is made. */
  lanes: 2,
  /** A claim lapses this long after its worker last said that it lives. */
  leaseMs: 15_000,
  /** Waits before the next attempts that a receiving server asked for; after the last the delivery expires. */
  deferMs: [5 * MINUTE, 15 * MINUTE, 45 * MINUTE, 120 * MINUTE, 360 * MINUTE],
  /** Wait after a domain asked for less at a time. */
  throttledMs: 5 * MINUTE,
  /** How long evidence is waited for before an uncertain delivery is sent once more. */
  uncertainMs: 30 * MINUTE,
  /** Failures of the relay itself in a row that stop all mailers. */
  relayFailures: 3,
  /** Receiving domains that refuse our sender, with nothing taken in between, that hold all mailers. */
  refusingDomains: 3,
  /** For how long they stop, doubling from the first to the last. */
  relayPauseMs: { first: 5_000, last: 5 * MINUTE },
} as const;

/** Whether a digest that may have arrived is sent once more after its wait (`resend`), or never (`hold`). */
export type UncertainPolicy = Settings['uncertainPolicy'];
