/** Numbers of a text from an operator's service, brought to length one: near texts point the same way. */
export type Embedding = Float32Array;

/** Brings numbers to length one. Undefined for what has no direction: zeros, or what is no number. */
export function unitEmbedding(values: ArrayLike<number>): Embedding | undefined {
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at] ?? 0) ** 2;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return Float32Array.from(values, (value) => value / length);
}

/** The direction that embeddings of one model have in common; others of another length are left out. */
export function meanEmbedding(embeddings: readonly Embedding[]): Embedding | undefined {
  const [first] = embeddings;
  if (first === undefined) return undefined;
  return unitEmbedding(sumOf(embeddings.filter(({ length }) => length === first.length)));
}

/** The mean itself, so that a cosine with it is the mean of the cosines; of the model that comes first. */
export function plainMean(embeddings: readonly Embedding[]): Float32Array {
  const same = embeddings.filter(({ length }) => length === embeddings[0]?.length);
  return sumOf(same).map((value) => value / Math.max(1, same.length));
}

function sumOf(embeddings: readonly Embedding[]): Float32Array {
  const sum = new Float32Array(embeddings[0]?.length ?? 0);
  for (const embedding of embeddings)
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (embedding[at] ?? 0);
  return sum;
}

/** Undefined for two that are not of one model. */
export function cosine(a: Float32Array, b: Float32Array): number | undefined {
  if (a.length !== b.length) return undefined;
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
