import { PaperboyError, shorten, type TopicId } from '@paperboy/core';
import { changeWishes, recentReasons, type Subscriber, type TopicFollowed } from '@paperboy/store';
import {
  changeDropped,
  droppedWords,
  parseQuery,
  printQuery,
  wordKey,
  wordsToDrop,
} from '@paperboy/topics';
import { Hono } from 'hono';
import type { WebDeps } from '../deps.ts';
import { type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { loadReaderDigest, papersIn, type ReaderDigest } from '../reader-digest.ts';
import { loadReader } from '../reader-link.ts';

/** Papers of a topic that are asked for their related words, and the words that are offered beside those ticked. */
const PAPERS_ASKED = 300;
const WORDS_OFFERED = 30;

/** Where a reader comes from: a link of either kind tells who it is. */
type Door = 'digests' | 'preferences';

const BACK: Readonly<Record<Door, string>> = {
  digests: 'Back to the digest',
  preferences: 'Back to your topics',
};

/** A topic as its reader follows it, with its related words. */
interface TopicWithWords extends TopicFollowed {
  readonly toDrop: readonly string[];
  readonly dropped: readonly string[];
}

/** Where the related words of one topic are seen and dropped; `word` is ticked already. */
export function relatedWordsPath(
  door: Door,
  token: string,
  topicId: TopicId,
  word?: string,
): string {
  const ticked = word === undefined ? '' : `?${new URLSearchParams({ word })}`;
  return `/${door}/${encodeURIComponent(token)}/words/${topicId}${ticked}`;
}

/**
 * The related words of a topic, by the signed link of a mail. Reading changes nothing, as mail scanners follow every
 * link. A POST drops words or counts them again, for this reader alone: as queries are shared, it has the reader
 * follow another one, and leads to that.
 */
export function relatedWordsPages(
  { db, links, topics }: Pick<WebDeps, 'db' | 'links' | 'topics'>,
  site: Site,
): Hono {
  const frame: Site = { ...site, hasInbox: false, isOpen: false };
  const routes = new Hono();

  const open = async (door: Door, token: string) => {
    if (door === 'preferences')
      return { reader: await loadReader(db, links.readToken('preferences', token)?.id) };
    const digest = await loadReaderDigest({ db, links }, token);
    return { reader: await loadReader(db, digest.subscriberId), digest };
  };

  const find = async (door: Door, token: string, id: string) => {
    const { reader, digest } = await open(door, token);
    const followed = reader.topics.find(({ topicId }) => topicId === id);
    if (!followed) {
      throw new PaperboyError(
        'NOT_FOUND',
        'This topic is not one of yours, or its words were changed a moment ago: go back to your topics.',
      );
    }
    const recent = await recentReasons(db, followed.topicId, { limit: PAPERS_ASKED });
    const shown = digest ? reasonsIn(digest, followed.topicId) : [];
    return { reader, topic: withWords(followed, [...shown, ...recent]) };
  };

  for (const door of ['digests', 'preferences'] as const) {
    routes.get(`/${door}/:token/words/:topic`, async (c) => {
      const { token, topic: id } = c.req.param();
      const { topic } = await find(door, token, id);
      const keysIn = (name: string) => new Set(c.req.queries(name)?.map(wordKey));
      const [ticked, said] = [keysIn('word'), keysIn('dropped')];
      // Whoever made the same query first may have written a word in another form.
      const done = {
        dropped: topic.dropped.filter((word) => said.has(wordKey(word))),
        isRestored: c.req.query('restored') !== undefined,
      };
      return c.html(wordsPage(frame, { door, token, topic, ticked, done }));
    });

    routes.post(`/${door}/:token/words/:topic`, async (c) => {
      const { token, topic: id } = c.req.param();
      const { reader, topic } = await find(door, token, id);
      const form = await c.req.formData().catch(() => new FormData());
      const [drop, restore] = [wordsIn(form, 'word', topic), wordsIn(form, 'restore', topic)];
      if (drop.length + restore.length === 0)
        throw new PaperboyError('USAGE', 'Choose a word to drop.');
      const topicId = await follow(reader, topic, { drop, restore });
      const said = new URLSearchParams(drop.length > 0 ? '' : 'restored');
      for (const word of drop) said.append('dropped', word);
      return c.redirect(`${relatedWordsPath(door, token, topicId)}?${said}`, 303);
    });
  }

  /** Has the reader follow the changed query in place of the topic, under its name and as strictly. */
  const follow = async (
    reader: Subscriber,
    topic: TopicWithWords,
    change: { readonly drop: readonly string[]; readonly restore: readonly string[] },
  ): Promise<TopicId> => {
    const query = queryOf(topic);
    const changed = query && printQuery(changeDropped(query, change));
    if (query === undefined || changed === undefined || changed === printQuery(query))
      return topic.topicId;
    const { topicId } = await topics.findQuery(changed);
    await changeWishes(db, reader.id, {
      ...reader,
      topics: reader.topics.map((one) =>
        one.topicId === topic.topicId ? { ...one, topicId } : one,
      ),
    });
    await topics.matchPast();
    return topicId;
  };

  return routes;
}

function withWords(topic: TopicFollowed, reasons: readonly unknown[]): TopicWithWords {
  const query = queryOf(topic);
  return {
    ...topic,
    toDrop: query ? wordsToDrop(query, reasons) : [],
    dropped: query ? droppedWords(query) : [],
  };
}

/** Undefined for what another version wrote and this one cannot read. */
function queryOf({ query }: TopicFollowed) {
  const parsed = parseQuery(query);
  return parsed.ok ? parsed.query : undefined;
}

function reasonsIn(digest: ReaderDigest, id: TopicId): unknown[] {
  const matches = papersIn(digest).flatMap((paper) => paper.matches);
  return matches.filter(({ topicId }) => topicId === id).map(({ reasons }) => reasons);
}

/** Words of the topic that a form names, as the topic has them. */
function wordsIn(form: FormData, field: string, { toDrop, dropped }: TopicWithWords): string[] {
  const known = new Map([...toDrop, ...dropped].map((word) => [wordKey(word), word]));
  const words = form.getAll(field).map((given) => {
    const word = known.get(wordKey(String(given)));
    if (word !== undefined) return word;
    const named = shorten(String(given), 80);
    throw new PaperboyError('USAGE', `“${named}” is not among the related words of this topic.`);
  });
  return [...new Set(words)];
}

function wordsPage(
  site: Site,
  {
    door,
    token,
    topic,
    ticked,
    done,
  }: {
    readonly door: Door;
    readonly token: string;
    readonly topic: TopicWithWords;
    readonly ticked: ReadonlySet<string>;
    readonly done: { readonly dropped: readonly string[]; readonly isRestored: boolean };
  },
): Html {
  const action = relatedWordsPath(door, token, topic.topicId);
  const { dropped } = topic;
  const isTicked = (word: string) => ticked.has(wordKey(word));
  const toDrop = topic.toDrop.filter((word, at) => at < WORDS_OFFERED || isTicked(word));
  const isDone = done.dropped.length > 0 || done.isRestored;
  const back = `/${door}/${encodeURIComponent(token)}`;
  const body = html`<article class="notice">
<p class="kicker">${shorten(topic.name, 120)}</p>
<h1>Related words</h1>
${done.dropped.length > 0 ? undoForm(action, done.dropped) : ''}
${done.isRestored ? html`<p role="status">Taken back: the words count again, from your next digest on.</p>` : ''}
<p>A paper can come without the topic’s own words, by words that its best papers have in common. Drop those that lead astray; papers with the topic’s own words still come. Nobody else’s digests change.</p>
${toDrop.length === 0 ? html`<p class="hint">${isDone ? 'The papers of the last weeks are being matched anew; their words stand here in a few minutes.' : 'No paper came by a related word lately.'}</p>` : tickForm(action, { field: 'word', words: toDrop, isTicked, title: 'Words that papers came by', button: 'Drop the ticked words' })}
${dropped.length === 0 ? '' : tickForm(action, { field: 'restore', words: dropped, isTicked: () => false, title: 'Words that you dropped', button: 'Count the ticked words again' })}
${isDone ? '' : html`<p class="small quiet">Nothing has changed yet.</p>`}
<p><a href="${back}">${BACK[door]}</a></p>
</article>`;
  return renderPage(site, { title: 'Related words', width: 'narrow', body });
}

function undoForm(action: string, words: readonly string[]): Html {
  const listed = words.map((word) => `“${word}”`).join(', ');
  return html`<form method="post" action="${action}"><p role="status">Dropped: ${listed}. It holds from your next digest on.</p>
${words.map((word) => html`<input type="hidden" name="restore" value="${word}">`)}
<button class="second" type="submit">Undo</button></form>`;
}

function tickForm(
  action: string,
  {
    field,
    words,
    isTicked,
    title,
    button,
  }: {
    readonly field: 'word' | 'restore';
    readonly words: readonly string[];
    readonly isTicked: (word: string) => boolean;
    readonly title: string;
    readonly button: string;
  },
): Html {
  return html`<form method="post" action="${action}"><fieldset class="fields"><legend>${title}</legend>
${words.map((word) => html`<label class="choice"><input type="checkbox" name="${field}" value="${word}"${isTicked(word) ? html` checked` : ''}><span>${word}</span></label>`)}
</fieldset>
<button${field === 'word' ? '' : html` class="second"`} type="submit">${button}</button></form>`;
}
