/** JSON as far as it goes: whole, cut short (then with its whole list items only), or no JSON. */
export type ParsedJson =
  | { readonly kind: 'whole' | 'cut'; readonly value: unknown }
  | { readonly kind: 'broken'; readonly detail: string };

/**
 * Parses JSON. What fails only because it ends too early keeps its whole items; a fault before the end
 * is `broken`, since what follows it would be lost without a sign.
 */
export function parseJson(text: string): ParsedJson {
  const whole = tryParse(text);
  if (!('fault' in whole)) return { kind: 'whole', value: whole.value };
  const { endsOpen, closed } = closeList(text);
  if (!endsOpen) return { kind: 'broken', detail: whole.fault };
  if (closed === undefined)
    return { kind: 'broken', detail: 'the JSON ends inside its first item' };
  const part = tryParse(closed);
  return 'fault' in part
    ? { kind: 'broken', detail: whole.fault }
    : { kind: 'cut', value: part.value };
}

function tryParse(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (fault) {
    return { fault: fault instanceof Error ? fault.message.slice(0, 200) : 'no JSON' };
  }
}

/**
 * The part of a cut JSON text that holds whole list items, closed again: of `{"a":1,"list":[{…},{…},{"b` it
 * is `{"a":1,"list":[{…},{…}]}`. A list is an array at the top or one object below it. Linear, no recursion.
 */
function closeList(text: string): { endsOpen: boolean; closed?: string } {
  const open: string[] = [];
  let closed: { end: number; closers: string } | undefined;
  let insideString = false;
  const tokens = /["[\]{}]/g;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    const sign = token[0];
    if (sign === '"') {
      const close = endOfString(text, token.index);
      insideString = close < 0;
      if (insideString) break;
      tokens.lastIndex = close;
    } else if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? '}' : ']');
    } else if (open.pop() !== sign) {
      return { endsOpen: false };
    } else if (sign === '}' && isListOfItems(open)) {
      closed = { end: token.index + 1, closers: open.toReversed().join('') };
    }
  }
  const endsOpen = insideString || open.length > 0;
  if (closed === undefined) return { endsOpen };
  return { endsOpen, closed: text.slice(0, closed.end) + closed.closers };
}

function isListOfItems(open: readonly string[]): boolean {
  return open.at(-1) === ']' && (open.length === 1 || (open.length === 2 && open[0] === '}'));
}

/** The index after the quote that closes the string opened at `start`, or -1. */
function endOfString(text: string, start: number): number {
  const stops = /["\\]/g;
  stops.lastIndex = start + 1;
  for (let stop = stops.exec(text); stop !== null; stop = stops.exec(text)) {
    if (stop[0] === '"') return stop.index + 1;
    stops.lastIndex = stop.index + 2;
  }
  return -1;
}
