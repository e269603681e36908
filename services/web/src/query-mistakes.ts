import { markProblem, parseQuery } from '@paperboy/topics';
import { type Html, html } from './html.ts';

/** One mistake often brings others with it; who mends the first ones sees what is left. */
const MOST_TOLD = 3;

/** What is wrong with a query, each with its place marked and what to type instead; nothing where it can be read. */
export function queryMistakes(query: string): Html | undefined {
  const parsed = parseQuery(query);
  if (parsed.ok) return undefined;
  return html`${parsed.problems.slice(0, MOST_TOLD).map((problem) => {
    const { before, marked, after } = markProblem(query, problem);
    return html`<span class="mistake"><code>${before}<mark>${marked === '' ? ' ' : marked}</mark>${after}</code> <strong>${problem.message}</strong> ${problem.hint}</span>`;
  })}`;
}

/** The same for queries of one's own, those that can be read left out. */
export function mistakesIn(queries: readonly string[]): Html | undefined {
  const wrong = queries.flatMap((query) => queryMistakes(query) ?? []);
  return wrong.length === 0 ? undefined : html`${wrong}`;
}
