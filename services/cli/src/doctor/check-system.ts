import { statfs } from 'node:fs/promises';
import { asPaperboyError } from '@paperboy/core';
import {
  countDeliveries,
  embeddingService,
  pendingMigrations,
  relayGate,
  sourceTroubles,
} from '@paperboy/store';
import type { Finding } from '../findings.ts';
import type { Shared } from '../shared.ts';

const GIB = 2 ** 30;
const NEEDED_BYTES = GIB;
/** Send times and leases are told by the database's clock, signatures and dates by ours. */
const MOST_DRIFT_MS = 5_000;

/** Whether the parts that Paperboy stands on are there, and what waits for a person. */
export async function checkSystem(shared: Shared): Promise<Finding[]> {
  const { db, store } = shared;
  const pending = await pendingMigrations(store.pool);
  const findings = [
    row('database', 'The database answers', true, 'it does', 'Check DATABASE_URL.'),
    row(
      'migrations',
      'The database is of this version',
      pending.length === 0,
      pending.join(', ') || 'it is',
      'Run paperboy migrate.',
    ),
    await checkQueue(shared),
    await checkClock(shared),
    await checkDisk(shared.home.dir),
    BACKUPS,
  ];
  // Without its tables there is nothing more to ask.
  if (pending.length > 0) return findings;
  const [troubles, deliveries, gate] = await Promise.all([
    sourceTroubles(db),
    countDeliveries(db),
    relayGate(db),
  ]);
  return [
    ...findings,
    ...troubles.map(({ sourceName, kind, note, isAlert }): Finding => {
      const rule = `The source ${sourceName} gives whole lists`;
      const found = [kind, note].filter(Boolean).join(': ');
      const finding = row('source', rule, false, found, `Look: paperboy source show ${sourceName}`);
      return { ...finding, level: 'should', outcome: isAlert ? 'fail' : 'unknown' };
    }),
    {
      ...row(
        'uncertain',
        'No delivery is uncertain',
        deliveries.uncertain === 0,
        `${deliveries.uncertain} are`,
        'Look: paperboy delivery list --state uncertain',
      ),
      level: 'should',
    },
    row(
      'relay-gate',
      'Mailers are not stopped by trouble with the relay',
      gate.kind !== 'held',
      'detail' in gate ? `${gate.kind}: ${gate.code}: ${gate.detail}` : 'they are not',
      'Mend what the detail names. Then: paperboy mail retry, or “It is mended” under /admin/deliveries.',
    ),
    ...(shared.settings.embeddingsUrl === '' ? [] : [await checkEmbeddings(shared)]),
  ];
}

/** As the last that asked it found. */
async function checkEmbeddings({ db }: Shared): Promise<Finding> {
  const { trouble, answeredAt } = await embeddingService(db);
  const found = trouble?.detail ?? (answeredAt ? 'it does' : 'it was not asked yet');
  const fix =
    'Check EMBEDDINGS_URL, EMBEDDINGS_KEY and EMBEDDINGS_MODEL; until then words alone count.';
  const finding = row('embeddings', 'The embedding service answers', !trouble, found, fix);
  return { ...finding, level: 'should', ...(!trouble && !answeredAt && { outcome: 'unknown' }) };
}

const BACKUPS: Finding = {
  ...row('backup', 'There is a backup of this week', false, 'Paperboy makes none by itself', ''),
  level: 'should',
  outcome: 'unknown',
  fix: 'See “Backup and restore” in docs/operations.md, and try a restore once.',
};

async function checkQueue(shared: Shared): Promise<Finding> {
  const rule = 'The queue answers, and somebody works on it';
  try {
    const counts = await (await shared.queues()).queueCounts();
    const idle = counts.filter(({ workers }) => workers === 0).map(({ queue }) => queue);
    const found = idle.length === 0 ? 'all of them' : `nobody works on ${idle.join(', ')}`;
    const fix = 'Start Paperboy, or the service of that queue.';
    const finding = row('queue', rule, idle.length === 0, found, fix);
    return idle.length === 0 ? finding : { ...finding, level: 'should', outcome: 'unknown' };
  } catch (thrown) {
    const { code, detail } = asPaperboyError(thrown);
    return row('queue', rule, false, `${code}: ${detail}`, 'Check QUEUE_URL.');
  }
}

async function checkClock({ store }: Shared): Promise<Finding> {
  const before = Date.now();
  const { rows } = await store.pool.query<{ at: Date }>('select clock_timestamp() as at');
  const after = Date.now();
  const drift = Math.round((rows[0]?.at.getTime() ?? 0) - (before + after) / 2);
  return row(
    'clock',
    'This machine and the database agree on the time',
    Math.abs(drift) <= MOST_DRIFT_MS,
    `${drift} ms apart`,
    'Let both set their clocks by NTP.',
  );
}

async function checkDisk(dir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  const found = `${(free / GIB).toFixed(1)} GiB are free for ${dir}`;
  return row('disk', 'There is room for data', free >= NEEDED_BYTES, found, 'Free some space.');
}

function row(id: string, rule: string, holds: boolean, found: string, fix: string): Finding {
  const outcome = holds ? 'pass' : 'fail';
  return { area: 'system', id, rule, level: 'required', outcome, found, fix };
}
