import { API_SCOPES, type ApiScope, PaperboyError } from '@paperboy/core';
import type { ApiToken } from '@paperboy/store';
import { type Command, Option } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import { notedChange } from '../noted-change.ts';
import { wholeNumber } from '../option-values.ts';

/** `paperboy token …`: what programs show to the API. */
export function tokenCommands(cli: Cli): Command {
  return commandGroup('token', 'Tokens that programs show to the API', [
    add(cli),
    list(cli),
    revoke(cli),
  ]);
}

const DAY_MS = 24 * 3600_000;

interface AddOptions extends CommonOptions {
  readonly scope: ApiScope;
  readonly days?: number;
}

function add(cli: Cli): Command {
  return commandWith(
    'add <name>',
    'Make a token; it is shown this once',
    'token add reading-list',
    'token add deployment --scope write --days 90',
  )
    .addOption(
      new Option('--scope <scope>', 'read what operators see, or also write')
        .choices(API_SCOPES)
        .default('read'),
    )
    .option('--days <days>', 'let it expire after so many days', wholeNumber)
    .action((name: string, { scope, days, json }: AddOptions) =>
      cli.withShared(async ({ db, settings }) => {
        if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
          throw new PaperboyError('USAGE', `"${name}" is not lower-case letters, digits, hyphens`);
        if (days !== undefined && days > 3_650)
          throw new PaperboyError('USAGE', '--days is 3650 at most');
        const { makeApiToken } = await import('@paperboy/email');
        const { addApiToken } = await import('@paperboy/store');
        const { token, hash } = makeApiToken();
        const added = await notedChange(db, async (tx, note) => {
          await note('add', `token ${name}`, { became: scope });
          return addApiToken(tx, {
            ...{ name, scope, hash },
            ...(days !== undefined && {
              expiresAt: new Date(cli.context.now().getTime() + days * DAY_MS),
            }),
          });
        });
        const output = cli.output({ json });
        output.fact({ ...added, token }, token);
        output.say('Keep it now: it is shown this once.');
        output.say(`Try it: curl -H 'Authorization: Bearer …' ${settings.publicUrl}/api/v1/token`);
        output.next('token list');
      }),
    );
}

function list(cli: Cli): Command {
  return commandWith('list', 'Every token, those in use first', 'token list').action(
    (options: CommonOptions) =>
      cli.withShared(async ({ db }) => {
        const { listApiTokens } = await import('@paperboy/store');
        const day = (at: Date | null) => at?.toISOString().slice(0, 10);
        cli.output(options).table(
          await listApiTokens(db),
          [
            ['TOKEN', ({ name }) => name],
            ['SCOPE', ({ scope }) => scope],
            ['STATE', (token) => stateOf(token, cli.context.now())],
            ['MADE', ({ createdAt }) => day(createdAt)],
            ['EXPIRES', ({ expiresAt }) => day(expiresAt)],
            ['USED', ({ lastUsedAt }) => lastUsedAt?.toISOString().slice(0, 13)],
          ],
          'No tokens. Make one with: paperboy token add',
        );
      }),
  );
}

function stateOf({ revokedAt, expiresAt }: ApiToken, now: Date): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'in use';
}

function revoke(cli: Cli): Command {
  return commandWith(
    'revoke <name>',
    'End a token for good, from its next request on',
    'token revoke deployment',
  ).action((name: string, options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const { revokeApiToken } = await import('@paperboy/store');
      const revoked = await notedChange(db, async (tx, note) => {
        const token = await revokeApiToken(tx, name);
        await note('revoke', `token ${name}`, { was: token.scope });
        return token;
      });
      cli.output(options).fact(revoked, `revoked token ${name}`);
    }),
  );
}
