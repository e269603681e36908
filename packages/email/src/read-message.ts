import PostalMime, { type Address } from 'postal-mime';

/** A received message, decoded for looking at it. */
export interface ReceivedMessage {
  /** In the order they stand, unfolded but otherwise as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly date?: Date;
  /** With its angle brackets. */
  readonly messageId?: string;
  /** As the sender wrote it: show it in a sandbox only. */
  readonly html?: string;
  readonly text?: string;
  /** The http or https way of List-Unsubscribe, which one-click posts to. */
  readonly listUnsubscribe?: URL;
  /** Bytes as received. */
  readonly size: number;
}

/** Reads a message of any sender. Rejects on nothing but absurd nesting or header size (postal-mime's limits). */
export async function readMessage(raw: Uint8Array): Promise<ReceivedMessage> {
  const mail = await PostalMime.parse(raw, { maxNestingDepth: 50 });
  const sentAt = mail.date === undefined ? Number.NaN : Date.parse(mail.date);
  const listUnsubscribe = mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value;
  return {
    headers: mail.headers.map(({ originalKey, value }) => [originalKey, value] as const),
    subject: mail.subject ?? '',
    from: addressesOf(mail.from ? [mail.from] : [])[0] ?? '',
    to: addressesOf(mail.to ?? []),
    date: Number.isNaN(sentAt) ? undefined : new Date(sentAt),
    messageId: mail.messageId,
    html: mail.html,
    text: mail.text,
    listUnsubscribe: webAddressIn(listUnsubscribe ?? ''),
    size: raw.length,
  };
}

function addressesOf(entries: readonly Address[]): string[] {
  return entries.flatMap((entry) =>
    (entry.group ?? [entry]).map(({ name, address }) => (name ? `${name} <${address}>` : address)),
  );
}

function webAddressIn(header: string): URL | undefined {
  const uris = [...header.matchAll(/<\s*(https?:[^<>\s]+)\s*>/gi)].map((found) => found[1] ?? '');
  const uri = uris.find((candidate) => URL.canParse(candidate));
  return uri === undefined ? undefined : new URL(uri);
}
