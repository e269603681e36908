import { formatProblems, parseQuery, type Query } from '@paperboy/topics';
import { lineError, readLines, textField, textsField } from './read-lines.ts';

export interface EvaluatedPaper {
  readonly id: string;
  /** Sorted as text; not always a date. */
  readonly day: string;
  /** `train` is what was there before the first day. */
  readonly split: 'train' | 'test';
  readonly title: string;
  readonly abstract?: string;
}

export interface EvaluatedTopic {
  readonly id: string;
  readonly query: Query;
  readonly liked: readonly string[];
  readonly disliked: readonly string[];
}

/** Papers by day, topics, and what somebody liked: all that an evaluation is told. */
export interface EvaluationSet {
  readonly papers: readonly EvaluatedPaper[];
  readonly topics: readonly EvaluatedTopic[];
}

export interface EvaluationFiles {
  readonly papers: string;
  readonly topics: string;
  readonly likes?: string;
}

/** Reads the files of a set. Throws NOT_FOUND or USAGE, with the line that is wrong. */
export async function readEvaluationSet(
  folder: string,
  { papers, topics, likes }: EvaluationFiles,
): Promise<EvaluationSet> {
  const papersById = await readPapers(folder, papers);
  const topicsById = await readTopics(folder, topics);
  if (likes !== undefined) await readLikes(folder, likes, papersById, topicsById);
  return { papers: [...papersById.values()], topics: [...topicsById.values()] };
}

async function readPapers(folder: string, file: string): Promise<Map<string, EvaluatedPaper>> {
  const papers = new Map<string, EvaluatedPaper>();
  for await (const line of readLines(folder, file)) {
    const id = textField(line, 'id');
    if (papers.has(id)) throw lineError(line, `the paper ${id} stands here a second time`);
    const split = textField(line, 'split');
    if (split !== 'train' && split !== 'test')
      throw lineError(line, `"split" should be train or test, not ${split}`);
    const { abstract } = line.fields;
    if (abstract !== undefined && abstract !== null && typeof abstract !== 'string')
      throw lineError(line, '"abstract" should be a text');
    papers.set(id, {
      id,
      day: textField(line, 'day'),
      split,
      title: textField(line, 'title'),
      ...(typeof abstract === 'string' && { abstract }),
    });
  }
  return papers;
}

async function readTopics(folder: string, file: string): Promise<Map<string, EvaluatedTopic>> {
  const topics = new Map<string, EvaluatedTopic>();
  for await (const line of readLines(folder, file)) {
    const id = textField(line, 'topic_id');
    if (topics.has(id)) throw lineError(line, `the topic ${id} stands here a second time`);
    const text = textField(line, 'query');
    const parsed = parseQuery(text);
    if (!parsed.ok) throw lineError(line, formatProblems(text, parsed.problems));
    topics.set(id, { id, query: parsed.query, liked: [], disliked: [] });
  }
  return topics;
}

async function readLikes(
  folder: string,
  file: string,
  papers: ReadonlyMap<string, EvaluatedPaper>,
  topics: Map<string, EvaluatedTopic>,
): Promise<void> {
  for await (const line of readLines(folder, file)) {
    const id = textField(line, 'topic_id');
    const topic = topics.get(id);
    if (topic === undefined) throw lineError(line, `there is no topic ${id}`);
    const [liked, disliked] = [textsField(line, 'liked'), textsField(line, 'disliked')];
    for (const paper of [...liked, ...disliked])
      if (!papers.has(paper)) throw lineError(line, `there is no paper ${paper}`);
    topics.set(id, { ...topic, liked, disliked });
  }
}
