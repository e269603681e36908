import { type ListedOn, parseListedOn } from '@paperboy/core';

/** What an address of Hugging Face's paper lists or of their API asks for. */
export interface HfAddress {
  readonly period: 'day' | 'week' | 'month' | 'trending' | 'search' | 'unknown';
  readonly isApi: boolean;
  readonly date?: ListedOn;
  /** The week or month as the address names it: `2026-W31`, `2026-07`. */
  readonly span?: string;
  /** The words searched for. */
  readonly search?: string;
  /** `limit`, as asked for. */
  readonly limit?: number;
  readonly url: URL;
}

/** Why an address of Hugging Face is no list of its own, with what to use instead; undefined for all others. */
export function unfitAddress(address: string): string | undefined {
  const url = URL.parse(address);
  const isBare =
    /(?:^|\.)huggingface\.co$/.test(url?.hostname ?? '') &&
    /^\/papers\/?$/.test(url?.pathname ?? '');
  if (!isBare || url?.searchParams.get('q')) return undefined;
  return (
    'it leads to whatever list its visitor saw last; name the day, as in ' +
    'https://huggingface.co/papers/date/{date} or https://huggingface.co/api/daily_papers?date={date}&limit=100'
  );
}

/** Takes an address apart; undefined when there is none or it is no address. */
export function hfAddress(address: string | undefined): HfAddress | undefined {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) return undefined;
  const isApi = /\/api\/daily_papers\/?$/.test(url.pathname);
  const query = url.searchParams;
  const limit = /^[1-9]\d{0,3}$/.test(query.get('limit') ?? '')
    ? Number(query.get('limit'))
    : undefined;
  const date = isApi ? query.get('date') : /\/papers\/date\/([\d-]+)/.exec(url.pathname)?.[1];
  const listedOn = parseListedOn(date ?? '');
  const span =
    /\/papers\/(?:week|month)\/([\dW-]+)/.exec(url.pathname)?.[1] ??
    query.get('week') ??
    query.get('month');
  const search = query.get('q');
  return {
    period: listedOn === undefined ? periodWithoutDate(url) : 'day',
    isApi,
    ...(listedOn !== undefined && { date: listedOn }),
    ...(listedOn === undefined && span !== null && { span }),
    ...(search !== null && { search }),
    ...(limit !== undefined && { limit }),
    url,
  };
}

function periodWithoutDate({ pathname, searchParams }: URL): HfAddress['period'] {
  if (/\/papers\/week\//.test(pathname) || searchParams.has('week')) return 'week';
  if (/\/papers\/month\//.test(pathname) || searchParams.has('month')) return 'month';
  if (/\/papers\/trending/.test(pathname) || searchParams.get('sort') === 'trending') {
    return 'trending';
  }
  return searchParams.has('q') || searchParams.has('submitter') ? 'search' : 'unknown';
}
