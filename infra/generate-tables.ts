/**
 * Writes packages/store/src/connection/tables.ts from a database that the migrations have just made. With --check it
 * only compares and exits 1 on a difference. Ids become the core's branded types, by column name.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../packages/runtime/src/index.ts';
import { migrate, openStore } from '../packages/store/src/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const store = join(root, 'packages/store');
const target = join(store, 'src/connection/tables.ts');

const ID_TYPES: Readonly<Record<string, string>> = {
  source_id: 'core.SourceId',
  listing_page_id: 'core.ListingPageId',
  batch_page_id: 'core.ListingPageId',
  previous_batch_page_id: 'core.ListingPageId',
  first_page_id: 'core.ListingPageId',
  paper_id: 'core.PaperId',
  other_paper_id: 'core.PaperId',
  merged_into: 'core.PaperId',
  text_id: 'core.PaperTextId',
  from_text_id: 'core.PaperTextId',
  to_text_id: 'core.PaperTextId',
  topic_id: 'core.TopicId',
  subscriber_id: 'core.SubscriberId',
  edition_id: 'core.EditionId',
  delivery_id: 'core.DeliveryId',
  folded_into: 'core.DeliveryId',
};
const OWN_ID_TYPES: Readonly<Record<string, string>> = {
  source: 'core.SourceId',
  listing_page: 'core.ListingPageId',
  paper: 'core.PaperId',
  paper_text: 'core.PaperTextId',
  topic: 'core.TopicId',
  subscriber: 'core.SubscriberId',
  edition: 'core.EditionId',
  delivery: 'core.DeliveryId',
};
/** Columns whose values a check constraint lists, and the core's type for them. */
const CHECKED: Readonly<Record<string, string>> = {
  'admin.role': "'full' | 'read-only'",
  'admin_invitation.role': "'full' | 'read-only'",
  'listing_page.verdict': 'core.PageOutcome | null',
  'listing_page.listed_on': 'core.ListedOn | null',
  'listing_page.asked_for': 'core.ListedOn | null',
  'appearance.section': 'core.Section',
  'appearance.seen_on': 'core.ListedOn',
  'paper.first_seen_on': 'core.ListedOn',
  'paper_text.seen_on': 'core.ListedOn',
  'paper_text.text_kind': 'core.TextKind',
  'paper_text.fingerprint': 'core.Fingerprint',
  'paper_key.key': 'core.PaperKey',
  'feedback.vote': "'dislike' | 'like' | null",
  'paper_merge.papers': 'core.PaperId[]',
  'merged_sighting.keys': 'core.PaperKey[]',
  'merged_sighting.section': 'core.Section',
  'subscriber.cadence': 'core.Cadence',
  'subscriber.mail_format': 'Generated<core.MailFormat>',
  'subscriber.quiet_days': 'Generated<core.QuietDays>',
  'subscriber.recurring_policy': 'Generated<core.RecurringPolicy>',
  'edition.cadence': 'core.Cadence',
  'subscriber.state': "'pending' | 'active' | 'paused' | 'left'",
  'source.declaration': 'core.PageDeclaration | null',
  'source.state': "Generated<'active' | 'paused' | 'archived'>",
  'source_health.outcome': 'core.SourceOutcome | null',
  'source_health.alert': 'core.AlertState | null',
  'listing_page.coverage': 'core.Coverage | null',
  'listing_page.shape': 'core.PageShape | null',
  'edition.state': "Generated<'planned' | 'rendered' | 'done' | 'held'>",
  'delivery.state':
    "Generated<'ready' | 'deferred' | 'sending' | 'accepted' | 'rejected' | 'uncertain' | 'suppressed' | 'expired'>",
  'delivery.stage': "Generated<'none' | 'data'>",
  'delivery.new_papers': 'core.PaperId[]',
  'delivery.recurring_papers': 'core.PaperId[]',
};
/** The type of each id column, with what the column itself says of null and default. */
async function idColumns(url: string): Promise<Record<string, string>> {
  const open = openStore({ url, maxConnections: 1 });
  try {
    const { rows } = await open.pool.query<{
      table: string;
      column: string;
      nullable: boolean;
      identity: boolean;
    }>(
      `select table_name as table, column_name as column, is_nullable = 'YES' as nullable, is_identity = 'YES' as identity
         from information_schema.columns where table_schema = 'public' order by 1, 2`,
    );
    const typed = rows.flatMap(({ table, column, nullable, identity }) => {
      const type = column === 'id' ? OWN_ID_TYPES[table] : ID_TYPES[column];
      if (!type) return [];
      return [
        [
          `${table}.${column}`,
          identity ? `Generated<${type}>` : nullable ? `${type} | null` : type,
        ],
      ];
    });
    return Object.fromEntries(typed);
  } finally {
    await open.close();
  }
}

async function generate(folder: string): Promise<string> {
  const server = await startPostgres({ dir: join(folder, 'postgres'), fsync: false });
  try {
    await migrate(server.url);
    const columns = { ...(await idColumns(server.url)), ...CHECKED };
    const config = {
      url: server.url,
      dialect: 'postgres',
      outFile: join(folder, 'tables.ts'),
      dateParser: 'string',
      logLevel: 'error',
      typeOnlyImports: true,
      excludePattern: 'public.schema_migration*',
      overrides: { columns },
    };
    const configFile = join(folder, 'config.json');
    writeFileSync(configFile, JSON.stringify(config));
    const bin = join(
      dirname(createRequire(join(store, 'package.json')).resolve('kysely-codegen')),
      'cli/bin.js',
    );
    const done = spawnSync(process.execPath, [bin, '--config-file', configFile], {
      encoding: 'utf8',
      cwd: folder,
    });
    if (done.status !== 0) throw new Error(`kysely-codegen: ${done.stderr || done.stdout}`);
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const text = `import type * as core from '@paperboy/core';\n${readFileSync(config.outFile, 'utf8')}`;
    const formatted = spawnSync(
      process.execPath,
      [biome, 'check', '--write', `--stdin-file-path=${target}`],
      {
        input: text,
        encoding: 'utf8',
        cwd: root,
      },
    );
    return formatted.stdout || text;
  } finally {
    await server.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'paperboy-tables-'));
try {
  const text = await generate(folder);
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(
      'packages/store/src/connection/tables.ts does not fit the migrations: run node infra/generate-tables.ts',
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
