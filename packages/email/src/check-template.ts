import { PIECES } from './template-pieces.ts';

/** A mistake in a template; places count from 1. */
export interface TemplateProblem {
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly message: string;
}

/** Slots that hold an address of an allowed scheme; no other slot may stand where a client follows what is there. */
const ADDRESSES = new Set(['url', 'online', 'unsubscribe']);
/** Slots that hold a number, and so may stand in a style. */
const NUMBERS = new Set(['width', 'height']);

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/<\/?(?:script|iframe|object|embed|form|base|link)\b/gi, 'no mail client runs or loads this'],
  [/<mj-include\b/gi, 'other files are not read; put their text here'],
  [/\bon[a-z]+\s*=\s*["']/gi, 'no mail client runs a script'],
  [/["'(]\s*(?:javascript|vbscript|data):/gi, 'no address of this kind is sent'],
];

/**
 * What is wrong with a template, in the order in which it stands there: marks and slots that are missing or not
 * known, slots where what fills them could do harm, scripts, and no way out of the list. Pure and linear.
 */
export function checkTemplate(source: string): TemplateProblem[] {
  const text = withoutComments(source);
  const found = [
    ...markProblems(text),
    ...REFUSED.flatMap(([pattern, why]) =>
      [...text.matchAll(pattern)].map((one) => ({ at: one.index, message: `${one[0]}: ${why}` })),
    ),
    ...slotPlaces(text),
    ...leaveProblems(text),
  ];
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, message }) => ({ ...placeOf(source, at), message }));
}

interface Found {
  readonly at: number;
  readonly message: string;
}

/** Marks stay, and every character keeps its place. */
function withoutComments(source: string): string {
  return source.replace(/<!--(?!cut:[a-zA-Z]+-->)[\s\S]*?-->/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );
}

function markProblems(text: string): Found[] {
  const problems: Found[] = [];
  const met = new Set<string>();
  for (const { name, at, end } of piecesIn(text)) {
    const slots: readonly string[] | undefined = known(name);
    if (slots === undefined) problems.push({ at, message: `no piece is called cut:${name}` });
    if (met.has(name)) problems.push({ at, message: `cut:${name} stands here a second time` });
    met.add(name);
    const inside = [...text.slice(at, end).matchAll(/\{\{([^{}]*)\}\}/g)];
    for (const slot of slots ?? []) {
      if (inside.some(([, written]) => written === slot)) continue;
      problems.push({ at, message: `${pieceTitle(name)} lacks its slot {{${slot}}}` });
    }
    for (const slot of inside) {
      if (slots === undefined || slots.includes(slot[1] ?? '')) continue;
      const has = slots.length === 0 ? 'no slots' : slots.map((one) => `{{${one}}}`).join(', ');
      const message = `${pieceTitle(name)} has no slot ${slot[0]}; it has ${has}`;
      problems.push({ at: at + slot.index, message });
    }
  }
  const missing = Object.keys(PIECES).filter((name) => !met.has(name));
  for (const name of missing) problems.push({ at: text.length, message: `cut:${name} is missing` });
  return problems;
}

function known(name: string): readonly string[] | undefined {
  return Object.entries(PIECES).find(([piece]) => piece === name)?.[1];
}

function pieceTitle(name: string): string {
  return name === 'start' ? 'the piece before the first mark' : `cut:${name}`;
}

/** From mark to mark; what stands before the first is `start`. */
function piecesIn(text: string): { name: string; at: number; end: number }[] {
  const marks = [...text.matchAll(/<!--cut:([a-zA-Z]+)-->/g)];
  const starts = [
    { name: 'start', at: 0 },
    ...marks.map((mark) => ({ name: mark[1] ?? '', at: mark.index })),
  ];
  return starts.map((one, index) => ({ ...one, end: starts[index + 1]?.at ?? text.length }));
}

/** Slots inside tags and styles, where escaping alone does not make them safe. */
function slotPlaces(text: string): Found[] {
  const problems: Found[] = [];
  for (const style of text.matchAll(/<(mj-style|style)\b[\s\S]*?<\/\1>/gi)) {
    for (const slot of style[0].matchAll(/\{\{[^{}]*\}\}/g)) {
      problems.push({
        at: style.index + slot.index,
        message: `${slot[0]} stands in a style sheet`,
      });
    }
  }
  for (const tag of text.matchAll(/<[a-z][^\s>]*(?:"[^"]*"|'[^']*'|[^>"'])*>/gi)) {
    for (const slot of tag[0].matchAll(/\{\{([^{}]*)\}\}/g)) {
      const why = misplaced(tag[0].slice(0, slot.index), slot[1] ?? '');
      if (why !== undefined)
        problems.push({ at: tag.index + slot.index, message: `${slot[0]} ${why}` });
    }
  }
  return problems;
}

/** Why a slot may not stand behind so much of a tag. */
function misplaced(before: string, slot: string): string | undefined {
  const attribute = /\s([a-z-]+)\s*=\s*(?:"[^"]*|'[^']*)$/i.exec(before)?.[1]?.toLowerCase();
  if (attribute === undefined) return 'stands in a tag outside of quotes';
  if (attribute === 'style') return NUMBERS.has(slot) ? undefined : 'stands in a style';
  if (!/^(?:href|src|action|background|background-url)$/.test(attribute)) return undefined;
  return ADDRESSES.has(slot) ? undefined : `is no address and stands in ${attribute}`;
}

function leaveProblems(text: string): Found[] {
  return [
    { name: 'start', slot: 'unsubscribe', what: 'the link to unsubscribe' },
    { name: 'footLink', slot: 'url', what: 'the links of the foot, by which readers leave,' },
  ].flatMap(({ name, slot, what }) => {
    const piece = piecesIn(text).find((one) => one.name === name);
    if (piece === undefined) return [];
    const hasLink = new RegExp(`href\\s*=\\s*["']\\{\\{${slot}\\}\\}["']`).test(
      text.slice(piece.at, piece.end),
    );
    return hasLink ? [] : [{ at: piece.at, message: `${what} needs href="{{${slot}}}"` }];
  });
}

function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: at - lineStart + 1 };
}
