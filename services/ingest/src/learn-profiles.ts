import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TopicId } from '@paperboy/core';
import type { NewProfile, TopicToLearn } from '@paperboy/store';
import { packProfile, parseQuery, profileTopic } from '@paperboy/topics';
import type { PastPapers } from './past-papers.ts';

/** Told of a topic that another version wrote: it must not keep the papers from all the others. */
export type TellUnreadable = (topic: TopicId, problem: string | undefined) => void;

/** Topics learnt before others get their turn: a few milliseconds. */
const PER_TURN = 10;

/** What the papers of the past say of topics, to be kept. */
export async function learnProfiles(
  { history }: Pick<PastPapers, 'history'>,
  topics: readonly TopicToLearn[],
  tellUnreadable: TellUnreadable,
): Promise<NewProfile[]> {
  const profiles: NewProfile[] = [];
  for (const { id, query } of topics) {
    const parsed = parseQuery(query);
    if (parsed.ok) {
      const { profile } = profileTopic(parsed.query, history);
      const { isLearning } = profile;
      profiles.push({ topicId: id, isLearning, profile: packProfile(profile) });
    } else {
      tellUnreadable(id, parsed.problems[0]?.message);
      // So that it is not asked about again and again.
      profiles.push({ topicId: id, isLearning: true, profile: new Uint8Array() });
    }
    if (profiles.length % PER_TURN === 0) await nextTurn();
  }
  return profiles;
}
