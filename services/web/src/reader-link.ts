import { PaperboyError, type SubscriberId } from '@paperboy/core';
import { type Db, findSubscriber, type Subscriber } from '@paperboy/store';

/** What is said of every link by which a reader is known and that cannot be used, whatever the reason. */
export function badLink(): PaperboyError {
  return new PaperboyError(
    'LINK_INVALID',
    'This link is cut short, was changed or is no longer in use. Open the link from the newest mail, all of it on one line.',
  );
}

/** Whoever holds a token of somebody erased learns no more than with a wrong one. */
export async function loadReader(db: Db, id: SubscriberId | undefined): Promise<Subscriber> {
  if (id === undefined) throw badLink();
  const reader = await findSubscriber(db, id).catch((thrown: unknown) => {
    throw thrown instanceof PaperboyError && thrown.code === 'NOT_FOUND' ? badLink() : thrown;
  });
  if (reader.address.endsWith('@erased.invalid')) throw badLink();
  return reader;
}

/** `ad…@example.com`: enough for its owner, and little for others who were passed the mail. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, Math.min(2, at))}…${address.slice(at)}`;
}
