import { declaredPublishing, jitterOf, nextSlot, PaperboyError, parseCron } from '@paperboy/core';
import type { SourceTimes } from '@paperboy/store';

/** The next time of a source's own schedule; undefined when it has none, or one that cannot be read. */
export function slotOf(source: SourceTimes, after: Date, batchAt?: Date): Date | undefined {
  const { cron, zone, name, publishes, skipDays } = source;
  if (cron === null) return undefined;
  try {
    const schedule = { cron: parseCron(cron), zone, jitterMs: jitterOf(name) };
    const declared =
      publishes !== null && batchAt
        ? { publishing: declaredPublishing(publishes, zone), batchAt }
        : undefined;
    return nextSlot(schedule, after, declared, skipDays ?? []);
  } catch (error) {
    if (error instanceof PaperboyError || error instanceof RangeError) return undefined;
    throw error;
  }
}
