import { printWeekdays, type SendSchedule } from '@paperboy/core';

/** `daily at 7:00 Europe/London`, `weekly on fri at 16:00 UTC`. */
export function printSchedule({ cadence, weekdays, hour, zone }: SendSchedule): string {
  const days = weekdays.length === 7 ? '' : ` on ${printWeekdays(weekdays)}`;
  return `${cadence}${days} at ${hour}:00 ${zone}`;
}
