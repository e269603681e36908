import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { notedChange } from '../noted-change.ts';

/** `paperboy admin …`: who may open the operator's pages. */
export function adminCommands(cli: Cli): Command {
  return commandGroup('admin', 'Who may open the pages under /admin', [
    invite(cli),
    list(cli),
    remove(cli),
  ]);
}

interface InviteOptions extends CommonOptions {
  readonly readOnly?: true;
}

function invite(cli: Cli): Command {
  return commandWith(
    'invite',
    'Make a link that makes one admin, once, within a day; also for whoever lost a password',
    'admin invite',
    'admin invite --read-only',
  )
    .option('--read-only', 'may look at everything and change nothing')
    .action(({ readOnly, json }: InviteOptions) =>
      cli.withShared(async ({ db, settings }) => {
        const { inviteAdmin } = await import('@paperboy/store');
        const { invitationLink } = await import('@paperboy/web');
        const role = readOnly ? 'read-only' : 'full';
        const { token, expiresAt } = await notedChange(db, async (tx, note) => {
          await note('invite', `${role} admin`);
          return inviteAdmin(tx, { role, by: 'the command' });
        });
        const link = invitationLink(settings.publicUrl, token);
        const output = cli.output({ json });
        output.fact({ link, role, expiresAt }, link);
        output.say(`Works once, until ${expiresAt.toISOString().slice(0, 16)}Z.`);
      }),
    );
}

function list(cli: Cli): Command {
  return commandWith('list', 'Every admin', 'admin list').action((options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { listAdmins } = await import('@paperboy/store');
      cli.output(options).table(
        await listAdmins(db),
        [
          ['NAME', ({ name }) => name],
          ['MAY', ({ role }) => role],
          ['SINCE', ({ createdAt }) => createdAt.toISOString().slice(0, 10)],
          ['LAST SEEN', ({ lastSeenAt }) => lastSeenAt?.toISOString().slice(0, 16)],
        ],
        'No admins yet. Make one with: paperboy admin invite',
      );
    }),
  );
}

function remove(cli: Cli): Command {
  return commandWith(
    'remove <name>',
    'Remove an admin and end their sessions; not the last one who may change something',
    'admin remove ada',
  ).action((name: string, options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { removeAdmin } = await import('@paperboy/store');
      const removed = await notedChange(db, async (tx, note) => {
        const admin = await removeAdmin(tx, name);
        await note('remove', `admin ${admin.name}`, { was: admin.role });
        return admin;
      });
      cli.output(options).fact(removed, `removed ${removed.name}, and logged them out everywhere`);
    }),
  );
}
