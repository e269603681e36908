import {
  BOUNCE_ADDRESS,
  type BounceFixture,
  dsn,
  plain,
  RETURNED,
  TOKEN,
} from './bounce.fixture.ts';

const group = (fields: string) => `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
${fields}`;

/** Bounces of the large mailbox providers and filters of today, in the forms that they have besides the common one. The texts are ours. */
export const PROVIDERS: readonly BounceFixture[] = [
  {
    name: 'Exchange Online: a page of HTML beside the fields, and expiry told in prose',
    raw: dsn({
      from: 'Microsoft Outlook <MicrosoftExchange329e71@example.net>',
      subject: 'Undeliverable: 3 papers: mailbox full of unknown users',
      textHeaders: 'Content-Type: text/html; charset="utf-8"\n',
      text: `<html><head><style>.full { color: red } .unknown { width: 1px }</style></head><body>
<h1>Your message to ada@example.net couldn't be delivered.</h1>
<p>A communication failure occurred during the delivery of this message. example.net didn't answer.</p></body></html>`,
      status: group(`Status: 4.4.316
Diagnostic-Code: smtp;550 4.4.316 Message expired, connection refused(Socket error code 10061)
Remote-MTA: dns;192.0.2.9`).replace('mx.example.net', 'AM0PR01.example.net'),
    }),
    expected: [['soft', 'expired', '4.4.316', 'ada@example.net']],
  },
  {
    name: 'Exchange Online: a rule of the organization',
    raw: dsn({
      from: 'postmaster@example.net',
      subject: 'Undeliverable: 3 papers',
      text: 'Delivery has failed to these recipients or groups:\n\nada@example.net\nA custom mail flow rule created by an admin at example.net has blocked your message.',
      status: group(`Status: 5.7.1
Diagnostic-Code: smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy`),
    }),
    expected: [['soft', 'blocked', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'Exchange Online: another server said that nobody is there',
    raw: dsn({
      from: 'postmaster@example.net',
      subject: 'Undeliverable: 3 papers',
      text: 'Your message to ada@example.net could not be delivered.\nA remote server at example.net returned an error.',
      status: group(`Status: 5.0.350
Diagnostic-Code: smtp;550 5.0.350 Remote server returned an error -> 550 User unknown`),
    }),
    expected: [['hard', 'unknown-user', '5.0.350', 'ada@example.net']],
  },
  {
    name: 'Gmail: mail comes at a rate that the reader cannot take',
    raw: dsn({
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
      subject: 'Delivery Status Notification (Failure)',
      text: '** Message not delivered **\n\nThere was a problem delivering your message to ada@example.net.',
      status: group(`Status: 4.2.1
Diagnostic-Code: smtp; 450-4.2.1 The user you are trying to contact is receiving mail at a rate that
 450-4.2.1 prevents additional messages from being delivered. Please resend your
 450 4.2.1 message at a later time. - gsmtp`),
    }),
    expected: [['soft', 'blocked', '4.2.1', 'ada@example.net']],
  },
  {
    name: 'Gmail: mail comes too quickly, for good',
    raw: plain({
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
      subject: 'Delivery Status Notification (Failure)',
      body: `Your message wasn't delivered to ada@example.net because the user is receiving mail too quickly.

The response was:

550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.

----- Original message -----

${RETURNED}`,
    }),
    expected: [['soft', 'blocked', '5.2.1', 'ada@example.net']],
  },
  {
    name: 'Yahoo: nobody has used the mailbox for long',
    raw: dsn({
      from: 'MAILER-DAEMON@mta1.example.net',
      subject: 'Failure Notice',
      text: 'Sorry, we were unable to deliver your message to the following address.\n\n<ada@example.net>:\n554: delivery error: dd Not a valid recipient - atlas-production.mta1',
      status: group(`Status: 5.0.0
Diagnostic-Code: smtp; 554 delivery error: dd Not a valid recipient - atlas-production.mta1`),
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Postfix: the address could not be verified in time',
    raw: dsn({
      text: '<ada@example.net>: host mx.example.net[192.0.2.9] said: 450 4.1.1 <ada@example.net>: Recipient address rejected: unverified address: Address verification in progress (in reply to RCPT TO command)',
      status: group(`Status: 4.1.1
Diagnostic-Code: smtp; 450 4.1.1 <ada@example.net>: Recipient address rejected: unverified address:
    Address verification in progress`),
    }),
    expected: [['soft', 'blocked', '4.1.1', 'ada@example.net']],
  },
  {
    name: 'Exim: a local part that its router does not know, without a code',
    raw: plain({
      from: 'Mail Delivery System <Mailer-Daemon@mx.example.net>',
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: ada@example.net\nAuto-Submitted: auto-replied\n',
      body: `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ada@example.net
    (ultimately generated from list@example.net)
    This address no longer accepts mail

------ This is a copy of the message, including all the headers. ------

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'qmail: not in the list of valid recipients',
    raw: plain({
      body: `Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.net>:
192.0.2.9 does not like recipient.
Remote host said: 553 sorry, this recipient is not in my validrcptto list (#5.7.1)
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'qmail: not in the list of hosts, which says nothing of the reader',
    raw: plain({
      body: `Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.net>:
192.0.2.9 does not like recipient.
Remote host said: 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

${RETURNED}`,
    }),
    expected: [['soft', 'blocked', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'Domino: the mail file has exceeded its quota',
    raw: plain({
      from: 'Postmaster <postmaster@example.net>',
      subject:
        'DELIVERY FAILURE: Unable to deliver message to ada; the mail file has exceeded its quota',
      body: `Your message

  Subject: 3 papers

was not delivered to:

  ada@example.net

because:

  Unable to deliver message to ada; the mail file has exceeded its quota

${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@example.net']],
  },
  {
    name: 'GroupWise: a mailbox that is disabled',
    raw: plain({
      from: 'Mailer-Daemon@gw.example.net',
      subject: 'Message status - undeliverable',
      body: `The attached file had the following undeliverable recipient(s):
	ada@example.net
	Reason: The recipient account is disabled (D113)

${RETURNED}`,
    }),
    expected: [['soft', 'disabled', undefined, 'ada@example.net']],
  },
  {
    name: 'Mimecast: the answer is put off',
    raw: dsn({
      from: 'MIMECAST Mail Delivery System <postmaster@mx.example.net>',
      subject: '[Postmaster] Email Delivery Failure',
      text: 'Your message could not be delivered to ada@example.net within the time that it is tried.\n\nThe server said: 451 Internal resources are temporarily unavailable',
      status: group(`Status: 4.3.0
Diagnostic-Code: smtp; 451 Internal resources are temporarily unavailable - https://mimecast.example/docs#451`),
    }),
    expected: [['soft', 'system', '4.3.0', 'ada@example.net']],
  },
  {
    name: 'Proofpoint: the recipient is rejected by the directory behind it',
    raw: dsn({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@pps.example.net>',
      subject: 'Returned mail: see transcript for details',
      text: `   ----- The following addresses had permanent fatal errors -----
<ada@example.net>
    (reason: 550 5.1.1 User Unknown)

   ----- Transcript of session follows -----
... while talking to mx.example.net.:
>>> DATA
<<< 550 5.1.1 User Unknown
554 5.0.0 Service unavailable`,
      status: group(`Status: 5.0.0
Remote-MTA: DNS; mx.example.net
Diagnostic-Code: SMTP; 550 5.1.1 User Unknown`),
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Barracuda: whose answer stands in brackets behind the address',
    raw: dsn({
      from: 'postmaster@barracuda.example.net',
      subject: '**Message you sent blocked by our bulk email filter**',
      headers: 'Auto-Submitted: auto-generated\n',
      text: 'Your message to: ada@example.net\nwas blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:\n\nSubject: 3 papers',
      status: group(`Status: 5.7.1
Diagnostic-Code: smtp;550 permanent failure for one or more recipients (ada@example.net:550 blocked)`),
    }),
    expected: [['soft', 'blocked', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'iCloud: the address is inactive',
    raw: dsn({
      text: '<ada@example.net>: host mx01.mail.icloud.example[192.0.2.9] said: 550 5.2.1 <ada@example.net>: inactive email address (in reply to RCPT TO command)',
      status: group(`Status: 5.2.1
Diagnostic-Code: smtp; 550 5.2.1 <ada@example.net>: inactive email address`),
    }),
    expected: [['soft', 'disabled', '5.2.1', 'ada@example.net']],
  },
  {
    name: 'GMX: no PTR record, told in several lines before the greeting',
    raw: dsn({
      from: '"GMX Mailer Daemon" <mailer-daemon@gmx.example>',
      subject: 'Mail delivery failed: returning message to sender',
      text: 'A message that you have sent could not be delivered to one or more recipients.',
      status: group(`Status: 5.0.0
Diagnostic-Code: smtp; 554-gmx.example (mxgmx101) Nemesis ESMTP Service not available
 554-No SMTP service
 554-Bad DNS PTR resource record.
 554 For explanation visit https://postmaster.gmx.example/case?c=rdns`),
    }),
    expected: [['soft', 'sender', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Naver: the mailbox has reached what it may hold',
    raw: dsn({
      from: 'MAILER-DAEMON@mx.naver.example',
      subject: '[Delivery Failure] 3 papers',
      text: '메일 전송에 실패했습니다.\nada@example.net',
      status: group(`Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Mailbox size limit exceeded 12si - nsmtp`),
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@example.net']],
  },
  {
    name: 'QQ: so many a day from one address',
    raw: dsn({
      from: '=?utf-8?B?UVHpgq7nrrE=?= <mailer-daemon@qq.example>',
      subject: '=?utf-8?B?6YCA5L+h?=',
      text: '很抱歉，您的邮件被退回来了……\n收件人：ada@example.net\n退信原因：收件服务器拒绝',
      status: group(`Status: 5.0.0
Diagnostic-Code: smtp; 550 Ip frequency limited [MXAAA]. https://mail.qq.example/help?id=20022`),
    }),
    expected: [['soft', 'blocked', '5.0.0', 'ada@example.net']],
  },
  {
    name: '163: one of its own codes, and the rest is an address',
    raw: dsn({
      from: 'Postmaster@163.example',
      subject: '系统退信',
      text: '抱歉，您的邮件被退回来了……',
      status: group(`Status: 5.0.0
Diagnostic-Code: smtp; 554 DT:SPM 163 smtp5,D9GowACHO7RNvOtW--.123S2 1458289741,please see http://mail.163.example/help/help_spam_16.htm`),
    }),
    expected: [['soft', 'blocked', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Mail.ru: closed after long inactivity',
    raw: dsn({
      from: 'mailer-daemon@corp.mail.example',
      subject: '=?UTF-8?B?0KHQvtC+0LHRidC10L3QuNC1INC90LUg0LTQvtGB0YLQsNCy0LvQtdC90L4=?=',
      text: 'Сообщение не доставлено.\n\nada@example.net',
      status: group(`Status: 5.2.1
Diagnostic-Code: smtp; 550 5.2.1 Message was not accepted -- mailbox is unavailable due to long inactivity`),
    }),
    expected: [['soft', 'disabled', '5.2.1', 'ada@example.net']],
  },
  {
    name: 'Zoho: told in a table of HTML alone',
    raw: plain({
      from: 'mailer-daemon@zoho.example',
      subject: 'Undelivered Mail Returned to Sender',
      headers:
        'X-Zoho-Failed: 1\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n',
      body: `<html><body><p>This message was created automatically by mail delivery software.
A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.</p>
<table><tr><td>ada@example.net</td><td>Invalid Recipients, ERROR CODE :550 - 5.1.1 User does not exist - &lt;ada@example.net&gt;</td></tr></table>
<p>Received: from mail.example.org by mx.zoho.example</p><p>Message-ID: &lt;d.${TOKEN}@example.org&gt;</p></body></html>`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Fastmail: the message cannot be delivered to where it is passed on',
    raw: dsn({
      from: 'Mail Delivery System <MAILER-DAEMON@mailmx.fastmail.example>',
      text: '<ada@else.example> (expanded from <ada@example.net>): host mx.else.example[192.0.2.8] said: 552 5.2.2 Over quota (in reply to RCPT TO command)',
      status: `Reporting-MTA: dns; mailmx.fastmail.example

Final-Recipient: rfc822; ada@else.example
Original-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Over quota`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@else.example']],
  },
  {
    name: 'a relay’s own list of addresses that bounced before',
    raw: dsn({
      from: 'MAILER-DAEMON@sendgrid.example',
      subject: 'Undelivered Mail Returned to Sender',
      text: 'Delivery to ada@example.net failed.',
      status: group(`Status: 5.0.0
Diagnostic-Code: smtp; 550 Bounced Address - ada@example.net`),
    }),
    expected: [['soft', 'undefined', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'fields without a blank line between those of the message and those of the recipient',
    raw: dsn({
      text: 'Your message could not be delivered.',
      status: `Reporting-MTA: dns; mx.example.net
Arrival-Date: Wed, 11 Mar 2026 07:30:02 +0000
Final-Recipient: rfc822;<ada@example.net>
Action: failed
Status: 5.1.1 (bad destination mailbox address)
Diagnostic-Code: X-Unix; 550 5.1.1 ada... no such user`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'the report as an attachment of text, beside words in quoted-printable',
    raw: `Return-Path: <>
From: Mail Administrator <postmaster@example.net>
To: ${BOUNCE_ADDRESS}
Subject: Undeliverable message
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=zz

--zz
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Ihre Nachricht konnte nicht zugestellt werden. Der Empf=E4nger ist hier nicht=
 bekannt.
--zz
Content-Type: text/plain; name="details.txt"
Content-Disposition: attachment; filename="details.txt"

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
--zz
Content-Type: message/rfc822

${RETURNED}
--zz--
`,
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
];
