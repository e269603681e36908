import type { Strictness } from '@paperboy/core';
import type { TopicFollowed } from '@paperboy/store';
import { parseQuery } from '@paperboy/topics';

/** A topic as a file names it. */
export interface RowTopic {
  /** A slug of the catalogue, or a query. */
  readonly text: string;
  /** As the reader calls it; as it is called anyway where the file says nothing. */
  readonly name?: string;
  /** Normal where the file says nothing. */
  readonly strictness?: Strictness;
}

/** The cells of a row that speak of topics: a list each, in the same order, with `;` between. */
export interface TopicCells {
  readonly topics: string;
  readonly names: string;
  readonly strictness: string;
}

const STRICTNESSES: readonly Strictness[] = ['wide', 'normal', 'strict'];
const LONGEST_NAME = 200;

/** Reads the topics of a row, or says in a sentence what is wrong with them. */
export function readTopics(cells: TopicCells): RowTopic[] | { readonly problem: string } {
  const texts = partsOf(cells.topics);
  const topics = texts.filter((text) => text !== '');
  if (topics.length === 0) return { problem: 'no topic' };
  for (const topic of topics) {
    const parsed = parseQuery(topic);
    if (!parsed.ok) {
      const why = parsed.problems[0]?.message ?? 'no query';
      return { problem: `topic "${topic.slice(0, 60)}": ${why}` };
    }
  }
  const [names, strictness] = [partsOf(cells.names), partsOf(cells.strictness)];
  for (const [column, list] of Object.entries({ names, strictness }))
    if (list.length > texts.length)
      return { problem: `${column} has ${list.length} for ${texts.length} topics` };
  const read: RowTopic[] = [];
  for (const [at, text] of texts.entries()) {
    if (text === '') continue;
    const [name, how] = [names[at] ?? '', strictness[at] ?? ''];
    const known = STRICTNESSES.find((one) => one === how);
    if (how !== '' && known === undefined)
      return { problem: `strictness is one of ${STRICTNESSES.join(', ')}` };
    read.push({
      text,
      ...(name !== '' && { name: name.slice(0, LONGEST_NAME) }),
      ...(known && { strictness: known }),
    });
  }
  return read;
}

/** What `readTopics` reads as the same topics again. */
export function writeTopics(topics: readonly TopicFollowed[]): TopicCells {
  return {
    topics: topics.map(({ query }) => asQuery(query)).join('; '),
    // A name is no query, so nothing keeps its signs together.
    names: topics.map(({ name }) => name.replace(/[;"]/g, ',')).join('; '),
    strictness: topics.map(({ strictness }) => strictness).join('; '),
  };
}

/** In quotes a word is a query, whatever the catalogue calls by it. */
function asQuery(query: string): string {
  return /^[a-z0-9][a-z0-9-]*$/.test(query) ? `"${query}"` : query;
}

/** The parts between `;`, but for those that stand in a phrase. */
function partsOf(cell: string): string[] {
  if (cell.trim() === '') return [];
  const parts: string[] = [''];
  let isQuoted = false;
  // A backslash keeps the quote after it in the word, as in a query.
  for (const [sign] of cell.matchAll(/\\.|./gs)) {
    if (sign === '"') isQuoted = !isQuoted;
    if (sign === ';' && !isQuoted) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  const clean = parts.map((part) => part.trim());
  // The one at the end closes the list.
  return clean.at(-1) === '' ? clean.slice(0, -1) : clean;
}
