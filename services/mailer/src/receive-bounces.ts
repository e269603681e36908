import type { AddressInfo } from 'node:net';
import { PaperboyError } from '@paperboy/core';
import type { Service } from '@paperboy/runtime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { readTls, type TlsSettings, watchTls } from './listener-tls.ts';
import type { MailSettings } from './mail-settings.ts';
import { type ReceiveParts, receiveReport } from './receive-report.ts';

export interface ListenParts extends ReceiveParts {
  readonly settings: TlsSettings & Pick<MailSettings, 'bounceListen'>;
  /** How often a new certificate is looked for; a minute when left out. */
  readonly renewMs?: number;
}

/** Takes mail until stopped. */
export interface BounceListener extends Service {
  readonly port: number;
}

const MOST_BYTES = 2 ** 20;
const MOST_RECIPIENTS = 100;
const MOST_CLIENTS = 50;
const SILENCE_MS = 60_000;
/** Addresses without a token: feedback loops are registered for one of them, and RFC 2142 asks for the last two. */
const OPEN_ADDRESSES = new Set(['bounce', 'fbl', 'abuse', 'postmaster']);

/**
 * Listens for what comes back: mail for `bounce+TOKEN@`, `unsubscribe+TOKEN@` and a few plain names at the bounce domain,
 * nothing else, in the clear or over TLS. A message is answered with 250 once what it means is written down, and never by a message. Throws
 * SETTING_INVALID, PORT_IN_USE.
 */
export async function listenForBounces(parts: ListenParts): Promise<BounceListener> {
  const { settings, log, renewMs: everyMs } = parts;
  const { bounceDomain } = settings;
  if (bounceDomain === '') {
    throw new PaperboyError('SETTING_INVALID', 'BOUNCE_LISTEN needs BOUNCE_DOMAIN');
  }
  const taking = new Set<Promise<void>>();
  const server = new SMTPServer({
    name: bounceDomain,
    banner: 'Paperboy',
    disableReverseLookup: true,
    ...readTls(settings),
    // Nobody has to log in.
    disabledCommands: ['AUTH'],
    size: MOST_BYTES,
    maxClients: MOST_CLIENTS,
    socketTimeout: SILENCE_MS,
    closeTimeout: 2_000,
    onRcptTo: ({ address }, { envelope }, callback) => {
      if (envelope.rcptTo.length >= MOST_RECIPIENTS) {
        callback(refusal(452, '4.5.3 too many recipients'));
      } else callback(isOurs(address, parts) ? null : refusal(550, '5.1.1 no such address'));
    },
    onData: (stream, session, callback) => {
      const taken: Promise<void> = take(stream, session, parts)
        .then(
          () => callback(null, 'taken'),
          (error: unknown) => {
            if (!isRefusal(error)) log.warn('bounce.not-taken', { error });
            callback(isRefusal(error) ? error : refusal(451, '4.3.0 cannot be taken now'));
          },
        )
        .finally(() => taking.delete(taken));
      taking.add(taken);
    },
  });
  // A client that goes away, or speaks no SMTP, says nothing about us.
  server.on('error', () => {});
  const { host, port } = await listen(server, settings.bounceListen);
  const stopWatching = watchTls(
    settings,
    { log, ...(everyMs !== undefined && { everyMs }) },
    (tls) => server.updateSecureContext(tls),
  );
  log.info('bounces.listening', { host, port, domain: bounceDomain });
  return {
    name: 'bounces',
    port,
    async stop() {
      stopWatching();
      await new Promise<void>((resolve) => server.close(resolve));
      await Promise.all(taking);
    },
  };
}

function isOurs(address: string, { links, settings }: ListenParts): boolean {
  const [, local = '', domain] = /^([^@]{1,64})@([^@]+)$/.exec(address.toLowerCase()) ?? [];
  if (domain !== settings.bounceDomain) return false;
  const [name = '', token] = local.split('+', 2);
  if (token === undefined) return OPEN_ADDRESSES.has(name);
  if (name === 'bounce') return links.readDeliveryToken(token) !== undefined;
  return name === 'unsubscribe' && links.readLeavingToken(token) !== undefined;
}

async function take(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  parts: ListenParts,
): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    // What is beyond the limit is read to its end and forgotten.
    if (length < MOST_BYTES) chunks.push(bytes);
    length += bytes.length;
  }
  if (stream.sizeExceeded || length > MOST_BYTES)
    throw refusal(552, '5.3.4 larger than a mebibyte');
  const { mailFrom, rcptTo } = envelope;
  await receiveReport(parts, {
    raw: Buffer.concat(chunks),
    via: 'smtp',
    envelope: {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    },
  });
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'responseCode' in error;
}

function listen(server: SMTPServer, address: string): Promise<{ host: string; port: number }> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    server.server.once('error', (cause: Error & { code?: string }) => {
      const isTaken = cause.code === 'EADDRINUSE';
      const code = isTaken ? 'PORT_IN_USE' : 'SETTING_INVALID';
      reject(new PaperboyError(code, `BOUNCE_LISTEN ${address}: ${cause.message}`, { cause }));
    });
    server.listen(Number(address.slice(colon + 1)), host, () => {
      const bound = server.server.address();
      if (bound === null || typeof bound === 'string') reject(new Error('no TCP address'));
      else resolve({ host, port: (bound satisfies AddressInfo).port });
    });
  });
}
