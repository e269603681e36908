import { ERROR_CATALOGUE, type PaperboyError } from '@paperboy/core';

/** A failure as people read it: what was met, and below it what to do. */
export function failureText(
  { code, detail, help, cause, stack }: PaperboyError,
  { withStack }: { readonly withStack: boolean },
): string {
  const text = `paperboy: ${code}: ${detail}\n  ${help}`;
  if (!withStack || code !== 'INTERNAL') return text;
  return `${text}\n${(cause instanceof Error && cause.stack) || stack}`;
}

/** A failure as programs read it. */
export function failureToJson({ code, detail, help }: PaperboyError) {
  return { error: { code, detail, help, retry: ERROR_CATALOGUE[code].retry } };
}
