import type { Db } from '@paperboy/store';
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
export async function printRunning(
  output: Output,
  { db, settings }: Shared,
  { web, mailer, ingest }: RunningServices,
): Promise<void> {
  if (web) {
    output.say(`papers  ${settings.publicUrl}/`);
    if (mailer?.inbox) output.say(`inbox   ${settings.publicUrl}/inbox`);
    output.say(`admin   ${settings.publicUrl}/admin`);
    await printFirstInvitation(output, db, settings.publicUrl);
  }
  const running = Object.entries({ web, ingest, mailer }).flatMap(([name, service]) =>
    service ? name : [],
  );
  output.say(`Running ${running.join(', ')}. Ctrl-C stops.`);
}

/** Until there is an admin, each start shows a link that makes the first one. */
async function printFirstInvitation(output: Output, db: Db, publicUrl: string): Promise<void> {
  if (output.json) return;
  const { inviteFirstAdmin } = await import('@paperboy/store');
  const invited = await inviteFirstAdmin(db);
  if (!invited) return;
  const { invitationLink } = await import('@paperboy/web');
  output.say(
    `        the first admin, once, within a day: ${invitationLink(publicUrl, invited.token)}`,
  );
}
