import { PaperboyError, type PaperId, readableTex } from '@paperboy/core';
import { type EmbeddingPart, PresentPast } from '@paperboy/ingest';
import { type Db, findTopic, textsOfPapers, vectorsOf } from '@paperboy/store';
import { printQuery, requireQuery, type TopicVerdict, verdictOn } from '@paperboy/topics';
import { paperNamed } from './commands/paper/paper-named.ts';
import { ifNotFound } from './declarations.ts';

/** A topic's verdict on a paper. */
export interface ExplainedPaper extends TopicVerdict {
  readonly paperId: PaperId;
  readonly title: string;
  readonly query: string;
}

/** Why a topic would send a paper or not, by what is known of the past weeks today. Nothing is stored. */
export async function explainTopic(
  db: Db,
  slugOrQuery: string,
  paper: string,
  embeddings?: EmbeddingPart,
): Promise<ExplainedPaper> {
  const isSlug = /^[a-z0-9][a-z0-9-]*$/.test(slugOrQuery);
  const known = isSlug ? await findTopic(db, slugOrQuery).catch(ifNotFound) : undefined;
  const query = requireQuery(known?.query ?? slugOrQuery);
  const paperId = await paperNamed(db, paper);
  const [words] = await textsOfPapers(db, [paperId]);
  if (!words) throw new PaperboyError('NOT_FOUND', `paper ${paperId} has no text`);
  const past = await new PresentPast(db, { embeddings }).papers();
  const key = words.fingerprint;
  const embedded = embeddings && (await vectorsOf(db, embeddings.model, [key]));
  const verdict = verdictOn(await past.scorerFor(query), past.scorable(words, embedded?.get(key)));
  return { paperId, title: words.title, query: printQuery(query), ...verdict };
}

/** The verdict as lines for a person. */
export function explanationLines(
  explained: ExplainedPaper,
): (readonly [string, string | undefined])[] {
  const { sentTo, band, heldBackBy, found, notFound, advice } = explained;
  const isIn = sentTo.includes('normal');
  const to = isIn ? 'in' : sentTo.includes('wide') ? 'out, but in for wide subscriptions' : 'out';
  const lines = (all: readonly string[]) => all.join('\n') || undefined;
  return [
    ['paper', `${explained.paperId} ${readableTex(explained.title)}`],
    ['topic', explained.query],
    ['verdict', band === undefined ? to : `${to}, ${band}`],
    ['because', explained.because],
    ['gates', lines(heldBackBy.map(({ gate, because }) => `${gate}: ${because}`))],
    ['found', lines(found)],
    ['not found', notFound.map((text) => `"${text}"`).join(', ') || undefined],
    ['to change', lines(advice)],
  ];
}
