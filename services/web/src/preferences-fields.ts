import type { TopicId } from '@paperboy/core';
import type { PublicTopic, Subscriber } from '@paperboy/store';
import { type FollowedField, fieldsOfTopics, readFollowed } from './followed-fields.ts';
import {
  type DigestFields,
  type FieldProblems,
  fieldsOfSchedule,
  NO_FIELDS,
  type ReadTimes,
  readFields,
  timesOf,
} from './sign-up-fields.ts';

/** The form of a reader's own page, read. */
export interface PreferencesFields {
  readonly fields: DigestFields;
  readonly followed: readonly FollowedField[];
  /** The catalogue's topics among the fields. */
  readonly chosenIds: readonly TopicId[];
  readonly times: ReadTimes | { readonly problems: FieldProblems };
}

/** The fields before anything is typed: what is kept of the reader. */
export function keptFields(
  reader: Subscriber,
  catalogue: readonly PublicTopic[],
): Pick<PreferencesFields, 'fields' | 'followed'> {
  return {
    followed: fieldsOfTopics(reader.topics, new Set(catalogue.map(({ id }) => id))),
    fields: {
      ...NO_FIELDS,
      ...fieldsOfSchedule(reader.schedule),
      maxPapers: String(reader.maxPapers),
      recurring: reader.recurringPolicy,
      quiet: reader.quietDays,
      format: reader.mailFormat,
    },
  };
}

/** A posted form of that page; topics that the catalogue does not have are left aside. */
export function readPreferences(
  reader: Subscriber,
  catalogue: readonly PublicTopic[],
  form: FormData,
): PreferencesFields {
  const read = readFields(form);
  const chosen = catalogue.filter(({ slug }) => read.chosen.includes(slug));
  return {
    fields: { ...read, chosen: chosen.map(({ slug }) => slug) },
    followed: readFollowed(form, keptFields(reader, catalogue).followed),
    chosenIds: chosen.map(({ id }) => id),
    times: timesKept(reader, read),
  };
}

/** The times of the fields; weekdays that the form does not offer are kept as they are. */
function timesKept({ schedule }: Subscriber, fields: DigestFields): PreferencesFields['times'] {
  if (fields.rhythm !== 'as-now') return timesOf(fields);
  const { rhythm, weekday } = NO_FIELDS;
  const times = timesOf({ ...fields, rhythm, weekday });
  if ('problems' in times) return times;
  const { cadence, weekdays } = schedule;
  return { ...times, schedule: { ...times.schedule, cadence, weekdays } };
}
