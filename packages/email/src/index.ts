export {
  type AddressProblem,
  type MailAddress,
  type Mailbox,
  parseAddress,
  parseMailbox,
  readableAddress,
} from './address.ts';
export { workApart } from './apart.ts';
export { apiTokenHash, makeApiToken } from './api-token.ts';
export {
  type ComplaintReason,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
} from './bounce/finding.ts';
export { type Outcome, outcomeOf } from './bounce/outcome.ts';
export { type Report, type ReportEnvelope, readReport } from './bounce/read-report.ts';
export { reasonOf } from './bounce/reason-of.ts';
export { type BounceReason, isHardReason } from './bounce/reasons.ts';
export { codeIn } from './bounce/status-codes.ts';
export { deliveryTokensInText } from './bounce/tokens.ts';
export { type ChecklistRow, checkMessage } from './checklist.ts';
export type { DkimFinding, MessageFacts } from './checklist-message.ts';
export { confirmTokenHash, makeConfirmToken } from './confirm-token.ts';
export { type Confirmation, confirmationMessage, makeConfirmationId } from './confirmation.ts';
export {
  createDigestRenderer,
  type DigestRenderer,
  type EditionParts,
  type RendererSettings,
} from './digest.ts';
export { MOST_MESSAGE_BYTES } from './digest-body.ts';
export type {
  DigestContent,
  DigestItem,
  DigestSection,
  EditionContent,
  Envelope,
  PaperCard,
} from './digest-content.ts';
export { createSigner, type DkimSettings, type MessageSigner } from './dkim.ts';
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
  type LinkSettings,
  messageIdOf,
  type SignedLinks,
  type TokenPurpose,
} from './signed-links.ts';
export { type SpamVerdict, spamScore } from './spam-score.ts';
export { type FindRecord, type SignatureReport, verifySignature } from './verify-signature.ts';
export { emptyLine, HEADINGS, historyLine, LEFT_TOPICS } from './wording.ts';
