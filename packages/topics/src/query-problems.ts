import type { QueryProblem } from './query.ts';

/** How much of a long query is shown around a mistake. */
const SHOWN_CHARACTERS = 72;
const LEAD = 24;

/** A query around one of its mistakes, on one line; the three pieces in a row are what is shown of it. */
export interface MarkedQuery {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** Where a mistake is: of a long query what is around it. */
export function markProblem(
  text: string,
  { start, end }: Pick<QueryProblem, 'start' | 'end'>,
): MarkedQuery {
  const from = text.length <= SHOWN_CHARACTERS ? 0 : Math.max(0, start - LEAD);
  const to = Math.min(text.length, from + SHOWN_CHARACTERS);
  const piece = (a: number, b: number) => oneLine(text.slice(a, b));
  return {
    before: `${from > 0 ? '…' : ''}${piece(from, start)}`,
    marked: piece(start, Math.min(end, to)),
    after: `${piece(Math.min(end, to), to)}${to < text.length ? '…' : ''}`,
  };
}

/** The problems for a terminal: what is wrong, the place with a caret line under it, what to do. */
export function formatProblems(text: string, problems: readonly QueryProblem[]): string {
  return problems.map((problem) => formatProblem(text, problem)).join('\n');
}

function formatProblem(text: string, problem: QueryProblem): string {
  const { before, marked, after } = markProblem(text, problem);
  const carets = '^'.repeat(Math.max(1, marked.length));
  return `${problem.message}\n  ${before}${marked}${after}\n  ${' '.repeat(before.length)}${carets}\n  ${problem.hint}`;
}

/** Without what breaks lines or turns them around. Same length, so that the carets stay below what they mark. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
