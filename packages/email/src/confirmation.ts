import { randomUUID } from 'node:crypto';
import type { Mailbox } from './address.ts';
import { joinParts } from './alternative.ts';
import { exactHeader, mailboxText, mailDate, textHeader } from './header-text.ts';
import { escapeHtml } from './html.ts';
import { encodePiece } from './quoted-printable.ts';

export interface Confirmation {
  readonly from: Mailbox;
  readonly to: string;
  readonly messageId: string;
  readonly date: Date;
  /** Opens the page whose button confirms. */
  readonly confirmUrl: URL;
  readonly publicUrl: string;
  readonly postalAddress?: string | undefined;
}

const SUBJECT = 'Confirm your Paperboy digests';
const LEAD =
  'Somebody, most likely you, asked Paperboy to mail digests of research papers to this address.';
const ASK = 'To get them, open this page within two days and press its button:';
const ELSE =
  'If it was not you, do nothing: without the button nothing is sent to you again, and this request is forgotten in a week.';

/** A Message-ID for a confirmation, in a form of its own: it is told from a digest by it. */
export function makeConfirmationId({ domain }: Pick<Mailbox, 'domain'>): string {
  return `<c.${randomUUID()}@${domain}>`;
}

/** Whether a Message-ID is that of a mail that asks for consent. */
export function isConfirmationId(messageId: string): boolean {
  return /^<c\.[\da-f-]{36}@/.test(messageId);
}

/**
 * The one mail that asks whoever owns an address. It holds nothing that was typed into the form, not even a name:
 * else strangers could have their words mailed. CRLF throughout, not yet signed.
 */
export function confirmationMessage(mail: Confirmation): Buffer {
  const { from, to, messageId, date, confirmUrl, publicUrl, postalAddress } = mail;
  const foot = [`Paperboy, ${publicUrl}`, ...(postalAddress ? [postalAddress] : [])];
  const text = [LEAD, ASK, confirmUrl.href, ELSE, ['-- ', ...foot].join('\n')].join('\n\n');
  const head = [
    exactHeader('From', mailboxText(from)),
    exactHeader('To', to),
    textHeader('Subject', SUBJECT),
    exactHeader('Date', mailDate(date)),
    exactHeader('Message-ID', messageId),
    exactHeader('MIME-Version', '1.0'),
    // An answer to a person's wish, made by a machine (RFC 3834): nobody's holiday notice answers it.
    exactHeader('Auto-Submitted', 'auto-generated'),
  ].join('');
  return joinParts([head], {
    messageId,
    text: encodePiece(`${text}\n`),
    html: encodePiece(`${page(mail, foot)}\n`),
  });
}

function page({ confirmUrl, publicUrl }: Confirmation, foot: readonly string[]): string {
  const link = escapeHtml(confirmUrl.href);
  const said = (text: string) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${SUBJECT}</title>
<style>
@media (prefers-color-scheme:dark){
body{background:#171512!important;color:#d6cfc3!important}
h1,h1 a{color:#f3eee4!important}
.quiet{color:#a8a093!important}
.go a{background:#eb9d84!important;color:#171512!important}
.plain a,.quiet a{color:#eb9d84!important}
}
</style>
</head>
<body style="margin:0;padding:0;background:#fbf8f2;color:#2b2722">
<div style="max-width:560px;margin:0 auto;padding:24px 24px 32px;font:17px/1.55 'Iowan Old Style',Palatino,P052,Georgia,serif">
<p style="margin:0 0 20px;padding:0 0 10px;border-bottom:3px double #8d8577;font-size:28px;font-weight:bold;letter-spacing:-.5px"><a href="${escapeHtml(publicUrl)}" style="color:inherit;text-decoration:none">Paperboy</a></p>
<h1 style="margin:0 0 14px;font-size:25px;line-height:1.2;color:#1c1916">Shall your papers be delivered?</h1>
${said(LEAD)}
${said('To get them, open this page within two days and press its button.')}
<p class="go" style="margin:0 0 18px"><a href="${link}" style="display:inline-block;padding:11px 24px;border-radius:2px;background:#8f2d17;color:#fbf8f2;font:bold 16px/1.4 Helvetica,Arial,sans-serif;text-decoration:none">Confirm my digests</a></p>
<p class="plain" style="margin:0 0 18px;font-size:14px;word-break:break-all">Or copy this address: <a href="${link}" style="color:#8f2d17">${link}</a></p>
${said(ELSE)}
<p class="quiet" style="margin:24px 0 0;padding:12px 0 0;border-top:1px solid #d9d1c3;font:12px/1.6 Helvetica,Arial,sans-serif;color:#645c51">${foot.map(escapeHtml).join('<br>')}</p>
</div>
</body>
</html>`;
}
