import { cleanText, type Strictness, type TopicId } from '@paperboy/core';
import type { TopicFollowed } from '@paperboy/store';
import { isTitleOf, QUERY_MAX_CHARACTERS, titleOfQuery } from '@paperboy/topics';

const STRICTNESSES: readonly Strictness[] = ['wide', 'normal', 'strict'];
/** One sign more than may stand, so that a query that is too long is told of. */
const LONGEST_QUERY = QUERY_MAX_CHARACTERS + 1;

/** A topic that a reader follows, as it stands in the fields of their form. */
export interface FollowedField extends TopicFollowed {
  /** What is to be followed in its place; undefined for one of the catalogue, whose words are not the reader's. */
  readonly edited: string | undefined;
  readonly isDropped: boolean;
}

/** Fields before anything is typed. */
export function fieldsOfTopics(
  topics: readonly TopicFollowed[],
  catalogue: ReadonlySet<TopicId>,
): FollowedField[] {
  return topics.map((topic) => ({
    ...topic,
    edited: catalogue.has(topic.topicId) ? undefined : topic.query,
    isDropped: false,
  }));
}

/** The same as a posted form has them; what is missing or no text stays as it was. */
export function readFollowed(form: FormData, fields: readonly FollowedField[]): FollowedField[] {
  return fields.map((field) => {
    const { topicId, edited } = field;
    const text = form.get(`edit-${topicId}`);
    const typed =
      typeof text === 'string' ? cleanText(text.normalize('NFC').slice(0, LONGEST_QUERY)) : '';
    return {
      ...field,
      edited: edited === undefined ? undefined : typed || edited,
      isDropped: form.has(`drop-${topicId}`),
      strictness:
        STRICTNESSES.find((one) => one === form.get(`strictness-${topicId}`)) ?? field.strictness,
    };
  });
}

/** The query that is to be followed in place of the topic's own; undefined where that stays. */
export function changedQuery({ edited, query, isDropped }: FollowedField): string | undefined {
  if (isDropped || edited === undefined) return undefined;
  // One that came another way may have blanks that no form gives back.
  return cleanText(edited) === cleanText(query) ? undefined : edited;
}

/** What the topic is called with other words: these, where its name was but its words. */
export function changedName({ name, query }: FollowedField, changed: string): string {
  return isTitleOf(name, query) ? titleOfQuery(changed) : name;
}
