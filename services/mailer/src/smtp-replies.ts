/** A whole reply of an SMTP server (RFC 5321 4.2). */
export interface ServerReply {
  /** 0 where the server said something that is no reply. */
  readonly code: number;
  /** All lines, code included, LF between them. */
  readonly text: string;
}

/** Longest reply that is waited for. */
const MOST = 64 * 1024;

/** Cuts what a server says into replies, wherever packets end. Guards what is not whole yet. */
export class ReplyReader {
  /** Complete lines of a reply that goes on, LF after each. */
  #lines = '';
  #rest = '';

  /** The replies that this chunk ends. Throws RangeError when one grows beyond all measure. */
  read(chunk: Buffer): ServerReply[] {
    const replies: ServerReply[] = [];
    const text = this.#rest + chunk.toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
      start = end + 1;
      // `250-` goes on, `250 ` and a lone `250` end; what has no code ends as well, and is nobody's answer.
      if (line[3] === '-' && codeOf(line) > 0) this.#lines += `${line}\n`;
      else {
        replies.push({ code: codeOf(line), text: decoded(this.#lines + line) });
        this.#lines = '';
      }
    }
    this.#rest = text.slice(start);
    if (this.#rest.length + this.#lines.length > MOST) throw new RangeError('a reply without end');
    return replies;
  }
}

function codeOf(line: string): number {
  return /^[2-5]\d\d(?:[ -]|$)/.test(line) ? Number(line.slice(0, 3)) : 0;
}

/** Read as Latin 1, as packets may cut a character; UTF-8 in truth, though seldom anything but ASCII. */
function decoded(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}
