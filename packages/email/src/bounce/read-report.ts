import { readAutoReply } from './auto-reply.ts';
import { readDeliveryStatus } from './delivery-status.ts';
import { readFeedback } from './feedback-report.ts';
import type { Finding } from './finding.ts';
import { namesServer, readProseBounce } from './prose-bounce.ts';
import { type ReportParts, readParts } from './read-parts.ts';
import { deliveryTokensIn, leavingTokensIn } from './tokens.ts';

/** How a message reached us, where a conversation told; a stored one has it in its headers. */
export interface ReportEnvelope {
  /** Empty for a bounce (RFC 5321 4.5.5). */
  readonly from?: string;
  readonly to?: readonly string[];
}

/** What a received message says of deliveries of ours. */
export interface Report {
  /** One for each recipient, and at least one. */
  readonly findings: readonly Finding[];
  /** Whose it may be; only one that `readDeliveryToken` accepts proves it. */
  readonly deliveryTokens: readonly string[];
  /** Whoever wants to leave by this mail. */
  readonly leavingTokens: readonly string[];
}

/**
 * Reads whatever arrives at the address of bounces: feedback reports, delivery reports, automatic replies, bounces in
 * prose, and everything else. Never rejects, and takes time in proportion to the first MiB.
 */
export async function readReport(raw: Uint8Array, envelope: ReportEnvelope = {}): Promise<Report> {
  const parts = await readParts(raw);
  const to = envelope.to ?? [];
  return {
    findings: findingsIn(parts, envelope.from),
    deliveryTokens: deliveryTokensIn(parts, to),
    leavingTokens: leavingTokensIn(parts, to),
  };
}

/** The order matters: bounces are marked as automatic too, and people away quote what sounds like a bounce. */
function findingsIn(parts: ReportParts, envelopeFrom: string | undefined): readonly Finding[] {
  const { headers, text, statuses, feedback } = parts;
  if (feedback !== undefined) return [readFeedback(feedback)];
  const stated = readDeliveryStatus(statuses, text);
  if (stated.length > 0) return stated;
  const reply = readAutoReply(headers, text, { isFromServer: namesServer(headers) });
  if (reply) return [reply];
  return readProseBounce(parts, envelopeFrom) ?? [{ kind: 'not-a-bounce', reason: 'unrecognised' }];
}
