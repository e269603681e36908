import { describeReason } from '@paperboy/topics';

/**
 * Why a paper matched a topic, a line for each reason. They come from the database, where every version of
 * the topics package has left some: what this one does not know is left out.
 */
export function reasonLines(stored: unknown): string[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((reason: unknown) => {
    if (typeof reason !== 'object' || reason === null) return [];
    if (!('kind' in reason && 'typed' in reason && 'inTitle' in reason && 'inAbstract' in reason))
      return [];
    const { kind, typed, inTitle, inAbstract } = reason;
    if (kind !== 'phrase' || typeof typed !== 'string') return [];
    if (typeof inTitle !== 'number' || typeof inAbstract !== 'number') return [];
    return [describeReason({ kind, typed, quotes: [], inTitle, inAbstract })];
  });
}
