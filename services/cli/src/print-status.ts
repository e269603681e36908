import type { Output } from './output.ts';
import type { Status } from './read-status.ts';

/** Prints a status: what answers, what there is, and what to look at. */
export function printStatus(output: Output, status: Status): void {
  const { checks, queues, totals, deliveries, sources, attention } = status;
  const answers = Object.entries(checks).map(([name, { ok, ms, detail }]): [string, string] => [
    name,
    ok ? `ok, ${ms} ms` : `down: ${detail}`,
  ]);
  const work = queues.map((count): [string, string] => [
    count.queue,
    `${count.waiting + count.delayed} waiting, ${count.active} active, ${count.failed} failed, ${workersOf(count)}`,
  ]);
  output.card(status, [
    ...answers,
    ...work,
    [
      'papers',
      totals && `${totals.new} of ${totals.pages} pages, ${totals.recurring} times seen again`,
    ],
    ['subscribers', totals?.subscribers],
    ['deliveries', deliveries && (statesIn(deliveries) || 'none yet')],
    ...sources
      .filter(({ state }) => state === 'active')
      .map(({ name, lastPage, health }): [string, string] => [
        name,
        [
          lastPage?.listedOn ?? lastPage?.seenAt.slice(0, 10) ?? 'no page yet',
          health?.outcome ?? lastPage?.verdict ?? '',
        ]
          .join(' ')
          .trim(),
      ]),
    ...attention.map((what): [string, string] => ['attention', what]),
  ]);
}

function workersOf({ workers }: { readonly workers: number }): string {
  return workers === 0 ? 'nobody works on it' : `${workers} at work`;
}

function statesIn(deliveries: Readonly<Record<string, number>>): string {
  return Object.entries(deliveries)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}
