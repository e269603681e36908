import { PaperboyError } from '@paperboy/core';
import { createTransport } from 'nodemailer';
import type { SmtpReply } from './classify-reply.ts';

export interface RelaySettings {
  /** `smtp://` (STARTTLS is demanded off loopback) or `smtps://`, with user and password if needed. */
  readonly url: string;
  readonly connections: number;
  /** Longest wait for a connection and for the greeting. */
  readonly connectTimeoutMs: number;
}

export interface MessageToSend {
  readonly from: string;
  readonly to: string;
  /** The whole message, CRLF throughout. */
  readonly raw: Buffer;
}

/** How one handing over ended. */
export type SendOutcome =
  | {
      readonly kind: 'accepted';
      readonly code: number;
      readonly reply: string;
      readonly relayId?: string;
    }
  | { readonly kind: 'refused'; readonly reply: SmtpReply }
  /** No answer. `afterDot`: the whole message had been handed to the socket, so it may have arrived. */
  | { readonly kind: 'lost'; readonly afterDot: boolean; readonly detail: string }
  /** Our own settings do not fit the server, such as a login it does not offer. Nothing was sent. */
  | { readonly kind: 'misconfigured'; readonly detail: string };

/** Hands one message over. Never rejects. An abort breaks the conversation off, wherever it stands. */
export type Send = (message: MessageToSend, signal?: AbortSignal) => Promise<SendOutcome>;

/** Connections to one SMTP server. */
export interface Relay {
  readonly connections: number;
  /** Waits for a free connection and lends it to `work`. */
  use<Result>(work: (send: Send) => Promise<Result>): Promise<Result>;
  /** Breaks off what is still under way. */
  close(): void;
}

/** RFC 5321 4.5.3.2.6: a server may take ten minutes to answer the final dot. */
const ANSWER_TIMEOUT_MS = 10 * 60_000;
const CONFIG_ERRORS = new Set(['EAUTH', 'ENOAUTH', 'ECONFIG', 'EREQUIRETLS']);

/** Prepares connections; the first message on each opens it. Throws SETTING_INVALID on an address that is none. */
export function openRelay(settings: RelaySettings): Relay {
  const target = targetOf(settings.url);
  const slots = Array.from({ length: settings.connections }, () => new Slot(settings, target));
  const free = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  const take = () => {
    const slot = free.pop();
    return slot ? Promise.resolve(slot) : new Promise<Slot>((resolve) => waiting.push(resolve));
  };
  const giveBack = (slot: Slot) => {
    const next = waiting.shift();
    if (next) next(slot);
    else free.push(slot);
  };
  return {
    connections: settings.connections,
    async use(work) {
      const slot = await take();
      try {
        return await work((message, signal) => slot.send(message, signal));
      } finally {
        giveBack(slot);
      }
    },
    close: () => {
      for (const slot of slots) slot.close();
    },
  };
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

function targetOf(text: string): Target {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new PaperboyError('SETTING_INVALID', 'SMTP_URL is no smtp:// or smtps:// address');
  }
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    ...(user && { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}

/** Whether what is sent there stays on this machine. Throws SETTING_INVALID on an address that is none. */
export function staysOnLoopback(url: string): boolean {
  return isLoopback(targetOf(url).host);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * One connection with a transport of its own. Only so do the transport's log events belong to one message, and
 * they are the only evidence of whether the final dot was written before a connection broke.
 */
class Slot {
  readonly #transport;
  #dotWritten = false;
  #sent = 0;

  constructor({ connectTimeoutMs }: RelaySettings, { host, port, secure, auth }: Target) {
    this.#transport = createTransport({
      pool: true,
      maxConnections: 1,
      maxMessages: 500,
      // The library would repeat a message by itself; repeating is decided by the ledger alone.
      maxRequeues: 0,
      host,
      port,
      secure,
      ...(auth && { auth }),
      requireTLS: !secure && !isLoopback(host),
      connectionTimeout: connectTimeoutMs,
      greetingTimeout: connectTimeoutMs,
      socketTimeout: ANSWER_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: eventListener((event) => {
        if (event === 'message') this.#dotWritten = true;
      }),
    });
  }

  async send(message: MessageToSend, signal?: AbortSignal): Promise<SendOutcome> {
    const isReused = this.#sent > 0;
    const outcome = await this.#attempt(message, signal);
    // Servers drop idle connections. Nothing was written to this one, and a new one may be all right.
    const wasIdle = isReused && outcome.kind === 'lost' && !outcome.afterDot && !signal?.aborted;
    return wasIdle ? this.#attempt(message, signal) : outcome;
  }

  async #attempt({ from, to, raw }: MessageToSend, signal?: AbortSignal): Promise<SendOutcome> {
    this.#dotWritten = false;
    try {
      const info = await this.#transport.sendMail({
        envelope: { from, to: [to] },
        raw,
        ...(signal && { signal }),
      });
      this.#sent += 1;
      const { response, serverMessageId } = info;
      return {
        kind: 'accepted',
        code: Number(/^\d{3}/.exec(response)?.[0] ?? 250),
        reply: response,
        ...(serverMessageId && { relayId: serverMessageId }),
      };
    } catch (thrown) {
      const outcome = outcomeOf(thrown, this.#dotWritten);
      if (outcome.kind === 'lost') this.#sent = 0;
      return outcome;
    }
  }

  close(): void {
    this.#transport.close({ force: true });
  }
}

interface SmtpFailure {
  readonly message: string;
  readonly code?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

function outcomeOf(thrown: unknown, dotWritten: boolean): SendOutcome {
  const failure: SmtpFailure = thrown instanceof Error ? thrown : { message: String(thrown) };
  const { message, code, command, responseCode, response } = failure;
  const isReply =
    typeof responseCode === 'number' && responseCode >= 400 && typeof command === 'string';
  // After the dot only the answer to DATA is an answer; a farewell that crosses it proves nothing.
  if (isReply && (!dotWritten || command === 'DATA')) {
    const text = typeof response === 'string' ? response : message;
    // The library names the recipient's 421 after the connection that it ends; one to MAIL FROM has its own name.
    const isRecipients = responseCode === 421 && message.startsWith('Server closed the connection');
    const answered = isRecipients ? 'RCPT TO' : command;
    return { kind: 'refused', reply: { command: answered, code: responseCode, text } };
  }
  if (!dotWritten && typeof code === 'string' && CONFIG_ERRORS.has(code)) {
    return { kind: 'misconfigured', detail: message };
  }
  return { kind: 'lost', afterDot: dotWritten, detail: message };
}

/** The library's logger, heard only for the events it names by `tnx`. */
function eventListener(listen: (event: unknown) => void) {
  const hear = (...said: readonly unknown[]) => {
    const [entry] = said;
    if (typeof entry === 'object' && entry !== null && 'tnx' in entry) listen(entry.tnx);
  };
  const silent = () => {};
  return {
    level: () => {},
    trace: silent,
    debug: silent,
    info: hear,
    warn: silent,
    error: silent,
    fatal: silent,
  };
}
