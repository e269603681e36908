import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

export interface SmtpTarget {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Refuse a server that cannot be upgraded to TLS. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** Longest wait for a connection and for the greeting. */
  readonly connectTimeoutMs: number;
}

/** A server that has greeted us and let us in. */
export interface OpenConnection {
  /** Ends the connection and tells of its end (`end`, and `error` before it where there was one). */
  readonly connection: SMTPConnection;
  /** What it runs on, encrypted where that was agreed. */
  readonly socket: Socket;
  /** What the server offers: the lines after its EHLO, upper-cased. */
  readonly offers: readonly string[];
}

/** RFC 5321 4.5.3.2.6: a server may take ten minutes to answer the final dot. */
const ANSWER_TIMEOUT_MS = 10 * 60_000;

/** Connects, upgrades to TLS and logs in. Rejects with the library's error, or the signal's reason. */
export async function openConnection(
  target: SmtpTarget,
  signal?: AbortSignal,
): Promise<OpenConnection> {
  signal?.throwIfAborted();
  const { host, port, secure, requireTLS, auth, connectTimeoutMs } = target;
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    requireTLS,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: ANSWER_TIMEOUT_MS,
  });
  const ended = endOf(connection);
  const abort = () => connection.close();
  signal?.addEventListener('abort', abort);
  try {
    await Promise.race([ended, call((done) => connection.connect(done))]);
    const offers = offersIn(connection.lastServerResponse);
    if (auth) await Promise.race([ended, logIn(connection, auth)]);
    const socket = connection._socket;
    if (!socket) throw new Error('the connection has ended');
    return { connection, socket, offers };
  } catch (error) {
    connection.close();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** The lines of an answer to EHLO after the first, which greets, upper-cased. */
export function offersIn(response: string | false): string[] {
  const lines = (response || '').split(/\r?\n/).slice(1);
  return lines.flatMap((line) => /^250[- ](.+)$/.exec(line)?.[1]?.trim().toUpperCase() ?? []);
}

function logIn(
  connection: SMTPConnection,
  auth: { readonly user: string; readonly pass: string },
): Promise<void> {
  if (!connection.allowsAuth) {
    throw Object.assign(new Error('the server offers no login'), { code: 'ENOAUTH' });
  }
  return call((done) => connection.login({ ...auth, credentials: auth }, done));
}

/** Rejects when the connection ends, with its error where it has one. */
function endOf(connection: SMTPConnection): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    connection.on('error', reject);
    // Its error comes a moment later; one that we close ourselves has none.
    connection.once('end', () => setImmediate(() => reject(new Error('the connection has ended'))));
  });
  // Once it is open nobody waits for it here.
  ended.catch(() => {});
  return ended;
}

function call(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
