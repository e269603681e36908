import { type PrintedDate, readDate } from '@paperboy/core';

/** The first day in a text. arXiv prints each with its year, so that one without is part of something else. */
export function arxivDay(text: string): PrintedDate | undefined {
  const date = readDate(text);
  return date?.year === undefined ? undefined : date;
}
