import { BOUNCE_ADDRESS, type BounceFixture, plain, RETURNED, TOKEN } from './bounce.fixture.ts';

const feedback = (type: string, more = '') => `Return-Path: <fbl@provider.example>
From: Feedback Loop <fbl@provider.example>
To: ${BOUNCE_ADDRESS}
Subject: complaint about message from 192.0.2.25
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=arf

--arf
Content-Type: text/plain; charset=us-ascii

This is a report of a message that somebody pressed a button for.

--arf
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: ProviderFeedback/1.0
Version: 1
Original-Mail-From: <${BOUNCE_ADDRESS}>
Arrival-Date: Wed, 11 Mar 2026 08:00:00 +0000
Source-IP: 192.0.2.25
${more}
--arf
Content-Type: message/rfc822

${RETURNED}
--arf--
`;

/** Feedback reports (RFC 5965). */
export const COMPLAINTS: readonly BounceFixture[] = [
  {
    name: 'Yahoo: abuse',
    raw: feedback('abuse', 'Original-Rcpt-To: <ada@example.net>\n'),
    expected: [['complaint', 'abuse', undefined, 'ada@example.net']],
  },
  {
    name: 'the recipient is withheld',
    raw: feedback('abuse'),
    expected: [['complaint', 'abuse']],
  },
  { name: 'fraud, in capitals', raw: feedback('Fraud'), expected: [['complaint', 'fraud']] },
  { name: 'opt-out', raw: feedback('opt-out'), expected: [['complaint', 'opt-out']] },
  {
    name: 'opt-out of one list (an older name)',
    raw: feedback('opt-out-list'),
    expected: [['complaint', 'opt-out']],
  },
  { name: 'virus', raw: feedback('virus'), expected: [['complaint', 'virus']] },
  { name: 'a type of its own', raw: feedback('x-annoying'), expected: [['complaint', 'other']] },
  {
    name: 'DMARC failure report',
    raw: feedback('auth-failure', 'Auth-Failure: dmarc\n'),
    expected: [['complaint', 'auth-failure']],
  },
  { name: 'taken back', raw: feedback('not-spam'), expected: [['not-a-bounce', 'not-spam']] },
];

const away = (subject: string, body: string, headers = ''): string =>
  plain({
    from: 'Ada Example <ada@example.net>',
    subject,
    headers: `In-Reply-To: <d.${TOKEN}@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n${headers}`,
    body,
  });
const autoReply: BounceFixture['expected'] = [['auto-reply', 'auto-reply']];

/** Machines that answer for people. Several quote what would be a bounce if a server said it. */
export const AUTO_REPLIES: readonly BounceFixture[] = [
  {
    name: 'by the header of RFC 3834',
    raw: away('Re: 3 papers', 'I am away until Monday.', 'Auto-Submitted: auto-replied\n'),
    expected: autoReply,
  },
  {
    name: 'an employee who left: the address does not exist any more, says a vacation program',
    raw: away(
      'Automatic reply: 3 papers',
      'I no longer work here, this mailbox does not exist any more. Your message could not be delivered.',
      'Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n',
    ),
    expected: autoReply,
  },
  {
    name: 'Exchange, English, no header',
    raw: away('Automatic reply: 3 papers', 'Out until Monday.'),
    expected: autoReply,
  },
  {
    name: 'Exchange, German',
    raw: away('Automatische Antwort: 3 papers', 'Ich bin im Urlaub.'),
    expected: autoReply,
  },
  {
    name: 'German, by subject',
    raw: away('Abwesenheitsnotiz: 3 papers', 'Bis Montag. Ihre Nachricht wurde nicht zugestellt.'),
    expected: autoReply,
  },
  {
    name: 'French',
    raw: away('Réponse automatique : 3 papers', 'Je suis absent.'),
    expected: autoReply,
  },
  {
    name: 'Spanish, subject encoded',
    raw: away(
      `=?utf-8?B?${Buffer.from('Respuesta automática: 3 papers').toString('base64')}?=`,
      'Estoy fuera.',
    ),
    expected: autoReply,
  },
  { name: 'Italian', raw: away('Risposta automatica: 3 papers', 'Assente.'), expected: autoReply },
  {
    name: 'Portuguese',
    raw: away('Resposta automática: 3 papers', 'Ausente.'),
    expected: autoReply,
  },
  { name: 'Dutch', raw: away('Automatisch antwoord: 3 papers', 'Afwezig.'), expected: autoReply },
  { name: 'Swedish', raw: away('Autosvar: 3 papers', 'Borta.'), expected: autoReply },
  {
    name: 'Polish',
    raw: away('Automatyczna odpowiedź: 3 papers', 'Nieobecny.'),
    expected: autoReply,
  },
  { name: 'Russian', raw: away('Автоответ: 3 papers', 'В отпуске.'), expected: autoReply },
  { name: 'Japanese', raw: away('自動応答: 3 papers', '不在です。'), expected: autoReply },
  { name: 'Chinese', raw: away('自动回复: 3 papers', '休假中。'), expected: autoReply },
  {
    name: 'away, in Spanish',
    raw: away('Ausente: 3 papers', 'De vacaciones.'),
    expected: autoReply,
  },
  { name: 'away, in Japanese', raw: away('不在通知: 3 papers', '休暇中。'), expected: autoReply },
  { name: 'away, in Korean', raw: away('부재중: 3 papers', '휴가.'), expected: autoReply },
  {
    name: 'vacation(1), by its precedence',
    raw: away('away from my mail', 'Back soon.', 'Precedence: auto_reply\n'),
    expected: autoReply,
  },
  {
    name: 'a ticket system',
    raw: away('[#4711] We got your message', 'A person will look at it.', 'X-Autorespond: yes\n'),
    expected: autoReply,
  },
  {
    name: 'challenge and response',
    raw: away(
      'Re: 3 papers',
      'To have your mail delivered, please confirm that you are human here.',
    ),
    expected: [['auto-reply', 'challenge']],
  },
];

const unrecognised: BounceFixture['expected'] = [['not-a-bounce', 'unrecognised']];

/** All else, kept for a person. */
export const NO_BOUNCES: readonly BounceFixture[] = [
  {
    name: 'a reader who writes about a bounce',
    raw: plain({
      from: 'Ada <ada@example.net>',
      returnPath: '<ada@example.net>',
      subject: 'Undelivered mail?',
      body: 'My colleague bob@example.net got: 550 5.1.1 user unknown. Could not be delivered, it said.',
    }),
    envelopeFrom: 'ada@example.net',
    expected: unrecognised,
  },
  {
    name: 'a reply with the digest quoted',
    raw: plain({
      from: 'Ada <ada@example.net>',
      returnPath: '<ada@example.net>',
      subject: 'Re: 3 papers',
      body: `Thank you!\n\n> ${RETURNED.replaceAll('\n', '\n> ')}`,
    }),
    envelopeFrom: 'ada@example.net',
    expected: unrecognised,
  },
  {
    name: 'a postmaster with a question',
    raw: plain({
      from: 'Postmaster <postmaster@example.net>',
      returnPath: '<postmaster@example.net>',
      subject: 'Your digests',
      body: 'Hello, could you write to our readers at most once a day? Thank you.',
    }),
    envelopeFrom: 'postmaster@example.net',
    expected: unrecognised,
  },
  {
    name: 'an aggregate report of DMARC',
    raw: plain({
      from: 'noreply-dmarc@provider.example',
      returnPath: '<noreply-dmarc@provider.example>',
      subject: 'Report domain: example.org Submitter: provider.example',
      headers:
        'MIME-Version: 1.0\nContent-Type: application/zip; name=report.zip\nContent-Transfer-Encoding: base64\n',
      body: 'UEsDBAoAAAAAAA==',
    }),
    envelopeFrom: 'noreply-dmarc@provider.example',
    expected: unrecognised,
  },
  {
    name: 'a read receipt (RFC 8098)',
    raw: `Return-Path: <ada@example.net>
From: ada@example.net
To: ${BOUNCE_ADDRESS}
Subject: Read: 3 papers
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=mdn

--mdn
Content-Type: text/plain

Your message was read.

--mdn
Content-Type: message/disposition-notification

Final-Recipient: rfc822; ada@example.net
Original-Message-ID: <d.${TOKEN}@example.org>
Disposition: manual-action/MDN-sent-manually; displayed

--mdn--
`,
    envelopeFrom: 'ada@example.net',
    expected: unrecognised,
  },
  {
    name: 'junk that pretends to be a bounce, with a sender of its own',
    raw: plain({
      from: 'Parcel Service <win@junk.example>',
      returnPath: '<win@junk.example>',
      subject: 'Your parcel was not delivered',
      body: 'We could not deliver your parcel. Open the form. ada@example.net',
    }),
    envelopeFrom: 'win@junk.example',
    expected: unrecognised,
  },
  {
    name: 'a server that speaks of no failure',
    raw: plain({
      from: 'Postmaster <postmaster@example.net>',
      subject: 'Scheduled maintenance',
      body: 'The mail servers of example.net rest on Sunday. Questions to help@example.net.',
    }),
    envelopeFrom: '',
    expected: unrecognised,
  },
  {
    name: 'a server that fails about nobody and returns nothing',
    raw: plain({ body: 'Something could not be delivered.' }),
    envelopeFrom: '',
    expected: unrecognised,
  },
  { name: 'an empty message', raw: '', expected: unrecognised },
  { name: 'no header, a line of noise', raw: '\n\n=?=?\n', expected: unrecognised },
];
