import type { PaperField } from './paper-tokens.ts';
import { type MatchReason, quotesOf } from './reasons.ts';

/** A part of a title or abstract, to be marked or not. Parts in order give the text again. */
export interface HighlightPart {
  readonly text: string;
  readonly marked: boolean;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What the reasons quote from one field: in order, without overlaps. */
export function highlightSpans(field: PaperField, reasons: readonly MatchReason[]): Span[] {
  const quoted = reasons
    .flatMap(quotesOf)
    .filter((quote) => quote.field === field)
    .sort((a, b) => a.start - b.start);
  const spans: { start: number; end: number }[] = [];
  for (const { start, end } of quoted) {
    const last = spans.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}

/** A field's text cut into marked and plain parts, so that each can be escaped on its own. */
export function highlightText(
  text: string,
  field: PaperField,
  reasons: readonly MatchReason[],
): HighlightPart[] {
  const parts: HighlightPart[] = [];
  let at = 0;
  for (const { start, end } of highlightSpans(field, reasons)) {
    if (start > at) parts.push({ text: text.slice(at, start), marked: false });
    parts.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}
