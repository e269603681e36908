import { describeReason } from './reasons.ts';

/**
 * Reasons as they come back from where they were stored, a line each. Every version of this package has left some:
 * what this one does not know is left out.
 */
export function describeStored(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.flatMap(describeOne) : [];
}

/** The related words that stored reasons name, as written in their paper. */
export function relatedIn(stored: unknown): string[] {
  if (!Array.isArray(stored)) return [];
  const related = stored.filter((reason) => isObject(reason) && reason.kind === 'related');
  return related.flatMap(({ quotes }) => quotesIn(quotes).map(({ text }) => text));
}

function describeOne(reason: unknown): string[] {
  if (!isObject(reason)) return [];
  const { kind, title } = reason;
  if ((kind === 'liked' || kind === 'resembles') && typeof title === 'string')
    return [describeReason({ kind, title })];
  const { inTitle, inAbstract, typed, used, acronym, longForm } = reason;
  if (typeof inTitle !== 'number' || typeof inAbstract !== 'number') return [];
  const places = { inTitle, inAbstract, quotes: quotesIn(reason.quotes) };
  if (reason.kind === 'phrase' && typeof typed === 'string')
    return [describeReason({ kind: 'phrase', typed, ...places })];
  if (reason.kind === 'acronym' && areTexts(used, acronym, longForm))
    return [
      describeReason({
        kind: 'acronym',
        used: `${used}`,
        acronym: `${acronym}`,
        longForm: `${longForm}`,
        ...places,
      }),
    ];
  if (reason.kind === 'related' && places.quotes.length > 0)
    return [describeReason({ kind: 'related', ...places })];
  return [];
}

/** Only their words are told, so only these have to be there. */
function quotesIn(stored: unknown) {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((quote: unknown) =>
    isObject(quote) && typeof quote.text === 'string'
      ? [{ field: 'abstract' as const, start: 0, end: 0, text: quote.text }]
      : [],
  );
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
