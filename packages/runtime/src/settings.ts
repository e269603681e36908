import { addressPassword, mailgunSigningKey, snsTopic, verificationKey } from './hook-parsers.ts';
import {
  choice,
  domain,
  duration,
  listenAddress,
  mailbox,
  numberFrom,
  onOff,
  port,
  privateKey,
  type SettingParser,
  size,
  text,
  url,
} from './setting-parsers.ts';

/** One row of the table: an environment variable, how its text is read, and what it means. */
export interface Setting<T> {
  readonly variable: string;
  readonly parser: SettingParser<T>;
  /** As text, like the variable; `{NAME}` stands for the value of another setting. */
  readonly default: string;
  readonly help: string;
  /** Never printed, and readable from the file that `<variable>_FILE` names. */
  readonly secret: boolean;
  /** That file may be readable by its owner and group alone. */
  readonly guardsFile?: true;
}

const DEFAULT_PORT = '3080';

/** Takes a row to its value. The table is a function of it, so that each value keeps its own type. */
export type Visit = <T>(setting: Setting<T>) => T;

const POSTGRES = ['postgres', 'postgresql'];

/** The table of all settings, in the order they are listed and printed. */
export const visitSettings = (use: Visit) => ({
  // Where everything is
  home: use(plain('PAPERBOY_HOME', text, '.paperboy', 'Folder that holds all data.')),
  secret: use(
    secret(
      'PAPERBOY_SECRET',
      text,
      '',
      'Signs links. Empty: made once and kept in the data folder.',
    ),
  ),
  databaseUrl: use(
    secret('DATABASE_URL', url(POSTGRES, ['embedded']), 'embedded', 'Postgres URL, or "embedded".'),
  ),
  databasePoolSize: use(
    plain('DATABASE_POOL_SIZE', numberFrom(1, 200), '10', 'Most connections a process keeps.'),
  ),
  queueUrl: use(
    secret(
      'QUEUE_URL',
      url([...POSTGRES, 'redis', 'rediss'], ['postgres']),
      'postgres',
      'Where jobs wait: "postgres" (the same database), a Postgres URL or a Redis URL.',
    ),
  ),
  // Web
  httpHost: use(plain('HTTP_HOST', text, '127.0.0.1', 'Address the web service listens on.')),
  httpPort: use(plain('HTTP_PORT', port, DEFAULT_PORT, 'Port the web service listens on.')),
  publicUrl: use(
    plain(
      'PUBLIC_URL',
      url(['http', 'https']),
      'http://localhost:{HTTP_PORT}',
      'Address readers reach the web service by; links in mail start with it.',
    ),
  ),
  adminPassword: use(
    secret(
      'ADMIN_PASSWORD',
      text,
      '',
      'Password of /admin. Without one, only this machine may enter.',
    ),
  ),
  // Mail
  sending: use(plain('PAPERBOY_SENDING', onOff, 'on', '"off" keeps every mail back.')),
  smtpUrl: use(
    secret(
      'SMTP_URL',
      url(['smtp', 'smtps'], ['inbox']),
      'inbox',
      'Mail relay, or "inbox": the development inbox, which mails nobody.',
    ),
  ),
  smtpTimeoutMs: use(
    plain('SMTP_TIMEOUT', duration, '30s', 'Longest wait for the relay to connect and greet.'),
  ),
  smtpConnections: use(
    plain('SMTP_CONNECTIONS', numberFrom(1, 100), '20', 'Connections kept to the relay.'),
  ),
  mailPerSecond: use(
    plain(
      'MAIL_PER_SECOND',
      numberFrom(0, 100_000),
      '0',
      'Most mails a second, from all mailers together; 0 is no limit.',
    ),
  ),
  mailPerHour: use(
    plain(
      'MAIL_PER_HOUR',
      numberFrom(0, 100_000_000),
      '0',
      'Most mails in any hour; 0 is no limit.',
    ),
  ),
  mailPerDay: use(
    plain(
      'MAIL_PER_DAY',
      numberFrom(0, 100_000_000),
      '0',
      'Most mails in any 24 hours; 0 is no limit.',
    ),
  ),
  mailFrom: use(
    plain('MAIL_FROM', mailbox, 'Paperboy <paperboy@example.org>', 'Sender of every mail.'),
  ),
  bounceDomain: use(
    plain(
      'BOUNCE_DOMAIN',
      domain,
      '',
      'Domain whose mail comes to Paperboy: bounces, and readers who leave by mail.',
    ),
  ),
  bounceListen: use(
    plain(
      'BOUNCE_LISTEN',
      listenAddress,
      '',
      'Host and port where the mailer takes mail for BOUNCE_DOMAIN. Empty: nowhere.',
    ),
  ),
  bounceTlsCert: use(
    plain(
      'BOUNCE_TLS_CERT',
      text,
      '',
      'PEM file with the certificate chain of the host that takes that mail. Empty: one of our own making.',
    ),
  ),
  bounceTlsKey: use(
    plain('BOUNCE_TLS_KEY', text, '', 'PEM file with the private key of BOUNCE_TLS_CERT.'),
  ),
  hookSesTopic: use(
    plain('HOOK_SES_TOPIC', snsTopic, '', 'ARN of the SNS topic that may post to /hooks/ses.'),
  ),
  hookPostmarkPassword: use(
    secret(
      'HOOK_POSTMARK_PASSWORD',
      addressPassword,
      '',
      'Password of the user "postmark" at /hooks/postmark. Empty: closed.',
    ),
  ),
  hookSendgridKey: use(
    plain(
      'HOOK_SENDGRID_KEY',
      verificationKey,
      '',
      'Verification key of the signed event webhook that posts to /hooks/sendgrid.',
    ),
  ),
  hookMailgunKey: use(
    secret(
      'HOOK_MAILGUN_KEY',
      mailgunSigningKey,
      '',
      'Signing key of the webhooks that post to /hooks/mailgun. Empty: closed.',
    ),
  ),
  dkim: use(
    plain(
      'DKIM',
      choice('sign', 'relay'),
      'sign',
      '"sign" every mail with DKIM_KEY, or leave it to the "relay". Mail that leaves this machine must be signed.',
    ),
  ),
  dkimDomain: use(plain('DKIM_DOMAIN', text, '', 'Domain that signs. Empty: that of MAIL_FROM.')),
  dkimSelector: use(
    plain(
      'DKIM_SELECTOR',
      text,
      'paperboy',
      'Name of the key in DNS: <selector>._domainkey.<domain>.',
    ),
  ),
  dkimKey: use({
    ...secret(
      'DKIM_KEY',
      privateKey,
      '',
      'RSA key of 2048 bits that signs every mail; `paperboy dkim key` makes one.',
    ),
    guardsFile: true,
  }),
  uncertainPolicy: use(
    plain(
      'MAIL_UNCERTAIN',
      choice('resend', 'hold'),
      'resend',
      'A digest whose answer was lost: "resend" it once after 30 minutes, or "hold" it for you.',
    ),
  ),
  whenSourceFails: use(
    plain(
      'DIGEST_WHEN_SOURCE_FAILS',
      choice('annotate', 'hold'),
      'annotate',
      'A digest while a source gives no full list: "annotate" it, or "hold" it for DIGEST_GRACE first.',
    ),
  ),
  digestGraceMs: use(
    plain('DIGEST_GRACE', duration, '2h', 'Longest time that a digest is held past its hour.'),
  ),
  mailPrecedence: use(
    plain(
      'MAIL_PRECEDENCE',
      choice('none', 'bulk', 'list'),
      'none',
      'A Precedence header in digests, for old systems that still answer all mail but such.',
    ),
  ),
  postalAddress: use(
    plain(
      'MAIL_POSTAL_ADDRESS',
      text,
      '',
      'Postal address in the footer, where the law asks for it.',
    ),
  ),
  mailTemplates: use(
    plain(
      'MAIL_TEMPLATES',
      text,
      '',
      'Folder with a digest.mjml of your own, checked at each start. Empty: ours.',
    ),
  ),
  // Fetching pages
  fetchTimeoutMs: use(plain('FETCH_TIMEOUT', duration, '20s', 'Longest time for one page.')),
  fetchMaxBytes: use(plain('FETCH_MAX_BYTES', size, '15MiB', 'Largest page that is read.')),
  fetchContact: use(
    plain(
      'FETCH_CONTACT',
      text,
      '',
      'URL or address that sources can complain to; in the User-Agent.',
    ),
  ),
  fetchPrivateNetworks: use(
    plain('FETCH_PRIVATE_NETWORKS', onOff, 'off', 'Also fetch from loopback and private networks.'),
  ),
  alertAfter: use(
    plain(
      'ALERT_AFTER',
      numberFrom(1, 100),
      '3',
      'Troubled attempts in a row after which a source is an error in the log.',
    ),
  ),
  ingestConcurrency: use(
    plain('INGEST_CONCURRENCY', numberFrom(1, 64), '4', 'Pages worked on at once.'),
  ),
  // Embeddings
  embeddingsUrl: use(
    secret(
      'EMBEDDINGS_URL',
      url(['http', 'https'], ['']),
      '',
      'An embedding service as a further part of scores, such as http://localhost:8080/v1. Empty: none.',
    ),
  ),
  embeddingsKey: use(secret('EMBEDDINGS_KEY', text, '', 'Bearer key that the service asks for.')),
  embeddingsModel: use(
    plain('EMBEDDINGS_MODEL', text, '', 'Model that it is asked for; another one is asked anew.'),
  ),
  embeddingsWeight: use(
    plain(
      'EMBEDDINGS_WEIGHT',
      numberFrom(1, 300),
      '50',
      'What it counts in a score, in percent of what related words do.',
    ),
  ),
  embeddingsTimeoutMs: use(
    plain('EMBEDDINGS_TIMEOUT', duration, '10s', 'Longest that a page waits for it.'),
  ),
  embeddingsPerRun: use(
    plain(
      'EMBEDDINGS_PER_RUN',
      numberFrom(1, 100_000),
      '2000',
      'Most texts that it is asked about in a minute, beside those of new pages.',
    ),
  ),
  // Log
  logLevel: use(
    plain(
      'LOG_LEVEL',
      choice('debug', 'info', 'warn', 'error'),
      'info',
      'Least level that is logged.',
    ),
  ),
  logFormat: use(
    plain('LOG_FORMAT', choice('auto', 'json', 'pretty'), 'auto', '"auto": pretty on a terminal.'),
  ),
});

/** Every setting, read and typed. Durations are milliseconds, sizes bytes. */
export type Settings = Readonly<ReturnType<typeof visitSettings>>;

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The rows of the table by the name their value has in `Settings`. */
export function settingsByName(): [name: string, setting: Setting<unknown>][] {
  const rows: Setting<unknown>[] = [];
  const defaults = visitSettings((setting) => {
    rows.push(setting);
    return defaultValue(setting, {});
  });
  return Object.keys(defaults).flatMap((name, index) => {
    const row = rows[index];
    return row === undefined ? [] : [[name, row]];
  });
}

/** What a setting is when nobody gives it, in an environment that gives others. */
export function defaultValue<T>(setting: Setting<T>, env: Environment): T {
  const filled = setting.default.replace(
    /\{(\w+)\}/g,
    (_, name: string) => env[name] || DEFAULT_PORT,
  );
  const value = setting.parser.read(filled);
  if (value !== undefined) return value;
  if (Object.keys(env).length > 0) return defaultValue(setting, {});
  throw new Error(`the default of ${setting.variable} is not ${setting.parser.expects}`);
}

function plain<T>(
  variable: string,
  parser: SettingParser<T>,
  byDefault: string,
  help: string,
): Setting<T> {
  return { variable, parser, default: byDefault, help, secret: false };
}

function secret<T>(
  variable: string,
  parser: SettingParser<T>,
  byDefault: string,
  help: string,
): Setting<T> {
  return { variable, parser, default: byDefault, help, secret: true };
}
