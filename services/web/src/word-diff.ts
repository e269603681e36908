/** A run of words that both texts have, or only the earlier or the later one. */
export interface DiffPart {
  readonly kind: 'same' | 'gone' | 'added';
  readonly text: string;
}

/** Above this many words on either side the texts are shown whole: the table grows with their product. */
const MOST_WORDS = 1_500;

/** What changed between two texts, word by word: a longest common subsequence, the earlier text's words first. */
export function diffWords(from: string, to: string): DiffPart[] {
  const [earlier, later] = [wordsOf(from), wordsOf(to)];
  if (earlier.length > MOST_WORDS || later.length > MOST_WORDS) {
    return joined([
      { kind: 'gone', text: from },
      { kind: 'added', text: to },
    ]);
  }
  const lengths = commonLengths(earlier, later);
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  const parts: DiffPart[] = [];
  let [row, column] = [0, 0];
  while (row < earlier.length || column < later.length) {
    const [old, fresh] = [earlier[row], later[column]];
    if (old !== undefined && old === fresh) {
      parts.push({ kind: 'same', text: old });
      row++;
      column++;
    } else if (
      old !== undefined &&
      (fresh === undefined || at(row + 1, column) >= at(row, column + 1))
    ) {
      parts.push({ kind: 'gone', text: old });
      row++;
    } else {
      parts.push({ kind: 'added', text: fresh ?? '' });
      column++;
    }
  }
  return joined(parts);
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** At [i][j] the number of words that the rests from i and from j have in common, in order. */
function commonLengths(earlier: readonly string[], later: readonly string[]): Uint16Array[] {
  const lengths = Array.from(
    { length: earlier.length + 1 },
    () => new Uint16Array(later.length + 1),
  );
  for (let row = earlier.length - 1; row >= 0; row--) {
    const [here, below] = [lengths[row], lengths[row + 1]];
    if (!here || !below) continue;
    for (let column = later.length - 1; column >= 0; column--) {
      here[column] =
        earlier[row] === later[column]
          ? (below[column + 1] ?? 0) + 1
          : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return lengths;
}

function joined(parts: readonly DiffPart[]): DiffPart[] {
  const runs: { kind: DiffPart['kind']; text: string }[] = [];
  for (const { kind, text } of parts) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += ` ${text}`;
    else if (text !== '') runs.push({ kind, text });
  }
  return runs;
}
