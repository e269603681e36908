import { isConfirmationId } from './confirmation.ts';
import { type HtmlFacts, readHtmlFacts } from './html-facts.ts';
import { type ReceivedMessage, readMessage } from './read-message.ts';

/** What is known of a message beside its bytes; what is left out makes its rows `unknown`. */
export interface MessageFacts {
  /** The sender and the recipients that were told to the server. */
  readonly envelope?: { readonly from: string; readonly to: readonly string[] };
  /** The domain that the mail is to come from, such as MAIL_FROM's. */
  readonly ourDomain?: string;
  /** What a verifier made of the DKIM signature that counts. */
  readonly dkim?: DkimFinding;
  /** Whether the relay signs what we leave unsigned. */
  readonly relaySigns?: boolean;
}

/** A verified signature, or why it is none. */
export type DkimFinding =
  | { readonly result: 'pass'; readonly keyBits?: number }
  /** `unknown`: its key could not be looked up. */
  | { readonly result: 'fail' | 'unknown'; readonly reason: string };

/** A header field as it stands in the bytes. */
export interface RawField {
  readonly name: string;
  /** Unfolded, otherwise as sent. */
  readonly value: string;
  /** Lines that it takes. */
  readonly lines: number;
}

/**
 * What a message is for. `list`: mail in bulk, such as a digest. `confirmation`: the one mail that a person has just asked
 * for, and that puts nobody on a list.
 */
export type Purpose = 'list' | 'confirmation';

/** A message, read as far as the rules ask. */
export interface MessageToCheck {
  readonly facts: MessageFacts;
  readonly purpose: Purpose;
  /** One character per byte. */
  readonly bytes: string;
  readonly fields: readonly RawField[];
  /** Undefined where the bytes are no message that can be read. */
  readonly mail: ReceivedMessage | undefined;
  /** Undefined without an HTML part. */
  readonly html: HtmlFacts | undefined;
  /** The web addresses of the text part. */
  readonly textLinks: readonly string[];
  /** The domain of the From address, lower-cased. */
  readonly fromDomain: string | undefined;
  /** The https or http way out of List-Unsubscribe. */
  readonly leaveUrl: string | undefined;
}

/** Reads a raw message once for all rows of the checklist. One that cannot be taken apart has no `mail`. */
export async function readToCheck(raw: Uint8Array, facts: MessageFacts): Promise<MessageToCheck> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
  // Absurd nesting is refused by the reader; its rows then say that there is no such part.
  const mail = await readMessage(raw).catch(() => undefined);
  return {
    facts,
    purpose: isConfirmationId(mail?.messageId ?? '') ? 'confirmation' : 'list',
    bytes,
    fields: readFields(bytes),
    mail,
    html: mail?.html === undefined ? undefined : readHtmlFacts(mail.html),
    textLinks: [...(mail?.text ?? '').matchAll(/https?:\/\/[^\s<>"]+/g)].map(([url]) => url),
    fromDomain: /@([\w.-]+)>?\s*$/.exec(mail?.from ?? '')?.[1]?.toLowerCase(),
    leaveUrl: mail?.listUnsubscribe?.href,
  };
}

/** The fields of a name. */
export function fieldsNamed({ fields }: MessageToCheck, name: string): readonly RawField[] {
  return fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());
}

/** The value of the first field of a name. */
export function valueNamed(message: MessageToCheck, name: string): string | undefined {
  return fieldsNamed(message, name)[0]?.value;
}

/** A mail of text by its own words; one whose HTML was lost says something else. */
export function isTextAlone(message: MessageToCheck): boolean {
  return /^text\/plain\b/i.test(valueNamed(message, 'Content-Type') ?? '');
}

/** The fields up to the first empty line; a line that begins with a blank goes on (RFC 5322 2.2.3). */
function readFields(bytes: string): RawField[] {
  const end = /\r?\n\r?\n/.exec(bytes)?.index ?? bytes.length;
  const fields: { name: string; value: string; lines: number }[] = [];
  for (const line of bytes.slice(0, end).split(/\r?\n/)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last) {
      last.value += line;
      last.lines += 1;
      continue;
    }
    const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.push({ name, value, lines: 1 });
  }
  return fields.map((field) => ({ ...field, value: field.value.trim() }));
}
