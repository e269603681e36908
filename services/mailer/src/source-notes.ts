import type { SourceReading } from '@paperboy/store';

/** One line for readers on each source that gave no full list: a failure is never told as a quiet day. */
export function sourceNotes(readings: readonly SourceReading[]): string[] {
  return readings.flatMap((reading) => {
    const trouble = troubleOf(reading);
    return trouble === undefined ? [] : [`${reading.title}: ${trouble}`];
  });
}

function troubleOf(reading: SourceReading): string | undefined {
  const { outcome, entries, claimed, isOverdue } = reading;
  switch (outcome) {
    case 'cut':
      return claimed !== null && entries !== null
        ? `the list was cut short (${entries} of ${claimed} read)`
        : 'the list was cut short';
    case 'partial':
      return `the list was still filling up (${entries ?? 0} read)`;
    case 'stale':
      return 'the list was an old one, so nothing new could be read';
    case 'broken':
      return 'the list could not be read';
    case 'blocked':
      return 'the site did not let us read the list';
    case 'failed':
      return 'the site could not be reached';
    default:
      return isOverdue ? 'the list was not asked for when it was due' : undefined;
  }
}
