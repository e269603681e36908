export {
  API_SCOPES,
  type ApiScope,
  CHAOS_KINDS,
  type ChaosKind,
  DELIVERY_STATES,
  type DeliveryState,
  JOB_STATES,
  type JobState,
  MAIL_FORMATS,
  type MailFormat,
  PAUSE_REASONS,
  type PauseReason,
  QUEUE_NAMES,
  type QueueName,
  RESOLUTIONS,
  type Resolution,
  SUBSCRIBER_STATES,
  SUPPRESSION_REASONS,
  type SubscriberState,
  type SuppressionReason,
} from './choices.ts';
export { comparableAbstract, wordOverlap } from './comparable-text.ts';
export { isComplaintAlarm } from './complaint-alarm.ts';
export {
  composeOrder,
  papersOfOneTitle,
} from './compose-order.ts';
export { type Coverage, coverageOf } from './coverage.ts';
export { parseCron } from './cron.ts';
export { tellStep } from './delivery-step.ts';
export {
  diffPage,
  distinctKey,
  type KeyedEntry,
  type KnownEntry,
  type NewEntry,
  needsEvidence,
  type OtherWork,
  type PageDiff,
  type RecurringEntry,
} from './diff.ts';
export { type DigestVerdict, digestVerdict } from './digest-verdict.ts';
export {
  type Entry,
  type EntryIds,
  type Link,
  type Listing,
  PAGE_FORMATS,
  type PageFormat,
  type PageReading,
  type PageShape,
  type Section,
  type TextKind,
  type Unreadable,
} from './entry.ts';
export { asPaperboyError, ERROR_CATALOGUE, type ErrorCode, PaperboyError } from './errors.ts';
export {
  type Fingerprint,
  isTitleKey,
  keysOf,
  type PaperKey,
  parseKey,
} from './identity.ts';
export {
  type DeliveryId,
  type EditionId,
  idOf,
  type ListingPageId,
  type PaperId,
  type PaperTextId,
  type SourceId,
  type SubscriberId,
  type TopicId,
} from './ids.ts';
export {
  contradictingKinds,
  type MergeSide,
  olderFirst,
  partListings,
  type Side,
} from './merge.ts';
export { jitterOf, type NextAsk, nextAsk, nextSlot, type SourceOutcome } from './next-ask.ts';
export {
  type ListedOn,
  monthNumber,
  type PrintedDate,
  parseListedOn,
  resolveListedOn,
} from './page-date.ts';
export type { PageDeclaration } from './page-declaration.ts';
export { arxivIdIn, idsIn } from './paper-ids.ts';
export {
  dayBegins,
  declaredPublishing,
  owedAt,
  publishingOf,
} from './publishing.ts';
export { readDate } from './read-date.ts';
export { readableTex } from './readable-tex.ts';
export {
  daysAbsent,
  isTrendingAgain,
  placesClimbed,
  QUIET_DAYS,
  type QuietDays,
  RECURRING_POLICIES,
  type RecurringPolicy,
  type Sighting,
  TRENDING,
} from './recurrence.ts';
export { changeOnReread } from './reread.ts';
export {
  CADENCES,
  type Cadence,
  checkSchedule,
  dayIn,
  EDITION_LIMIT_MS,
  lastDueAt,
  nextDueAt,
  parseWeekdays,
  printWeekdays,
  type SendSchedule,
} from './send-times.ts';
export { type AlertState, nextHealth, type SourceHealth } from './source-health.ts';
export { type AcceptedPage, type BatchHistory, batchHistory } from './source-past.ts';
export { LIKES_EXTRA, type Strictness, THRESHOLDS } from './strictness.ts';
export { decodeTexAccents } from './tex.ts';
export { cleanText, shorten, stripControls, textOrAbsent } from './text.ts';
export type { KnownText } from './text-change.ts';
export { titleKey } from './title-key.ts';
export { listingsOf } from './trend.ts';
export {
  isFilling,
  isRecorded,
  type Judgement,
  judgePage,
  judgeSameBytes,
  median,
  type PageOutcome,
  type SourcePast,
} from './verdict.ts';
