import type { DkimFinding } from './checklist-message.ts';
import { type FindRecord, verifySignature } from './verify-signature.ts';

/**
 * What a verifier makes of the signature that counts: that of the domain in From, else the first. Undefined for an
 * unsigned message. A record that cannot be looked up is a failure, told as one.
 */
export async function findDkim(
  raw: Buffer,
  findRecord: FindRecord,
): Promise<DkimFinding | undefined> {
  try {
    const reports = await verifySignature(raw, findRecord);
    const report = reports.find(({ isAligned }) => isAligned) ?? reports[0];
    if (!report) return undefined;
    const { result, keyBits, detail, domain, selector } = report;
    if (result === 'pass') return { result, ...(keyBits !== undefined && { keyBits }) };
    return { result: 'fail', reason: `${selector}._domainkey.${domain}: ${detail ?? 'no pass'}` };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { result: 'fail', reason: `not verified: ${reason}` };
  }
}
