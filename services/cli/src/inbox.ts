import { type ChaosKind, PaperboyError } from '@paperboy/core';
import { checkMessage, findDkim, readMessage, spamScore } from '@paperboy/email';
import {
  activeChaos,
  type ChaosSwitch,
  type Db,
  endChaos,
  findInboxMessage,
  listInboxMessages,
  startChaos,
} from '@paperboy/store';
import { openLookups, recordOf } from './doctor/lookups.ts';
import type { Finding } from './findings.ts';
import type { Shared } from './shared.ts';
import { spamFinding } from './spam-finding.ts';

/** What the inbox took, with the subject read out of the beginning of each mail. */
export async function listInbox(
  db: Db,
  filter: { readonly recipient: string | undefined; readonly limit: number },
) {
  const entries = await listInboxMessages(db, filter);
  return Promise.all(
    entries.map(async ({ head, ...entry }) => {
      const subject = await readMessage(head).then(
        (message) => message.subject,
        () => '(cannot be read)',
      );
      return { ...entry, subject };
    }),
  );
}

/** The checklist of a mail, and SpamAssassin's score if it is asked for. Throws NOT_FOUND. */
export async function checkMail(
  db: Db,
  id: string,
  { withSpam }: { readonly withSpam: boolean },
): Promise<Finding[]> {
  const { raw, mailFrom, recipients } = await findInboxMessage(db, id);
  const lookups = openLookups();
  const dkim = await findDkim(raw, (name) => recordOf(lookups, name));
  const envelope = { from: mailFrom, to: recipients };
  const rows = await checkMessage(raw, { envelope, ...(dkim && { dkim }) });
  const findings: Finding[] = rows.map((row) => ({ area: 'message', ...row }));
  return withSpam ? [...findings, spamFinding(await spamScore(raw))] : findings;
}

export interface ChaosChange {
  readonly kind?: ChaosKind;
  readonly count?: number;
  readonly for: number;
  readonly to?: string;
  readonly off: boolean;
}

const LONGEST_MS = 2 * 3600_000;

/** Switches a fault on or off, as asked, and tells what is on then. Throws USAGE, and SETTING_INVALID without an inbox. */
export async function changeChaos(
  { db, settings }: Pick<Shared, 'db' | 'settings'>,
  { kind, count, for: forMs, to, off }: ChaosChange,
): Promise<ChaosSwitch[]> {
  if (off) await endChaos(db, kind);
  else if (kind) {
    if (settings.smtpUrl !== 'inbox') {
      throw new PaperboyError('SETTING_INVALID', 'SMTP_URL names a relay: there is no inbox');
    }
    if (forMs > LONGEST_MS) throw new PaperboyError('USAGE', '--for is at most 2h');
    await startChaos(db, {
      kind,
      forMs,
      ...(count !== undefined && { count }),
      ...(to !== undefined && { recipient: to }),
    });
  } else if (count !== undefined || to !== undefined) {
    throw new PaperboyError('USAGE', 'name what is to happen with --kind');
  }
  return activeChaos(db);
}
