import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPaper, anyQuery } from '../test/arbitraries.ts';
import { matchQuery } from '../test/match-query.ts';
import { historyOf, scoring, someHistory } from '../test/scored-history.ts';
import { queryKey } from './compile.ts';
import { explainScore } from './explain-score.ts';
import { profileLikes, scoreWithLikes } from './likes.ts';
import { packProfile, unpackProfile } from './packed-profile.ts';
import { type PaperText, tokenizePaper } from './paper-tokens.ts';
import { printQuery } from './print-query.ts';
import { requireQuery } from './query-parser.ts';
import { describeReason, quotesOf } from './reasons.ts';
import { isSent } from './strictness.ts';
import { profileTopic, type Scorer } from './topic-profile.ts';
import { TopicScorer } from './topic-scorer.ts';
import { findUnits, unitScore } from './topic-text.ts';
import { NO_TERMS } from './vectors.ts';

const history = someHistory();
const normal = { isLearning: false, strictness: 'normal', hasLikes: false } as const;

describe('a score', () => {
  const topic = scoring('"sparse autoencoder"', history);

  test('is 1 for the mean of the ten best papers of the history', () => {
    for (const query of ['"sparse autoencoder"', 'tactile OR gripper', 'diffusion']) {
      const { scorer } = scoring(query, history);
      const scores = history.papers.map((paper) => scorer.score(paper)?.score ?? 0);
      const best = scores.sort((a, b) => b - a).slice(0, 10);
      expect(best.reduce((sum, score) => sum + score, 0) / 10).toBeCloseTo(1, 5);
    }
  });

  test('rises with each place of the phrase, most with one in the title', () => {
    const rising = [
      topic.score('Bananas', 'Yellow and sweet.'),
      topic.score('Bananas', 'Sparse bananas.'),
      topic.score('Bananas', 'A sparse autoencoder.'),
      topic.score('Bananas', 'A sparse autoencoder, a sparse autoencoder.'),
      topic.score('A sparse autoencoder', 'A sparse autoencoder, a sparse autoencoder.'),
    ].map((scored) => scored?.score ?? Number.NaN);
    expect(rising[0]).toBe(0);
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
    expect(new Set(rising).size).toBe(rising.length);
  });

  test('counts a place by where it stands: in the opening of an abstract as in a title, then less and less', () => {
    const filler = 'Bananas are yellow and sweet and grow in the south. '.repeat(4);
    const at = (before: string, after: string) =>
      topic.score('Bananas', `${before}A sparse autoencoder. ${after}`)?.text ?? Number.NaN;
    const [opening, middle, closing] = [
      at('', filler + filler),
      at(filler, filler),
      at(filler + filler, ''),
    ];
    expect(opening).toBeGreaterThan(1.5 * middle);
    expect(middle).toBeGreaterThan(closing);
    const title = topic.score('A sparse autoencoder', `Bananas here. ${filler}${filler}`)?.text;
    expect(opening).toBeCloseTo(title ?? Number.NaN, 1);
  });

  test('takes alternatives as names of one subject: two of them are as much as one said twice', () => {
    const { scorer, scorable } = scoring('gripper OR clutter', history);
    const unitsIn = (title: string) => {
      const { tokenized } = scorable({ title });
      return unitScore(findUnits(scorer.text.units, tokenized), tokenized, history.statistics);
    };
    expect(unitsIn('Gripper clutter')).toBe(unitsIn('Gripper gripper'));
    expect(unitsIn('Gripper clutter')).toBeGreaterThan(unitsIn('Gripper bananas'));
    expect(unitsIn('Gripper clutter')).toBeLessThan(2 * unitsIn('Gripper bananas'));
  });

  test('finds a paper by its acronym and by the words that go with the topic', () => {
    expect(topic.score('SAEs for bananas')?.found.map(({ unit }) => unit.text)).toEqual(['SAE']);
    const related = topic.score(
      'Monosemantic bananas',
      'By dictionary learning and superposition.',
    );
    expect(related?.found).toEqual([]);
    expect(related?.score).toBeGreaterThan(0.3);
    expect(topic.score('Grasping bananas', 'With a dexterous hand.')?.score).toBeLessThan(0.1);
  });

  test('is not given to a paper that a gate holds back, whatever its words', () => {
    expect(
      scoring('"sparse autoencoder" -vision', history).score('A sparse autoencoder for vision'),
    ).toBeUndefined();
    expect(
      scoring('"sparse autoencoder" +vision', history).score('A sparse autoencoder'),
    ).toBeUndefined();
    expect(
      scoring('"sparse autoencoder" cat:cs.CL', history).score('A sparse autoencoder'),
    ).toBeUndefined();
  });

  test('stays finite without any history', () => {
    const empty = scoring('"sparse autoencoder" OR vision', historyOf([]));
    expect(empty.profile.isLearning).toBe(true);
    expect(empty.score('A sparse autoencoder')?.score).toBeGreaterThan(0);
    expect(empty.score('Bananas')?.score).toBe(0);
  });

  test('takes in a further part, which learns from the best papers', () => {
    const learntFrom: string[] = [];
    const yellow: Scorer = {
      weight: 0.5,
      learn: (best) => {
        learntFrom.push(...best.map(({ tokenized }) => tokenized.text.title));
        return {
          likeness: ({ tokenized }) => (tokenized.byStem.has('autoencod') ? 1 : 0.1),
          nearest: () => undefined,
        };
      },
    };
    const { profile, further } = profileTopic(topic.parsed, history, [yellow]);
    const scorer = new TopicScorer(topic.parsed, profile, history.statistics, further);
    expect(learntFrom).toHaveLength(6);
    const [near, far] = [
      topic.scorable({ title: 'An autoencoder' }),
      topic.scorable({ title: 'Sparse' }),
    ];
    const { total = 1, withFurther = 1 } = profile.scales;
    const gain = (paper: typeof near) =>
      (scorer.score(paper)?.score ?? 0) * withFurther -
      (topic.scorer.score(paper)?.score ?? 0) * total;
    expect(gain(near)).toBeGreaterThan(0.3);
    expect(gain(near)).toBeCloseTo(10 * gain(far));
  });

  test('leaves out the related words that the query says, with their pairs, and nothing else', () => {
    const without = scoring('"sparse autoencoder" -related:"dictionary learning"', history);
    const about = ({ profile }: typeof topic) =>
      Array.from(profile.related.terms, (term) => history.statistics.termOf(term) ?? '').filter(
        (term) => /dictionari|learn/.test(term),
      );
    expect(about(topic).length).toBeGreaterThan(1);
    expect(about(without)).toEqual([]);
    const paper = ['Bananas', 'Dictionary learning.'] as const;
    expect(topic.score(...paper)?.score).toBeGreaterThan(0.1);
    expect(without.score(...paper)?.score).toBe(0);
    // It is no exclusion: what holds the word is found by the topic's own.
    expect(without.score('A sparse autoencoder', 'Dictionary learning.')?.score).toBeGreaterThan(0);
  });

  test('keeps what is left out of it in its normal form, and apart from the topic without', () => {
    const query = requireQuery('"sparse autoencoder" -related:"Dictionary learning"');
    expect(requireQuery(printQuery(query))).toEqual(query);
    expect(queryKey(query)).not.toBe(queryKey(requireQuery('"sparse autoencoder"')));
  });

  test('is the same from a profile that was stored', () => {
    // Bytes as a driver gives them, in the middle of a larger piece.
    const piece = Uint8Array.from([7, ...packProfile(topic.profile)]);
    const stored = unpackProfile(piece.subarray(1));
    expect(stored).toEqual(topic.profile);
    expect(unpackProfile(packProfile(blockchain.profile))).toEqual(blockchain.profile);
  });
  const blockchain = scoring('blockchain', history);
});

describe('what is sent', () => {
  test('has the topic in its title, or scores enough for the strictness', () => {
    const topic = scoring('"sparse autoencoder"', history);
    const title = topic.score('A sparse autoencoder');
    const elsewhere = topic.score('Bananas', 'Here is a sparse autoencoder.');
    if (title === undefined || elsewhere === undefined) throw new Error('not scored');
    expect(isSent(title, 0, { ...normal, strictness: 'strict' })).toBe(true);
    for (const [strictness, least] of [
      ['wide', 0.3],
      ['normal', 0.4],
      ['strict', 0.5],
    ] as const) {
      expect(isSent(elsewhere, least, { ...normal, strictness })).toBe(true);
      expect(isSent(elsewhere, least - 0.001, { ...normal, strictness })).toBe(false);
      expect(isSent(elsewhere, least, { ...normal, strictness, hasLikes: true })).toBe(false);
    }
  });

  test('is an exact match only, for a topic of which the history has next to nothing', () => {
    const topic = scoring(
      'blockchain',
      historyOf([
        { title: 'One blockchain' },
        ...history.papers.map(({ tokenized }) => tokenized.text),
      ]),
    );
    expect(topic.profile).toMatchObject({ isLearning: true, related: NO_TERMS });
    const exact = topic.score('Bananas', 'On a blockchain.');
    const none = topic.score('Bananas', 'On a tree.');
    if (exact === undefined || none === undefined) throw new Error('not scored');
    expect(isSent(exact, 0, { ...normal, isLearning: true })).toBe(true);
    expect(isSent(none, 9, { ...normal, isLearning: true })).toBe(false);
  });

  test('counts what is only required beside alternatives as no match of the title', () => {
    const topic = scoring('synthesis OR recognition +speech', history);
    const required = topic.score('Speech', 'Of recognition.');
    const wanted = topic.score('Recognition', 'Of speech.');
    if (required === undefined || wanted === undefined) throw new Error('not scored');
    expect(isSent(required, 0, normal)).toBe(false);
    expect(isSent(wanted, 0, normal)).toBe(true);
  });
});

describe('likes', () => {
  const topic = scoring('"sparse autoencoder" OR diffusion OR grasping', history);
  const paperAt = (index: number) => {
    const paper = history.papers[index];
    if (paper === undefined) throw new Error('no such paper');
    return paper;
  };
  const [sae, robots] = [paperAt(0), paperAt(6)];
  const scoreFor = (paper: typeof sae, votes: Parameters<typeof profileLikes>[0]) => {
    const scored = topic.scorer.score(paper);
    if (scored === undefined) throw new Error('not scored');
    return scoreWithLikes(scored, paper, profileLikes(votes, topic.values, history));
  };

  test('raise what is like a liked paper, dislikes sink what is like a disliked one', () => {
    const other = paperAt(1);
    expect(scoreFor(other, { liked: [sae], disliked: [] })).toBeGreaterThan(
      scoreFor(other, { liked: [robots], disliked: [] }),
    );
    for (const liked of [[], [sae]])
      expect(scoreFor(robots, { liked, disliked: [robots] })).toBeLessThan(
        scoreFor(robots, { liked, disliked: [sae] }),
      );
  });

  test('never hide a match of the title', () => {
    const scored = topic.scorer.score(robots);
    if (scored === undefined) throw new Error('not scored');
    const score = scoreFor(robots, { liked: [], disliked: [robots] });
    expect(isSent(scored, Math.min(score, 0), { ...normal, hasLikes: true })).toBe(true);
  });

  test('are told as the nearest liked paper', () => {
    const scored = topic.scorer.score(paperAt(1));
    if (scored === undefined) throw new Error('not scored');
    const { papers } = profileLikes({ liked: [robots, sae], disliked: [] }, topic.values, history);
    const told = explainScore(
      topic.scorer,
      paperAt(1),
      { found: scored.found.slice(0, 1) },
      papers,
    );
    expect(told.map(describeReason).at(-1)).toBe(
      `like “${sae.tokenized.text.title}”, which you liked`,
    );
  });
});

describe('related words', () => {
  const about = (count: number, title: string, abstract: string) =>
    Array.from({ length: count }, (_, index) => ({ title: `${title} ${index}`, abstract }));
  const reasonsBy = (query: string, past: PaperText[]) => {
    const { scorer, scorable, score } = scoring(query, historyOf(past));
    return (title: string, abstract: string) => {
      const scored = score(title, abstract);
      return (
        scored && explainScore(scorer, scorable({ title, abstract }), scored).map(describeReason)
      );
    };
  };

  test('that many papers hold are a reason only where there is no other', () => {
    const told = reasonsBy('"sparse autoencoder"', [
      ...about(8, 'Sparse autoencoders', 'Of superposition: it has sugar.'),
      ...about(8, 'Bread', 'Dough has sugar.'),
      ...about(84, 'Weather', 'Rain falls on fields.'),
    ]);
    expect(told('A sparse autoencoder', 'By superposition, a lens of sugar.')).toEqual([
      '“sparse autoencoder”: in the title',
      'related words: “superposition”',
    ]);
    expect(told('Clay', 'It has sugar.')).toEqual(['related words: “sugar”']);
  });

  test('that any paper has are none, however few papers there are to learn that from', () => {
    const told = reasonsBy('"sparse autoencoder"', [
      ...about(
        4,
        'Sparse autoencoders',
        'Of time series and superposition: inputs matter, reach 83.',
      ),
      ...about(24, 'Weather', 'Rain falls.'),
    ]);
    const abstract = 'Inputs matter, reach 83: of time series and superposition.';
    expect(told('A sparse autoencoder', abstract)).toEqual([
      '“sparse autoencoder”: in the title',
      'related words: “time series”, “superposition”',
    ]);
    expect(told('Clay', 'Inputs matter.')).toEqual(['related words: “Inputs matter”']);
  });
});

test('reasons are told in words', () => {
  const { scorer, scorable, score } = scoring('"sparse autoencoder"', history);
  const paper = { title: 'SAEs and dictionary\nlearning', abstract: 'Superposition.' };
  const scored = score(paper.title, paper.abstract);
  expect(scored && explainScore(scorer, scorable(paper), scored).map(describeReason)).toEqual([
    '“SAE”: in the title (SAE stands for sparse autoencoder)',
    'related words: “dictionary learning”, “Superposition”',
  ]);
});

test('over any papers: every reason is true, a score has one, nothing excluded has a score', () => {
  let [scores, related, acronyms] = [0, 0, 0];
  const holds = fc.property(
    fc.oneof(
      anyQuery(),
      fc.constantFrom(...['SAE', '"sparse autoencoder" -vision'].map(requireQuery)),
    ),
    fc.array(anyPaper(), { minLength: 5, maxLength: 12 }),
    anyPaper(),
    (query, past, text) => {
      const defined = past.map((paper, index) =>
        index % 2 === 0
          ? paper
          : { ...paper, abstract: `${paper.abstract ?? ''} a sparse autoencoder (SAE)` },
      );
      const learnt = historyOf(defined);
      const scorer = new TopicScorer(query, profileTopic(query, learnt).profile, learnt.statistics);
      const paper = learnt.statistics.scorable(tokenizePaper(text));
      const scored = scorer.score(paper);
      for (const term of query.none) {
        const alone = { terms: [term], must: [], none: [], conditions: [] };
        if (matchQuery(alone, text) !== undefined) expect(scored).toBeUndefined();
      }
      if (scored === undefined) return;
      expect(scored.score).toBeGreaterThanOrEqual(0);
      const reasons = explainScore(scorer, paper, scored);
      expect(reasons.length, printQuery(query)).toBeLessThanOrEqual(3);
      if (scored.found.length > 0) expect(reasons.length).toBeGreaterThan(0);
      if (scored.score > 0) scores++;
      for (const reason of reasons) {
        if (reason.kind === 'related') related++;
        if (reason.kind === 'acronym') acronyms++;
        expect(quotesOf(reason).length).toBeGreaterThan(0);
        for (const { field, start, end, text: quoted } of quotesOf(reason))
          expect((text[field] ?? '').slice(start, end)).toBe(quoted);
      }
    },
  );
  fc.assert(holds, { numRuns: 150 });
  expect(Math.min(scores, related, acronyms)).toBeGreaterThan(0);
});
