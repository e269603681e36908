import { once } from 'node:events';
import { TLSSocket } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { failureWords } from './failure-words.ts';
import { targetOf } from './relay-target.ts';
import { offersIn } from './smtp-connection.ts';

/** What a relay says to us up to the point where mail would begin. */
export type RelayProbe =
  | {
      readonly kind: 'reached';
      readonly host: string;
      /** Such as `TLSv1.3`; undefined in the clear. */
      readonly tls: string | undefined;
      /** What it offers after EHLO, upper-cased: `STARTTLS`, `AUTH PLAIN LOGIN`, `SIZE 35882577`. */
      readonly offers: readonly string[];
      readonly login: 'accepted' | 'none set' | { readonly refused: string };
    }
  | { readonly kind: 'failed'; readonly host: string; readonly detail: string };

export interface ProbeOptions {
  /** `SMTP_URL` */
  readonly url: string;
  readonly timeoutMs: number;
  /** Certificates to trust beside the system's, in PEM. */
  readonly ca?: string;
}

/**
 * Connects as a mailer would: TLS, EHLO and login under the same rules, then leaves. No mail is begun. Never rejects
 * but with SETTING_INVALID, on an address that is none.
 */
export async function probeRelay({ url, timeoutMs, ca }: ProbeOptions): Promise<RelayProbe> {
  const { host, port, secure, requireTLS, auth } = targetOf(url);
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    requireTLS,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    ...(ca !== undefined && { tls: { ca } }),
  });
  // Whoever waits is told by the callbacks; what comes after them interests nobody.
  const failed = once(connection, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  try {
    await Promise.race([failed, call((done) => connection.connect(done))]);
    const offers = offersIn(connection.lastServerResponse);
    const socket = connection._socket;
    const tls = socket instanceof TLSSocket ? (socket.getProtocol() ?? 'TLS') : undefined;
    const login = auth
      ? await Promise.race([failed, call((done) => connection.login(auth, done))]).then(
          () => 'accepted' as const,
          (error: unknown) => ({ refused: failureWords(error) }),
        )
      : 'none set';
    return { kind: 'reached', host, tls, offers, login };
  } catch (thrown) {
    return { kind: 'failed', host, detail: failureWords(thrown) };
  } finally {
    connection.quit();
    connection.close();
  }
}

function call(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
