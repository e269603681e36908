export {
  type Mailbox,
  parseAddress,
  parseMailbox,
  readableAddress,
} from './address.ts';
export { workApart } from './apart.ts';
export { apiTokenHash, makeApiToken } from './api-token.ts';
export type {
  Finding,
  FindingKind,
} from './bounce/finding.ts';
export { outcomeOf } from './bounce/outcome.ts';
export { type Report, type ReportEnvelope, readReport } from './bounce/read-report.ts';
export { reasonOf } from './bounce/reason-of.ts';
export { type BounceReason, isHardReason } from './bounce/reasons.ts';
export { codeIn, strongerCode } from './bounce/status-codes.ts';
export { deliveryTokensInText } from './bounce/tokens.ts';
export { type ChecklistRow, checkMessage } from './checklist.ts';
export { confirmTokenHash, makeConfirmToken } from './confirm-token.ts';
export { confirmationMessage, makeConfirmationId } from './confirmation.ts';
export {
  createDigestRenderer,
  type DigestRenderer,
  type EditionParts,
} from './digest.ts';
export { MOST_MESSAGE_BYTES } from './digest-body.ts';
export type {
  DigestContent,
  DigestItem,
  DigestSection,
  PaperCard,
} from './digest-content.ts';
export { createSigner, type MessageSigner } from './dkim.ts';
export { findDkim } from './dkim-finding.ts';
export {
  type DkimName,
  type DkimRecord,
  dkimRecord,
  makeDkimKey,
  readDkimKey,
} from './dkim-key.ts';
export { type ReceivedMessage, readMessage } from './read-message.ts';
export { sampleDigest } from './sample-digest.ts';
export {
  judgeDkimRecord,
  judgeDmarc,
  judgeMx,
  judgeReverse,
  judgeSpf,
  type MailExchange,
  type ReverseLookup,
  type Texts,
} from './sender-records.ts';
export {
  createLinks,
  messageIdOf,
  type SignedLinks,
} from './signed-links.ts';
export { type SpamVerdict, spamScore } from './spam-score.ts';
export { type SignatureReport, verifySignature } from './verify-signature.ts';
export { emptyLine, HEADINGS, historyLine, LEFT_TOPICS } from './wording.ts';
