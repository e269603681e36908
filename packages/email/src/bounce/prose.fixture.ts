import { BOUNCE_ADDRESS, type BounceFixture, plain, RETURNED, TOKEN } from './bounce.fixture.ts';

const hex = (text: string) => Buffer.from(text, 'utf8').toString('base64');

/** Bounces without a report: each system tells of them in its own prose. */
export const PROSE: readonly BounceFixture[] = [
  {
    name: 'qmail: no mailbox here',
    raw: plain({
      body: `Hi. This is the qmail-send program at qmail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'qmail: two recipients, two reasons',
    raw: plain({
      body: `Hi. This is the qmail-send program at qmail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.net>:
user is over quota

<bob@nowhere.example>:
Sorry, I couldn't find any host named nowhere.example. (#5.1.2)

--- Below this line is a copy of the message.

${RETURNED}`,
    }),
    expected: [
      ['soft', 'mailbox-full', undefined, 'ada@example.net'],
      ['hard', 'unknown-host', '5.1.2', 'bob@nowhere.example'],
    ],
  },
  {
    name: 'qmail: the remote host refuses the recipient',
    raw: plain({
      body: `Hi. This is the qmail-send program at qmail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ada@example.net>:
192.0.2.9 does not like recipient.
Remote host said: 550 5.1.1 <ada@example.net>: Recipient address rejected: User unknown
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'qmail: in the queue for too long',
    raw: plain({
      body: `Hi. This is the qmail-send program at qmail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ada@example.net>:
Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
I'm not going to try again; this message has been in the queue too long.

--- Below this line is a copy of the message.

${RETURNED}`,
    }),
    expected: [['soft', 'expired', '4.4.1', 'ada@example.net']],
  },
  {
    name: 'Exim 3: no parts at all',
    raw: plain({
      from: 'Mail Delivery System <Mailer-Daemon@exim.example.net>',
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: ada@example.net\nAuto-Submitted: auto-replied\n',
      body: `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ada@example.net
    SMTP error from remote mail server after RCPT TO:<ada@example.net>:
    host mail.example.net [192.0.2.9]: 550 unknown user

------ This is a copy of the message, including all the headers. ------

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '550', 'ada@example.net']],
  },
  {
    name: 'Exim: unrouteable address',
    raw: plain({
      from: 'Mail Delivery System <Mailer-Daemon@exim.example.net>',
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: ada@nowhere.example\n',
      body: `A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ada@nowhere.example
    Unrouteable address

------ This is a copy of your message, including all the headers. ------

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-host', undefined, 'ada@nowhere.example']],
  },
  {
    name: 'Exim: quota, and the recipient only in the header',
    raw: plain({
      from: 'Mail Delivery System <Mailer-Daemon@exim.example.net>',
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: ada@example.net,\n  bob@example.net\n',
      body: `The following address(es) failed:

  ada@example.net
    mailbox is full: retry timeout exceeded

  bob@example.net
    all relevant MX records point to non-existent hosts: no such domain

------ This is a copy of the message, including all the headers. ------

${RETURNED}`,
    }),
    expected: [
      ['soft', 'mailbox-full', undefined, 'ada@example.net'],
      ['hard', 'unknown-host', undefined, 'bob@example.net'],
    ],
  },
  {
    name: 'Exim: a warning, delivery goes on',
    raw: plain({
      from: 'Mail Delivery System <Mailer-Daemon@exim.example.net>',
      subject: 'Warning: message 1rjAbC-0001 delayed 24 hours',
      headers: 'Auto-Submitted: auto-replied\n',
      body: `A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on exim.example.net.

The address to which the message has not yet been delivered is:

  ada@example.net
    Delay reason: Connection timed out

No action is required on your part. Delivery attempts will continue.
`,
    }),
    expected: [['soft', 'delayed', undefined, 'ada@example.net']],
  },
  {
    name: 'sendmail 8.8: a transcript alone',
    raw: plain({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.net>',
      subject: 'Returned mail: User unknown',
      body: `The original message was received at Wed, 11 Mar 2026 07:30:01 GMT

   ----- The following addresses had permanent fatal errors -----
<ada@example.net>

   ----- Transcript of session follows -----
... while talking to mail.example.net.:
>>> RCPT To:<ada@example.net>
<<< 550 <ada@example.net>... User unknown
550 <ada@example.net>... User unknown

   ----- Original message follows -----

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '550', 'ada@example.net']],
  },
  {
    name: 'sendmail: a warning after four hours',
    raw: plain({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.net>',
      subject: 'Warning: could not send message for past 4 hours',
      body: `    **********************************************
    **      THIS IS A WARNING MESSAGE ONLY      **
    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
    **********************************************

   ----- The following addresses had transient non-fatal errors -----
<ada@example.net>

   ----- Transcript of session follows -----
<ada@example.net>... Deferred: Connection timed out with mail.example.net.
Message could not be delivered for 4 hours
`,
    }),
    expected: [['soft', 'delayed', undefined, 'ada@example.net']],
  },
  {
    name: 'sendmail: the list of fatal errors says who, the transcript why',
    raw: plain({
      from: 'Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.net>',
      subject: 'Returned mail: Service unavailable',
      body: `   ----- The following addresses had permanent fatal errors -----
<ada@example.net>
    (reason: 552 5.2.2 Over quota)

   ----- Transcript of session follows -----
<<< 552 5.2.2 Over quota

   ----- Message header follows -----
${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@example.net']],
  },
  {
    name: 'Exchange 2003: the account does not exist',
    raw: plain({
      from: 'System Administrator <postmaster@exchange.example.net>',
      subject: 'Undeliverable: 3 papers',
      body: `Your message

  To:      ada@example.net
  Subject: 3 papers
  Sent:    Wed, 11 Mar 2026 07:30:00 +0000

did not reach the following recipient(s):

ada@example.net on Wed, 11 Mar 2026 07:30:05 +0000
    The e-mail account does not exist at the organization this message was
    sent to. Check the e-mail address, or contact the recipient directly to
    find out the correct address.
    <exchange.example.net #5.1.1>
`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Exchange 5.5: by its own error words',
    raw: plain({
      from: 'System Administrator <postmaster@exchange.example.net>',
      subject: 'Undeliverable: 3 papers',
      body: `Your message did not reach some or all of the intended recipients.

The following recipient(s) could not be reached:

      ada@example.net on 11/03/2026 07:30
            The recipient name is not recognized
            MSEXCH:MSExchangeIMS:EXAMPLE:SITE:SERVER 000C05A6 Unknown Recipient
`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'Exchange: diagnostic information for administrators',
    raw: plain({
      from: 'Microsoft Outlook <MicrosoftExchange329e71ec88ae@example.net>',
      subject: 'Undeliverable: 3 papers',
      body: `Delivery has failed to these recipients or groups:

ada@example.net
The recipient's mailbox is full and can't accept messages now. Please try resending
this message later, or contact the recipient directly.

Diagnostic information for administrators:

Generating server: EX01.example.net
ada@example.net
#554 5.2.2 mailbox full ##

Original message headers:

${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@example.net']],
  },
  {
    name: 'Exchange in German',
    raw: plain({
      from: 'Systemadministrator <postmaster@exchange.example.net>',
      subject: 'Unzustellbar: 3 papers',
      headers:
        'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n',
      body: `Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Verteilerlisten:

ada@example.net
Die eingegebene E-Mail-Adresse konnte nicht gefunden werden: Empfänger unbekannt.

Ursprüngliche Nachricht

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'Exchange in French',
    raw: plain({
      from: 'Administrateur <postmaster@exchange.example.net>',
      subject: 'Non remis : 3 papers',
      headers: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n',
      body: `Votre message n'a pas pu être remis aux destinataires suivants :

ada@example.net
La boîte aux lettres du destinataire est pleine. #5.2.2

Message d'origine

${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', '5.2.2', 'ada@example.net']],
  },
  {
    name: 'a server in Spanish',
    raw: plain({
      from: 'Postmaster <postmaster@correo.example.net>',
      subject: 'No se pudo entregar el mensaje',
      headers: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n',
      body: `No se ha podido entregar su mensaje a:

<ada@example.net>: el usuario no existe

--- Mensaje original ---

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'a server in Italian',
    raw: plain({
      from: 'Postmaster <postmaster@posta.example.net>',
      subject: 'Mancato recapito',
      headers: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n',
      body: `Non è stato possibile recapitare il messaggio a:

ada@example.net
La casella di posta del destinatario è piena.

--- Messaggio originale ---

${RETURNED}`,
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@example.net']],
  },
  {
    name: 'a server in Portuguese',
    raw: plain({
      from: 'Postmaster <postmaster@correio.example.net>',
      subject: 'Falha na entrega',
      headers: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n',
      body: `Sua mensagem não pôde ser entregue a:

ada@example.net: destinatário não existe

--- Mensagem original ---

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'a server in Dutch',
    raw: plain({
      from: 'Postmaster <postmaster@post.example.net>',
      subject: 'Bericht niet afgeleverd',
      headers: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n',
      body: `Uw bericht kon niet worden afgeleverd, het is niet bezorgd en niet worden afgeleverd aan:

ada@example.net: gebruiker onbekend

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'mail.ru in Russian, encoded',
    raw: plain({
      from: '=?utf-8?B?0J/QvtGH0YLQsA==?= <mailer-daemon@mail.example>',
      subject: `=?utf-8?B?${hex('Сообщение не доставлено')}?=`,
      headers:
        'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n',
      body: hex(`Ваше письмо не было доставлено следующему получателю:

ada@example.net
Почтовый ящик переполнен.

------ Исходное сообщение ------
${RETURNED}`),
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@example.net']],
  },
  {
    name: 'a server in Chinese',
    raw: plain({
      from: 'Postmaster <postmaster@mail.example.cn>',
      subject: '退信 3 papers',
      headers: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n',
      body: `您的邮件无法投递:

ada@example.net
收件人邮箱不存在。

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'a server in Japanese',
    raw: plain({
      from: 'Postmaster <postmaster@mail.example.jp>',
      subject: '配信不能のお知らせ',
      headers: 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n',
      body: `次の宛先に配信できませんでした。

<ada@example.net>
宛先が存在しません。

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'Lotus Notes: not in the directory',
    raw: plain({
      from: 'Postmaster@notes.example.net',
      subject: 'DELIVERY FAILURE: User ada (ada@example.net) not listed in Domino Directory',
      body: `Your message

  Subject: 3 papers

was not delivered to:

  ada@example.net

because:

  User ada (ada@example.net) not listed in Domino Directory
`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'Lotus Notes: the document was not delivered, no route',
    raw: plain({
      from: 'Postmaster@notes.example.net',
      subject: 'DELIVERY FAILURE: Error transferring to MAIL.EXAMPLE.NET',
      body: `Your document:
"3 papers"
was not delivered to:
  ada@example.net
because:
  Error transferring to MAIL.EXAMPLE.NET; SMTP Protocol Returned a Permanent Error 552 mailbox full
`,
    }),
    expected: [['soft', 'mailbox-full', '552', 'ada@example.net']],
  },
  {
    name: 'GroupWise: user not found',
    raw: plain({
      from: 'Mail Administrator <postmaster@groupwise.example.net>',
      subject: 'Message status - undeliverable',
      body: `The message that you sent was undeliverable to the following:
	ada (user not found)

Possibly truncated original message follows:

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'GroupWise: mailbox is full, by address',
    raw: plain({
      from: 'Mailer-Daemon@groupwise.example.net',
      subject: 'Mail System Error - Returned Mail',
      body: `The message that you sent was undeliverable to the following:

  ada@example.net (mailbox is full)
`,
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@example.net']],
  },
  {
    name: 'smail: message log',
    raw: plain({
      from: '<MAILER-DAEMON@smail.example.net>',
      subject: 'mail failed, returning to sender',
      body: `|------------------------- Message log follows: -------------------------|
 no valid recipients were found for this message
|------------------------- Failed addresses follow: ---------------------|
 <ada@example.net> ... unknown user
|------------------------- Message text follows: ------------------------|
${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'GMX: header of the original follows',
    raw: plain({
      from: 'GMX Mailer Daemon <mailer-daemon@gmx.example>',
      subject: 'Mail delivery failed: returning message to sender',
      body: `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of
its recipients. This is a permanent error. The following address
failed:

"ada@example.net":
SMTP error from remote server for RCPT TO command, host: mail.example.net (192.0.2.9) reason: 550 5.1.1 <ada@example.net>: Recipient address rejected: User unknown

--- The header of the original message is following. ---

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'Yahoo of old: this user does not have an account',
    raw: plain({
      from: 'MAILER-DAEMON@yahoo.example',
      subject: 'Delivery failure',
      body: `Message from yahoo.example.
Unable to deliver message to the following address(es).

<ada@yahoo.example>:
This user doesn't have a yahoo.example account (ada@yahoo.example) [-5]

--- Original message follows.

${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@yahoo.example']],
  },
  {
    name: 'Amazon WorkMail: a form of its own',
    raw: plain({
      from: 'MAILER-DAEMON@workmail.example',
      subject: 'Delivery failure',
      body: `Technical report:

Your message could not be delivered to ada@example.net: 554 5.7.1 Message rejected because of a content policy.

${RETURNED}`,
    }),
    expected: [['soft', 'blocked', '5.7.1', 'ada@example.net']],
  },
  {
    name: 'MDaemon: no such user here',
    raw: plain({
      from: 'MDAEMON@mdaemon.example.net',
      subject: 'Permanent Delivery Failure',
      body: `The attached message had PERMANENT fatal delivery errors!

After one or more unsuccessful delivery attempts the attached message has
been removed from the mail queue on this server.

--- Session Transcript ---
 RCPT To:<ada@example.net>
 550 ada@example.net, Recipient unknown
 QUIT
--- End Transcript ---

Failed address: ada@example.net
`,
    }),
    expected: [['hard', 'unknown-user', '550', 'ada@example.net']],
  },
  {
    name: 'a server that names nobody, but returns the message',
    raw: plain({
      from: 'Mail Delivery System <MAILER-DAEMON@mx.example.net>',
      subject: 'Undelivered mail',
      body: `Your message could not be delivered: no such user.

--- Original message follows ---
${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'an empty return path under an ordinary name',
    raw: plain({
      from: 'notifications@mx.example.net',
      subject: 'Your message was not delivered',
      body: `The following message could not be delivered to ada@example.net.
Reason: account has been suspended

----- Original Message -----
${RETURNED}`,
    }),
    expected: [['soft', 'disabled', undefined, 'ada@example.net']],
  },
  {
    name: 'multipart/mixed with the original as text',
    raw: `Return-Path: <>
From: Mail Delivery <postmaster@mx.example.net>
To: ${BOUNCE_ADDRESS}
Subject: Delivery failure
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mix

--mix
Content-Type: text/plain; charset=utf-8

Delivery to the following recipient failed permanently:

     ada@example.net

Technical details of permanent failure: the server said 550 5.1.1 no such user

--mix
Content-Type: message/rfc822

${RETURNED}
--mix--
`,
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'nothing but HTML in base64',
    raw: plain({
      from: 'Mail Delivery System <postmaster@mx.example.net>',
      subject: 'Delivery failed',
      headers:
        'MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n',
      body: hex(
        '<html><head><style>p{color:red}</style></head><body><p>Your message could not be delivered to</p><p><a href="mailto:ada@example.net">ada@example.net</a></p><p>The mailbox is full.</p></body></html>',
      ),
    }),
    expected: [['soft', 'mailbox-full', undefined, 'ada@example.net']],
  },
  {
    name: 'parts without a boundary, status and all in one body',
    raw: `Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: ${BOUNCE_ADDRESS}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status

--lost
Content-Type: text/plain

Your message could not be delivered.

--lost
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--lost
Content-Type: message/rfc822

${RETURNED}
--lost--
`,
    expected: [['hard', 'unknown-user', '5.1.1', 'ada@example.net']],
  },
  {
    name: 'NUL between the letters',
    raw: plain({
      from: 'MAILER-DAEMON@mx.example.net',
      subject: 'failure notice',
      body: `Your message could not be delivered to:\n\n<ada@example.net>:\nno s\0uch us\0er\n\n${RETURNED}`,
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'a hundred parts in one another, and the words around them',
    raw: `Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: ${BOUNCE_ADDRESS}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
${nested(100, 'Your message could not be delivered to:\n\nada@example.net\nno such user\n')}`,
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
  {
    name: 'the token stands in the address alone',
    raw: plain({
      from: 'MAILER-DAEMON@mx.example.net',
      subject: 'failure notice',
      to: `bounce+${TOKEN.toUpperCase()}@BOUNCES.EXAMPLE.ORG`,
      body: 'Your message could not be delivered to:\n\n<ada@example.net>:\nno such user\n',
    }),
    expected: [['hard', 'unknown-user', undefined, 'ada@example.net']],
  },
];

function nested(depth: number, text: string): string {
  const open = Array.from(
    { length: depth },
    (_, level) => `Content-Type: multipart/mixed; boundary=level${level}\n\n--level${level}\n`,
  );
  const close = Array.from({ length: depth }, (_, level) => `--level${depth - 1 - level}--\n`);
  return `${open.join('')}Content-Type: text/plain\n\n${text}\n${close.join('')}`;
}
