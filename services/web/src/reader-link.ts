import { PaperboyError } from '@paperboy/core';

/** What is said of every link by which a reader is known and that cannot be used, whatever the reason. */
export function badLink(): PaperboyError {
  return new PaperboyError(
    'LINK_INVALID',
    'This link is cut short, was changed or is no longer in use. Open the link from the newest mail, all of it on one line.',
  );
}
