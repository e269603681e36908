import { describe, expect, test } from 'vitest';
import { type Embedding, meanEmbedding, unitEmbedding } from './embedding.ts';
import { embeddingScorer, paperToEmbed, topicToEmbed } from './embeddings.ts';
import { explainScore } from './explain-score.ts';
import { History } from './history.ts';
import { type PaperText, tokenizePaper } from './paper-tokens.ts';
import { requireQuery } from './query-parser.ts';
import { describeReason } from './reasons.ts';
import { describeStored } from './stored-reasons.ts';
import { profileTopic } from './topic-profile.ts';
import { TopicScorer } from './topic-scorer.ts';

const unit = (...values: number[]): Embedding => {
  const embedding = unitEmbedding(values);
  if (embedding === undefined) throw new Error('no direction');
  return embedding;
};

/** Two subjects that share the word "bank"; the service tells them apart, whatever words they have. */
const MONEY = unit(1, 0, 0.8);
const RIVER = unit(0, 1, 0.8);
const papers: PaperText[] = Array.from({ length: 24 }, (_, index) =>
  index % 2 === 0
    ? { title: `The bank of subject ${index}`, abstract: 'Credit and interest.' }
    : { title: `Subject ${index}`, abstract: 'Sediment along a shore.' },
);
const history = new History(
  papers.map(tokenizePaper),
  papers.map((_, index) => (index % 2 === 0 ? MONEY : RIVER)),
);
const query = requireQuery('bank');

function scorerWith(weight: number) {
  const { profile, further } = profileTopic(query, history, [embeddingScorer(weight)]);
  return new TopicScorer(query, profile, history.statistics, further);
}
const paper = (embedding?: Embedding) =>
  history.statistics.scorable(
    tokenizePaper({ title: 'Something else', abstract: 'Here is one bank.' }),
    embedding,
  );

describe('a score with embeddings', () => {
  const { profile } = profileTopic(query, history);
  const plain = new TopicScorer(query, profile, history.statistics);
  const scoreOf = (scorer: TopicScorer, embedding?: Embedding) =>
    scorer.score(paper(embedding))?.score ?? Number.NaN;

  test('raises what is near in meaning and sinks what only has the word, the more the heavier it is', () => {
    const [light, heavy] = [scorerWith(0.3), scorerWith(1)];
    for (const scorer of [light, heavy])
      expect(scoreOf(scorer, MONEY)).toBeGreaterThan(scoreOf(scorer, RIVER));
    expect(scoreOf(heavy, RIVER)).toBeLessThan(scoreOf(light, RIVER));
    expect(scoreOf(heavy, MONEY)).toBeGreaterThan(scoreOf(light, MONEY));
  });

  test('is the same as without where the service gave nothing for the paper, or another model did', () => {
    for (const scorer of [scorerWith(0.3), scorerWith(1)])
      for (const embedding of [undefined, unit(1, 0, 0, 0)])
        expect(scorer.score(paper(embedding))).toEqual(plain.score(paper()));
  });

  test('is the same as without where too few of the best papers have embeddings', () => {
    const bare = new History(papers.map(tokenizePaper), [MONEY, undefined, MONEY]);
    const { profile: learnt, further } = profileTopic(query, bare, [embeddingScorer(1)]);
    expect(further).toEqual([]);
    expect(learnt.scales).not.toHaveProperty('withFurther');
  });

  test('gives likes what makes up its own score', () => {
    const scorer = scorerWith(1);
    const scored = scorer.score(paper(MONEY));
    if (scored === undefined) throw new Error('not scored');
    const { total } = scorer.profile.scales;
    expect((scored.text + scored.related) / total).toBeCloseTo(scored.score, 6);
  });

  test('tells the paper that it is near to, by title, and no number', () => {
    const scorer = scorerWith(1);
    const told = (embedding: Embedding) => {
      const one = paper(embedding);
      const scored = scorer.score(one);
      return scored === undefined ? [] : explainScore(scorer, one, scored);
    };
    const near = told(MONEY);
    expect(near.map(describeReason).at(-1)).toMatch(
      /^close in meaning to “The bank of subject \d+”, which has words of this topic$/,
    );
    expect(describeStored(JSON.parse(JSON.stringify(near)))).toEqual(near.map(describeReason));
    expect(told(RIVER).map(({ kind }) => kind)).not.toContain('resembles');
  });

  test('a paper is never told to be near to itself', () => {
    const scorer = scorerWith(1);
    for (const one of history.papers)
      expect(scorer.resembled(one)).not.toBe(one.tokenized.text.title);
  });
});

test("a topic's own text counts as one of its papers", () => {
  const near = (topic?: Embedding) => {
    const { further } = profileTopic(query, history, [embeddingScorer(1, topic)]);
    return further[0]?.likeness(paper(unit(1, 1, 0.8))) ?? Number.NaN;
  };
  expect(near(RIVER)).toBeGreaterThan(near());
});

describe('what a service is asked', () => {
  test('is cut, and between signs', () => {
    const long = paperToEmbed({ title: 'T', abstract: '🚀'.repeat(2_000) });
    expect(long.length).toBeLessThanOrEqual(1_800);
    expect(long.isWellFormed()).toBe(true);
    expect(paperToEmbed({ title: 'Alone' })).toBe('Alone');
  });

  test('of a topic is what it asks for, not what it excludes', () => {
    const { terms, must } = requireQuery('"sparse autoencoder" OR SAE -vision cat:cs.CL');
    expect(topicToEmbed({ terms, must })).toBe('sparse autoencoder, SAE');
  });
});

test('numbers without a direction are no embedding', () => {
  for (const values of [[], [0, 0], [1, Number.NaN], [1e300, 1e300]])
    expect(unitEmbedding(values)).toBeUndefined();
  expect(unit(3, 4)).toEqual(Float32Array.of(0.6, 0.8));
  expect(meanEmbedding([unit(1, 0), unit(0, 1), unit(1, 0, 0)])?.length).toBe(2);
});
