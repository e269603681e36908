/**
 * Every failure Paperboy can report. `retry` tells whether trying again later can help, `help` what
 * a person can do. docs/errors.md is held to this table by a test.
 */
export const ERROR_CATALOGUE = {
  // Settings and start
  SETTING_INVALID: {
    retry: false,
    help: 'Correct the named settings; `paperboy config print` lists them all.',
  },
  HOME_UNWRITABLE: {
    retry: false,
    help: 'Make the data folder writable, or name another one with PAPERBOY_HOME.',
  },
  HOME_IN_USE: {
    retry: true,
    help: 'Another Paperboy runs on this data folder. Stop it, or name another one with PAPERBOY_HOME.',
  },
  DISK_FULL: {
    retry: true,
    help: 'Free some space on the disk that holds the data folder, then start again.',
  },
  PORT_IN_USE: {
    retry: true,
    help: 'Stop what listens there, or choose another port with HTTP_PORT.',
  },
  POSTGRES_UNAVAILABLE: {
    retry: true,
    help: 'Check DATABASE_URL, or postgres.log in the data folder.',
  },
  POSTGRES_VERSION: {
    retry: false,
    help: 'The data folder is of another PostgreSQL version: back up with that version, then restore.',
  },
  POSTGRES_ROOT: {
    retry: false,
    help: 'Run as a normal user, or set DATABASE_URL to a Postgres server.',
  },
  QUEUE_UNAVAILABLE: { retry: true, help: 'Check QUEUE_URL and that the server answers.' },
  MIGRATION_FAILED: {
    retry: false,
    help: 'The database was left as it was. See the cause; restore a backup if in doubt.',
  },
  MIGRATION_PENDING: { retry: true, help: 'Run `paperboy migrate` once, then try again.' },
  TEMPLATE_INVALID: {
    retry: false,
    help: 'Correct the named places of your template, or leave MAIL_TEMPLATES empty to use our own.',
  },
  PROCESS_FAILED: {
    retry: true,
    help: 'A process that Paperboy needs for a moment at start ended early. Leave 200 MiB free for it, then try again.',
  },
  BACKUP_INVALID: {
    retry: false,
    help: 'Nothing was restored from it. Take another copy of the file, or an older backup.',
  },
  RESTORE_REFUSED: {
    retry: false,
    help: 'Restore into a new data folder or an empty database, with the version and the secret of the backup, or a later version.',
  },
  SEEDS_INVALID: { retry: false, help: 'Correct the named place in the seeds folder.' },
  // Command line
  USAGE: { retry: false, help: 'Add --help to the command for its usage and an example.' },
  NOT_FOUND: {
    retry: false,
    help: 'Check the name; the matching list command shows what there is.',
  },
  ALREADY_EXISTS: { retry: false, help: 'Choose another name, or look at the one that exists.' },
  MERGE_DOUBTFUL: {
    retry: false,
    help: 'Look at both with `paperboy paper show`; with --force they are merged all the same.',
  },
  // Pages
  PAGE_UNREACHABLE: { retry: true, help: 'The source did not answer; the next run asks again.' },
  PAGE_REFUSED: {
    retry: true,
    help: 'The source refused the request; the next run asks again, later each time.',
  },
  HOST_BUSY: {
    retry: true,
    help: 'Others wait for this host, or it asks to be left alone; the page is asked for later by itself.',
  },
  PAGE_FORBIDDEN: {
    retry: false,
    help: 'Only http and https pages on the public network are fetched. Check the address.',
  },
  PAGE_TOO_LARGE: {
    retry: false,
    help: 'The page is over the size limit; raise FETCH_MAX_BYTES if it is meant to be.',
  },
  PAGE_UNREADABLE: {
    retry: false,
    help: 'No reader understands the page. `paperboy read` shows what was tried.',
  },
  DECLARATION_INVALID: {
    retry: false,
    help: 'Correct the named fields of the declaration; docs/sources.md shows one, `paperboy source test` tries it.',
  },
  FORMAT_UNKNOWN: {
    retry: false,
    help: 'Name one of the formats that `paperboy read --help` lists, or leave --format out.',
  },
  // Topics
  QUERY_INVALID: {
    retry: false,
    help: 'Correct the query at the marked position; docs/topics.md shows the language.',
  },
  EMBEDDINGS_UNAVAILABLE: {
    retry: true,
    help: 'The embedding service does not answer; papers are scored without it, and it is asked again by itself.',
  },
  EMBEDDINGS_INVALID: {
    retry: false,
    help: 'The embedding service answers something else than was asked. Check EMBEDDINGS_URL, EMBEDDINGS_KEY and EMBEDDINGS_MODEL.',
  },
  // Subscribers and digests
  ADDRESS_INVALID: { retry: false, help: 'Give a plain address such as ada@example.com.' },
  SCHEDULE_INVALID: {
    retry: false,
    help: 'Give an hour from 0 to 23, a known time zone and weekdays such as mon,thu.',
  },
  LINK_INVALID: {
    retry: false,
    help: 'Open the link from the newest mail; this one is cut short or was changed.',
  },
  TOO_MANY_REQUESTS: {
    retry: true,
    help: 'Wait as long as Retry-After says: sign-ups, previews and the API are limited for each network, and in all.',
  },
  // The API
  REQUEST_INVALID: {
    retry: false,
    help: 'Correct the parts of the request that `errors` names; /api shows what each may be.',
  },
  TOKEN_INVALID: {
    retry: false,
    help: 'Send a token in force as `Authorization: Bearer …`; `paperboy token list` shows them, `paperboy token add` makes one.',
  },
  TOKEN_SCOPE: {
    retry: false,
    help: 'Changes need a token of the scope write: `paperboy token add --scope write`.',
  },
  // Sending
  RELAY_UNAVAILABLE: {
    retry: true,
    help: 'The mail relay does not answer; deliveries wait and are sent later.',
  },
  RELAY_CONFIG: { retry: false, help: 'The relay rejects our login or settings. Check SMTP_URL.' },
  DKIM_INVALID: {
    retry: false,
    help: 'Make a key with `paperboy dkim key`, publish its record and name it in DKIM_KEY_FILE; DKIM=relay if the relay signs.',
  },
  SENDER_REFUSED: {
    retry: false,
    help: 'Our own sending is refused, whoever it is for. Check MAIL_FROM, SPF, DKIM, DMARC and the PTR record: `paperboy doctor`.',
  },
  SENDER_DEFERRED: {
    retry: true,
    help: 'The relay puts our mail off before a recipient is named; it is tried again by itself.',
  },
  RECIPIENT_DEFERRED: {
    retry: true,
    help: 'The receiving server asks to try later; the delivery is repeated by itself.',
  },
  RECIPIENT_REFUSED: { retry: false, help: 'The receiving server refuses this address for good.' },
  MESSAGE_REFUSED: {
    retry: false,
    help: 'The receiving server refuses this message; see its reply on the delivery.',
  },
  // Queues
  JOB_INVALID: {
    retry: false,
    help: 'The job was made by another version or by hand. Its work is added again from the database.',
  },
  // Ours
  INTERNAL: {
    retry: false,
    help: 'This is a fault in Paperboy. Please report it with the log lines around it.',
  },
} as const satisfies Record<string, { retry: boolean; help: string }>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** A named failure. `detail` says what was met, the catalogue what to do; `cause` keeps the driver's own error for the log. */
export class PaperboyError extends Error {
  override readonly name = 'PaperboyError';
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }

  /** What a person can do about it. */
  get help(): string {
    return ERROR_CATALOGUE[this.code].help;
  }

  /** Whether trying again later can help. */
  get retry(): boolean {
    return ERROR_CATALOGUE[this.code].retry;
  }
}

/** Any thrown value as a coded error; what has no code is a fault of ours. */
export function asPaperboyError(thrown: unknown): PaperboyError {
  if (thrown instanceof PaperboyError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new PaperboyError('INTERNAL', detail, { cause: thrown });
}
