import type { Cadence, ListedOn } from '@paperboy/core';
import type { Mailbox } from './address.ts';
import type { Envelope } from './digest-content.ts';
import { exactHeader, mailboxText, mailDate, textHeader } from './header-text.ts';
import { remembered } from './remembered.ts';

export interface SenderHeaders {
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  /** The front page: what the list is about and its archive. */
  readonly publicUrl: string;
  /** For robots older than RFC 3834 that answer all but such mail; no standard has it. */
  readonly precedence?: 'bulk' | 'list';
}

/** The headers that everybody's message of an edition has (RFC 2369, 2919, 3834). */
export function editionHeaders(
  { from, replyTo, publicUrl, precedence }: SenderHeaders,
  { cadence, date }: { readonly cadence: Cadence; readonly date: ListedOn },
): string {
  return [
    exactHeader('From', mailboxText(from)),
    replyTo ? exactHeader('Reply-To', mailboxText(replyTo)) : '',
    exactHeader('MIME-Version', '1.0'),
    // Stable, and one per cadence, so that a reader's filter and a receiver's reputation hold (RFC 2919).
    exactHeader('List-Id', `Paperboy ${cadence} digest <${cadence}.paperboy.${from.domain}>`),
    exactHeader('List-Help', `<${publicUrl}>`),
    exactHeader('List-Subscribe', `<${publicUrl}/subscribe>`),
    exactHeader('List-Archive', `<${publicUrl}>`),
    exactHeader('Auto-Submitted', 'auto-generated'),
    precedence ? exactHeader('Precedence', precedence) : '',
    // Campaign, kind, product, and last the sender, which never changes.
    exactHeader('Feedback-ID', `${date}:${cadence}:digest:paperboy`),
  ].join('');
}

/** Readers of the same topics have the same subject, which is not ASCII. */
const subjectHeader = remembered((subject) => textHeader('Subject', subject));

/**
 * The form that `parseAddress` gives, so that no other syntax can hide in it. Whether the domain is a good name was
 * asked at sign-up, and takes more time than all other headers.
 */
const PLAIN_ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

/**
 * The headers of one message, but for those of its content, which end them. Throws where a value could not stand in a
 * header; that message alone is at fault.
 */
export function messageHeaders(envelope: Envelope, subject: string): string {
  const { to, messageId, date, unsubscribeUrl, unsubscribeMailto, postmarkMetadata } = envelope;
  if (!PLAIN_ADDRESS.test(to)) throw new TypeError('To is no plain address');
  if (!/^<[\w.-]+@[\w.-]+>$/.test(messageId))
    throw new TypeError('the Message-ID has no valid form');
  const ways = [unsubscribeUrl, unsubscribeMailto].filter((way) => way !== undefined);
  return [
    exactHeader('To', to),
    subjectHeader(subject),
    exactHeader('Date', mailDate(date)),
    exactHeader('Message-ID', messageId),
    postmarkMetadata ? exactHeader('X-PM-Metadata-delivery', postmarkMetadata) : '',
    exactHeader('List-Unsubscribe', ways.map((way) => `<${way.href}>`).join(', ')),
    // Clients act on it over https alone (RFC 8058); over http it serves the development inbox.
    exactHeader('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'),
  ].join('');
}
