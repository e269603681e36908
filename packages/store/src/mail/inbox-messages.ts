import { PaperboyError } from '@paperboy/core';
import { sql } from 'kysely';
import type { Db } from '../connection/database.ts';

/** A message as it came over SMTP. */
export interface ReceivedMessage {
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  /** With its angle brackets; null when the message has none. */
  readonly messageId: string | null;
  readonly raw: Buffer;
}

export interface InboxMessage extends ReceivedMessage {
  readonly id: string;
  readonly receivedAt: Date;
}

/** One line of the inbox; `head` is the beginning of the message, enough for its header. */
export type InboxEntry = Omit<InboxMessage, 'raw'> & {
  readonly head: Buffer;
  readonly bytes: number;
};

const HEAD_BYTES = 16_384;

/** Keeps a message. The development inbox says 250 only after this. */
export async function saveInboxMessage(db: Db, message: ReceivedMessage): Promise<string> {
  const { mailFrom, recipients, messageId, raw } = message;
  const saved = await db
    .insertInto('inbox_message')
    .values({ mail_from: mailFrom, recipients: [...recipients], message_id: messageId, raw })
    .returning('id')
    .executeTakeFirstOrThrow();
  return saved.id;
}

/** Messages, newest first. `before` is the id of the last one on the page before. */
export async function listInboxMessages(
  db: Db,
  filter: { readonly recipient?: string; readonly before?: string; readonly limit?: number } = {},
): Promise<InboxEntry[]> {
  const { recipient, before, limit = 50 } = filter;
  let rows = db
    .selectFrom('inbox_message')
    .select(['id', 'received_at as receivedAt', 'mail_from as mailFrom', 'recipients'])
    .select(['message_id as messageId', sql<number>`length(raw)`.as('bytes')])
    .select(sql<Buffer>`substring(raw from 1 for ${sql.lit(HEAD_BYTES)})`.as('head'))
    .orderBy('id', 'desc')
    .limit(limit);
  if (recipient) rows = rows.where(sql<string>`${recipient}`, '=', sql<string>`any(recipients)`);
  if (before) rows = rows.where('id', '<', before);
  return rows.execute();
}

/** One message with all its bytes. Throws NOT_FOUND. */
export async function findInboxMessage(db: Db, id: string): Promise<InboxMessage> {
  const found = /^[1-9]\d{0,18}$/.test(id)
    ? await db
        .selectFrom('inbox_message')
        .select(['id', 'received_at as receivedAt', 'mail_from as mailFrom', 'recipients'])
        .select(['message_id as messageId', 'raw'])
        .where('id', '=', id)
        .executeTakeFirst()
    : undefined;
  if (!found) throw new PaperboyError('NOT_FOUND', `no message ${id} in the inbox`);
  return found;
}

/** Which of these Message-IDs the inbox has accepted. */
export async function acceptedByInbox(
  db: Db,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (messageIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('inbox_message')
    .select('message_id')
    .where('message_id', '=', sql<string>`any(${messageIds}::text[])`)
    .execute();
  return new Set(rows.flatMap((row) => row.message_id ?? []));
}
