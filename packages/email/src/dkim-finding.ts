import type { DkimFinding } from './checklist-message.ts';
import { type FindRecord, verifySignature } from './verify-signature.ts';

/**
 * What a verifier makes of the signature that counts: that of the domain in From, else the first. Undefined for an
 * unsigned message. `findRecord` rejects where DNS cannot be asked: then nothing is known, where a missing record fails.
 */
export async function findDkim(
  raw: Buffer,
  findRecord: FindRecord,
): Promise<DkimFinding | undefined> {
  let isUnasked = false;
  try {
    const reports = await verifySignature(raw, async (name) => {
      isUnasked = true;
      const record = await findRecord(name);
      isUnasked = false;
      return record;
    });
    const report = reports.find(({ isAligned }) => isAligned) ?? reports[0];
    if (!report) return undefined;
    const { result, keyBits, detail, domain, selector } = report;
    if (result === 'pass') return { result, ...(keyBits !== undefined && { keyBits }) };
    if (isUnasked) return { result: 'unknown', reason: 'signed, but DNS could not be asked' };
    return { result: 'fail', reason: `${selector}._domainkey.${domain}: ${detail ?? 'no pass'}` };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { result: 'fail', reason: `not verified: ${reason}` };
  }
}
