import { acceptedByInbox, type Db } from '@paperboy/store';

/** Whether the relay has taken a message, by its own records. `unknown` when they cannot be asked. */
export type RelayAnswer = 'yes' | 'no' | 'unknown';

/** A relay's records, asked for deliveries whose worker died between the last byte and the answer. */
export interface RelayLog {
  /** An answer for each Message-ID; one that is missing is `unknown`. */
  wasAccepted(messageIds: readonly string[]): Promise<ReadonlyMap<string, RelayAnswer>>;
}

/** The development inbox commits a message before it says 250, so that its table knows for certain. */
export function inboxLog(db: Db): RelayLog {
  return {
    async wasAccepted(messageIds) {
      const accepted = await acceptedByInbox(db, messageIds);
      return new Map(messageIds.map((id) => [id, accepted.has(id) ? 'yes' : 'no']));
    },
  };
}

/** A relay of somebody else keeps its records to itself. */
export const foreignLog: RelayLog = { wasAccepted: async () => new Map() };
