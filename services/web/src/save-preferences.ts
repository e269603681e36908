import { changeWishes, type Subscriber } from '@paperboy/store';
import type { WebDeps } from './deps.ts';
import { changedName, changedQuery, type FollowedField } from './followed-fields.ts';
import type { PreferencesFields } from './preferences-fields.ts';
import { mistakesIn } from './query-mistakes.ts';
import type { FieldProblems } from './sign-up-fields.ts';

type SaveDeps = Pick<WebDeps, 'db' | 'topics'>;

/** Saves what a reader wants from now on: all of it, or nothing and what is wrong with which field. */
export async function savePreferences(
  { db, topics }: SaveDeps,
  reader: Subscriber,
  { fields, followed, times }: PreferencesFields,
): Promise<FieldProblems | undefined> {
  const queries = mistakesIn(fields.queries);
  const edits = mistakesIn(followed.flatMap((field) => changedQuery(field) ?? []));
  if ('problems' in times || queries !== undefined || edits !== undefined)
    return {
      ...('problems' in times && times.problems),
      ...(queries !== undefined && { queries }),
      ...(edits !== undefined && { edits }),
    };
  const stays = followed.filter(({ isDropped }) => !isDropped);
  const kept = await Promise.all(stays.map((field) => follow(topics, field)));
  const added = await Promise.all([
    ...fields.chosen.map(topics.find),
    // Tried as a query, so followed as one: a word of it may be the slug of another topic.
    ...fields.queries.map(topics.findQuery),
  ]);
  if (kept.length + added.length === 0)
    return { chosen: 'Keep one topic at least, or leave by the link below.' };
  const known = new Set(kept.map(({ topicId }) => topicId));
  const fresh = added.filter(({ topicId }) => !known.has(topicId));
  await changeWishes(db, reader.id, {
    ...times,
    topics: [...kept, ...fresh.map((topic) => ({ ...topic, strictness: 'normal' as const }))],
  });
  if (fresh.length > 0 || kept.some(({ isEdited }) => isEdited)) await topics.matchPast();
  return undefined;
}

/** The topic itself, or the one of the query that stands in its place now. */
async function follow(topics: WebDeps['topics'], field: FollowedField) {
  const { topicId, name, strictness } = field;
  const wanted = changedQuery(field);
  if (wanted === undefined) return { topicId, name, strictness, isEdited: false };
  const found = await topics.findQuery(wanted);
  return { ...found, name: changedName(field, wanted), strictness, isEdited: true };
}
