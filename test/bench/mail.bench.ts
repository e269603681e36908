import { readMessage } from '@paperboy/email';
import { createTransport } from 'nodemailer';
import type { Bench } from './bench.ts';
import { MAIL_FROM, SESSIONS } from './bench-mailer.ts';
import { type Mailing, openMailing } from './mailing.ts';
import type { SinkReport } from './sink.ts';

/** Messages of the limit's side: it is slow, and as fast with more. */
const LIMIT_MESSAGES = 2_000;

/** A planned edition delivered as shipped, beside nodemailer's own loop: pooled, composing and signing by itself. */
export const bench: Bench = {
  name: 'mail',
  unit: 'messages',
  sizes: [10_000, 100_000],
  quickSizes: [1_000],
  namedSizes: [1_000_000],
  runs: 3,
  bars: [
    {
      id: '6',
      text: 'signed delivery of 20 kB with marks >= 2.8x nodemailer',
      kind: 'bar',
      holds: (ratio) => ratio >= 2.8,
    },
    { id: '6', text: 'the same >= 5x', kind: 'moonshot', holds: (ratio) => ratio >= 5 },
  ],
  async setUp(size) {
    const mailing = await openMailing(size);
    await mailing.deliver();
    const first = await mailing.sink.report();
    await mailing.check(first);
    const sendPlainly = await nodemailerLoop(mailing);
    let report: SinkReport = first;
    return {
      reset: () => mailing.reset(),
      async ours() {
        const accepted = await mailing.deliver();
        report = await mailing.sink.report();
        return accepted;
      },
      async limit() {
        const sent = await sendPlainly();
        const { messages, recipients } = await mailing.sink.report();
        if (messages !== sent || recipients !== sent) throw new Error('nodemailer lost messages');
        return sent;
      },
      check: () => mailing.check(report),
      tearDown: () => mailing.close(),
    };
  },
};

/** What a newsletter does that leaves all to the library: one sendMail per recipient. */
async function nodemailerLoop({ recipients, dkim, sink, sample }: Mailing) {
  const { subject, html = '', text = '' } = await readMessage(await sample());
  const to = recipients.slice(0, LIMIT_MESSAGES);
  return async () => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: sink.port,
      pool: true,
      maxConnections: SESSIONS,
      maxMessages: Number.POSITIVE_INFINITY,
      dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.key },
    });
    await Promise.all(
      to.map((address) =>
        transport.sendMail({
          from: MAIL_FROM,
          to: address,
          subject,
          html,
          text,
          list: { unsubscribe: `https://news.example.org/unsubscribe/${address}` },
        }),
      ),
    );
    transport.close();
    return to.length;
  };
}
