/**
 * A pure function that knows its last results: what most messages share is worked out once. When it has so many of
 * them it forgets them all, which costs less than to know which was asked for last.
 */
export function remembered<Result>(
  work: (text: string) => Result,
  most = 1_000,
): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = work(text);
    if (known.size >= most) known.clear();
    known.set(text, made);
    return made;
  };
}
