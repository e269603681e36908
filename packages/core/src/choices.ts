// Closed lists of words that a table checks, a form offers and a command takes. Each stands here once: the help of a
// command shows them, and does not wait for the large packages that keep what they name.

export const DELIVERY_STATES = [
  'ready',
  'deferred',
  'sending',
  'accepted',
  'rejected',
  'uncertain',
  'suppressed',
  'expired',
] as const;
/** Where a delivery stands; the states of the table delivery. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const RESOLUTIONS = ['accepted', 'ready', 'rejected'] as const;
/** What an uncertain delivery turns out to be, by a person's word. */
export type Resolution = (typeof RESOLUTIONS)[number];

export const SUBSCRIBER_STATES = ['pending', 'active', 'paused', 'left'] as const;
/** Where a subscriber stands: `pending` has not confirmed yet, and only `active` is mailed. */
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];

export const MAIL_FORMATS = ['html', 'text'] as const;
/** How a subscriber gets a digest: as HTML with the same in text beside it, or as text alone. */
export type MailFormat = (typeof MAIL_FORMATS)[number];

/** From the weakest: a stronger reason takes the place of a weaker one. */
export const SUPPRESSION_REASONS = ['left', 'hard-bounce', 'complaint', 'operator'] as const;
/** Why an address must not be mailed. `left` ends when its owner comes back, the others by the operator alone. */
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export const PAUSE_REASONS = ['mailbox-full', 'disabled'] as const;
/** Why bounces paused a reader, who is tried again by and by. */
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const CHAOS_KINDS = [
  'throttle',
  'greylist',
  'reject',
  'drop-before-data',
  'drop-in-data',
  'drop-after-dot',
  'drop-before-answer',
  'slow',
] as const;
/** A fault that the development inbox plays instead of taking mail. */
export type ChaosKind = (typeof CHAOS_KINDS)[number];

export const API_SCOPES = ['read', 'write'] as const;
/** What a token of the JSON API may do; `write` includes `read`. */
export type ApiScope = (typeof API_SCOPES)[number];

export const QUEUE_NAMES = ['ingest', 'mailer'] as const;
/** Where the jobs of a service wait. */
export type QueueName = (typeof QUEUE_NAMES)[number];

export const JOB_STATES = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const;
/** Where a job stands; BullMQ's words, with its finer states folded into these. */
export type JobState = (typeof JOB_STATES)[number];
