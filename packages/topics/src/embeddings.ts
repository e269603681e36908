import { SCORING } from './constants.ts';
import { cosine, type Embedding, meanEmbedding } from './embedding.ts';
import type { PaperText } from './paper-tokens.ts';
import type { Query } from './query.ts';
import type { ScorablePaper } from './statistics.ts';
import type { Scorer } from './topic-profile.ts';

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
