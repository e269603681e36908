import { type BounceFixture, dsn, RETURNED, RETURNED_HEADERS, TOKEN } from './bounce.fixture.ts';

/** Delivery reports with their fields (RFC 3464), as the big systems write them. */
export const REPORTS: readonly BounceFixture[] = [
  {
    name: 'Postfix: unknown in the virtual table',
    raw: dsn({
      text: `This is the mail system at host mx.example.net.

Your message reached nobody at one or more of its addresses.

<ada@example.net>: host mail.example.net[192.0.2.9] said: 550 5.1.1
    <ada@example.net>: Recipient address rejected: User unknown in virtual
    mailbox table (in reply to RCPT TO command)`,
      status: `Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4ABC123
X-Postfix-Sender: rfc822; papers@example.org
Arrival-Date: Wed, 11 Mar 2026 07:30:01 +0000 (UTC)

Final-Recipient: rfc822; ada@example.net
Original-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.net>: Recipient address rejected:
    User unknown in virtual mailbox table`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Postfix: no such host',
    raw: dsn({
      text: '<ada@nowhere.example>: Host or domain name not found.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@nowhere.example
Action: failed
Status: 5.4.4
Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error
    for name=nowhere.example type=A: Host not found`,
    }),
    expected: [['hard', 'unknown-host', '5.4.4', 'ada@nowhere.example']],
  },
  {
    name: 'Postfix: the name server does not answer',
    raw: dsn({
      text: '<ada@example.net>: Host or domain name not found.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 4.4.3
Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error
    for name=mail.example.net type=MX: Host not found, try again`,
    }),
    expected: [['soft', 'network', '4.4.3', 'ada@example.net']],
  },
  {
    name: 'Postfix: nobody answered for five days',
    raw: dsn({
      text: '<ada@example.net>: connect to mail.example.net[192.0.2.9]:25: Connection timed out',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mail.example.net[192.0.2.9]:25:
    Connection timed out`,
    }),
    expected: [['soft', 'network', '4.4.1', 'ada@example.net']],
  },
  {
    name: 'Postfix: still trying',
    raw: dsn({
      subject: 'Delayed Mail (still being retried)',
      text: 'You need not send it again. Delivery is tried until it is five days old.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: delayed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mail.example.net[192.0.2.9]:25: Connection refused
Will-Retry-Until: Mon, 16 Mar 2026 07:30:01 +0000 (UTC)`,
    }),
    expected: [['soft', 'delayed', '4.4.1', 'ada@example.net']],
  },
  {
    name: 'Postfix: over quota at the local delivery agent',
    raw: dsn({
      text: '<ada@example.net>: maildir delivery failed',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.2.2
Diagnostic-Code: X-Postfix; maildir delivery failed: The user you are trying to reach is over quota.`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@example.net']],
  },
  {
    name: 'Postfix: delivered, as was asked for',
    raw: dsn({
      subject: 'Successful Mail Delivery Report',
      text: 'Your message was delivered to the destination listed below.',
      status: `Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: ${TOKEN}

Final-Recipient: rfc822; ada@example.net
Action: delivered
Status: 2.0.0
Diagnostic-Code: smtp; 250 2.0.0 Ok: queued`,
    }),
    expected: [['not-a-bounce', 'delivered', '2.0.0', 'ada@example.net']],
  },
  {
    name: 'Postfix: relayed to a host without reports, and expanded by a list',
    raw: dsn({
      subject: 'Mail Delivery Status Report',
      text: 'The message went on.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: relayed
Status: 2.1.9

Final-Recipient: rfc822; staff@example.net
Action: expanded (to multi-recipient alias)
Status: 2.0.0`,
    }),
    expected: [
      ['not-a-bounce', 'relayed', '2.1.9', 'ada@example.net'],
      ['not-a-bounce', 'expanded', '2.0.0', 'staff@example.net'],
    ],
  },
  {
    name: 'Postfix: one of two recipients, folded diagnostic with repeated codes',
    raw: dsn({
      text: 'Two addresses failed.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; <ada@example.net>
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550-5.1.1 The address that you wrote to does
    550-5.1.1 not exist. Look for a slip
    550 5.1.1 in its letters.

Final-Recipient: rfc822; bob@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 554 5.7.1 Service refused: your host is listed by a block list`,
    }),
    expected: [
      ['hard', 'unknown-user', '5.1.1', 'ada@example.net'],
      ['soft', 'blocked', '5.7.1', 'bob@example.net'],
    ],
  },
  {
    name: 'Postfix: loops back to itself',
    raw: dsn({
      text: 'mail for example.net loops back to myself',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.4.6
Diagnostic-Code: X-Postfix; mail for example.net loops back to myself`,
    }),
    expected: [['soft', 'loop', '5.4.6', 'ada@example.net']],
  },
  {
    name: 'Postfix: relay access denied',
    raw: dsn({
      text: 'said: 554 5.7.1 Relay access denied',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 554 5.7.1 <ada@example.net>: Relay access denied`,
    }),
    expected: [['soft', 'blocked', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'Postfix: a block list says no under the code of unknown users',
    raw: dsn({
      text: 'said: 550 5.1.1 blocked',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.net>: Client host [192.0.2.25]
    blocked using list.example.com; see https://list.example.com/192.0.2.25`,
    }),
    expected: [['soft', 'blocked', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Postfix: the message is larger than the limit',
    raw: dsn({
      text: 'message size 12000000 exceeds size limit',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.3.4
Diagnostic-Code: X-Postfix; message size 12000000 exceeds size limit 10240000 of
    server mail.example.net[192.0.2.9]`,
    }),
    expected: [['soft', 'too-big', '5.3.4', 'ada@example.net']],
  },
  {
    name: 'Exim 4.94: a report, rejected after RCPT',
    raw: dsn({
      from: 'Mail Delivery System <Mailer-Daemon@exim.example.net>',
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: ada@example.net\nAuto-Submitted: auto-replied\n',
      text: `This message was created automatically by mail delivery software (Exim 4.94.2).

A message that you sent reached none of these addresses for good:

  ada@example.net
    host mail.example.net [192.0.2.9]
    SMTP error from remote mail server after RCPT TO:<ada@example.net>:
    550 No such user here`,
      status: `Reporting-MTA: dns; exim.example.net

Action: failed
Final-Recipient: rfc822;ada@example.net
Status: 5.0.0
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 No such user here`,
      returned: `Content-Type: message/rfc822\n\n${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Exim: retry time exceeded',
    raw: dsn({
      from: 'Mail Delivery System <Mailer-Daemon@exim.example.net>',
      subject: 'Mail delivery failed: returning message to sender',
      text: 'ada@example.net\n  retry timeout exceeded',
      status: `Reporting-MTA: dns; exim.example.net

Action: failed
Final-Recipient: rfc822;ada@example.net
Status: 5.0.0
Diagnostic-Code: X-str; retry timeout exceeded`,
    }),
    expected: [['soft', 'expired', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Exim: callout refuses the sender',
    raw: dsn({
      from: 'Mail Delivery System <Mailer-Daemon@exim.example.net>',
      text: 'Sender verify failed',
      status: `Reporting-MTA: dns; exim.example.net

Action: failed
Final-Recipient: rfc822;ada@example.net
Status: 5.0.0
Diagnostic-Code: smtp; 550-Verification failed for <papers@example.org>
 550-No Such User Here
 550 Sender verify failed`,
    }),
    expected: [['soft', 'sender', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Exchange Online: recipient not found',
    raw: dsn({
      from: 'postmaster@tenant.example.com',
      subject: 'Undeliverable: 3 papers',
      headers: 'X-MS-Exchange-Message-Is-Ndr:\nContent-Language: en-GB\n',
      text: 'Your message to ada@example.net was not delivered. The address was not found at example.net.',
      status: `Reporting-MTA: dns;AB1EX01.tenant.example.com
Received-From-MTA: dns;mail.example.org
Arrival-Date: Wed, 11 Mar 2026 07:30:03 +0000

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ada@example.net not found by SMTP address lookup
X-Display-Name: Ada Example`,
    }),
    expected: [['hard', 'unknown-user', '5.1.10', 'ada@example.net']],
  },
  {
    name: 'Exchange Online: the edge knows no such address',
    raw: dsn({
      from: 'postmaster@tenant.example.com',
      text: 'The address was rejected at the edge.',
      status: `Reporting-MTA: dns;EDGE01.example.com

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.4.1
Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected: Access denied. [EDGE01.example.com 2026-03-11T07:30:04.512Z]`,
    }),
    expected: [['hard', 'unknown-user', '5.4.1', 'ada@example.net']],
  },
  {
    name: 'Postfix: the same words under 5.7.1 are a policy',
    raw: dsn({
      text: 'Access denied',
      status: `Reporting-MTA: dns;mx.example.com

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp;554 5.7.1 <ada@example.net>: Recipient address rejected: Access denied`,
    }),
    expected: [['soft', 'blocked', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'Exchange: restricted to known senders',
    raw: dsn({
      from: 'postmaster@tenant.example.com',
      text: 'You have no permission to write to this recipient.',
      status: `Reporting-MTA: dns;EX02.example.com

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.7.133
Diagnostic-Code: smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group`,
    }),
    expected: [['soft', 'sender', '5.7.133', 'ada@example.net']],
  },
  {
    name: 'Exchange: mailbox full',
    raw: dsn({
      from: 'Microsoft Outlook <MicrosoftExchange329e71ec88ae@example.net>',
      text: 'The mailbox of the recipient is full and takes nothing now.',
      status: `Reporting-MTA: dns;EX02.example.com

Final-recipient: RFC822; ada@example.net
Action: failed
Status: 5.2.2
Diagnostic-code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@example.net']],
  },
  {
    name: 'Exchange: full, under the code of expiry',
    raw: dsn({
      from: 'postmaster@tenant.example.com',
      text: 'The mailbox takes no more.',
      status: `Reporting-MTA: dns;EX02.example.com

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.4.7
Diagnostic-Code: smtp;550 5.4.7 QUEUE.Expired; message expired, last answer: 432 4.2.2 The recipient mailbox is full`,
    }),
    expected: [['soft', 'mailbox-full', '5.4.7', 'ada@example.net']],
  },
  {
    name: 'Exchange: null MX',
    raw: dsn({
      from: 'postmaster@tenant.example.com',
      text: 'The domain takes no mail.',
      status: `Reporting-MTA: dns;EX02.example.com

Final-Recipient: rfc822;ada@silent.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;556 5.1.10 Domain silent.example does not accept mail (nullMX)`,
    }),
    expected: [['hard', 'no-mail', '5.1.10', 'ada@silent.example']],
  },
  {
    name: 'Exchange: DNS domain does not exist',
    raw: dsn({
      from: 'postmaster@tenant.example.com',
      text: 'The domain was not found.',
      status: `Reporting-MTA: dns;EX02.example.com

Final-Recipient: rfc822;ada@nowhere.example
Action: failed
Status: 5.4.310
Diagnostic-Code: smtp;550 5.4.310 DNS domain nowhere.example does not exist [Message=InfoDomainNonexistent]`,
    }),
    expected: [['hard', 'unknown-host', '5.4.310', 'ada@nowhere.example']],
  },
  {
    name: 'Gmail: the address does not exist',
    raw: dsn({
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      subject: 'Delivery Status Notification (Failure)',
      headers: `Auto-Submitted: auto-replied\nReferences: <d.${TOKEN}@example.org>\nIn-Reply-To: <d.${TOKEN}@example.org>\n`,
      type: 'multipart/report; report-type=delivery-status',
      text: `** Address not found **

Your message was not delivered to ada@example.net because the address was not found.`,
      status: `Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; papers@example.org
Arrival-Date: Wed, 11 Mar 2026 00:30:02 -0700 (PDT)
X-Original-Message-ID: <d.${TOKEN}@example.org>

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.example.com. (192.0.2.26, the server for the domain example.net.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550 5.1.1 unnecessary spaces. x5-20020a05 - gsmtp
Last-Attempt-Date: Wed, 11 Mar 2026 00:30:03 -0700 (PDT)`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Gmail: out of storage',
    raw: dsn({
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      text: 'The inbox of ada@example.net is full.',
      status: `Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 4.2.2
Diagnostic-Code: smtp; 452-4.2.2 The recipient's inbox is out of storage space. Please direct them
 452 4.2.2 to free some. x5-20020a05 - gsmtp`,
    }),
    expected: [['soft', 'mailbox-full', '4.2.2', 'ada@example.net']],
  },
  {
    name: 'Gmail: disabled account',
    raw: dsn({
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      text: 'The account is disabled.',
      status: `Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.2.1
Diagnostic-Code: smtp; 550 5.2.1 The email account that you tried to reach is disabled. x5-20020a05 - gsmtp`,
    }),
    expected: [['soft', 'disabled', '5.2.1', 'ada@example.net']],
  },
  {
    name: 'Gmail: not authenticated',
    raw: dsn({
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      text: 'The message was refused.',
      status: `Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.7.26
Diagnostic-Code: smtp; 550-5.7.26 Your email has been blocked because the sender is unauthenticated.
 550-5.7.26 SPF [example.org] with ip: [192.0.2.25] = Did not pass
 550 5.7.26 x5-20020a05 - gsmtp`,
    }),
    expected: [['soft', 'sender', '5.7.26', 'ada@example.net']],
  },
  {
    name: 'Gmail: it looks like spam',
    raw: dsn({
      from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      text: 'The message was refused.',
      status: `Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 550-5.7.1 [192.0.2.25] Our system has detected that this message is likely
 550-5.7.1 unsolicited mail. To reduce the amount of spam, this message has been
 550 5.7.1 blocked. x5-20020a05 - gsmtp`,
    }),
    expected: [['soft', 'blocked', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'Yahoo: no account of that name',
    raw: dsn({
      from: 'MAILER-DAEMON@yahoo.example',
      subject: 'Failure notice',
      text: 'Sorry, we were unable to deliver your message to the following address.',
      status: `Reporting-MTA: dns; atlas.mail.yahoo.example

Final-Recipient: rfc822; ada@yahoo.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 554 delivery error: dd This user doesn't have a yahoo.example account (ada@yahoo.example) [0] - mta4012.mail.yahoo.example`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@yahoo.example']],
  },
  {
    name: 'Yahoo: deferred for too long',
    raw: dsn({
      from: 'MAILER-DAEMON@yahoo.example',
      text: 'Sorry.',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@yahoo.example
Action: failed
Status: 4.4.7
Diagnostic-Code: smtp; 421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred due to unexpected volume or user complaints`,
    }),
    expected: [['soft', 'blocked', '4.4.7', 'ada@yahoo.example']],
  },
  {
    name: 'sendmail: user unknown',
    raw: dsn({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.net>',
      subject: 'Returned mail: see transcript for details',
      headers: 'Auto-Submitted: auto-generated (failure)\n',
      text: `The original message was received at Wed, 11 Mar 2026 07:30:01 GMT
from mail.example.org [192.0.2.25]

   ----- The following addresses had permanent fatal errors -----
<ada@example.net>
    (reason: 550 5.1.1 <ada@example.net>... User unknown)

   ----- Transcript of session follows -----
... while talking to mail.example.net.:
>>> DATA
<<< 550 5.1.1 <ada@example.net>... User unknown
550 5.1.1 <ada@example.net>... User unknown
<<< 503 5.0.0 Need RCPT (recipient)`,
      status: `Reporting-MTA: dns; sendmail.example.net
Received-From-MTA: DNS; mail.example.org
Arrival-Date: Wed, 11 Mar 2026 07:30:01 GMT

Final-Recipient: RFC822; ada@example.net
Action: failed
Status: 5.1.1
Remote-MTA: DNS; mail.example.net
Diagnostic-Code: SMTP; 550 5.1.1 <ada@example.net>... User unknown
Last-Attempt-Date: Wed, 11 Mar 2026 07:30:02 GMT`,
      returned: `Content-Type: text/rfc822-headers\n\n${RETURNED_HEADERS}`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'sendmail: host unknown',
    raw: dsn({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.net>',
      subject: 'Returned mail: Host unknown (Name server: nowhere.example: host not found)',
      text: '550 5.1.2 <ada@nowhere.example>... Host unknown (Name server: nowhere.example: host not found)',
      status: `Reporting-MTA: dns; sendmail.example.net

Final-Recipient: RFC822; ada@nowhere.example
Action: failed
Status: 5.1.2
Remote-MTA: DNS; nowhere.example
Last-Attempt-Date: Wed, 11 Mar 2026 07:30:02 GMT`,
    }),
    expected: [['hard', 'unknown-host', '5.1.2', 'ada@nowhere.example']],
  },
  {
    name: 'sendmail: too many hops',
    raw: dsn({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.net>',
      text: '554 5.4.6 Too many hops 26 (25 max)',
      status: `Reporting-MTA: dns; sendmail.example.net

Final-Recipient: RFC822; ada@example.net
Action: failed
Status: 5.4.6
Diagnostic-Code: SMTP; 554 5.4.6 Too many hops 26 (25 max): from <papers@example.org>`,
    }),
    expected: [['soft', 'loop', '5.4.6', 'ada@example.net']],
  },
  {
    name: 'Mimecast: invalid recipient',
    raw: dsn({
      from: 'Postmaster <postmaster@mimecast.example>',
      subject: '[Postmaster] Email Delivery Failure',
      text: `This is a delivery failure notification message indicating that an email you addressed to email address :
-- ada@example.net

could not be delivered. The problem appears to be :
-- Recipient email server rejected the message

Additional information follows :
-- 550 Invalid Recipient`,
      status: `Reporting-MTA: dns; eu-smtp-1.mimecast.example

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 Invalid Recipient - https://mimecast.example/docs/550#AbCdEf`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Mimecast: anti-spoofing policy',
    raw: dsn({
      from: 'Postmaster <postmaster@mimecast.example>',
      text: 'Rejected by header based Anti-Spoofing policy',
      status: `Reporting-MTA: dns; eu-smtp-1.mimecast.example

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 Rejected by header based Anti-Spoofing policy: papers@example.org - https://mimecast.example/docs/550`,
    }),
    expected: [['soft', 'blocked', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Barracuda: no such recipient',
    raw: dsn({
      text: '550 permanent failure for one or more recipients',
      status: `Reporting-MTA: dns; barracuda.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 permanent failure for one or more recipients (ada@example.net:550 No such user (ada@example.net) -ERR ada@example.net not found)`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Barracuda: blocked',
    raw: dsn({
      text: '550 permanent failure for one or more recipients',
      status: `Reporting-MTA: dns; barracuda.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 permanent failure for one or more recipients (ada@example.net:blocked)`,
    }),
    expected: [['soft', 'blocked', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Proofpoint: user unknown',
    raw: dsn({
      text: 'User Unknown',
      status: `Reporting-MTA: dns; mx07-0001.pphosted.example

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User Unknown`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Proofpoint: blocked address, for now',
    raw: dsn({
      text: 'Blocked',
      status: `Reporting-MTA: dns; mx07-0001.pphosted.example

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.7.0
Diagnostic-Code: smtp; 554 Blocked - see https://ipcheck.proofpoint.example/?ip=192.0.2.25`,
    }),
    expected: [['soft', 'blocked', '5.7.0', 'ada@example.net']],
  },
  {
    name: 'Zimbra: the account is over its quota',
    raw: dsn({
      from: 'MAILER-DAEMON@zimbra.example.net (Mail Delivery System)',
      text: '<ada@example.net>: host mailbox.example.net said: 452 4.2.2 Over quota',
      status: `Reporting-MTA: dns; zimbra.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 Over quota`,
    }),
    expected: [['soft', 'mailbox-full', '4.2.2', 'ada@example.net']],
  },
  {
    name: 'Zimbra: no such account',
    raw: dsn({
      from: 'MAILER-DAEMON@zimbra.example.net (Mail Delivery System)',
      text: 'Recipient address rejected',
      status: `Reporting-MTA: dns; zimbra.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.net>: Recipient address rejected: example.net`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Courier: user unknown, in its own order of fields',
    raw: dsn({
      from: '"Courier mail server at courier.example.net" <@courier.example.net>',
      subject: 'NOTICE: mail delivery status.',
      text: `This is a delivery status notification from courier.example.net.

UNDELIVERABLE MAIL

Your message to the following recipients cannot be delivered:

<ada@example.net>:
    mail.example.net [192.0.2.9]:
 <<< RCPT TO:<ada@example.net>
 >>> 550 User unknown.`,
      status: `Reporting-MTA: dns; courier.example.net
Arrival-Date: Wed, 11 Mar 2026 07:30:01 +0000

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
Remote-MTA: dns; mail.example.net [192.0.2.9]
Diagnostic-Code: smtp; 550 User unknown.`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'Amazon SES: suppressed by the provider itself',
    raw: dsn({
      from: 'MAILER-DAEMON@eu-west-1.amazonses.example',
      subject: 'Delivery Status Notification (Failure)',
      text: 'An error occurred while trying to deliver the mail to the following recipients:\nada@example.net',
      status: `Reporting-MTA: dns; a1-1.smtp-out.eu-west-1.amazonses.example

Action: failed
Final-Recipient: rfc822; ada@example.net
Diagnostic-Code: smtp; 550 5.1.1 user unknown
Status: 5.1.1`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'iCloud: illegal alias',
    raw: dsn({
      text: 'unknown or illegal alias',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@icloud.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown or illegal alias: ada@icloud.example`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@icloud.example']],
  },
  {
    name: 'iCloud: over quota',
    raw: dsn({
      text: 'user is over quota',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@icloud.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 <ada@icloud.example>: user is over quota`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@icloud.example']],
  },
  {
    name: 'GMX: mailbox unavailable says nothing certain',
    raw: dsn({
      text: 'Requested action not taken: mailbox unavailable',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@gmx.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550-Requested action not taken: mailbox unavailable 550 For explanation visit https://postmaster.gmx.example`,
    }),
    expected: [['soft', 'undefined', '5.0.0', 'ada@gmx.example']],
  },
  {
    name: 'Outlook.com: its own code for an address that is not there',
    raw: dsn({
      text: 'mailbox unavailable',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@outlook.example
Action: failed
Status: 5.5.0
Diagnostic-Code: smtp; 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [AM7EUR06.prod.protection.outlook.example]`,
    }),
    expected: [['hard', 'unknown-user', '5.5.0', 'ada@outlook.example']],
  },
  {
    name: 'mail.ru: not accepted, invalid mailbox',
    raw: dsn({
      text: 'invalid mailbox',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@mail.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 Message was not accepted -- invalid mailbox. Local mailbox ada@mail.example is unavailable: user not found`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@mail.example']],
  },
  {
    name: 'Yandex: no such user',
    raw: dsn({
      text: 'No such user!',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@yandex.example
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 550 5.7.1 No such user!`,
    }),
    expected: [['hard', 'unknown-user', '5.7.1', 'ada@yandex.example']],
  },
  {
    name: 'QQ: mailbox not found',
    raw: dsn({
      text: 'Mailbox not found.',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@qq.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 Mailbox not found. https://service.mail.qq.example/detail/0/20022`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@qq.example']],
  },
  {
    name: 'Free: blocked because nobody used it',
    raw: dsn({
      text: 'inactivity',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@free.example
Action: failed
Status: 5.2.1
Diagnostic-Code: smtp; 550 5.2.1 This mailbox has been blocked due to inactivity (UserSearch)`,
    }),
    expected: [['soft', 'disabled', '5.2.1', 'ada@free.example']],
  },
  {
    name: 'Comcast: not our customer',
    raw: dsn({
      text: 'Not our Customer',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@comcast.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 Not our Customer`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@comcast.example']],
  },
  {
    name: 'a provider: full under 5.1.1',
    raw: dsn({
      text: 'full',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.net>: user's mailbox quota exceeded`,
    }),
    expected: [['soft', 'mailbox-full', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'a provider: the account was closed',
    raw: dsn({
      text: 'closed',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.2.1
Diagnostic-Code: smtp; 550 5.2.1 The account of this user was closed by its owner`,
    }),
    expected: [['hard', 'unknown-user', '5.2.1', 'ada@example.net']],
  },
  {
    name: 'a provider: greylisted until it was too old',
    raw: dsn({
      text: 'too old',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 4.4.7
Diagnostic-Code: smtp; 451 4.7.1 <ada@example.net>: greylisted, come back in 5 minutes`,
    }),
    expected: [['soft', 'blocked', '4.7.1', 'ada@example.net']],
  },
  {
    name: 'a provider: a failure that was only ever temporary',
    raw: dsn({
      text: 'not yet known',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 4.1.1
Diagnostic-Code: smtp; 450 4.1.1 <ada@example.net>: Recipient address rejected: User unknown`,
    }),
    expected: [['soft', 'expired', '4.1.1', 'ada@example.net']],
  },
  {
    name: 'a provider: the domain is called spam',
    raw: dsn({
      text: 'no',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; blocked@spam-policy.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <blocked@spam-policy.example>: no such user at mx.spam-policy.example (https://spam.example/blocked)`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'blocked@spam-policy.example']],
  },
  {
    name: 'a provider: an IP address that looks like a code',
    raw: dsn({
      text: 'refused',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 554 the host 5.1.1.25 was turned away by mx (version 5.2.2.1)`,
    }),
    expected: [['soft', 'undefined', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'a gateway: nothing but a bare failure',
    raw: dsn({
      text: 'It did not work.',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0`,
    }),
    expected: [['soft', 'undefined', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'a gateway: the reason stands in the prose alone',
    raw: dsn({
      text: 'Your mail for ada@example.net was not delivered: the recipient is unknown here.',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'a gateway: no action, the class of the status tells',
    raw: dsn({
      text: 'no',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: ada@example.net
Status: 5.1.1 (bad destination mailbox address)

Final-Recipient: bob@example.net
Status: 4.4.1

Final-Recipient: eve@example.net
Status: 2.0.0`,
    }),
    expected: [
      ['hard', 'unknown-user', '5.1.1', 'ada@example.net'],
      ['soft', 'delayed', '4.4.1', 'bob@example.net'],
      ['not-a-bounce', 'delivered', '2.0.0', 'eve@example.net'],
    ],
  },
  {
    name: 'a gateway: the wrong outer type, the status in the tree all the same',
    raw: dsn({
      type: 'multipart/mixed',
      headers: '',
      text: 'no',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'an international address (RFC 6533)',
    raw: dsn({
      text: 'no',
      statusHeaders:
        'Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: 8bit\n',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: utf-8; jürgen@bücher.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unbekannter Empfänger`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'jürgen@bücher.example']],
  },
  {
    name: 'an encoded status',
    raw: dsn({
      text: 'no',
      statusHeaders: 'Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n',
      status: Buffer.from(
        'Reporting-MTA: dns; relay.example.org\r\n\r\nFinal-Recipient: rfc822; ada@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n',
      ).toString('base64'),
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'prose in another character set, reason in German',
    raw: dsn({
      text: 'Empf=E4nger unbekannt',
      textHeaders:
        'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'prose as HTML alone',
    raw: dsn({
      textHeaders: 'Content-Type: text/html; charset=utf-8\n',
      text: '<html><body><p>Your mail to <b>ada@example.net</b> failed:<br>the mailbox&nbsp;is <i>full</i>.</p></body></html>',
      status: `Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0`,
    }),
    expected: [['soft', 'mailbox-full', '5.0.0', 'ada@example.net']],
  },
];
