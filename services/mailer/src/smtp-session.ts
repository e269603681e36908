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

export interface SmtpEnvelope {
  readonly from: string;
  readonly to: string;
  /** What a report on the message shall carry; asked for only where the server offers reports (RFC 3461). */
  readonly envelopeId?: string | undefined;
}

/** The server's yes. */
export interface SmtpAcceptance {
  readonly response: string;
  readonly serverMessageId?: string | undefined;
}

/** RFC 5321 4.5.3.2.6: a server may take ten minutes to answer the final dot. */
const ANSWER_TIMEOUT_MS = 10 * 60_000;
const GOODBYE_MS = 2_000;

/**
 * One conversation with an SMTP server, greeted and logged in. It is the library's connection without its mailer and
 * pool: those compose, queue and repeat, which others here do, and cost two thirds of what a message takes.
 */
export class SmtpSession {
  /** Messages that the server has answered. */
  answered = 0;
  readonly #connection: SMTPConnection;
  #isOpen = true;
  #dotWritten = false;
  /** What must have come to its end before the next message: forgetting a refused one. */
  #ready: Promise<void> = Promise.resolve();

  private constructor(target: SmtpTarget) {
    const { host, port, secure, requireTLS, connectTimeoutMs } = target;
    this.#connection = new SMTPConnection({
      host,
      port,
      secure,
      requireTLS,
      connectionTimeout: connectTimeoutMs,
      greetingTimeout: connectTimeoutMs,
      socketTimeout: ANSWER_TIMEOUT_MS,
      logger: eventListener((event) => {
        if (event === 'message') this.#dotWritten = true;
      }),
    });
    // Whoever waits is told by a callback; without a listener the event would end the process.
    this.#connection.on('error', () => {});
    this.#connection.once('end', () => {
      this.#isOpen = false;
    });
  }

  /** Connects, upgrades to TLS and logs in. Rejects with the library's error, or the signal's reason. */
  static async open(target: SmtpTarget, signal?: AbortSignal): Promise<SmtpSession> {
    const session = new SmtpSession(target);
    try {
      await session.#unless<void>(signal, (done) => session.#connect(done));
      if (target.auth) await session.#logIn(target.auth, signal);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** False once the connection has ended, from whichever side. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the final dot of the last message was handed to the socket: then it may have arrived. */
  get dotWritten(): boolean {
    return this.#dotWritten;
  }

  /** Hands one message over. After a refusal the session goes on, after any other failure it is closed. */
  async send(
    { from, to, envelopeId }: SmtpEnvelope,
    message: Buffer,
    signal?: AbortSignal,
  ): Promise<SmtpAcceptance> {
    this.#dotWritten = false;
    await this.#ready;
    const dsn = { ret: 'HDRS', id: envelopeId, notify: 'FAILURE,DELAY' } as const;
    const envelope = { from, to: [to], ...(envelopeId !== undefined && { dsn }) };
    try {
      const accepted = await this.#unless<SmtpAcceptance>(signal, (done) => {
        this.#connection.send(envelope, message, (error, info) => done(error, info));
      });
      this.answered += 1;
      return accepted;
    } catch (error) {
      if (this.#isOpen && isRefusal(error)) this.#ready = this.#forget();
      else this.close();
      throw error;
    }
  }

  /** Says goodbye, and waits for the answer no longer than one moment. */
  quit(): void {
    if (this.#isOpen) this.#connection.quit();
    this.#isOpen = false;
    setTimeout(() => this.#connection.close(), GOODBYE_MS).unref();
  }

  /** Breaks off, wherever the conversation stands. */
  close(): void {
    this.#isOpen = false;
    this.#connection.close();
  }

  #connect(done: Done<void>): void {
    const failed = (error: Error) => done(error);
    this.#connection.once('error', failed);
    this.#connection.connect((error) => {
      this.#connection.off('error', failed);
      done(error);
    });
  }

  async #logIn(
    auth: { readonly user: string; readonly pass: string },
    signal?: AbortSignal,
  ): Promise<void> {
    if (!this.#connection.allowsAuth) {
      throw Object.assign(new Error('the server offers no login'), { code: 'ENOAUTH' });
    }
    await this.#unless<void>(signal, (done) => {
      this.#connection.login({ ...auth, credentials: auth }, (error) => done(error));
    });
  }

  async #forget(): Promise<void> {
    const isReset = await new Promise<boolean>((resolve) => {
      this.#connection.once('end', () => resolve(false));
      this.#connection.reset((error) => resolve(!error));
    });
    if (!isReset) this.close();
  }

  /** What `work` is told, or the end by the signal or of the connection, whatever comes first. */
  #unless<Result>(
    signal: AbortSignal | undefined,
    work: (done: Done<Result>) => void,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const settle = (error: Error | null | undefined, result?: Result) => {
        signal?.removeEventListener('abort', abort);
        this.#connection.off('end', ended);
        if (error) reject(error);
        else resolve(result as Result);
      };
      const abort = () => {
        settle(signal?.reason);
        this.close();
      };
      // A connection that we close ourselves tells nobody; of one that breaks, its error comes a moment later.
      const ended = () => setImmediate(() => settle(new Error('the connection has ended')));
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#connection.once('end', ended);
      work(settle);
    });
  }
}

type Done<Result> = (error: Error | null | undefined, result?: Result) => void;

/** A reply that ends the message and not the conversation; 421 ends both. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const isOfMessage = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  return isOfMessage && !('responseCode' in error && error.responseCode === 421);
}

/** The library's logger, heard only for the events it names by `tnx`: the only evidence that a message was written. */
function eventListener(listen: (event: unknown) => void) {
  const hear = (...said: readonly unknown[]) => {
    const [entry] = said;
    if (typeof entry === 'object' && entry !== null && 'tnx' in entry) listen(entry.tnx);
  };
  const silent = () => {};
  return {
    level: silent,
    trace: silent,
    debug: silent,
    info: hear,
    warn: silent,
    error: silent,
    fatal: silent,
  };
}
