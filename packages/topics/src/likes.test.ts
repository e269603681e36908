import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPaper } from '../test/arbitraries.ts';
import { scoring, someHistory } from '../test/scored-history.ts';
import { profileLikes, scoreAsVoted } from './likes.ts';
import type { ScorablePaper } from './statistics.ts';
import { dot } from './vectors.ts';

const history = someHistory();
const topic = scoring('autoencoder OR grasping', history);
const paperAt = (index: number): ScorablePaper => {
  const paper = history.papers[index];
  if (paper === undefined) throw new Error('no such paper');
  return paper;
};
const [sae, robots, weather] = [paperAt(0), paperAt(6), paperAt(30)];
const votes = (liked: ScorablePaper[], disliked: ScorablePaper[] = []) =>
  profileLikes({ liked, disliked }, topic.values, history);
const titleOf = (paper: ScorablePaper) => paper.tokenized.text.title;

test('the nearest liked paper is named where likes raised a paper', () => {
  const paper = topic.scorable({
    title: 'Tactile grasping',
    abstract: 'A gripper in clutter, grasping with robots.',
  });
  const scored = topic.scorer.score(paper);
  if (scored === undefined) throw new Error('held back');
  const likes = votes([sae, robots, weather]);
  const { score, raisedBy } = scoreAsVoted({ ...scored, score: 0.1 }, paper, likes);
  expect(score).toBeGreaterThan(0.1);
  expect(raisedBy?.title).toBe(titleOf(robots));
  expect(scoreAsVoted({ ...scored, score }, paper, likes)).toEqual({ score });
});

test('nothing is named that has little in common, nor for dislikes', () => {
  const scored = { score: 0, text: 1, related: 0 };
  expect(scoreAsVoted(scored, robots, votes([weather])).raisedBy).toBeUndefined();
  expect(scoreAsVoted(scored, robots, votes([], [robots])).raisedBy).toBeUndefined();
});

test('what is named raised the score and shares words, whatever the papers are', () => {
  const parts = fc.record({
    score: fc.double({ min: 0, max: 2, noNaN: true }),
    text: fc.double({ min: 0, max: 2, noNaN: true }),
    related: fc.double({ min: 0, max: 2, noNaN: true }),
  });
  const some = fc.subarray([sae, robots, weather]);
  fc.assert(
    fc.property(anyPaper(), parts, some, some, (text, scored, liked, disliked) => {
      const paper = topic.scorable(text);
      const likes = votes(liked, disliked);
      const { score, raisedBy } = scoreAsVoted(scored, paper, likes);
      expect(Number.isFinite(score)).toBe(true);
      if (raisedBy === undefined) return;
      expect(score).toBeGreaterThan(scored.score);
      expect(likes.papers).toContain(raisedBy);
      expect(dot(paper.vector, raisedBy.vector)).toBeGreaterThan(0);
    }),
  );
});

test('with more in common with what was disliked a paper never scores more', () => {
  const scored = { score: 0.5, text: 0.5, related: 0.5 };
  const likes = votes([sae], [robots]);
  expect(scoreAsVoted(scored, robots, likes).score).toBeLessThan(
    scoreAsVoted(scored, weather, likes).score,
  );
});
