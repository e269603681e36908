import { isoDay, monthNumber, type PrintedDate } from './page-date.ts';

const MONTH =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DAY = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`;
/** A time behind the day, such as the 23 of "17 Mar 23:10", is no year. */
const YEAR = String.raw`['’]?(?<year>\d{4}|\d{2})(?![\d:.]*\d)`;

/** Each form that pages print, tried in this order. A day in figures alone ("7/10/2026") means two days, so none. */
const FORMS: readonly RegExp[] = [
  /(?<!\d)(?<year>\d{4})(?<sign>[-/.])(?<month>\d{1,2})\k<sign>(?<day>\d{1,2})(?!\d)/,
  new RegExp(String.raw`(?<!\d)${DAY}(?:\s+of)?[\s-]+${MONTH}\b\.?(?:(?:-|\s*,?\s+)${YEAR})?`, 'i'),
  new RegExp(String.raw`\b${MONTH}\b\.?\s+${DAY}\b(?:\s*,?\s+${YEAR})?`, 'i'),
];
/** Dates stand early in what is taken for one; a whole page is not searched. */
const MAX_TEXT = 1_000;

/**
 * The first date in a printed text: `2026-10-07T09:00Z`, `2026/10/7`, `Wed, 7 Oct 2026`, `Fri, 17 Mar 23`,
 * `October 7th, 2026`, and without a year `7 October` or `Oct 7`. Undefined where there is none or no such day.
 */
export function readDate(text: string): PrintedDate | undefined {
  const start = text.slice(0, MAX_TEXT);
  for (const form of FORMS) {
    const found = form.exec(start)?.groups;
    if (found?.month === undefined || found.day === undefined) continue;
    const month = /^\d/.test(found.month) ? Number(found.month) : monthNumber(found.month);
    const day = Number(found.day);
    const year = found.year === undefined ? undefined : fullYear(found.year);
    // Without a year any year will do, and a leap year has all its days.
    if (month === undefined || isoDay(year ?? 2024, month, day) === undefined) continue;
    return { ...(year !== undefined && { year }), month, day };
  }
  return undefined;
}

/** Two figures are of this century, as arXiv printed them until 2024. */
function fullYear(figures: string): number {
  return figures.length === 2 ? 2000 + Number(figures) : Number(figures);
}
