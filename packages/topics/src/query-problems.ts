import type { QueryProblem } from './query.ts';

/** How much of a long query is shown around a mistake. */
const SHOWN_CHARACTERS = 72;
const LEAD = 24;

/** The problems for a terminal: what is wrong, the place with a caret line under it, what to do. */
export function formatProblems(text: string, problems: readonly QueryProblem[]): string {
  return problems.map((problem) => formatProblem(text, problem)).join('\n');
}

function formatProblem(text: string, { message, hint, start, end }: QueryProblem): string {
  const from = text.length <= SHOWN_CHARACTERS ? 0 : Math.max(0, start - LEAD);
  const to = Math.min(text.length, from + SHOWN_CHARACTERS);
  const before = from > 0 ? '…' : '';
  const shown = `${before}${oneLine(text.slice(from, to))}${to < text.length ? '…' : ''}`;
  const carets = '^'.repeat(Math.max(1, Math.min(end, to) - start));
  const indent = ' '.repeat(before.length + start - from);
  return `${message}\n  ${shown}\n  ${indent}${carets}\n  ${hint}`;
}

/** Same length, so that the carets stay below what they mark. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}
