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
export { type Journals, openJournals } from './journal.ts';
export { mailFiles } from './mail-files.ts';
export type { MailSettings } from './mail-settings.ts';
export { type Mailer, type MailerParts, openMailer } from './open-mailer.ts';
export { planEditions } from './plan-editions.ts';
export { planFirstDigest } from './plan-first-digest.ts';
export { type DigestPreview, previewDigest } from './preview-digest.ts';
export { probeRelay, type RelayProbe } from './probe-relay.ts';
export { receiveReport } from './receive-report.ts';
export {
  type MessageToSend,
  openRelay,
  type Relay,
  type SendOutcome,
} from './relay.ts';
export { inboxLog } from './relay-log.ts';
export { sampleMessage } from './sample-message.ts';
export { type MailerService, type MailerServiceParts, startMailer } from './start.ts';
