import type { Bench } from './bench.ts';
import { SESSIONS } from './bench-mailer.ts';
import { openMailing } from './mailing.ts';
import { sendRaw } from './raw-sender.ts';
import type { SinkReport } from './sink.ts';

/** A planned edition delivered as shipped, beside the least that sending the same bytes costs in Node. */
export const bench: Bench = {
  name: 'mail-raw',
  unit: 'messages',
  sizes: [10_000],
  quickSizes: [1_000],
  namedSizes: [100_000, 1_000_000],
  runs: 3,
  bars: [
    {
      id: '7b',
      text: 'signed delivery of 20 kB with marks >= 0.06x raw-sender',
      kind: 'bar',
      holds: (ratio) => ratio >= 0.06,
    },
    { id: '7b', text: 'the same >= 0.15x', kind: 'moonshot', holds: (ratio) => ratio >= 0.15 },
  ],
  async setUp(size) {
    const mailing = await openMailing(size);
    await mailing.deliver();
    let report: SinkReport = await mailing.sink.report();
    await mailing.check(report);
    const { sink, recipients } = mailing;
    const message = await mailing.sample();
    return {
      reset: () => mailing.reset(),
      async ours() {
        const accepted = await mailing.deliver();
        report = await sink.report();
        return accepted;
      },
      async limit() {
        await sendRaw({ port: sink.port, sessions: SESSIONS, recipients, message });
        const { messages } = await sink.report();
        if (messages !== size) throw new Error(`the sink got ${messages} of ${size}`);
        return messages;
      },
      check: () => mailing.check(report),
      tearDown: () => mailing.close(),
    };
  },
};
