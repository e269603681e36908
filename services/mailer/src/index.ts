export type { BatchOptions, BatchReport } from './batch.ts';
export {
  type ClassifiedReply,
  classifyReply,
  type ReplyClass,
  type SmtpReply,
} from './classify-reply.ts';
export {
  type DigestExplanation,
  type ExplainedPaper,
  explainDigest,
} from './explain-digest.ts';
export {
  type InboxOptions,
  type InboxServer,
  startInbox,
} from './inbox-server.ts';
export type { BreakPoint, Interference } from './interference.ts';
export { type Journal, type JournalEntry, type Journals, openJournals } from './journal.ts';
export { mailFiles, type StoredMail } from './mail-files.ts';
export { type MailSettings, SENDING } from './mail-settings.ts';
export { type DeliveryReport, type Mailer, type MailerParts, openMailer } from './open-mailer.ts';
export { type PlannedEdition, planEditions } from './plan-editions.ts';
export { planFirstDigest } from './plan-first-digest.ts';
export { type DigestPreview, previewDigest } from './preview-digest.ts';
export { type ProbeOptions, probeRelay, type RelayProbe } from './probe-relay.ts';
export {
  type Received,
  type ReceivedMail,
  type ReceiveParts,
  receiveReport,
} from './receive-report.ts';
export type { Reconciled } from './reconcile.ts';
export { addDeliverJobs, reconcileJobs } from './reconcile-jobs.ts';
export {
  type MessageToSend,
  openRelay,
  type Relay,
  type RelaySettings,
  type Send,
  type SendOutcome,
} from './relay.ts';
export { foreignLog, inboxLog, type RelayAnswer, type RelayLog } from './relay-log.ts';
export { type SampleMessage, sampleMessage } from './sample-message.ts';
export { type MailerService, type MailerServiceParts, startMailer } from './start.ts';
