import { type BounceFixture, dsn, plain, RETURNED } from './bounce.fixture.ts';

/** Bounces of systems that are met seldom, in forms of their own, and damaged ones. The texts are ours. */
export const RARER: readonly BounceFixture[] = [
  {
    name: 'OpenSMTPD: a greeting, then who',
    raw: plain({
      from: 'Mailer Daemon <MAILER-DAEMON@mx.example.net>',
      subject: 'Delivery status notification: error',
      body: `    Hi!

    This is the MAILER-DAEMON, please DO NOT REPLY to this email.

    An error has occurred while attempting to deliver a message for
    the following list of recipients:

ada@example.net: 550 5.1.1 Invalid recipient: <ada@example.net>

    Below is a copy of the original message:

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'OpenSMTPD: a warning that is only for now',
    raw: plain({
      from: 'Mailer Daemon <MAILER-DAEMON@mx.example.net>',
      subject: 'Delivery status notification: warning: delayed',
      body: `    Hi!

    A message is delayed for more than 4 hours for the following
    list of recipients:

ada@example.net: Network error on destination MXs

    Please note that this is only a temporary failure report.
    The message is kept in the queue for up to 4 days. You do not need to resend it.

    Below is a copy of the original message:

${RETURNED}`,
    }),
    expected: [['soft', 'delayed', undefined, 'ada@example.net']],
  },
  {
    name: 'Mercury: failed at this site',
    raw: plain({
      from: 'Mail System Administrator <postmaster@example.net>',
      subject: 'Postmaster Notify: Delivery Failure.',
      body: `Mercury/32: The attached message has failed delivery and has been
referred to you as postmaster. The following error report or
reports were given to explain the problem:

   *** ada@example.net
       User not known at this site.

----- Original message follows -----
${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'PMDF: reason and diagnostic code under the recipient',
    raw: plain({
      from: 'Internet Mail Delivery <postmaster@example.net>',
      subject: 'Delivery Notification: Delivery has failed',
      body: `This report relates to a message you sent with the following header fields:

  Subject: 3 papers

Your message cannot be delivered to the following recipients:

  Recipient address: ada@example.net
  Reason: Remote SMTP server has rejected address
  Diagnostic code: smtp;550 5.1.1 unknown or illegal alias: ada@example.net
  Remote system: dns;mx.example.net (TCP|192.0.2.1|52110|192.0.2.9|25)

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'IMail: the mailbox exceeds what it may hold',
    raw: plain({
      from: 'Postmaster <postmaster@example.net>',
      subject: 'Undeliverable Mail',
      body: `User mailbox exceeds allowed size: ada@example.net

Original message follows.

${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@example.net']],
  },
  {
    name: 'IMail: the answer to RCPT',
    raw: plain({
      from: 'Postmaster <postmaster@example.net>',
      subject: 'Undeliverable Mail',
      body: `undeliverable to ada@example.net
The following recipient could not be reached:
RCPT TO generated following response:
550 <ada@example.net>: Recipient is not valid

Original message follows.

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '550', 'ada@example.net']],
  },
  {
    name: 'InterScan: sent and received lines',
    raw: plain({
      from: 'InterScan <MAILER-DAEMON@gate.example.net>',
      subject: 'Undeliverable: 3 papers',
      body: `The message that you sent was undeliverable to the following:

    ada@example.net

Transcript of session follows:
  Sent >>> RCPT TO: <ada@example.net>
  Received <<< 550 Requested action not taken: no such recipient

Received: from mail.example.org
${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '550', 'ada@example.net']],
  },
  {
    name: 'a Japanese carrier: the account is over quota for now',
    raw: plain({
      from: 'Mail Administrator <Postmaster@carrier.example>',
      subject: 'Mail System Error - Returned Mail',
      body: `The user(s) account is temporarily over quota.

<ada@carrier.example>

${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@carrier.example']],
  },
  {
    name: 'a Korean portal',
    raw: plain({
      from: '=?utf-8?B?66mU7J287Iuc7Iqk7YWc?= <postmaster@portal.example>',
      subject: '=?utf-8?B?66mU7J28IOyghOyGoSDsi6TtjKg=?=',
      headers: 'Content-Type: text/plain; charset=utf-8\n',
      body: `메일이 전송되지 못했습니다.

ada@portal.example
존재하지 않는 사용자입니다.

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@portal.example']],
  },
  {
    name: 'a server in Ukrainian',
    raw: plain({
      from: 'MAILER-DAEMON@mx.example.ua',
      headers: 'Content-Type: text/plain; charset=utf-8\n',
      body: `Не вдалося доставити повідомлення:

ada@example.ua: скринька переповнена

${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@example.ua']],
  },
  {
    name: 'Stalwart: the rejected command in one line',
    raw: dsn({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>',
      subject: 'Failed to deliver message',
      text: `Your message could not be delivered to the following recipients:

<ada@example.net> (host 'mx.example.net' rejected command 'RCPT TO:<ada@example.net>' with code 550 (5.1.2) 'No such host here')
`,
      status: `Reporting-MTA: dns;mail.example.org

Final-Recipient: rfc822;ada@example.net
Action: failed
Diagnostic-Code: smtp;550 5.1.2 an MX or SRV record indicated no SMTP service
Status: 5.1.2`,
    }),
    expected: [['hard', 'no-mail', '5.1.2', 'ada@example.net']],
  },
  {
    name: 'Gmail as a relay: we have sent our day’s share',
    raw: dsn({
      text: 'Message not delivered.',
      status: `Reporting-MTA: dns; googlemail.example

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.4.5
Diagnostic-Code: smtp; 550-5.4.5 Daily user sending limit exceeded. For more
 550 5.4.5 information on sending limits see the help pages`,
    }),
    expected: [['soft', 'blocked', '5.4.5', 'ada@example.net']],
  },
  {
    name: 'IronPort: the address is rejected, and no more is said',
    raw: dsn({
      text: 'The following message could not be delivered.',
      status: `Reporting-MTA: dns; esa.example.net

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 #5.1.0 Address rejected.`,
    }),
    expected: [['hard', 'unknown-user', '5.1.0', 'ada@example.net']],
  },
  {
    name: 'a filter: our own domain cannot be answered',
    raw: dsn({
      text: 'Your mail was refused.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 554 Refused. The domain of your sender address has no mail exchanger (MX).`,
    }),
    expected: [['soft', 'sender', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'a server: our host is not found, not theirs',
    raw: dsn({
      text: 'Your mail was refused.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp; 554 5.7.1 <unknown[192.0.2.25]>: Client host rejected: Host not found`,
    }),
    expected: [['soft', 'sender', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'a tarpit: others guessed at addresses',
    raw: dsn({
      text: 'Your mail was refused.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 Too many invalid recipients from your network`,
    }),
    expected: [['soft', 'blocked', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'a firm: the person works there no longer',
    raw: dsn({
      text: 'Delivery failed.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 Ada no longer works for us`,
    }),
    expected: [['hard', 'unknown-user', '5.0.0', 'ada@example.net']],
  },
  {
    name: 'fields in capitals, a tab after each colon, and blank lines doubled',
    raw: dsn({
      text: 'See below.',
      status: `REPORTING-MTA:\tDNS; mx.example.net


FINAL-RECIPIENT:\tRFC822; ADA@EXAMPLE.NET
ACTION:\tFAILED
STATUS:\t5.2.2 (mailbox full)
DIAGNOSTIC-CODE:\tSMTP; 552 5.2.2 QUOTA`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ADA@EXAMPLE.NET']],
  },
  {
    name: 'the recipient only as it was first addressed',
    raw: dsn({
      text: 'See below.',
      status: `Reporting-MTA: dns; mx.example.net

Original-Recipient: rfc822;ada@example.net
Action: failed
Status: 5.1.1`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'a report whose last part never came',
    raw: dsn({
      text: 'See below.',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown`,
      returned: 'Content-Type: message/rfc822\n\nReturn-Path: <bou',
    }).replace(/\n--part\/0311--\n$/, ''),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'a boundary in the header that no line has',
    raw: dsn({
      text: 'ada@example.net\n550 5.1.1 User unknown',
      status: `Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1`,
    }).replace('boundary="part/0311"', 'boundary="part/0312"'),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
];
