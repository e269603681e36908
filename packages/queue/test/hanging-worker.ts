import { openQueues } from '../src/index.ts';
import type { Log } from '../src/log.ts';

/** A process that takes one job of the queue named by its argument, says so, and never ends it. */
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const queueUrl = process.argv[2] ?? '';
const queues = await openQueues({ queueUrl, databaseUrl: queueUrl, log: quiet });
const hang = () => {
  process.stdout.write('running\n');
  return new Promise<void>(() => {});
};
queues.work(
  'ingest',
  {
    'fetch-page': hang,
    'record-page': hang,
    'match-papers': hang,
    'embed-texts': hang,
    'match-past': hang,
  },
  { concurrency: 1, lockMs: 1_000, stalledCheckMs: 300 },
);
