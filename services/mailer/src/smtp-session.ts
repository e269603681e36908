import type { Socket } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpReply } from './classify-reply.ts';
import { type Manner, MessageExchange, type Step } from './message-exchange.ts';
import { type OpenConnection, openConnection, type SmtpTarget } from './smtp-connection.ts';
import { ReplyReader } from './smtp-replies.ts';

export interface SmtpEnvelope {
  readonly from: string;
  readonly to: string;
  /** What a report on the message shall carry; asked for only where the server offers reports (RFC 3461). */
  readonly envelopeId?: string | undefined;
}

/** How a message was met: by an answer to one of its commands, DATA's last one being about itself, or by none. */
export type Met =
  | { readonly kind: 'answered'; readonly reply: SmtpReply }
  /** `afterDot`: all of it was handed to the socket, so that it may have arrived. */
  | { readonly kind: 'lost'; readonly afterDot: boolean; readonly detail: string };

const GOODBYE_MS = 2_000;
/**
 * A connection that was silent for longer may be gone without a word. A message that went into it whole would be in
 * doubt, where a command that is not answered leaves none.
 */
const FRESH_MS = 1_000;
/**
 * Servers that offered CHUNKING and did not know its command, or ended a conversation without a word: those that do so
 * after so many messages would leave one of each in doubt.
 */
const withoutBdat = new WeakSet<SmtpTarget>();
const END = Buffer.from('.\r\n');
const END_OF_OPEN_LINE = Buffer.from('\r\n.\r\n');

/**
 * One conversation with an SMTP server. The library connects, upgrades to TLS and logs in; from then on what the
 * server says is read here, as its way of sending costs several times what a message takes: one write and one read
 * where a message may come with its commands, two where commands may be said together, four where they may not. The
 * connection's life stays with the library.
 */
export class SmtpSession {
  /** Messages that the server has answered. */
  answered = 0;
  readonly #connection: SMTPConnection;
  readonly #socket: Socket;
  readonly #target: SmtpTarget;
  readonly #offersPipelining: boolean;
  readonly #offersChunking: boolean;
  readonly #offersReports: boolean;
  readonly #replies = new ReplyReader();
  #heardAt = performance.now();
  #isOpen = true;
  /** A refused message is being forgotten; what is to be said next waits for that. */
  #isResetting = false;
  #current: Sending | undefined;
  #signal: AbortSignal | undefined;
  readonly #abort = () => this.#breakOff(messageOf(this.#signal?.reason));

  private constructor(target: SmtpTarget, { connection, socket, offers }: OpenConnection) {
    this.#target = target;
    this.#connection = connection;
    this.#socket = socket;
    this.#offersPipelining = offers.includes('PIPELINING');
    this.#offersChunking = offers.includes('CHUNKING');
    this.#offersReports = offers.includes('DSN');
    let detail = 'the connection has ended';
    connection.on('error', (error: Error) => {
      detail = error.message;
    });
    connection.once('end', () => this.#end(detail));
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
  }

  /** Connects, upgrades to TLS and logs in. Rejects with the library's error, or the signal's reason. */
  static async open(target: SmtpTarget, signal?: AbortSignal): Promise<SmtpSession> {
    return new SmtpSession(target, await openConnection(target, signal));
  }

  /** False once the connection has ended, from whichever side. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Hands one message over, one at a time. After an answer the session goes on, unless it was a farewell; after none
   * it is closed. Throws TypeError on an address that could not stand in a command.
   */
  send(envelope: SmtpEnvelope, message: Buffer, signal?: AbortSignal): Promise<Met> {
    const exchange = this.#exchangeFor(envelope, message.length);
    this.#listenTo(signal);
    return new Promise((met) => {
      const sending = { envelope, exchange, message, met, afterDot: false };
      this.#current = sending;
      if (!this.#isOpen) this.#settle({ kind: 'lost', detail: 'the connection has ended' });
      else if (signal?.aborted) this.#abort();
      else if (!this.#isResetting) this.#begin(sending);
    });
  }

  /** Says goodbye, and waits for the answer no longer than one moment. */
  quit(): void {
    if (this.#isOpen) this.#connection.quit();
    this.#listenTo(undefined);
    this.#isOpen = false;
    setTimeout(() => this.#connection.close(), GOODBYE_MS).unref();
  }

  /** Breaks off, wherever the conversation stands. */
  close(): void {
    this.#breakOff('the connection was closed');
  }

  #exchangeFor({ from, to, envelopeId }: SmtpEnvelope, bytes: number): MessageExchange {
    for (const address of [from, to]) {
      if (!/^[\x21-\x7e]*$/.test(address) || /[<>]/.test(address)) {
        throw new TypeError('an address cannot stand in a command');
      }
    }
    const reports = this.#offersReports && envelopeId !== undefined;
    return new MessageExchange(
      `MAIL FROM:<${from}>${reports ? ` RET=HDRS ENVID=${envelopeId}` : ''}`,
      `RCPT TO:<${to}>${reports ? ' NOTIFY=FAILURE,DELAY' : ''}`,
      this.#manner(),
      bytes,
    );
  }

  #manner(): Manner {
    if (!this.#offersPipelining) return 'command';
    const isFresh = performance.now() - this.#heardAt < FRESH_MS;
    return this.#offersChunking && isFresh && !withoutBdat.has(this.#target) ? 'whole' : 'commands';
  }

  #begin(sending: Sending): void {
    const { exchange, message } = sending;
    if (exchange.manner === 'whole')
      this.#handOver(sending, [Buffer.from(exchange.opening, 'latin1'), message]);
    else this.#socket.write(exchange.opening, 'latin1');
  }

  /** One listener per run of messages under the same signal; to add one for each costs more than to say it. */
  #listenTo(signal: AbortSignal | undefined): void {
    if (this.#signal === signal) return;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
  }

  #hear(chunk: Buffer): void {
    try {
      this.#heardAt = performance.now();
      for (const reply of this.#replies.read(chunk)) {
        if (!this.#isOpen) return;
        if (this.#isResetting) this.#forgotten(reply.code);
        else if (this.#current) this.#do(this.#current, this.#current.exchange.hear(reply));
        // A farewell to a session that nobody uses.
        else this.close();
      }
    } catch (error) {
      this.#breakOff(messageOf(error));
    }
  }

  #do(sending: Sending, step: Step): void {
    switch (step.kind) {
      case 'wait':
        return;
      case 'say':
        this.#socket.write(step.command, 'latin1');
        return;
      case 'message':
        if (step.isEmpty) this.#socket.write(END);
        else this.#handOver(sending, dotted(sending.message));
        return;
      case 'answered':
        if (isUnknownBdat(sending.exchange, step.reply)) this.#beginAgain(sending);
        else this.#answer(step);
        return;
      case 'lost':
        this.#breakOff(step.detail);
    }
  }

  #answer({ reply, next }: Extract<Step, { kind: 'answered' }>): void {
    this.answered += 1;
    if (next === 'reset') this.#reset();
    this.#settle({ kind: 'answered', reply });
    if (next === 'end') this.close();
  }

  #handOver(sending: Sending, [first, last]: readonly [Buffer, Buffer]): void {
    // From here on it may arrive, but where the system says that it could not take all of it.
    sending.afterDot = true;
    this.#socket.cork();
    this.#socket.write(first);
    this.#socket.write(last, (error) => {
      if (isFromSystem(error)) sending.afterDot = false;
    });
    this.#socket.uncork();
  }

  /** The same message in the other way, once the server has forgotten that it was begun. */
  #beginAgain(sending: Sending): void {
    withoutBdat.add(this.#target);
    const exchange = this.#exchangeFor(sending.envelope, sending.message.length);
    this.#current = { ...sending, exchange, afterDot: false };
    this.#reset();
  }

  #reset(): void {
    this.#isResetting = true;
    this.#socket.write('RSET\r\n');
  }

  #forgotten(code: number): void {
    this.#isResetting = false;
    if (code < 200 || code > 299) this.#breakOff('the server does not forget a refused message');
    else if (this.#current) this.#begin(this.#current);
  }

  #settle(met: { kind: 'answered'; reply: SmtpReply } | { kind: 'lost'; detail: string }): void {
    const sending = this.#current;
    this.#current = undefined;
    if (!sending) return;
    if (met.kind === 'answered') sending.met(met);
    else sending.met({ ...met, afterDot: sending.afterDot });
  }

  #breakOff(detail: string): void {
    this.#listenTo(undefined);
    this.#isOpen = false;
    this.#connection.close();
    this.#settle({ kind: 'lost', detail });
  }

  /** The connection is gone; a write that failed with it says so within this turn. */
  #end(detail: string): void {
    this.#listenTo(undefined);
    this.#isOpen = false;
    const exchange = this.#current?.exchange;
    const isWordless = exchange?.manner === 'whole' && !exchange.isHeard && this.answered > 0;
    if (isWordless) withoutBdat.add(this.#target);
    setImmediate(() => this.#settle({ kind: 'lost', detail }));
  }
}

/** A message on its way. */
interface Sending {
  readonly envelope: SmtpEnvelope;
  readonly exchange: MessageExchange;
  readonly message: Buffer;
  readonly met: (met: Met) => void;
  afterDot: boolean;
}

/** Refused for its command and not for itself. */
function isUnknownBdat({ manner }: MessageExchange, { command, code }: SmtpReply): boolean {
  return manner === 'whole' && command === 'DATA' && code >= 500 && code <= 504;
}

/** A message as DATA takes it: dots doubled, and the end that tells it. */
function dotted(given: Buffer): readonly [message: Buffer, end: Buffer] {
  const message = withoutLonelyDots(given);
  return [message, message.at(-1) === 10 ? END : END_OF_OPEN_LINE];
}

/** A dot that opens a line is doubled (RFC 5321 4.5.2). Ours have none, and are sent as they lie in memory. */
function withoutLonelyDots(message: Buffer): Buffer {
  if (message[0] !== 46 && message.indexOf('\r\n.') < 0) return message;
  return Buffer.from(message.toString('latin1').replace(/(^|\r\n)\./g, '$1..'), 'latin1');
}

/** An error of the system's own, unlike those of a socket that was closed with a write under way. */
function isFromSystem(error: Error | null | undefined): boolean {
  return error instanceof Error && 'syscall' in error;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
