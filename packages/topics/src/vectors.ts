/** Weights of terms by number, numbers ascending. Most vectors here have length one. */
export interface TermVector {
  readonly terms: Int32Array;
  readonly weights: Float32Array;
}

export const NO_TERMS: TermVector = { terms: new Int32Array(), weights: new Float32Array() };

/** A vector of length one (or none at all) out of weights by term. */
export function unitVector(weights: ReadonlyMap<number, number>): TermVector {
  const terms = Int32Array.from(weights.keys()).sort();
  let squares = 0;
  for (const term of terms) {
    const weight = weights.get(term) ?? 0;
    squares += weight * weight;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return { terms, weights: Float32Array.from(terms, (term) => (weights.get(term) ?? 0) * scale) };
}

/** The cosine of two vectors of length one. Linear in their terms. */
export function dot(a: TermVector, b: TermVector): number {
  let sum = 0;
  let [i, j] = [0, 0];
  while (i < a.terms.length && j < b.terms.length) {
    const [left, right] = [a.terms[i] ?? 0, b.terms[j] ?? 0];
    if (left === right) sum += (a.weights[i] ?? 0) * (b.weights[j] ?? 0);
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return sum;
}

/** The direction that vectors have in common. */
export function meanVector(vectors: readonly TermVector[]): TermVector {
  return unitVector(meanWeights(vectors));
}

/** The mean weight of every term in vectors. */
export function meanWeights(vectors: readonly TermVector[]): Map<number, number> {
  const means = new Map<number, number>();
  for (const { terms, weights } of vectors) {
    for (let at = 0; at < terms.length; at++) {
      const term = terms[at] ?? 0;
      means.set(term, (means.get(term) ?? 0) + (weights[at] ?? 0) / vectors.length);
    }
  }
  return means;
}

/** The terms of the largest weights. Equals are told apart by number, so that the same papers give the same terms. */
export function strongest(weights: ReadonlyMap<number, number>, most: number): Map<number, number> {
  // Few of many, so that each is put into its place where sorting all would be most of a profile's cost.
  const kept: [term: number, weight: number][] = [];
  for (const [term, weight] of weights) {
    let at = kept.length;
    while (at > 0 && isBefore(term, weight, kept[at - 1])) at--;
    if (at >= most) continue;
    kept.splice(at, 0, [term, weight]);
    if (kept.length > most) kept.pop();
  }
  return new Map(kept);
}

function isBefore(term: number, weight: number, other: readonly [number, number] | undefined) {
  const [otherTerm, otherWeight] = other ?? [0, 0];
  return weight > otherWeight || (weight === otherWeight && term < otherTerm);
}
