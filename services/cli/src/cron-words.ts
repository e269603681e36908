import { type parseCron, printWeekdays } from '@paperboy/core';

type Cron = ReturnType<typeof parseCron>;

/** A schedule as people say it: `at 8:00 and 16:00 on mon-fri`; undefined where that would be longer than the cron. */
export function cronInWords(cron: Cron): string | undefined {
  if (cron.months.size < 12 || cron.days.size < 31) return undefined;
  const times = timesOf(cron);
  return times && `${times}${daysOf([...cron.weekdays].sort((a, b) => a - b))}`;
}

function timesOf({ minutes, hours }: Cron): string | undefined {
  const [minute] = minutes;
  if (minutes.length !== 1 || minute === undefined) return undefined;
  const atMinute = String(minute).padStart(2, '0');
  if (hours.length === 24) return `every hour at :${atMinute}`;
  return hours.length > 6 ? undefined : `at ${listed(hours.map((hour) => `${hour}:${atMinute}`))}`;
}

function daysOf(weekdays: readonly number[]): string {
  if (weekdays.length === 7) return ' every day';
  const [first = 0] = weekdays;
  const isRun = weekdays.length > 2 && weekdays.every((day, index) => day === first + index);
  const names = printWeekdays(weekdays);
  return ` on ${isRun ? printWeekdays([first, first + weekdays.length - 1]).replace(', ', '-') : names}`;
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
