import type { MessageToCheck, Purpose } from './checklist-message.ts';
import type { Finding } from './finding.ts';

/** A rule of the large receivers, or of the RFCs that they hold bulk senders to. */
export interface Rule {
  readonly id: string;
  /** What has to hold, as a sentence. */
  readonly rule: string;
  /** `required`: mail is refused or filed as spam without it. */
  readonly level: 'required' | 'should';
  /** Holds for mail of this purpose alone; for all when left out. */
  readonly only?: Purpose;
  /** What to do where it does not hold. */
  readonly fix: string;
  judge(message: MessageToCheck): Finding;
}
