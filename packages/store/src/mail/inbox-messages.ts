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

export interface InboxFilter {
  /** A whole address. */
  readonly recipient?: string;
  /** A part of one, in large or small letters. */
  readonly recipientPart?: string;
  /** The id of the last message on the page before. */
  readonly before?: string;
  /** 50 when left out. */
  readonly limit?: number;
}

/** Messages, newest first. */
export async function listInboxMessages(db: Db, filter: InboxFilter = {}): Promise<InboxEntry[]> {
  const { recipient, recipientPart, before, limit = 50 } = filter;
  let rows = db
    .selectFrom('inbox_message')
    .select(['id', 'received_at as receivedAt', 'mail_from as mailFrom', 'recipients'])
    .select(['message_id as messageId', sql<number>`length(raw)`.as('bytes')])
    .select(sql<Buffer>`substring(raw from 1 for ${sql.lit(HEAD_BYTES)})`.as('head'))
    .orderBy('id', 'desc')
    .limit(limit);
  if (recipient) rows = rows.where(sql<string>`${recipient}`, '=', sql<string>`any(recipients)`);
  if (recipientPart)
    rows = rows.where(sql<boolean>`exists (select from unnest(recipients) as address
      where position(lower(${recipientPart}) in lower(address)) > 0)`);
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
