import { History } from '../src/history.ts';
import { type PaperText, tokenizePaper } from '../src/paper-tokens.ts';
import { requireQuery } from '../src/query-parser.ts';
import { profileTopic } from '../src/topic-profile.ts';
import { TopicScorer } from '../src/topic-scorer.ts';

/** A history of papers of our own: six subjects with words that go together, six papers each. */
export function someHistory(): History {
  return historyOf(SUBJECTS.flatMap(papersAbout));
}

const SUBJECTS: readonly (readonly [title: string, ...words: string[]])[] = [
  [
    'A sparse autoencoder (SAE) at work',
    'monosemantic features',
    'dictionary learning',
    'superposition',
  ],
  ['Grasping with robots', 'a gripper', 'tactile sensing', 'clutter'],
  ['Translation of rare languages', 'parallel corpora', 'back-translation', 'morphology'],
  ['Diffusion for images', 'a denoising network', 'score matching', 'noise schedules'],
  ['Folding of proteins', 'amino acids', 'a binding pocket', 'docking'],
  ['Weather from satellites', 'precipitation', 'a cyclone', 'cloud cover'],
];

function papersAbout([title, ...words]: readonly [string, ...string[]]): PaperText[] {
  return Array.from({ length: 6 }, (_, index) => {
    const told = words.map((word) => `We speak of ${word}.`.repeat(1 + (index % 3)));
    return { title: `${title} ${index}`, abstract: `${title}: ${told.join(' ')}` };
  });
}

export function historyOf(papers: readonly PaperText[]): History {
  return new History(papers.map(tokenizePaper));
}

/** A topic profiled on a history, and what it makes of a paper. */
export function scoring(query: string, history: History) {
  const parsed = requireQuery(query);
  const { profile, values } = profileTopic(parsed, history);
  const scorer = new TopicScorer(parsed, profile, history.statistics);
  const scorable = (paper: PaperText) => history.statistics.scorable(tokenizePaper(paper));
  const score = (title: string, abstract?: string) =>
    scorer.score(scorable({ title, ...(abstract !== undefined && { abstract }) }));
  return { parsed, profile, values, scorer, scorable, score };
}
