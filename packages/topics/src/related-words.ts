import { printQuery } from './print-query.ts';
import type { Condition, Query } from './query.ts';
import { parseQuery } from './query-parser.ts';
import { relatedIn } from './stored-reasons.ts';
import { type Token, tokenize } from './tokens.ts';

/** Stems of what a query says is not to count as related. */
export function stemsLeftOut(query: Query): ReadonlySet<string> {
  return new Set(droppedWords(query).flatMap(stemsOf));
}

/** What a query says is not to count as related, as written there. */
export function droppedWords({ conditions }: Query): string[] {
  return conditions.filter(isDrop).map(({ value }) => value);
}

/**
 * Related words that a topic's papers came by and that its reader can still drop: out of stored reasons, as written in
 * the papers, each once by its stems and those of most papers first. The topic's own words are not among them, as they
 * count whatever is dropped.
 */
export function wordsToDrop(query: Query, reasons: readonly unknown[]): string[] {
  const own = new Set([...query.terms, ...query.must].flatMap(({ text }) => stemsOf(text)));
  const leftOut = stemsLeftOut(query);
  const found = new Map<string, { readonly text: string; papers: number }>();
  for (const stored of reasons) {
    for (const quoted of relatedIn(stored)) {
      const text = withoutOwn(quoted, own);
      if (partsOf(text).every(({ stem }) => leftOut.has(stem))) continue;
      const key = wordKey(text);
      const known = found.get(key);
      if (known !== undefined) known.papers++;
      else if (canBeDropped(query, text)) found.set(key, { text, papers: 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.papers - a.papers).map(({ text }) => text);
}

/** Equal for words that are dropped together, as they differ in their endings or signs alone. */
export function wordKey(word: string): string {
  return partsOf(word)
    .map(({ stem }) => stem)
    .join(' ');
}

/** A query that drops some related words and counts others again, in whatever form they are given. */
export function changeDropped(
  query: Query,
  change: { readonly drop?: readonly string[]; readonly restore?: readonly string[] },
): Query {
  const again = new Set(change.restore?.map(wordKey));
  const kept = query.conditions.filter((one) => !isDrop(one) || !again.has(wordKey(one.value)));
  const known = new Set(droppedWords(query).map(wordKey));
  const added = new Map<string, Condition>();
  for (const word of change.drop ?? []) {
    const key = wordKey(word);
    if (!known.has(key) && !added.has(key)) added.set(key, dropping(word));
  }
  return { ...query, conditions: [...kept, ...added.values()] };
}

function dropping(value: string): Condition {
  return { kind: 'related', value, excluded: true };
}

function isDrop({ kind }: Condition): boolean {
  return kind === 'related';
}

/** From the first to the last word that is not the topic's own; empty where all are. */
function withoutOwn(text: string, own: ReadonlySet<string>): string {
  const others = partsOf(text).filter(({ stem }) => !own.has(stem));
  return text.slice(others[0]?.start ?? 0, others.at(-1)?.end ?? 0).replace(/\s+/g, ' ');
}

/** A text may hold signs that a query cannot, and a query has an end. */
function canBeDropped(query: Query, word: string): boolean {
  const parsed = parseQuery(printQuery(changeDropped(query, { drop: [word] })));
  return parsed.ok && droppedWords(parsed.query).includes(word);
}

/** Words, a hyphenated one in its parts. */
function partsOf(text: string): Token[] {
  return tokenize(text).filter(({ span }) => span === 1);
}

function stemsOf(text: string): string[] {
  return tokenize(text).map(({ stem }) => stem);
}
