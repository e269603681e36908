/** The known word that a mistyped one was probably meant to be: few letters away, or the one within the other. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const isPart =
      Math.min(typed.length, other.length) >= 3 && (other.includes(typed) || typed.includes(other));
    const distance = isPart ? 1 : editDistance(typed, other);
    const most = isPart ? 1 : Math.max(1, Math.floor(typed.length / 3));
    if (distance <= most && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { word: candidate, distance };
  }
  return best?.word;
}

/** Longer words are compared by their beginnings. */
const MAX_WORD = 40;

/** How many letters have to be added, dropped, changed or swapped with their neighbour (optimal string alignment). */
function editDistance(one: string, other: string): number {
  const a = one.slice(0, MAX_WORD);
  const b = other.slice(0, MAX_WORD);
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const line = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] ?? 0) + 1, (line[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      line.push(least);
    }
    before = last;
    last = line;
  }
  return last[b.length] ?? 0;
}
