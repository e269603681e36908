import type { Validators } from '@paperboy/store';

/** An entity tag as RFC 9110, 8.8.3 has it, and short: it is sent back as it came. */
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,500}"$/;
/** A date as servers print it; nothing else is sent back in a header of ours. */
const HTTP_DATE = /^[A-Za-z]{3,9}, [\w: +-]{10,40}$/;

/** A page that changes again within so long would keep its date (RFC 9110, 8.8.2.2). */
const SETTLED_MS = 2_000;

/** What a server gave with a page to ask later whether it has changed; undefined where that is nothing usable. */
export function validatorsIn(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Validators | undefined {
  const { etag, 'last-modified': lastModified, date } = headers;
  const validators = {
    ...(typeof etag === 'string' && ETAG.test(etag) && { etag }),
    ...(typeof lastModified === 'string' && isSettled(lastModified, date) && { lastModified }),
  };
  return Object.keys(validators).length > 0 ? validators : undefined;
}

function isSettled(lastModified: string, date: string | string[] | undefined): boolean {
  if (!HTTP_DATE.test(lastModified)) return false;
  const served = typeof date === 'string' ? Date.parse(date) : Date.now();
  return served - Date.parse(lastModified) >= SETTLED_MS;
}
