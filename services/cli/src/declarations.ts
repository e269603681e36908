import { createHash } from 'node:crypto';
import {
  type Cadence,
  checkSchedule,
  type MailFormat,
  PaperboyError,
  parseCron,
  parseWeekdays,
  type QuietDays,
  type RecurringPolicy,
  type SendSchedule,
  type TopicId,
} from '@paperboy/core';
import { parseAddress, type SignedLinks } from '@paperboy/email';
import {
  type Db,
  ensureTopic,
  findTopic,
  type NewSubscriber,
  type SourceDeclaration,
  type TopicDeclaration,
} from '@paperboy/store';
import { printQuery, queryKey, requireQuery, titleOfQuery } from '@paperboy/topics';

/** A source that can be stored. Throws USAGE naming what is wrong, or SCHEDULE_INVALID. */
export async function checkSource(source: SourceDeclaration): Promise<SourceDeclaration> {
  const { name, url, cron, zone = 'UTC', format, declaration } = source;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    throw new PaperboyError('USAGE', `"${name}" is not lower-case letters, digits and hyphens`);
  }
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new PaperboyError('USAGE', `"${url}" is not an http or https address`);
  }
  const { unfitAddress } = await import('@paperboy/readers');
  const unfit = url === undefined ? undefined : unfitAddress(url);
  if (unfit !== undefined) throw new PaperboyError('USAGE', `"${url}": ${unfit}`);
  if (format !== undefined && (format === 'declared') !== (declaration !== undefined)) {
    const why = declaration
      ? 'a declaration is read as declared alone'
      : 'declared needs a declaration';
    throw new PaperboyError('USAGE', `format ${format}: ${why}`);
  }
  if (cron !== undefined && url === undefined) {
    throw new PaperboyError('USAGE', 'a schedule needs an address to fetch');
  }
  if (!isZone(zone)) throw new PaperboyError('SCHEDULE_INVALID', `unknown time zone ${zone}`);
  if (cron !== undefined) parseCron(cron);
  if (source.publishes !== undefined) parseCron(source.publishes);
  return declaration === undefined ? source : { ...source, format: 'declared' };
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A topic that can be stored. Throws QUERY_INVALID with the place of every mistake. */
export function declareTopic(
  query: string,
  names: Pick<TopicDeclaration, 'slug' | 'name' | 'about' | 'field'> = {},
): TopicDeclaration {
  const parsed = requireQuery(query);
  const queryHash = createHash('sha256').update(queryKey(parsed)).digest();
  return { ...names, query: printQuery(parsed), queryHash };
}

/** A topic as a person names it: by its slug in the catalogue, or by a query of their own, made if needed. */
export async function resolveTopic(
  db: Db,
  slugOrQuery: string,
): Promise<{ topicId: TopicId; name: string; query: string }> {
  const known = isSlug(slugOrQuery) && (await findTopic(db, slugOrQuery).catch(ifNotFound));
  if (known) return { topicId: known.id, name: known.name ?? slugOrQuery, query: known.query };
  return topicOfQuery(db, slugOrQuery);
}

/** The topic of a query, made if needed and called by its words. Throws QUERY_INVALID. */
export async function topicOfQuery(
  db: Db,
  query: string,
): Promise<{ topicId: TopicId; name: string; query: string }> {
  const topic = declareTopic(query);
  const name = titleOfQuery(query);
  return { topicId: await ensureTopic(db, topic), name, query: topic.query };
}

function isSlug(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]*$/.test(text);
}

/** For a look-up that may find nothing, as a single word that is no slug is a query like any other. */
export function ifNotFound(thrown: unknown): undefined {
  if (thrown instanceof PaperboyError && thrown.code === 'NOT_FOUND') return undefined;
  throw thrown;
}

/** A subscriber as commands and seeds declare one. */
export interface SubscriberDeclaration {
  readonly address: string;
  readonly cadence: Cadence;
  /** `mon-fri`, `fri`, `daily`. */
  readonly weekdays: string;
  readonly hour: number;
  readonly zone: string;
  readonly recurring?: RecurringPolicy;
  readonly maxPapers?: number;
  readonly quietDays?: QuietDays;
  readonly mailFormat?: MailFormat;
  /** Slugs or queries. */
  readonly topics: readonly string[];
  readonly at?: Date;
}

/** A subscriber that can be stored, with its topics. Throws ADDRESS_INVALID, SCHEDULE_INVALID or QUERY_INVALID. */
export async function declareSubscriber(
  db: Db,
  links: Pick<SignedLinks, 'addressHash'>,
  { address, recurring, maxPapers, quietDays, mailFormat, at, ...rest }: SubscriberDeclaration,
): Promise<NewSubscriber> {
  const mailbox = parseAddress(address);
  if ('problem' in mailbox) {
    throw new PaperboyError('ADDRESS_INVALID', `"${address}": ${mailbox.problem}`);
  }
  const schedule = scheduleOf(rest);
  const topics: { topicId: TopicId; name: string }[] = [];
  for (const topic of rest.topics) topics.push(await resolveTopic(db, topic));
  return {
    ...mailbox,
    addressHash: links.addressHash(mailbox.address),
    schedule,
    topics,
    ...(recurring && { recurringPolicy: recurring }),
    ...(maxPapers !== undefined && { maxPapers }),
    ...(quietDays && { quietDays }),
    ...(mailFormat && { mailFormat }),
    ...(at && { at }),
  };
}

function scheduleOf({
  cadence,
  weekdays,
  hour,
  zone,
}: Pick<SubscriberDeclaration, 'cadence' | 'weekdays' | 'hour' | 'zone'>): SendSchedule {
  return checkSchedule({ cadence, weekdays: parseWeekdays(weekdays), hour, zone });
}
