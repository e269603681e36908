import type { ListedOn } from '@paperboy/core';
import { escapeHtml, type Html, joinHtml } from './html.ts';
import type { Layout } from './layout.ts';

/** Widths in px. A phone has room for the line beside it, or below. */
const WIDTH = 132;
const TICK = 4;
/** Days that a strip goes back at least, so that two days in a row stand close to each other. */
const LEAST_DAYS = 28;
const DAY_MS = 86_400_000;

/** A stretch of the strip: days without the paper, a day on which it was listed, or the last such day. */
export interface StripCell {
  readonly kind: 'gap' | 'tick' | 'now';
  readonly width: number;
}

/**
 * The days a paper was listed, drawn to scale from its first day (four weeks ago at the latest) to today. Days too
 * close for a tick each share one. The widths add up to the same for every paper.
 */
export function stripCells(seenOn: readonly ListedOn[], today: ListedOn): StripCell[] {
  const end = Date.parse(today);
  const days = seenOn.map((day) => Math.round((end - Date.parse(day)) / DAY_MS));
  const past = days.filter((ago) => ago >= 0).sort((a, b) => b - a);
  const span = Math.max(LEAST_DAYS, past[0] ?? 0);
  const cells: StripCell[] = [];
  let drawn = 0;
  for (const [index, ago] of past.entries()) {
    const at = Math.round(((span - ago) / span) * (WIDTH - TICK));
    if (at < drawn && index > 0) {
      // The last day is always seen: what it would cover gives way to it.
      if (index === past.length - 1) cells.splice(-1, 1, { kind: 'now', width: TICK });
      continue;
    }
    if (at > drawn) cells.push({ kind: 'gap', width: at - drawn });
    cells.push({ kind: index === past.length - 1 ? 'now' : 'tick', width: TICK });
    drawn = at + TICK;
  }
  if (drawn < WIDTH) cells.push({ kind: 'gap', width: WIDTH - drawn });
  return cells;
}

/** The strip as cells of a table, with what it shows in words: no picture is needed, and none is loaded. */
export function historyHtml(
  layout: Layout,
  { cells, days, history }: { cells: readonly StripCell[]; days: string; history: string },
): Html {
  const width = (px: number) => escapeHtml(String(px));
  return joinHtml([
    layout.fill('history', { width: width(WIDTH), days: escapeHtml(days) }),
    ...cells.map((cell) => layout.fill(cell.kind, { width: width(cell.width) })),
    layout.fill('past', { history: escapeHtml(history) }),
  ]);
}
