import type { SubscriberId } from '@paperboy/core';
import { type Db, pastProgress } from '@paperboy/store';
import type { Output } from './output.ts';

/** Tells what becomes of new topics, of all or of one subscriber; nothing where none is new. */
export async function sayPast(output: Output, db: Db, subscriberId?: SubscriberId): Promise<void> {
  const { topics } = await pastProgress(db, subscriberId);
  if (topics === 0) return;
  const which = topics === 1 ? 'a new topic is' : `${topics} new topics are`;
  output.say(
    `${which} matched with the papers of the last 30 days once services run; status tells how far`,
  );
}
