import type { ListedOn, SendSchedule } from '@paperboy/core';

/** New papers of one listing day. */
export interface DayOfPapers {
  readonly day: ListedOn;
  readonly papers: number;
}

/** What some days of papers would have come to in somebody's mailbox. */
export interface MailForecast {
  readonly papers: number;
  readonly mails: number;
  /** Papers of the longest mail. */
  readonly longest: number;
}

const DAY_MS = 24 * 3600_000;

/**
 * Papers are mailed on the day of their listing or on the next weekday that a digest comes on: what is listed over a
 * weekend is one mail on Monday. The days of a schedule decide, its hour does not.
 */
export function forecastMails(
  days: readonly DayOfPapers[],
  { weekdays }: Pick<SendSchedule, 'weekdays'>,
): MailForecast {
  const mails = new Map<number, number>();
  for (const { day, papers } of days) {
    if (papers === 0) continue;
    const sentAt = nextAmong(weekdays, Date.parse(day));
    mails.set(sentAt, (mails.get(sentAt) ?? 0) + papers);
  }
  return {
    papers: days.reduce((sum, { papers }) => sum + papers, 0),
    mails: mails.size,
    longest: Math.max(0, ...mails.values()),
  };
}

/** The first day from this one on that is one of the weekdays, 1 for Monday. */
function nextAmong(weekdays: readonly number[], from: number): number {
  for (let ahead = 0; ahead < 7; ahead++) {
    const at = from + ahead * DAY_MS;
    if (weekdays.includes(new Date(at).getUTCDay() || 7)) return at;
  }
  return from;
}
