import type { Output } from '../output.ts';
import type { Shared } from '../shared.ts';
import type { ReplayedPage } from './replay.ts';
import type { RunningServices } from './services.ts';

/** `2026-06-05   new-batch    73 entries    51 new    22 recurring   6 digests` */
export function printReplayed(output: Output, page: ReplayedPage): void {
  const { verdict, entries, recurring, digests } = page;
  const count = (number: number, what: string) => `${String(number).padStart(3)} ${what}`;
  const parts = [
    page.page,
    verdict.padEnd(9),
    count(entries, 'entries'),
    count(page.new, 'new'),
    count(recurring, 'recurring'),
    count(digests, digests === 1 ? 'digest' : 'digests'),
  ];
  output.fact(page, parts.join('   '));
}

/** Where to look, once everything runs. */
export function printRunning(
  output: Output,
  { settings }: Shared,
  { web, mailer, ingest }: RunningServices,
): void {
  if (web) {
    output.say(`papers  ${settings.publicUrl}/`);
    if (mailer?.inbox) output.say(`inbox   ${settings.publicUrl}/inbox`);
    output.say(`queues  ${settings.publicUrl}/admin/queues`);
  }
  const running = Object.entries({ web, ingest, mailer }).flatMap(([name, service]) =>
    service ? name : [],
  );
  output.say(`Running ${running.join(', ')}. Ctrl-C stops.`);
}
