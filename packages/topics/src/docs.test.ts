import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { matchQuery } from '../test/match-query.ts';
import { scoring, someHistory } from '../test/scored-history.ts';
import { explainScore } from './explain-score.ts';
import { profileLikes, scoreAsVoted } from './likes.ts';
import { parseQuery, requireQuery } from './query-parser.ts';
import { titleOfQuery } from './query-title.ts';
import { describeReason } from './reasons.ts';
import { isSent } from './strictness.ts';

const doc = readFileSync(new URL('../../../docs/topics.md', import.meta.url), 'utf8');

/** The rows of the one table in the doc that opens with this heading. */
function rowsUnder(heading: string): string[][] {
  const rows = doc.split(`${heading}\n`)[1]?.split('\n\n')[0]?.split('\n').slice(1) ?? [];
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

const code = (cell = '') => cell.replace(/^`|`$/g, '');

const examples = rowsUnder('| Query | Title | Matches |');
const sent = rowsUnder('| Query | Title | Abstract | Sent to | Because of |');
const voted = rowsUnder('| Said | Title | Abstract | Sent |');
const mistakes = rowsUnder('| Query | What is said |');

test('the tables are there', () => {
  expect(examples.length).toBeGreaterThan(30);
  expect(mistakes.length).toBeGreaterThan(10);
  expect(sent.length).toBeGreaterThan(10);
  expect(voted.length).toBeGreaterThan(3);
});

test.each(examples)('docs/topics.md: %s on "%s": %s', (query, title = '', answer) => {
  const found = matchQuery(requireQuery(code(query)), { title });
  expect(found === undefined ? 'no' : 'yes').toBe(answer);
});

test.each(mistakes)('docs/topics.md: %s is refused: %s', (query, message) => {
  const parsed = parseQuery(code(query));
  expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.message)).toEqual([message]);
});

test('docs/topics.md: every query of the first table can be read', () => {
  for (const [query] of rowsUnder('| You type | It finds papers with |'))
    expect(parseQuery(code(query))).toMatchObject({ ok: true });
});

test('docs/topics.md: a topic without a name is called as is said', () => {
  const [, query, title] = /is\s+called by its words[^`]*`([^`]+)` is \*([^*]+)\*/.exec(doc) ?? [];
  expect(titleOfQuery(query ?? '')).toBe(title?.replace('\n', ' '));
});

const history = someHistory();
const STRICTNESSES = ['wide', 'normal', 'strict'] as const;

test.each(sent)(
  'docs/topics.md: %s with "%s: %s" is sent to %s',
  (query, title = '', abstract = '', to, because) => {
    const { scorer, profile, scorable } = scoring(code(query), history);
    const paper = scorable({ title, abstract });
    const scored = scorer.score(paper);
    const found = STRICTNESSES.filter(
      (strictness) =>
        scored !== undefined &&
        isSent(scored, scored.score, {
          isLearning: profile.isLearning,
          strictness,
          hasLikes: false,
        }),
    );
    const names: Record<number, string> = { 0: 'nobody', [STRICTNESSES.length]: 'all' };
    expect(names[found.length] ?? found.join(', ')).toBe(to);
    const reasons = scored && found.length > 0 ? explainScore(scorer, paper, scored) : [];
    expect(reasons.map(describeReason).join('; ')).toBe(because);
  },
);

test.each(voted)(
  'docs/topics.md: said %s, "%s: %s" is sent: %s',
  (said, title = '', abstract = '', answer) => {
    const { scorer, values, scorable } = scoring('"sparse autoencoder"', history);
    const paper = scorable({ title, abstract });
    const scored = scorer.score(paper);
    if (scored === undefined) throw new Error('held back');
    const about = [scorable({ title: 'On Words', abstract: 'Dictionary learning.' })];
    const votes = {
      liked: said === 'like' ? about : [],
      disliked: said === 'not for me' ? about : [],
    };
    const hasLikes = said !== 'nothing';
    const { score } = hasLikes
      ? scoreAsVoted(scored, paper, profileLikes(votes, values, history))
      : scored;
    const isOut = isSent(scored, score, { isLearning: false, strictness: 'normal', hasLikes });
    expect(isOut ? 'yes' : 'no').toBe(answer);
  },
);
