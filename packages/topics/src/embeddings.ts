import { SCORING } from './constants.ts';
import type { History } from './history.ts';
import type { PaperText } from './paper-tokens.ts';
import type { Query } from './query.ts';
import type { ScorablePaper } from './statistics.ts';
import type { Scorer } from './topic-profile.ts';

/** Numbers of a text from an operator's service, brought to length one: near texts point the same way. */
export type Embedding = Float32Array;

/** What is asked of a text at most: small models refuse more than some 500 words. */
const MAX_CHARACTERS = 1_800;

/** The text of a paper that a service is asked about. */
export function paperToEmbed({ title, abstract }: Pick<PaperText, 'title' | 'abstract'>): string {
  return cut(abstract ? `${title}\n\n${abstract}` : title);
}

/** The text of a topic: what it asks for, without what it excludes. */
export function topicToEmbed({ terms, must }: Pick<Query, 'terms' | 'must'>): string {
  return cut([...terms, ...must].map(({ text }) => text).join(', '));
}

function cut(text: string): string {
  const shorter = text.slice(0, MAX_CHARACTERS);
  // Half of a surrogate pair is no text.
  return /[\uD800-\uDBFF]$/.test(shorter) ? shorter.slice(0, -1) : shorter;
}

/** Brings numbers to length one. Undefined for what has no direction: zeros, or what is no number. */
export function unitEmbedding(values: ArrayLike<number>): Embedding | undefined {
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at] ?? 0) ** 2;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return Float32Array.from(values, (value) => value / length);
}

/**
 * A further part of the score: how near a paper's embedding is to those of the topic's best papers and of the topic's
 * own text, beyond how near all papers are: models differ in that, and some find everything alike.
 */
export function embeddingScorer(weight: number, topic?: Embedding): Scorer {
  return {
    weight,
    learn(best, history) {
      const known = best.flatMap((paper) =>
        paper.embedding ? [{ embedding: paper.embedding, title: paper.tokenized.text.title }] : [],
      );
      if (known.length < SCORING.minExactMatches) return undefined;
      const middle = meanEmbedding([
        ...known.map(({ embedding }) => embedding),
        ...(topic === undefined ? [] : [topic]),
      ]);
      const background = middle && cosine(middle, history.meanEmbedding);
      if (middle === undefined || background === undefined) return undefined;
      return {
        likeness({ embedding }) {
          const near = embedding && cosine(embedding, middle);
          return near === undefined ? undefined : Math.max(0, near - background);
        },
        nearest: (paper) => nearestOf(paper, known),
      };
    },
  };
}

/** The title of the paper that another is nearest to; of equals the first, and never its own. */
function nearestOf(
  { embedding, tokenized }: ScorablePaper,
  known: readonly { readonly embedding: Embedding; readonly title: string }[],
): string | undefined {
  let [nearest, most]: [string | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  for (const one of known) {
    if (one.title === tokenized.text.title) continue;
    const near = embedding && cosine(embedding, one.embedding);
    if (near === undefined || near <= most) continue;
    [nearest, most] = [one.title, near];
  }
  return nearest;
}

/** The direction that embeddings of one model have in common; others of another length are left out. */
export function meanEmbedding(embeddings: readonly Embedding[]): Embedding | undefined {
  const [first] = embeddings;
  if (first === undefined) return undefined;
  return unitEmbedding(sumOf(embeddings.filter(({ length }) => length === first.length)));
}

/** Of `History`: the mean itself, so that a cosine with it is the mean of the cosines. */
export function plainMean(papers: readonly Pick<History['papers'][number], 'embedding'>[]) {
  const all = papers.flatMap(({ embedding }) => (embedding ? [embedding] : []));
  const same = all.filter(({ length }) => length === all[0]?.length);
  return sumOf(same).map((value) => value / Math.max(1, same.length));
}

function sumOf(embeddings: readonly Embedding[]): Float32Array {
  const sum = new Float32Array(embeddings[0]?.length ?? 0);
  for (const embedding of embeddings)
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (embedding[at] ?? 0);
  return sum;
}

/** Undefined for two that are not of one model. */
function cosine(a: Float32Array, b: Float32Array): number | undefined {
  if (a.length !== b.length) return undefined;
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
