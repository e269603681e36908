import { PaperboyError } from '@paperboy/core';
import { type MessageSigner, type SignatureReport, workApart } from '@paperboy/email';
import type { DigestComposer } from './compose-digests.ts';

/**
 * Has a signed digest of a composer to come verified as a receiver would; the verifier is loaded meanwhile. Throws
 * DKIM_INVALID with what the receiver would find, PROCESS_FAILED, and what the composer fails with.
 */
export async function probeSignature(
  composer: Promise<DigestComposer>,
  signer: MessageSigner,
  now: Date = new Date(),
): Promise<void> {
  const signed = composer.then(async (ready) => ({
    message: await ready.signedProbe(signer, now),
    record: signer.record,
  }));
  const [report] = await workApart('verifySignature', signed);
  const problem = problemOf(report);
  if (problem) throw new PaperboyError('DKIM_INVALID', `a signed probe fails: ${problem}`);
}

const ONE_CLICK = ['list-unsubscribe', 'list-unsubscribe-post'];

/** What a receiver that goes by the rules would hold against a signature; undefined for a good one. */
function problemOf(report: SignatureReport | undefined): string | undefined {
  if (!report) return 'it bears no signature';
  const { result, detail, domain, headers, isAligned, isPartial, keyBits = 0 } = report;
  if (result !== 'pass') return detail ?? 'the signature does not hold';
  if (!isAligned) return `${domain} has nothing to do with the domain of MAIL_FROM`;
  if (keyBits < 2048) return `the key has ${keyBits} bits`;
  const isWhole = headers.filter((header) => header === 'from').length === 2 && !isPartial;
  return isWhole && ONE_CLICK.every((header) => headers.includes(header))
    ? undefined
    : 'the signature does not cover what it should';
}
