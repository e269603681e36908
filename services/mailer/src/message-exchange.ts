import type { SmtpReply } from './classify-reply.ts';
import type { ServerReply } from './smtp-replies.ts';

/** What follows a reply. */
export type Step =
  /** More replies are on their way. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'say'; readonly command: string }
  /** The server waits for the message, or, where nobody is to get one, for its end alone. */
  | { readonly kind: 'message'; readonly isEmpty: boolean }
  /**
   * The message has its answer, to DATA also where that is about the message itself. Afterwards the server may have to
   * be told to forget it, or the conversation is over.
   */
  | {
      readonly kind: 'answered';
      readonly reply: SmtpReply;
      readonly next: 'go-on' | 'reset' | 'end';
    }
  /** The server ends the conversation without an answer to the message that it was given. */
  | { readonly kind: 'lost'; readonly detail: string };

/**
 * How much is said before an answer is waited for: a command; the three commands (PIPELINING, RFC 2920); or those and the
 * message behind them (CHUNKING, RFC 3030, whose BDAT says how long it is and waits for no invitation).
 */
export type Manner = 'command' | 'commands' | 'whole';

const WAIT: Step = { kind: 'wait' };
/** The commands in turn; what is answered last is the message, which DATA began. */
const COMMANDS = ['MAIL FROM', 'RCPT TO', 'DATA', 'DATA'] as const;
const DATA = 2;
const DOT = 3;

/**
 * One message's part of a conversation, as decisions: what to say, and what the replies mean. What is said together has
 * its replies in order; DATA can then be taken although nobody is to get the message, and is ended with nothing in it.
 */
export class MessageExchange {
  readonly manner: Manner;
  readonly #said: readonly [mail: string, rcpt: string, data: string];
  #at = 0;
  #refusal: SmtpReply | undefined;

  /** `bytes` are those of the message. */
  constructor(mail: string, rcpt: string, manner: Manner, bytes: number) {
    const data = manner === 'whole' ? `BDAT ${bytes} LAST` : 'DATA';
    this.#said = [`${mail}\r\n`, `${rcpt}\r\n`, `${data}\r\n`];
    this.manner = manner;
  }

  /** What to say first. */
  get opening(): string {
    const [mail, rcpt, data] = this.#said;
    return this.manner === 'command' ? mail : mail + rcpt + data;
  }

  hear({ code, text }: ServerReply): Step {
    const command = COMMANDS[this.#at] ?? 'DATA';
    const reply: SmtpReply = { command, code, text };
    if (code === 421 || !this.#hasSense(code)) return this.#farewell(reply);
    const isYes = code < 400;
    if (this.#at === DOT) return this.#afterDot(reply, isYes);
    if (!isYes) this.#refusal ??= reply;
    if (this.manner !== 'command' && this.#at < DATA) return this.#onward(WAIT);
    if (this.#refusal) return this.#refused(this.#refusal, this.#at === DATA && isYes);
    if (this.#at === DATA) return this.#onward({ kind: 'message', isEmpty: false });
    return this.#onward({ kind: 'say', command: this.#said[this.#at + 1] ?? '' });
  }

  /** Whether any command of ours was answered yet. */
  get isHeard(): boolean {
    return this.#at > 0;
  }

  /** 3yz invites a message, and nothing else does: replies that are not those to our commands are found so. */
  #hasSense(code: number): boolean {
    if (code === 0) return false;
    return code >= 400 || code >= 300 === (this.#at === DATA);
  }

  #onward(step: Step): Step {
    this.#at += 1;
    // Nothing invites a message that is there already.
    if (this.manner === 'whole' && this.#at === DATA) this.#at = DOT;
    return step;
  }

  /**
   * After the dot only an answer to the message is an answer; a farewell that crosses it proves nothing. What makes no
   * sense never does.
   */
  #farewell(reply: SmtpReply): Step {
    if (this.#refusal) return { kind: 'answered', reply: this.#refusal, next: 'end' };
    if (this.#at === DOT || reply.code !== 421) return { kind: 'lost', detail: reply.text };
    return { kind: 'answered', reply, next: 'end' };
  }

  #afterDot(reply: SmtpReply, isYes: boolean): Step {
    if (!this.#refusal) return { kind: 'answered', reply, next: isYes ? 'go-on' : 'reset' };
    if (this.manner !== 'whole') return { kind: 'answered', reply: this.#refusal, next: 'go-on' };
    // Who takes a message for nobody is not trusted with another.
    return { kind: 'answered', reply: this.#refusal, next: isYes ? 'end' : 'reset' };
  }

  #refused(reply: SmtpReply, dataIsOpen: boolean): Step {
    if (!dataIsOpen) return { kind: 'answered', reply, next: 'reset' };
    // Who takes a message from a sender that was refused is not trusted with an empty one either.
    if (reply.command === 'MAIL FROM') return { kind: 'answered', reply, next: 'end' };
    return this.#onward({ kind: 'message', isEmpty: true });
  }
}
