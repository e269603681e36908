import type { SMTPServer } from 'smtp-server';

type Connection = SMTPServer['connections'] extends Set<infer One> ? One : never;
type Parser = Exclude<Connection['_parser'], false>;
type Next = (error?: Error | null) => void;

export interface ChunkOptions {
  /** Asked at each EHLO. */
  readonly offers?: () => boolean;
  /** Told of each message that begins so. */
  readonly begins?: () => void;
}

/**
 * Lets a server take messages by BDAT too (CHUNKING, RFC 3030), which the library leaves out. What a message is comes to
 * `onData` as it does by DATA. Chunks before the last are gathered, up to the size that the server takes.
 */
export function takeChunks(server: SMTPServer, options: ChunkOptions = {}): void {
  const connect = server.connect.bind(server);
  server.connect = (socket, socketOptions) => {
    const known = new Set(server.connections);
    connect(socket, socketOptions);
    for (const connection of server.connections) {
      if (!known.has(connection)) takeChunksOf(connection, options);
    }
  };
}

function takeChunksOf(connection: Connection, { offers = () => true, begins }: ChunkOptions): void {
  const most = Number(connection._server.options.size) || Number.POSITIVE_INFINITY;
  let isOffered = false;
  /** Chunks of a message whose last is still to come; undefined once one was refused. */
  let gathered: Buffer[] | undefined = [];
  const { handler_EHLO: greet, _resetSession: reset } = connection;

  const gather = (parser: Parser, bytes: number, next: Next) => {
    const chunks = gathered ?? [];
    const fits = chunks.reduce((sum, { length }) => sum + length, bytes) <= most;
    const refuse = () => {
      gathered = undefined;
      connection.send(552, 'Error: message too large');
    };
    const answer = fits ? () => connection.send(250, `${bytes} octets`) : refuse;
    skip(parser, bytes, { next, answer, ...(fits && { hear: (part) => chunks.push(part) }) });
  };

  Object.assign(connection, {
    handler_EHLO(command: Buffer, next: Next) {
      isOffered = offers();
      const say = connection.send;
      connection.send = (code, text, context) => {
        const isList = isOffered && code === 250 && Array.isArray(text);
        say.call(connection, code, isList ? [...text, 'CHUNKING'] : text, context);
      };
      greet.call(connection, command, () => {});
      connection.send = say;
      next();
    },
    handler_BDAT(command: Buffer, next: Next) {
      const parser = connection._parser;
      const [, digits, last] = /^BDAT (\d{1,15})( LAST)?\s*$/i.exec(command.toString()) ?? [];
      if (!parser || !isOffered) {
        connection.send(500, 'Error: command not recognized');
        next();
      } else if (digits === undefined) {
        // How much follows is not known: whatever came now would be read as commands.
        connection.send(421, 'Error: syntax: BDAT bytes [LAST]');
      } else if (!gathered || connection.session.envelope.rcptTo.length === 0) {
        const answer = () => connection.send(503, 'Error: need RCPT command');
        skip(parser, Number(digits), { next, answer });
      } else if (last === undefined) gather(parser, Number(digits), next);
      else {
        begins?.();
        const begun = Buffer.concat(gathered);
        withoutInvitation(connection, () => connection.handler_DATA(command, () => {}));
        feed(parser, begun, { bytes: Number(digits), most, next });
      }
    },
    _resetSession() {
      gathered = [];
      reset.call(connection);
    },
  });
}

/** BDAT brings its message along: nobody is asked for it. */
function withoutInvitation(connection: Connection, begin: () => void): void {
  const say = connection.send;
  connection.send = (code, text, context) => {
    if (code !== 354) say.call(connection, code, text, context);
  };
  begin();
  connection.send = say;
}

/** Hands what was gathered and so many of the next bytes to the message that has begun, and ends it. */
function feed(
  parser: Parser,
  begun: Buffer,
  { bytes, most, next }: { readonly bytes: number; readonly most: number; readonly next: Next },
): void {
  const hear = (part: Buffer) => {
    parser._countDataBytes(part.length);
    // What is beyond the limit is told by the count.
    if (parser.dataBytes <= most) parser._dataStream?.write(part);
  };
  if (begun.length > 0) hear(begun);
  count(parser, bytes, { hear, end: (rest, then) => parser._endDataMode(false, rest, then), next });
}

/** Reads past so many of the next bytes, and answers then. */
function skip(
  parser: Parser,
  bytes: number,
  { answer, hear = () => {}, next }: { answer(): void; hear?(part: Buffer): void; next: Next },
): void {
  const end = (rest: Buffer, then: Next) => {
    parser._dataMode = false;
    answer();
    parser._write(rest, 'buffer', then);
  };
  count(parser, bytes, { hear, end, next });
}

interface Counting {
  hear(part: Buffer): void;
  /** All are there; `rest` came behind them. */
  end(rest: Buffer, then: Next): void;
  /** Lets the parser go on. */
  readonly next: Next;
}

/** Has the parser take the next bytes for no commands, whatever they are. */
function count(parser: Parser, bytes: number, { hear, end, next }: Counting): void {
  if (bytes === 0) {
    end(Buffer.alloc(0), next);
    return;
  }
  const { _feedDataStream: untilDot } = parser;
  let left = bytes;
  parser._dataMode = true;
  parser._feedDataStream = (chunk, then) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    hear(part);
    if (left === 0) parser._feedDataStream = untilDot;
    if (left === 0) end(chunk.subarray(part.length), then);
    else then();
  };
  next();
}
