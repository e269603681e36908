import { createSigner, makeDkimKey, readMessage, verifySignature } from '@paperboy/email';
import type { Store } from '@paperboy/store';
import { DKIM_NAME as name, openBenchMailer } from './bench-mailer.ts';
import { FOLLOWED, loadReaders, type MailSize, planReaders, unsend } from './mail-data.ts';
import { benchStore } from './postgres.ts';
import { type Sink, type SinkReport, startSink } from './sink.ts';

/** An edition of so many deliveries, the mailer that is to deliver it and the sink that takes it. */
export interface Mailing {
  readonly store: Store;
  readonly sink: Sink;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly key: string };
  readonly recipients: readonly string[];
  /** Delivers all of it as shipped, durable marks and signatures included. */
  deliver(): Promise<number>;
  /** Throws unless the sink was given every message once, of this size and with a signature that holds. */
  check(report: SinkReport): Promise<void>;
  /** One of the messages, as the sink kept it. */
  sample(): Promise<Buffer>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Sizes are told of the message as the sink takes it, with room for other words. */
const BYTES: Readonly<Record<MailSize, readonly [least: number, most: number]>> = {
  '20kB': [17_000, 26_000],
  '60kB': [50_000, 70_000],
};

export async function openMailing(subscribers: number, size: MailSize = '20kB'): Promise<Mailing> {
  const store = await benchStore();
  await loadReaders(store, subscribers, FOLLOWED[size]);
  await planReaders(store);
  const sink = await startSink();
  const key = await makeDkimKey();
  const { record } = createSigner({ ...name, key });
  const mailer = await openBenchMailer(store, sink.url, key);
  const { rows } = await store.pool.query<{ address: string }>(
    'select address from delivery join subscriber on subscriber.id = subscriber_id order by delivery.id',
  );
  let kept: string | undefined;
  return {
    store,
    sink,
    dkim: { ...name, key },
    recipients: rows.map(({ address }) => address),
    deliver: async () => (await mailer.deliverDue()).accepted,
    async check(report) {
      const { messages, recipients, bytes } = report;
      if (messages !== subscribers || recipients !== subscribers) {
        throw new Error(`${messages} messages to ${recipients} of ${subscribers} recipients`);
      }
      const [least, most] = BYTES[size];
      const mean = bytes / messages;
      if (mean < least || mean > most) throw new Error(`messages have ${mean} bytes, not ${size}`);
      for (const message of report.kept) {
        const raw = undotted(message);
        const [found] = await verifySignature(raw, (asked) =>
          asked === record.name ? record.text : undefined,
        );
        if (found?.result !== 'pass')
          throw new Error(`a signature does not hold: ${found?.detail}`);
        await readMessage(raw);
      }
      kept = report.kept[0] ?? kept;
    },
    async sample() {
      if (kept === undefined) throw new Error('nothing was delivered yet');
      return undotted(kept);
    },
    async reset() {
      await unsend(store);
      await sink.report();
    },
    async close() {
      await mailer.close();
      sink.stop();
      await store.close();
    },
  };
}

function undotted(base64: string): Buffer {
  const text = Buffer.from(base64, 'base64').toString('latin1').replaceAll('\r\n..', '\r\n.');
  return Buffer.from(text, 'latin1');
}
