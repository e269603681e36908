import type { AddressInfo } from 'node:net';
import { PaperboyError } from '@paperboy/core';
import { type Db, saveInboxMessage } from '@paperboy/store';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type Chaos, chaosOf } from './inbox-chaos.ts';
import type { BreakPoint, Interference } from './interference.ts';
import { takeChunks } from './take-chunks.ts';

export interface InboxOptions {
  readonly db: Db;
  /** 0, a free one, when left out. */
  readonly port?: number;
  /** Largest message taken; 5 MiB when left out. */
  readonly maxBytes?: number;
  /** Whether it offers CHUNKING, as Postfix and Exchange do; not when left out. */
  readonly offersChunking?: boolean;
  /**
   * For tests: asked at each step. `data` is when the first bytes of a message are there, `dot` before it is
   * kept, `commit` after that and before the 250.
   */
  readonly interfere?: (step: BreakPoint, recipient: string) => Interference | undefined;
}

export interface InboxServer {
  readonly host: string;
  readonly port: number;
  /** For `SMTP_URL`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Never another: whoever reaches this port reads and writes every mail. */
const HOST = '127.0.0.1';
const MAX_BYTES = 5 * 2 ** 20;

/**
 * Opens the development inbox: an SMTP server on loopback that keeps what it is sent and mails nobody, and plays the
 * faults that are switched on in the database. Throws PORT_IN_USE.
 */
export async function startInbox(options: InboxOptions): Promise<InboxServer> {
  const { db, port = 0, maxBytes = MAX_BYTES, interfere = () => undefined } = options;
  const { offersChunking = false } = options;
  const server: SMTPServer = new SMTPServer({
    name: 'paperboy-inbox',
    banner: 'development inbox',
    // Without it the greeting waits for a DNS answer.
    disableReverseLookup: true,
    // Loopback only, so neither: offering the library's own published certificate would be worse than none.
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: maxBytes,
    socketTimeout: 10 * 60_000,
    closeTimeout: 2_000,
    onMailFrom: (_address, session, callback) => meet('mail', session, callback),
    onRcptTo: (address, session, callback) => meet('rcpt', session, callback, address.address),
    onData: (stream, session, callback) => {
      const taken: Promise<void> = take(stream, session)
        .then(
          (id) => callback(null, `kept as ${id}`),
          (error: unknown) => callback(replyFor(error)),
        )
        .finally(() => taking.delete(taken))
        .then(() => {});
      taking.add(taken);
    },
  });
  /** Messages on their way into the table. Their sender may be gone; they are kept all the same. */
  const taking = new Set<Promise<void>>();
  const conversations = new WeakMap<SMTPServerSession, Chaos>();
  if (offersChunking) takeChunks(server);
  // A client that went away says nothing about the server.
  server.on('error', () => {});

  function meet(
    step: BreakPoint,
    session: SMTPServerSession,
    callback: (error?: Error | null) => void,
    recipient = recipientOf(session),
  ): void {
    const end = (interference: Interference | undefined) => {
      if (interference?.kind === 'break') breakOff(server, session);
      // After a break nobody hears the answer, but whoever waits for the step must not wait for ever.
      callback(interference && refusalOf(interference));
    };
    const wished = interfere(step, recipient);
    if (wished) end(wished);
    else
      chaosFor(session)(step, recipient).then(end, (error: unknown) => callback(replyFor(error)));
  }

  function chaosFor(session: SMTPServerSession): Chaos {
    const chaos = conversations.get(session) ?? chaosOf(db);
    conversations.set(session, chaos);
    return chaos;
  }

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      if (chunks.length === 0) await pass('data', session);
      chunks.push(Buffer.from(chunk));
    }
    if (stream.sizeExceeded) {
      throw refusal({ code: 552, text: `5.3.4 larger than ${maxBytes} bytes` });
    }
    await pass('dot', session);
    const raw = Buffer.concat(chunks);
    const { mailFrom, rcptTo } = session.envelope;
    const id = await saveInboxMessage(db, {
      mailFrom: mailFrom === false ? '' : mailFrom.address,
      recipients: rcptTo.map(({ address }) => address),
      messageId: messageIdIn(raw),
      raw,
    });
    await pass('commit', session);
    return id;
  }

  function pass(step: BreakPoint, session: SMTPServerSession): Promise<void> {
    return new Promise((resolve, reject) => {
      meet(step, session, (error) => (error ? reject(error) : resolve()));
    });
  }

  const address = await listen(server, port);
  return {
    host: HOST,
    port: address.port,
    url: `smtp://${HOST}:${address.port}`,
    async stop() {
      await new Promise<void>((resolve) => server.close(resolve));
      await Promise.all(taking);
    },
  };
}

function listen(server: SMTPServer, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) => {
      reject(new PaperboyError('PORT_IN_USE', `${HOST}:${port} for the inbox`, { cause }));
    };
    server.server.once('error', refuse);
    server.listen(port, HOST, () => {
      server.server.off('error', refuse);
      const address = server.server.address();
      if (address !== null && typeof address === 'object') resolve(address);
      else reject(new Error('the inbox has no port'));
    });
  });
}

function recipientOf(session: SMTPServerSession): string {
  return session.envelope.rcptTo[0]?.address ?? '';
}

function refusalOf(interference: Interference): Error {
  const { kind } = interference;
  return kind === 'refuse'
    ? refusal(interference)
    : refusal({ code: 421, text: '4.3.2 broken off' });
}

function refusal({ code, text }: { readonly code: number; readonly text: string }): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** What is no refusal of ours is a fault that may pass, such as a database that is away. */
function replyFor(error: unknown): Error {
  const isRefusal = error instanceof Error && 'responseCode' in error;
  return isRefusal ? error : refusal({ code: 451, text: '4.3.0 the inbox cannot keep it now' });
}

/** Drops the connection as a crash of the server would. */
function breakOff(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.session.id === session.id) connection._socket.destroy();
  }
}

/** The Message-ID of the header, which ends at the first empty line. */
function messageIdIn(raw: Buffer): string | null {
  const end = raw.indexOf('\r\n\r\n');
  const header = raw.toString('latin1', 0, end < 0 ? raw.length : end);
  return /^message-id:\s*(<[^>\s]{1,250}>)/im.exec(header)?.[1] ?? null;
}
