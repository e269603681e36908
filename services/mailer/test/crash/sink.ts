import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { takeChunks } from '../../src/take-chunks.ts';

/** Where a conversation stands: `dot` before the message counts as taken, `answer` after that and before the 250. */
export type SinkStep = 'mail' | 'rcpt' | 'data' | 'dot' | 'answer';

/** What becomes of a step. `hang`: nobody ever hears of it again. A promise holds it until then. */
export type SinkMove = 'go' | 'hang' | 'break' | Promise<'go'>;

/** A relay that takes everything and forgets the bodies. */
export interface Sink {
  readonly url: string;
  /** How often each Message-ID was taken: what a reader would have got. */
  readonly copies: ReadonlyMap<string, number>;
  /** Messages that were begun by BDAT. */
  readonly counted: number;
  stop(): Promise<void>;
}

export interface SinkOptions {
  /** Asked at each step with how often that step was met. */
  readonly meet?: (step: SinkStep, nth: number) => SinkMove;
  /** Whether a conversation that begins may go by BDAT (CHUNKING, RFC 3030); never when left out. */
  readonly offersChunking?: () => boolean;
}

export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const { meet = () => 'go', offersChunking = () => false } = options;
  const copies = new Map<string, number>();
  const met = new Map<SinkStep, number>();
  const pass = async (step: SinkStep, session: SMTPServerSession): Promise<void> => {
    const nth = (met.get(step) ?? 0) + 1;
    met.set(step, nth);
    const move = await meet(step, nth);
    if (move === 'break') breakOff(server, session);
    if (move !== 'go') await new Promise(() => {});
  };
  const take = async (stream: SMTPServerDataStream, session: SMTPServerSession) => {
    let head = '';
    for await (const chunk of stream) {
      if (head === '') await pass('data', session);
      if (head.length < 16_384) head += Buffer.from(chunk).toString('latin1');
    }
    await pass('dot', session);
    const id = /^message-id:\s*(<[^>]+>)/im.exec(head)?.[1] ?? 'none';
    copies.set(id, (copies.get(id) ?? 0) + 1);
    await pass('answer', session);
  };
  const server: SMTPServer = new SMTPServer({
    disableReverseLookup: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 200,
    onMailFrom: (_address, session, callback) => void pass('mail', session).then(() => callback()),
    onRcptTo: (_address, session, callback) => void pass('rcpt', session).then(() => callback()),
    onData: (stream, session, callback) => {
      take(stream, session).then(
        () => callback(),
        // The client is gone before its message was whole.
        () => {},
      );
    },
  });
  let counted = 0;
  const begins = () => {
    counted += 1;
  };
  takeChunks(server, { offers: offersChunking, begins });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    copies,
    get counted() {
      return counted;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function breakOff(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.session.id === session.id) connection._socket.destroy();
  }
}
