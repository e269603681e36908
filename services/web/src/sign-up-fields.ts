import {
  checkSchedule,
  cleanText,
  MAIL_FORMATS,
  type MailFormat,
  PaperboyError,
  QUIET_DAYS,
  type QuietDays,
  RECURRING_POLICIES,
  type RecurringPolicy,
  type SendSchedule,
} from '@paperboy/core';
import { parseAddress } from '@paperboy/email';
import { QUERY_MAX_CHARACTERS } from '@paperboy/topics';
import type { Html } from './html.ts';

/** What stands in the fields of a form about digests, as it was typed: shown again where something is wrong. */
export interface DigestFields {
  readonly address: string;
  /** Slugs of the catalogue. */
  readonly chosen: readonly string[];
  readonly queries: readonly string[];
  /** `workdays`, `daily` or `weekly`. */
  readonly rhythm: string;
  readonly weekday: string;
  readonly hour: string;
  readonly zone: string;
  readonly maxPapers: string;
  readonly recurring: string;
  /** `silence` or `note`. */
  readonly quiet: string;
  /** `html` or `text`. */
  readonly format: string;
}

/** `edits` are the queries of topics that are followed already. */
export type FieldName = keyof DigestFields | 'edits';

/** A sentence for each field that is wrong, for the person who filled it in. */
export type FieldProblems = Partial<Readonly<Record<FieldName, string | Html>>>;

export const NO_FIELDS: DigestFields = {
  address: '',
  chosen: [],
  queries: [''],
  rhythm: 'workdays',
  weekday: '5',
  hour: '7',
  zone: 'UTC',
  maxPapers: '20',
  recurring: 'trending',
  quiet: 'silence',
  format: 'html',
};

const MOST_QUERIES = 10;
const MOST_CHOSEN = 50;
const LONGEST_FIELD = 300;
/** Mailboxes that several people read, or nobody: none of them can agree for all. */
const ROLES =
  /^(?:abuse|admin|administrator|all|billing|everyone|hostmaster|info|list|mailer-daemon|marketing|no-?reply|noc|office|postmaster|root|sales|security|staff|support|team|webmaster)$/i;

/** Reads a posted form; whatever is missing, doubled or no text is as if it was left empty. */
export function readFields(form: FormData): DigestFields {
  const texts = (name: string, most: number, longest: number) =>
    form
      .getAll(name)
      .filter((value) => typeof value === 'string')
      .slice(0, most)
      .map((value) => value.normalize('NFC').slice(0, longest).trim());
  const one = (name: string, otherwise = '') => texts(name, 1, LONGEST_FIELD)[0] ?? otherwise;
  return {
    address: one('address'),
    chosen: texts('topic', MOST_CHOSEN, 64).filter((slug) => /^[a-z0-9][a-z0-9-]*$/.test(slug)),
    // One sign more than may stand, so that a query that is too long is told of.
    queries: texts('query', MOST_QUERIES, QUERY_MAX_CHARACTERS + 1)
      .map(cleanText)
      .filter((query) => query !== ''),
    rhythm: one('rhythm', NO_FIELDS.rhythm),
    weekday: one('weekday', NO_FIELDS.weekday),
    hour: one('hour', NO_FIELDS.hour),
    zone: one('zone', NO_FIELDS.zone),
    maxPapers: one('papers', NO_FIELDS.maxPapers),
    recurring: one('recurring', NO_FIELDS.recurring),
    quiet: one('quiet', NO_FIELDS.quiet),
    format: one('format', NO_FIELDS.format),
  };
}

/** What the fields say about times and limits, or what is wrong with them. */
export interface ReadTimes {
  readonly schedule: SendSchedule;
  readonly recurringPolicy: RecurringPolicy;
  readonly maxPapers: number;
  readonly quietDays: QuietDays;
  readonly mailFormat: MailFormat;
}

/** When and how digests come by these fields, or what is wrong with which of them. */
export function timesOf(fields: DigestFields): ReadTimes | { readonly problems: FieldProblems } {
  const problems: { -readonly [Name in FieldName]?: string } = {};
  const rhythm = weekdaysOf(fields);
  if (!rhythm) problems.rhythm = 'Choose how often the digest comes.';
  const hour = /^\d{1,2}$/.test(fields.hour) ? Number(fields.hour) : Number.NaN;
  if (!(hour <= 23)) problems.hour = 'Choose an hour.';
  const maxPapers = /^\d{1,3}$/.test(fields.maxPapers) ? Number(fields.maxPapers) : 0;
  if (maxPapers < 1 || maxPapers > 100) problems.maxPapers = 'Give a number from 1 to 100.';
  const recurringPolicy = RECURRING_POLICIES.find((policy) => policy === fields.recurring);
  if (!recurringPolicy) problems.recurring = 'Choose one of the three.';
  const quietDays = QUIET_DAYS.find((one) => one === fields.quiet);
  if (!quietDays) problems.quiet = 'Choose one of the two.';
  const mailFormat = MAIL_FORMATS.find((one) => one === fields.format);
  if (!mailFormat) problems.format = 'Choose one of the two.';
  if (!rhythm || problems.hour !== undefined) return { problems };
  try {
    const schedule = checkSchedule({ ...rhythm, hour, zone: fields.zone });
    if (!recurringPolicy || !quietDays || !mailFormat) return { problems };
    if (problems.maxPapers !== undefined) return { problems };
    return { schedule, recurringPolicy, maxPapers, quietDays, mailFormat };
  } catch (thrown) {
    if (!(thrown instanceof PaperboyError)) throw thrown;
    return { problems: { ...problems, zone: 'Choose a time zone of the list.' } };
  }
}

function weekdaysOf({
  rhythm,
  weekday,
}: DigestFields): Pick<SendSchedule, 'cadence' | 'weekdays'> | undefined {
  if (rhythm === 'workdays') return { cadence: 'daily', weekdays: [1, 2, 3, 4, 5] };
  if (rhythm === 'daily') return { cadence: 'daily', weekdays: [1, 2, 3, 4, 5, 6, 7] };
  if (rhythm === 'weekly' && /^[1-7]$/.test(weekday))
    return { cadence: 'weekly', weekdays: [Number(weekday)] };
  return undefined;
}

/** How a schedule stands in the fields; other weekdays than the form offers are kept as they are by whoever saves. */
export function fieldsOfSchedule({
  cadence,
  weekdays,
  hour,
  zone,
}: SendSchedule): Pick<DigestFields, 'rhythm' | 'weekday' | 'hour' | 'zone'> {
  const days = weekdays.join('');
  const daily = days === '12345' ? 'workdays' : days === '1234567' ? 'daily' : 'as-now';
  return {
    rhythm: cadence === 'weekly' ? 'weekly' : daily,
    weekday: cadence === 'weekly' ? String(weekdays[0] ?? 5) : NO_FIELDS.weekday,
    hour: String(hour),
    zone,
  };
}

/** Why an address cannot sign up, in a sentence; nothing where it can. */
export function addressProblem(address: string): string | undefined {
  if (address === '') return 'Give the address that digests go to.';
  const read = parseAddress(address);
  if ('problem' in read) return read.problem;
  const local = address.slice(0, address.lastIndexOf('@')).replace(/\+.*$/, '');
  if (ROLES.test(local)) return 'This is an address of a role or a group; use one of your own.';
  return undefined;
}
