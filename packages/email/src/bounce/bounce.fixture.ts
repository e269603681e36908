import type { FindingKind } from './finding.ts';

/** A message of a test with what it has to be read as. The texts are our own, in the shape that each system gives them. */
export interface BounceFixture {
  readonly name: string;
  /** LF line ends. */
  readonly raw: string;
  /** One line per recipient: kind, reason, status and recipient where they are known. */
  readonly expected: readonly (readonly [
    kind: FindingKind,
    reason: string,
    status?: string,
    recipient?: string,
  ])[];
  /** The address in MAIL FROM, where it matters; a bounce's is empty. */
  readonly envelopeFrom?: string;
}

export const TOKEN = 'aaaaaaaaaabhqqd3bmwmfesw';
export const BOUNCE_ADDRESS = `bounce+${TOKEN}@bounces.example.org`;

/** A digest as it is returned: everything in it sounds like a refusal, and none of it is one. */
export const RETURNED_HEADERS = `Return-Path: <${BOUNCE_ADDRESS}>
Received: from mail.example.org (mail.example.org [192.0.2.25])
	by mx.example.net with ESMTPS id 5.1.1; Wed, 11 Mar 2026 07:30:02 +0000
From: Paperboy <papers@example.org>
To: ada@example.net
Subject: 3 papers: mailbox full of unknown users
Date: Wed, 11 Mar 2026 07:30:00 +0000
Message-ID: <d.${TOKEN}@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
`;
export const RETURNED = `${RETURNED_HEADERS}
The user does not exist: on hosts that are unknown
The mailbox is full and the account has been disabled, 550 5.1.1 user unknown.
Spam was blocked by policy. Final-Recipient: rfc822; nobody@example.com
`;

export interface DsnParts {
  readonly from?: string;
  readonly subject?: string;
  readonly headers?: string;
  readonly text: string;
  /** Fields of the message, then of each recipient, empty lines between. */
  readonly status: string;
  readonly type?: string;
  readonly statusHeaders?: string;
  readonly textHeaders?: string;
  readonly returned?: string;
}

/** A report in three parts (RFC 6522). */
export function dsn({
  from = 'Mail Delivery System <MAILER-DAEMON@mx.example.net>',
  subject = 'Undelivered Mail Returned to Sender',
  headers = 'Auto-Submitted: auto-replied\n',
  text,
  status,
  type = 'multipart/report; report-type=delivery-status',
  statusHeaders = 'Content-Type: message/delivery-status\n',
  textHeaders = 'Content-Type: text/plain; charset=utf-8\n',
  returned = `Content-Type: message/rfc822\n\n${RETURNED}`,
}: DsnParts): string {
  return `Return-Path: <>
From: ${from}
To: ${BOUNCE_ADDRESS}
Subject: ${subject}
Date: Wed, 11 Mar 2026 07:31:00 +0000
${headers}MIME-Version: 1.0
Content-Type: ${type}; boundary="part/0311"

This is a message in several parts.

--part/0311
${textHeaders}
${text}

--part/0311
${statusHeaders}
${status}

--part/0311
${returned}
--part/0311--
`;
}

export interface PlainParts {
  readonly from?: string;
  readonly subject?: string;
  readonly headers?: string;
  readonly body: string;
  readonly to?: string;
  readonly returnPath?: string;
}

/** A message without parts. */
export function plain({
  from = 'MAILER-DAEMON@mx.example.net',
  subject = 'failure notice',
  headers = '',
  body,
  to = BOUNCE_ADDRESS,
  returnPath = '<>',
}: PlainParts): string {
  return `Return-Path: ${returnPath}
From: ${from}
To: ${to}
Subject: ${subject}
Date: Wed, 11 Mar 2026 07:31:00 +0000
${headers}
${body}`;
}
