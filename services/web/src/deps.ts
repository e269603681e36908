import type { SignedLinks } from '@paperboy/email';
import type { Queues } from '@paperboy/queue';
import type { Health, Log, Metrics, SettingDescription, Settings } from '@paperboy/runtime';
import type { Db } from '@paperboy/store';
import type { PasswordCost } from './admin/password.ts';
import type { SourceDesk } from './source-desk.ts';
import type { TopicDesk } from './topic-desk.ts';

/** What the web service is given; nothing else reaches it. */
export interface WebDeps {
  readonly db: Db;
  readonly links: SignedLinks;
  readonly queues: Pick<
    Queues,
    'boards' | 'add' | 'queueCounts' | 'listJobs' | 'retryJob' | 'retryFailed' | 'pause' | 'resume'
  >;
  readonly topics: TopicDesk;
  readonly sources: SourceDesk;
  readonly settings: WebSettings;
  readonly health: Pick<Health, 'report'>;
  readonly metrics: Pick<Metrics, 'observeRequest' | 'render'>;
  readonly log: Log;
  /** Every setting as a person may see it. */
  readonly settingsInForce: () => readonly SettingDescription[];
  /** The time; the system's when left out. */
  readonly now?: () => Date;
  /** Of an admin's password; what it should be when left out. */
  readonly passwordCost?: PasswordCost;
  /** For how long public pages are kept, milliseconds: a second when left out. */
  readonly keepPagesMs?: number;
}

/** What the first pages of a start need. */
export type FirstDeps = Pick<
  WebDeps,
  'db' | 'settings' | 'health' | 'metrics' | 'log' | 'keepPagesMs'
>;

export type WebSettings = Pick<
  Settings,
  | 'httpHost'
  | 'uncertainPolicy'
  | 'httpPort'
  | 'publicUrl'
  | 'adminPassword'
  | 'smtpUrl'
  | 'sending'
  | 'mailPerHour'
  | 'mailPerDay'
  | 'hookSesTopic'
  | 'hookPostmarkPassword'
  | 'hookSendgridKey'
  | 'hookMailgunKey'
>;
