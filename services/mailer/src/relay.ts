import type { SmtpReply } from './classify-reply.ts';
import { failureWords } from './failure-words.ts';
import { relayIdIn } from './relay-id.ts';
import { targetOf } from './relay-target.ts';
import type { SmtpTarget } from './smtp-connection.ts';
import { SmtpSession } from './smtp-session.ts';

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
  /** See `SmtpEnvelope`. */
  readonly envelopeId?: string;
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

/** Messages on one connection; servers drop those that stay for ever. */
const MOST_MESSAGES = 500;
const CONFIG_ERRORS = new Set(['EAUTH', 'ENOAUTH', 'ECONFIG', 'EREQUIRETLS']);

/** Prepares connections; the first message on each opens it. Throws SETTING_INVALID on an address that is none. */
export function openRelay(settings: RelaySettings): Relay {
  const target = { ...targetOf(settings.url), connectTimeoutMs: settings.connectTimeoutMs };
  const slots = Array.from({ length: settings.connections }, () => new Slot(target));
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

/** A place for one conversation at a time; opened when it is needed, and opened anew when it has ended. */
class Slot {
  readonly #target: SmtpTarget;
  #session: SmtpSession | undefined;
  #isClosed = false;

  constructor(target: SmtpTarget) {
    this.#target = target;
  }

  async send(message: MessageToSend, signal?: AbortSignal): Promise<SendOutcome> {
    const isReused = this.#session?.isOpen === true && this.#session.answered > 0;
    const outcome = await this.#attempt(message, signal);
    if (!isReused || !hadEnded(outcome) || signal?.aborted || this.#isClosed) return outcome;
    return this.#attempt(message, signal);
  }

  async #attempt({ raw, ...envelope }: MessageToSend, signal?: AbortSignal): Promise<SendOutcome> {
    try {
      const session = this.#session?.isOpen ? this.#session : await this.#open(signal);
      const met = await session.send(envelope, raw, signal);
      if (session.isOpen && session.answered >= MOST_MESSAGES) session.quit();
      return met.kind === 'lost' ? met : outcomeOf(met.reply);
    } catch (thrown) {
      return unopened(thrown);
    }
  }

  async #open(signal?: AbortSignal): Promise<SmtpSession> {
    if (this.#isClosed) throw new Error('the relay is closed');
    const session = await SmtpSession.open(this.#target, signal);
    this.#session = session;
    if (this.#isClosed) session.close();
    return session;
  }

  close(): void {
    this.#isClosed = true;
    this.#session?.close();
  }
}

/**
 * Servers end idle connections, some with a farewell that meets our next MAIL FROM. Nothing was written to this one,
 * and a new one may be all right.
 */
function hadEnded(outcome: SendOutcome): boolean {
  if (outcome.kind === 'lost') return !outcome.afterDot;
  if (outcome.kind !== 'refused') return false;
  const { code, command } = outcome.reply;
  return code === 421 && command !== 'RCPT TO' && command !== 'DATA';
}

function outcomeOf(reply: SmtpReply): SendOutcome {
  const { code, text } = reply;
  if (code >= 300) return { kind: 'refused', reply };
  const relayId = relayIdIn(text);
  return { kind: 'accepted', code, reply: text, ...(relayId !== undefined && { relayId }) };
}

interface SmtpFailure {
  readonly message: string;
  readonly code?: unknown;
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** Why there is no conversation, by the library's error: nothing of the message has gone out. */
function unopened(thrown: unknown): SendOutcome {
  const failure: SmtpFailure = thrown instanceof Error ? thrown : { message: String(thrown) };
  const { message, code, command, responseCode, response } = failure;
  if (typeof responseCode === 'number' && responseCode >= 400 && typeof command === 'string') {
    const text = typeof response === 'string' ? response : message;
    return { kind: 'refused', reply: { command, code: responseCode, text } };
  }
  if (typeof code === 'string' && CONFIG_ERRORS.has(code)) {
    return { kind: 'misconfigured', detail: message };
  }
  return { kind: 'lost', afterDot: false, detail: failureWords(thrown) };
}
